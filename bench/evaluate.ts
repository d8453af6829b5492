import { parseArgs } from 'node:util';
import { respond } from '../src/policies/answer.js';
import { buildClauseIndex } from '../src/policies/clause-index.js';
import type { Policy } from '../src/policies/policy.js';
import { readPolicy } from '../src/policies/read-policy.js';
import { readSchool } from '../src/storage/school-folder.js';
import { corpusPolicies, corpusQuestions, hasCorpus, sampleQuestions } from './labelled-questions.js';
import { type LabelledQuestion, measure, type Row, tableOf } from './measures.js';

/**
 * Measures the answers to labelled messages, each asked of one policy by itself, on the code path of the bot and of the
 * `ask` command. With `--json` the figures are printed as one JSON object.
 */
await main();

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: 'boolean' } } });
  const tables: Record<string, readonly Row[]> = {};
  if (hasCorpus) tables['The real policies'] = measured(realPolicies(), corpusQuestions());
  else process.stderr.write('The real policies are not beside this checkout: they are skipped.\n');
  const { policies } = await readSchool('schools', 'example-primary');
  tables['The sample policy'] = measured(policies, sampleQuestions());
  const text = values.json
    ? JSON.stringify(tables)
    : Object.entries(tables)
        .map(([title, rows]) => tableOf(title, rows))
        .join('\n\n');
  process.stdout.write(`${text}\n`);
}

function realPolicies(): Policy[] {
  return corpusPolicies().map(({ name, bytes }) => readPolicy(name, bytes));
}

/** One row for each policy, and one for all of them where there are several. */
function measured(policies: readonly Policy[], items: readonly LabelledQuestion[]): Row[] {
  const indexes = new Map(policies.map((policy) => [policy.id, buildClauseIndex([policy])]));
  const row = (name: string, some: readonly LabelledQuestion[]): Row => ({
    name,
    items: some.length,
    figures: measure(some, ({ policy, question }) => {
      const index = indexes.get(policy);
      if (!index) throw new Error(`There are questions on "${policy}", but there is no such policy.`);
      return respond(index, question);
    }),
  });
  const rows = policies.map(({ id }) =>
    row(
      id,
      items.filter(({ policy }) => policy === id),
    ),
  );
  return policies.length > 1 ? [...rows, row('all', items)] : rows;
}
