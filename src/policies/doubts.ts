import type { Clause, Policy } from './policy.js';
import { announcesList } from './read/text-headings.js';

/** A place that may have been read wrongly, or that the document itself leaves unclear. */
export interface Doubt {
  /** What a person should look at, as a sentence. */
  readonly text: string;
  readonly clause: Clause | null;
}

/** Characters: a clause is what a person would quote, not a page. */
const LONG_CLAUSE = 900;
/** Share of words that are single letters from which on a text is spaced out, or its font gives wrong letters. */
const MOST_SINGLE_LETTERS = 0.2;

/** Words that no sentence ends with. */
const LEFT_OPEN =
  /(?:,|\b(?:a|an|and|any|as|at|by|for|from|if|in|of|on|or|our|such|than|that|the|their|this|to|which|with))$/iu;

/** Finds what someone who adopts a policy should look at: it may be right, but only a person can tell. */
export function doubtsOf(policy: Policy): Doubt[] {
  return [
    ...ofPolicy(policy).map((text) => ({ text, clause: null })),
    ...numberingGaps(policy.clauses),
    ...policy.clauses.flatMap((clause, index) => ofClause(clause, policy.clauses[index + 1])),
  ];
}

function ofPolicy({ version, approved, review, passages, clauses }: Policy): string[] {
  const doubts: string[] = [];
  if (version === null) doubts.push('No version was found. Answers will say "no version stated".');
  if (approved === null) doubts.push('No date of approval was found. Answers will say so.');
  if (review === null) doubts.push('No date of review was found.');
  if (!passages.some((one) => one.kind === 'heading' && one.heading.level > 0))
    doubts.push('No headings were found. Clauses will be shown without the section they stand in.');
  for (const page of emptyPages(passages.map((one) => (one.kind === 'heading' ? one.heading : one.clause).page)))
    doubts.push(`Page ${page} has no wording. It may be a picture or a scan.`);
  const words = clauses.flatMap(({ text }) => text.split(/\s+/u));
  if (words.filter((word) => /^\p{L}$/u.test(word)).length > words.length * MOST_SINGLE_LETTERS)
    doubts.push('Many words are single letters. The document’s fonts may not give the right text.');
  return doubts;
}

function emptyPages(pages: readonly (number | null)[]): number[] {
  const known = new Set(pages.filter((page) => page !== null));
  return Array.from({ length: Math.max(0, ...known) }, (_, at) => at + 1).filter((page) => !known.has(page));
}

function ofClause(clause: Clause, next: Clause | undefined): Doubt[] {
  const { text, leadIn, marker } = clause;
  const doubt = (words: string): Doubt[] => [{ text: words, clause }];
  if (text.length > LONG_CLAUSE)
    return doubt(`This clause has ${text.length} characters. Two clauses may have run together.`);
  if (/^\p{Ll}/u.test(text) && leadIn === null && marker === '')
    return doubt('This clause starts in the middle of a sentence.');
  if (/^\([a-z]\)$|^[a-z][.)]$/iu.test(marker) && leadIn === null)
    return doubt('This list item has no sentence above it that announces the list.');
  if (announcesList(text) && (next === undefined || next.leadIn === null))
    return doubt('This announces a list, but none follows.');
  return LEFT_OPEN.test(text) ? doubt('This clause ends in the middle of a sentence, which may go on elsewhere.') : [];
}

/** Numbers that are left out, or come twice: "4.2" after "4.0", a second "7". */
function numberingGaps(clauses: readonly Clause[]): Doubt[] {
  const last = new Map<string, number>();
  return clauses.flatMap((clause): Doubt[] => {
    const [, above = '', digits] = /^((?:\d+\.)*)(\d+)$/u.exec(clause.label ?? '') ?? [];
    if (digits === undefined || !clause.marker.includes(digits)) return [];
    const number = Number(digits);
    const before = last.get(above) ?? 0;
    last.set(above, number);
    if (number === before + 1 || number === 1) return [];
    return [
      {
        text:
          number === before
            ? `The number ${clause.label} comes twice.`
            : `The number ${clause.label} comes after ${before === 0 ? 'none' : `${above}${before}`}. A clause may be missing.`,
        clause,
      },
    ];
  });
}
