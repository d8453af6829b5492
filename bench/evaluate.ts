import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { respond } from '../src/policies/answer.js';
import { buildClauseIndex, type ClauseIndex } from '../src/policies/clause-index.js';
import { readPolicy } from '../src/policies/read-policy.js';
import { readSchool } from '../src/storage/school-folder.js';
import { type Exam, fitTo, indexesLeftOut } from './fit.js';
import { corpusPolicies, corpusQuestions, hasCorpus, sampleQuestions } from './labelled-questions.js';
import { type LabelledQuestion, measure, type Row, tableOf } from './measures.js';

/**
 * Measures the answers to labelled messages, each asked of one policy by itself, on the code path of the bot and of the
 * `ask` command; then once more with the threshold for answering fitted to all other policies only, as for a policy that
 * nobody here has seen. With `--json` the figures are printed as one JSON object. With `--fit` the threshold is fitted anew
 * to all labelled questions first, and kept.
 */
await main();

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: 'boolean' }, fit: { type: 'boolean' } } });
  if (!hasCorpus) process.stderr.write('The real policies are not beside this checkout: they are skipped.\n');
  const real = examsOf(
    await Promise.all(corpusPolicies().map(({ name, bytes }) => readPolicy(name, bytes))),
    corpusQuestions(),
  );
  const sample = examsOf((await readSchool('schools', 'example-primary')).policies, sampleQuestions());
  if (values.fit) await keepFit([...real, ...sample]);
  const leftOut = hasCorpus ? indexesLeftOut([...real, ...sample]) : new Map<string, ClauseIndex>();
  const asItIs = ({ policy }: Exam) => buildClauseIndex([policy]);
  const unseen = ({ policy }: Exam) => leftOut.get(policy.id) ?? buildClauseIndex([policy]);
  const tables = {
    ...(hasCorpus && { 'The real policies': measured(real, asItIs) }),
    'The sample policy': measured(sample, asItIs),
    ...(hasCorpus && { 'Each real policy left out of the fit': measured(real, unseen) }),
    ...(hasCorpus && { 'The sample policy left out of the fit': measured(sample, unseen) }),
  };
  const text = values.json
    ? JSON.stringify(tables)
    : Object.entries(tables)
        .map(([title, rows]) => tableOf(title, rows))
        .join('\n\n');
  process.stdout.write(`${text}\n`);
}

function examsOf(policies: readonly Exam['policy'][], items: readonly LabelledQuestion[]): Exam[] {
  return policies.map((policy) => ({ policy, items: items.filter((item) => item.policy === policy.id) }));
}

/** Takes effect at the next start. */
async function keepFit(exams: readonly Exam[]): Promise<void> {
  if (!hasCorpus) throw new Error('The fit needs the labelled questions over the real policies.');
  const file = new URL('../src/policies/bank/sureness.json', import.meta.url);
  await writeFile(file, `${JSON.stringify(fitTo(exams), null, 2)}\n`);
}

/** One row for each policy, and one for all of them where there are several. */
function measured(exams: readonly Exam[], indexOf: (exam: Exam) => ClauseIndex): Row[] {
  const indexes = new Map(exams.map((exam) => [exam.policy.id, indexOf(exam)]));
  const row = (name: string, items: readonly LabelledQuestion[]): Row => ({
    name,
    items: items.length,
    figures: measure(items, ({ policy, question }) => {
      const index = indexes.get(policy);
      if (!index) throw new Error(`There are questions on "${policy}", but there is no such policy.`);
      return respond(index, question);
    }),
  });
  const rows = exams.map(({ policy, items }) => row(policy.id, items));
  return exams.length > 1
    ? [
        ...rows,
        row(
          'all',
          exams.flatMap(({ items }) => items),
        ),
      ]
    : rows;
}
