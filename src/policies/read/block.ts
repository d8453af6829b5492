import type { DroppedLine } from '../policy.js';

/** A piece of a document as its reader found it, before it is known what the piece means. */
export interface Block {
  readonly kind: 'heading' | 'paragraph' | 'item' | 'row' | 'tableHeader';
  /** Number, letter or bullet as printed, empty where there is none. */
  readonly marker: string;
  /** The part of the marker that can be cited ("a", "2", "1.1"), else `null`. */
  readonly label: string | null;
  /** Wording without marker and emphasis marks; white space folded, deliberate line breaks kept. */
  readonly text: string;
  /** Headings: 0 for the title, then 1 and up. Items: 1 and up. Otherwise 0. */
  readonly level: number;
  /** Line of the source where it starts, counted from 1; in a Word document its paragraph. */
  readonly line: number;
  /** Page on which it starts, counted from 1; `null` where the document has no pages or does not tell them. */
  readonly page: number | null;
}

/** A document as read: its blocks in order, and what was left out because it belongs to the paper and not to the policy. */
export interface Reading {
  readonly blocks: readonly Block[];
  readonly dropped: readonly DroppedLine[];
}

interface Marked {
  readonly marker: string;
  readonly label: string | null;
  readonly bulleted: boolean;
  readonly rest: string;
}

const BULLETS = /^(?:[-–—•·▪●○‣◦*+]\s+)+/u;
const LABELS: readonly RegExp[] = [
  /^(\d{1,3}(?:\.\d{1,3})+)\.?(?=\s)/u,
  /^\(?(\d{1,3})[.)](?=\s|\p{Lu}\p{Ll})/u,
  /^\(([a-z]|[ivx]{1,5})\)(?=\s)/iu,
  /^([a-z]|[ivx]{1,5})[.)](?=\s)/u,
];

/** Parts the bullet and the number or letter from the wording: "- a) Breach…" has the marker "- a)" and the label "a". */
export function takeMarker(line: string): Marked {
  const bullet = BULLETS.exec(line)?.[0] ?? '';
  const afterBullet = line.slice(bullet.length);
  for (const pattern of LABELS) {
    const found = pattern.exec(afterBullet);
    if (found?.[1] === undefined) continue;
    const marker = (bullet + found[0]).trim();
    return { marker, label: found[1], bulleted: bullet !== '', rest: afterBullet.slice(found[0].length).trim() };
  }
  return { marker: bullet.trim(), label: null, bulleted: bullet !== '', rest: afterBullet.trim() };
}

/** A lone first heading that outranks all others, as "# Title" does, is the title, and the others count from there. */
export function withTitle(blocks: readonly Block[]): Block[] {
  const [first, ...others] = blocks.filter(({ kind }) => kind === 'heading');
  const isTitle = first !== undefined && first.label === null && others.every(({ level }) => level > first.level);
  const down = isTitle ? first.level : 0;
  return blocks.map((block) => (block.kind === 'heading' ? { ...block, level: block.level - down } : block));
}

/** Words of a text: what is left when white space is layout. */
export const wordsOf = (text: string): string[] => text.split(/\s+/u).filter((word) => word !== '');

/** Folds runs of white space within a line; a line break stays. */
export const foldSpaces = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.replace(/\s+/gu, ' ').trim())
    .join('\n')
    .trim();

/** Whether a passage ends as a sentence, a lead-in or a list item does, closing quotes and brackets aside. */
export const endsSentence = (text: string): boolean => /[.!?:;…]["'”’)\]]*$|:\s?-$/u.test(text);

/** A line to be signed and dated by hand. */
export const isSignatureLine = (text: string): boolean =>
  /^(?:signature|signed|date|name|print name)\s*:?(?:\s+(?:date|name|signed|signature)\s*:?)*[\s._]*$/iu.test(text);

/** The header of a table of versions, which narrow columns make look like a line of text. */
export const isVersionHeader = (text: string): boolean =>
  /^version\b.*\b(?:date|released?|approved)\b[^:]*$/iu.test(text);

/** Splits wording into sentences; "e.g.", "Mrs." and initials do not end one. */
export function sentencesOf(text: string): string[] {
  const sentences: string[] = [];
  let start = 0;
  for (const gap of text.matchAll(/[.!?]["'”’)\]]*(\s+)(?=["'“‘(]?\p{Lu})/gu)) {
    const upTo = text.slice(start, gap.index + 1);
    if (/(?:\b(?:e\.g|i\.e|etc|mrs|mr|ms|dr|st|no|ref|vs)|\b\p{Lu})\.$/iu.test(upTo)) continue;
    const end = gap.index + gap[0].length;
    sentences.push(text.slice(start, end).trim());
    start = end;
  }
  const last = text.slice(start).trim();
  return last === '' ? sentences : [...sentences, last];
}
