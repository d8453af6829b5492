import { createHash } from 'node:crypto';
import type { Heading, Passage } from './policy.js';
import { type Block, endsSentence, sentencesOf, wordsOf } from './read/block.js';

/** A list up to this long is quoted whole: "Key words are: friendly" would mislead without its fellows. */
const SHORT_LIST_CHARACTERS = 350;
/** A quotation is a passage, not a page. */
const LONGEST_QUOTE_CHARACTERS = 1_200;

interface Draft {
  readonly block: Block;
  readonly heading: readonly string[];
  readonly label: string | null;
  readonly leadIn: string | null;
  /** Index of the draft whose last sentence announces the list this item stands in. */
  readonly announcedBy: number | null;
}

interface Outer {
  readonly level: number;
  readonly label: string | null;
  /** The sentence that its list items need, `null` where it announces nothing. */
  readonly leadIn: string | null;
  readonly draft: number;
}

/**
 * Turns blocks into passages: every heading and every clause, in order, each clause with its label, heading path and lead-in.
 *
 * @param policyId goes into each clause; clause ids are unique within the policy.
 */
export function segment(blocks: readonly Block[], policyId: string): Passage[] {
  const drafts = draftClauses(blocks);
  const announcers = new Set([...drafts.values()].map(({ announcedBy }) => announcedBy));
  const ids = new Map<string, number>();
  return blocks.map((block, index): Passage => {
    const draft = drafts.get(index);
    if (draft === undefined) return { kind: 'heading', heading: toHeading(block) };
    const { label, heading, leadIn } = draft;
    const { marker, text, line } = block;
    const id = clauseId(draft, ids);
    const quote = quoteOf(index, drafts);
    return {
      kind: 'clause',
      clause: {
        id,
        policyId,
        label,
        heading,
        leadIn,
        marker,
        text,
        quote,
        quotable: announcers.has(index) || isQuotable(block),
        line,
      },
    };
  });
}

const toHeading = ({ level, marker, text, line }: Block): Heading => ({ level, marker, text, line });

function draftClauses(blocks: readonly Block[]): Map<number, Draft> {
  const drafts = new Map<number, Draft>();
  let path: { level: number; text: string }[] = [];
  let outer: Outer[] = [];
  for (const [index, block] of blocks.entries()) {
    if (block.kind === 'heading') {
      path = path.filter((one) => one.level < block.level);
      if (block.level > 0)
        path.push({ level: block.level, text: block.label === null ? block.text : `${block.marker} ${block.text}` });
      outer = [];
      continue;
    }
    const level = block.kind === 'item' ? block.level : 0;
    outer = outer.filter((one) => one.level < level);
    const parent = outer.at(-1);
    const label = fullLabel(block, parent?.label ?? null);
    const announcer = outer.findLast((one) => one.leadIn !== null);
    drafts.set(index, {
      block,
      heading: path.map(({ text }) => text),
      label,
      leadIn: announcer?.leadIn ?? null,
      announcedBy: announcer?.draft ?? null,
    });
    if (block.kind !== 'row')
      outer.push({ level, label, leadIn: announcement(block, announcer?.leadIn ?? null), draft: index });
  }
  return drafts;
}

/** "12" and "c" make "12(c)"; a bullet without a number of its own is cited by the number above it. */
function fullLabel({ label }: Block, above: string | null): string | null {
  if (label === null) return above;
  const isLetter = /^[a-z]/iu.test(label);
  if (above === null) return isLetter ? `(${label})` : label;
  return label.includes('.') ? label : `${above}(${label})`;
}

/** The last sentence of a passage, if it announces a list; nested lists keep the sentence above them as well. */
function announcement({ text }: Block, above: string | null): string | null {
  const last = sentencesOf(text).at(-1) ?? '';
  if (!/:\s?[-–—]?$/u.test(last)) return null;
  return above === null ? last : `${above} ${last}`;
}

function quoteOf(index: number, drafts: ReadonlyMap<number, Draft>): string {
  const draft = drafts.get(index);
  if (!draft) return '';
  const own =
    draft.leadIn === null && draft.block.label === null
      ? draft.block.text
      : [draft.leadIn ?? '', withMarker(draft)].filter(Boolean).join('\n');
  const announcer = announcement(draft.block, null) === null ? draft.announcedBy : index;
  if (announcer === null) return own;
  const items = [...drafts].filter(([, one]) => one.announcedBy === announcer).map(([, one]) => withMarker(one));
  const head = announcer === index ? draft.block.text : (draft.leadIn ?? '');
  const whole = [announcer === index ? [draft.leadIn ?? '', head].filter(Boolean).join('\n') : head, ...items].join(
    '\n',
  );
  if (announcer === index) return whole.length <= LONGEST_QUOTE_CHARACTERS ? whole : own;
  return whole.length <= SHORT_LIST_CHARACTERS ? whole : own;
}

/** A list item as it is quoted: with its number or letter, or else with its bullet. */
function withMarker({ block: { kind, marker, label, text } }: Draft): string {
  if (kind !== 'item' || marker === '') return text;
  return `${label === null ? marker : marker.replace(/^\S+\s+(?=\S)/u, '')} ${text}`;
}

function clauseId({ block, heading, leadIn }: Draft, taken: Map<string, number>): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([heading, leadIn, block.marker, block.text]))
    .digest('hex')
    .slice(0, 10);
  const count = (taken.get(digest) ?? 0) + 1;
  taken.set(digest, count);
  return count === 1 ? digest : `${digest}-${count}`;
}

/** Signature lines, page numbers and names of lost pictures are kept, but nobody would quote them. */
function isQuotable({ kind, text, marker }: Block): boolean {
  if (kind === 'tableHeader' || text === '') return false;
  if (/^(?:signature|signed|date|name|print name)\s*:?(?:\s+(?:date|name|signed|signature)\s*:?)*[\s._]*$/iu.test(text))
    return false;
  if (/^\S+\.(?:jpe?g|png|gif|bmp|emf|wmf)$/iu.test(text) || !/\p{L}{2}/u.test(text)) return false;
  return kind === 'item' || marker !== '' || endsSentence(text) || wordsOf(text).length > (kind === 'row' ? 1 : 2);
}
