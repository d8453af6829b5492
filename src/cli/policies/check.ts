import { parseArgs } from 'node:util';
import { AppError } from '../../errors.js';
import { dayOf, placeOf } from '../../policies/citation.js';
import { doubtsOf } from '../../policies/doubts.js';
import type { Clause, DroppedLine, Policy } from '../../policies/policy.js';
import { readPolicyFile } from '../../storage/policy-file.js';
import { counted, indented } from './words.js';

/**
 * How a document was read, for whoever decides to adopt it.
 *
 * @throws {AppError} `policy_unreadable` with one plain sentence; doubtful places are no error.
 */
export async function check(args: readonly string[]): Promise<string> {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true, options: {} });
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0)
    throw new AppError('bad_arguments', 'Name one document: npm run --silent policies -- check FILE');
  const policy = await readPolicyFile(file);
  return [
    summary(policy),
    section('Headings', outline(policy)),
    section('Clauses', policy.clauses.map(clauseLines)),
    section('Left out', groups(policy.dropped)),
    section('Please look at', doubts(policy)),
  ].join('\n\n');
}

function summary(policy: Policy): string {
  const rows: readonly (readonly [string, string])[] = [
    ['File', policy.source],
    ['Title', policy.title],
    ['Version', policy.version ?? 'not found'],
    ['Approved', policy.approved === null ? 'not found' : dayOf(policy.approved)],
    ['Review', policy.review === null ? 'not found' : dayOf(policy.review)],
    ['Clauses', String(policy.clauses.length)],
  ];
  return rows.map(([name, value]) => `${name.padEnd(10)}${value}`).join('\n');
}

const section = (title: string, lines: readonly string[]): string =>
  [title, ...(lines.length > 0 ? lines : ['nothing']).map((line) => indented(line, '  '))].join('\n');

const outline = ({ passages }: Policy): string[] =>
  passages.flatMap((one) => {
    if (one.kind === 'clause') return [];
    const { level, marker, text, page } = one.heading;
    return [`${'  '.repeat(level)}${`${marker} ${text}`.trim()}${page === null ? '' : ` (page ${page})`}`];
  });

const clauseLines = (clause: Clause): string =>
  [placeOf(clause), indented(clause.quote, '  ')].filter((line) => line !== '').join('\n');

/** Lines that differ only in their figures are named once. */
function groups(dropped: readonly DroppedLine[]): string[] {
  const alike = new Map<string, DroppedLine[]>();
  for (const line of dropped) {
    const key = `${line.reason} ${line.text.replace(/\d+/gu, '#')}`;
    alike.set(key, [...(alike.get(key) ?? []), line]);
  }
  return [...alike.values()].map((lines) => {
    const [first] = lines;
    const times = lines.length > 1 ? `, ${lines.length} times` : '';
    return `${first?.text} (${first?.reason}${times})`;
  });
}

const doubts = (policy: Policy): string[] => {
  const found = doubtsOf(policy);
  const lines = found.map(({ text, clause }) =>
    clause === null
      ? text
      : [text, `  ${placeOf(clause)}`, `  "${opening(clause)}"`].filter((line) => line.trim() !== '').join('\n'),
  );
  return lines.length > 0 ? [`${counted(lines.length, 'place')} may need a person’s eye:`, ...lines] : [];
};

const opening = ({ text }: Clause): string => (text.length > 80 ? `${text.slice(0, 80).trimEnd()}…` : text);
