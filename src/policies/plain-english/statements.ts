import { sentencesOf } from '../read/block.js';

/** One rule of a clause, or several that stand side by side in a sentence. */
export interface Passage {
  readonly text: string;
  /** The single rules in it. */
  readonly rules: readonly string[];
}

/** A sentence of a clause. */
export interface Statement extends Passage {
  /** Every run of neighbouring rules, single ones first: a reader may be told of one of them or of several together. */
  readonly runs: readonly Passage[];
}

/** Where one rule ends and the next begins: ", must decline one", " and must not reply", ", and reports must be shared". */
const NEXT_RULE =
  /[,;]\s+(?=(?:must|may|should|shall|can|cannot|will)\b)|[,;]?\s+(?:and|but|or)\s+(?=(?:must|may|should|shall|can|cannot|will)\b)|[,;]\s+(?:and|but|or|so)\s+(?=(?:[\w'’-]+\s+){1,6}(?:must|may|should|shall|can|cannot|will)\b)/u;
const MODAL = /\b(?:must|may|should|shall|can|cannot|will)\b/u;

/** The sentences of a quotation; each item of a list carries the sentence that introduces it. */
export function statementsOf(quote: string): Statement[] {
  const [first = '', ...items] = quote.split('\n').filter((line) => line.trim() !== '');
  const opening = sentencesOf(first);
  const leadIn = first.trimEnd().endsWith(':') && items.length > 0 ? opening.pop() : undefined;
  const introduced = leadIn === undefined ? items.flatMap(sentencesOf) : items.map((item) => `${leadIn} ${item}`);
  return [...opening, ...introduced].map(toStatement);
}

/** Parts a sentence into its rules; each keeps or gets the words that say whom it binds. */
function toStatement(text: string): Statement {
  const pieces = text.split(NEXT_RULE);
  const first = pieces[0] ?? '';
  const subject = first.slice(0, MODAL.exec(first)?.index ?? 0);
  const rules = pieces.map((piece, at) => (at > 0 && piece.search(MODAL) === 0 ? subject + piece : piece));
  const lengths = Array.from(rules, (_, at) => at + 1);
  const runs = lengths.flatMap((length) =>
    rules.slice(length - 1).map((_, from) => ({
      text: [rules[from], ...pieces.slice(from + 1, from + length)].join(', '),
      rules: rules.slice(from, from + length),
    })),
  );
  return { text, rules, runs };
}
