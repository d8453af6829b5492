import { createHash } from 'node:crypto';
import type { Heading, Passage } from './policy.js';
import { type Block, endsSentence, isSignatureLine, isVersionHeader, sentencesOf, wordsOf } from './read/block.js';

/** A list up to this long is quoted whole: "Key words are: friendly" would mislead without its fellows. */
const SHORT_LIST_CHARACTERS = 350;
const SHORT_LIST_ITEMS = 20;
/** A quotation is a passage, not a page. */
const LONGEST_QUOTE_CHARACTERS = 1_200;
/** Stands for items of a list that is too long to quote. */
export const OMITTED = '[…]';

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
  const parts = blocks.flatMap(splitLong);
  const drafts = draftClauses(parts);
  const items = itemsByAnnouncer(drafts);
  const ids = new Map<string, number>();
  return parts.map((block, index): Passage => {
    const draft = drafts.get(index);
    if (draft === undefined) return { kind: 'heading', heading: toHeading(block) };
    const { label, heading, leadIn } = draft;
    const { marker, text, line, page } = block;
    const id = clauseId(draft, ids);
    const quote = quoteOf(index, drafts, items);
    const quotable = items.has(index) || isQuotable(block);
    return {
      kind: 'clause',
      clause: { id, policyId, label, heading, leadIn, marker, text, quote, quotable, line, page },
    };
  });
}

/** Parts a paragraph that is a page rather than a passage, between sentences. */
function splitLong(block: Block): Block[] {
  if (block.kind === 'heading' || block.text.length <= LONGEST_QUOTE_CHARACTERS) return [block];
  const texts: string[] = [];
  for (const sentence of sentencesOf(block.text)) {
    const last = texts.at(-1);
    if (last === undefined || last.length + sentence.length >= LONGEST_QUOTE_CHARACTERS) texts.push(sentence);
    else texts[texts.length - 1] = `${last} ${sentence}`;
  }
  return texts.map((text, at) => ({ ...block, text, marker: at === 0 ? block.marker : '' }));
}

/** The list items, nested ones included, that each announcing passage has below it. */
function itemsByAnnouncer(drafts: ReadonlyMap<number, Draft>): Map<number, number[]> {
  const items = new Map<number, number[]>();
  for (const [index, draft] of drafts) {
    for (let above = draft.announcedBy; above !== null; above = drafts.get(above)?.announcedBy ?? null) {
      items.set(above, [...(items.get(above) ?? []), index]);
    }
  }
  return items;
}

const toHeading = ({ level, marker, text, line, page }: Block): Heading => ({ level, marker, text, line, page });

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

/** How a sentence ends that needs a list to be whole: in a colon or a dash, or in the middle. */
const ANNOUNCES = /(?::\s?[-–—]?|\s[-–—]|\b(?:not|must|should|shall|will|may|to|includes?|including|are|that))$/iu;

/** The last sentence of a passage, if it announces a list; nested lists keep the sentence above them as well. */
function announcement({ text }: Block, above: string | null): string | null {
  const last = sentencesOf(text).at(-1) ?? '';
  if (!ANNOUNCES.test(last)) return null;
  return above === null ? last : `${above} ${last}`;
}

/**
 * What is shown of a clause. A passage that announces a list is quoted with it, as far as a quotation may go, since alone it
 * would say nothing; an item of a short list is quoted with its fellows, any other with the sentence that announces it.
 */
function quoteOf(
  index: number,
  drafts: ReadonlyMap<number, Draft>,
  items: ReadonlyMap<number, readonly number[]>,
): string {
  const draft = drafts.get(index);
  if (!draft) return '';
  const { block, leadIn, announcedBy } = draft;
  const lines = (indexes: readonly number[]) => indexes.flatMap((at) => drafts.get(at) ?? []).map(withMarker);
  const own = items.get(index);
  if (own) return upTo(LONGEST_QUOTE_CHARACTERS, [...(leadIn === null ? [] : [leadIn]), block.text, ...lines(own)]);
  if (announcedBy !== null) {
    const alone = [leadIn, withMarker(draft)].join('\n');
    const fellows = items.get(announcedBy) ?? [];
    if (fellows.length > SHORT_LIST_ITEMS) return alone;
    const whole = [leadIn, ...lines(fellows)].join('\n');
    return whole.length <= SHORT_LIST_CHARACTERS ? whole : alone;
  }
  return block.label === null ? block.text : withMarker(draft);
}

/** As many lines as fit, at least two, with a sign where lines are left out. */
function upTo(limit: number, lines: readonly string[]): string {
  let length = 0;
  const fitting = lines.filter((line, at) => {
    length += line.length + 1;
    return at < 2 || length < limit;
  });
  return [...fitting, ...(fitting.length < lines.length ? [OMITTED] : [])].join('\n');
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

/** Signature lines and names of lost pictures are kept, but nobody would quote them. */
function isQuotable({ kind, text, marker }: Block): boolean {
  if (kind === 'tableHeader' || text === '') return false;
  if (isSignatureLine(text) || isVersionHeader(text)) return false;
  if (/^\S+\.(?:jpe?g|png|gif|bmp|emf|wmf)$/iu.test(text) || !/\p{L}{2}/u.test(text)) return false;
  return kind === 'item' || marker !== '' || endsSentence(text) || wordsOf(text).length > (kind === 'row' ? 1 : 2);
}
