import { endsSentence, isSignatureLine, isVersionHeader, wordsOf } from './block.js';
import type { Piece } from './piece.js';

const MOST_HEADING_WORDS = 12;
const MOST_HEADING_CHARACTERS = 90;
const SMALL_WORDS = new Set([
  'a',
  'an',
  'and',
  'at',
  'by',
  'for',
  'from',
  'in',
  'of',
  'on',
  'or',
  'the',
  'to',
  'with',
  'your',
  '&',
  '/',
]);

/** Duties in a list without bullets begin with one of these; a heading does not. */
const DUTY_VERBS = new Set(
  (
    'act agree answer apply approve arrange ask attend avoid be check complete consider create decide delete develop do ensure follow give have help inform ' +
    'keep know lead maintain make manage notify obtain oversee provide publish read receive refer remove reply respond retain seek set sign store take tell ' +
    'think treat understand update write'
  ).split(' '),
);
const NOUNS_AS_WELL =
  /^(?:access|contact|control|monitor|post|report|review|share|support|use)\s+(?:the|a|an|any|all|your|our|their|its)\s/iu;

/** Headings that name a group of people, or the dos and don'ts, divide the section they stand in. */
const GROUPS =
  /^(?:(?:the )?do(?:'|’)?s|(?:the )?don(?:'|’)?ts?|slt|staff|all staff|employees|students?|pupils?|children|parents?(?: ?(?:\/|and|&) ?carers?)?|carers|governors?|governing body|trustees|volunteers|contractors|administrators?|moderators?|administrator ?\/ ?moderator|headteacher|head ?teacher|senior leaders|line managers?)$/iu;

const DOS_AND_DONTS = /^(?:the )?(?:do|don(?:'|’)?t)(?:'|’)?s?:?$/iu;

/** Lines in which a policy states its version, dates and owner. */
const STATED =
  /^(?:approved|ratified|adopted|version|date|next review|review(?:ed)?(?: date| due)?|author|owner|document|last updated)\b.*(?::\s*\S|\b(?:19|20)\d{2}$)/iu;
/** A rule in capitals is a rule. */
const RULE = /\b(?:must|should|do not|don't|never|not permitted|not allowed)\b/iu;

/** A verb that makes a line a sentence, and so neither a heading nor a footer. */
export const FINITE_VERB = /\b(?:must|should|shall|will|may|can|cannot|is|are|was|were|has|have|had|do not|does)\b/iu;

type Look = 'numbered' | 'capitals' | 'emphasised' | 'colon' | 'title' | 'plain';

export interface Outline {
  /** Level of each heading by the index of its piece: 0 for the title, then 1 and up. */
  readonly headings: ReadonlyMap<number, number>;
  /** Indexes of list items that lost their bullets. */
  readonly unmarkedItems: ReadonlySet<number>;
}

/**
 * Finds the headings of a text that has no styles, by their look and by what stands around them. A level is only claimed
 * where the text shows it: numbering, capitals, colons, a heading directly below another, a group of people.
 */
export function findOutline(pieces: readonly Piece[]): Outline {
  const looks = new Map<number, Look>();
  const unmarkedItems = new Set<number>();
  let inUnmarkedList = false;
  for (const [index, piece] of pieces.entries()) {
    const look = lookOf(pieces, index, looks, inUnmarkedList);
    if (look) looks.set(index, look);
    else if (inUnmarkedList) unmarkedItems.add(index);
    inUnmarkedList = !look && (inUnmarkedList || leadsIn(piece)) && isUnmarkedItem(pieces[index + 1]);
  }
  return { headings: levels(pieces, looks), unmarkedItems };
}

/** Whether a piece announces a list: it ends in a colon, with or without the dash of older typing. */
const leadsIn = (piece: Piece): boolean =>
  (piece.kind === 'text' || piece.kind === 'item') && announcesList(piece.text);

/** Whether wording ends in a colon, with or without the dash of older typing. */
export const announcesList = (text: string): boolean => /:\s?-?$/u.test(text) && !isSignatureLine(text);

/** A line without bullet that may belong to a list announced above: one short sentence or none. */
const isUnmarkedItem = (piece: Piece | undefined): boolean =>
  piece !== undefined &&
  piece.kind === 'text' &&
  piece.marker === '' &&
  !leadsIn(piece) &&
  piece.text.length <= 160 &&
  !/[.!?]\s+\p{Lu}/u.test(piece.text);

function lookOf(
  pieces: readonly Piece[],
  index: number,
  found: ReadonlyMap<number, Look>,
  inUnmarkedList: boolean,
): Look | undefined {
  const piece = pieces[index];
  const next = pieces[index + 1];
  if (!piece || next === undefined) return undefined;
  if (piece.kind === 'item') return isLostHeading(pieces, index) ? 'plain' : undefined;
  if (piece.kind !== 'text' || !mayBeHeading(piece)) return undefined;
  const { text } = piece;
  if (piece.label === null && leadsIn(piece) && (next.kind === 'item' || !headsSentences(pieces, index)))
    return undefined;
  if (isCapitals(text)) return piece.label !== null ? 'numbered' : 'capitals';
  if (piece.label !== null) return isNumberedHeading(piece, next) ? 'numbered' : undefined;
  if (piece.emphasised) return 'emphasised';
  if (leadsIn(piece)) return !inUnmarkedList && wordsOf(text).length > 2 ? 'colon' : undefined;
  if (inUnmarkedList) return undefined;
  if (isTitleCase(text) || GROUPS.test(text) || /^appendix (?:\p{Lu}|\d{1,2})\b/iu.test(text)) return 'title';
  const previous = pieces[index - 1];
  if (previous && DOS_AND_DONTS.test(previous.text)) return undefined;
  if (isGerund(piece) && [previous, next].some((one, at) => isGerund(one) && !found.has(index - 1 + 2 * at)))
    return undefined;
  const afterFullStop =
    previous === undefined || found.has(index - 1) || previous.kind !== 'text' || endsSentence(previous.text);
  const beforeSentence = next.kind === 'item' || endsSentence(next.text);
  return !startsWithDuty(text) && wordsOf(text).length <= 8 && (afterFullStop || beforeSentence) ? 'plain' : undefined;
}

/** What follows a heading with a colon is sentences; what follows an announcement is its list. */
const headsSentences = (pieces: readonly Piece[], index: number): boolean => {
  const next = pieces[index + 1];
  return next?.kind === 'text' && (endsSentence(next.text) || next.text.length > MOST_HEADING_CHARACTERS);
};

/** "Appendix A. Account request form" has a full stop, but is no two sentences. */
const APPENDIX = /^(?:appendix|annexe?|schedule)\b(?:\s+(?:\p{Lu}|\d{1,2})\b[.:]?)?\s*/iu;

function mayBeHeading(piece: Piece): boolean {
  const text = piece.text.replace(APPENDIX, '') || piece.text;
  const words = wordsOf(text);
  if (!/\p{L}{2}/u.test(text) || text.length > MOST_HEADING_CHARACTERS || words.length > MOST_HEADING_WORDS)
    return false;
  if (/^\p{Ll}/u.test(text) || /[.;,!]$/u.test(text) || /[.!?]\s+\p{Lu}/u.test(text) || /@|\.\w{2,4}$/u.test(text))
    return false;
  if (STATED.test(text) || isVersionHeader(text) || (isCapitals(text) && RULE.test(text))) return false;
  const asks = /^(?:who|what|how|when|where|why)\b/iu.test(text) && words.length <= 8;
  return asks || isCapitals(text) || text.endsWith('?') || !FINITE_VERB.test(text);
}

function isNumberedHeading(piece: Piece, next: Piece): boolean {
  const numberedAgain = next.kind === 'text' && next.label !== null && !next.label.includes('.');
  return leadsIn(piece) || isTitleCase(piece.text) || (!numberedAgain && !startsWithDuty(piece.text));
}

/** The last bullet of a list that the next paragraph takes up word for word was a heading once ("- Use of images"). */
function isLostHeading(pieces: readonly Piece[], index: number): boolean {
  const piece = pieces[index];
  const next = pieces[index + 1];
  if (!piece || next?.kind !== 'text' || next.marker !== '' || pieces[index - 1]?.kind !== 'item') return false;
  const words = wordsOf(piece.text);
  return (
    words.length >= 2 && words.length <= 5 && next.text.slice(0, 60).toLowerCase().includes(piece.text.toLowerCase())
  );
}

const isCapitals = (text: string): boolean => /\p{Lu}{2}/u.test(text) && !/\p{Ll}/u.test(text);

function isTitleCase(text: string): boolean {
  const words = wordsOf(text).filter((word) => /\p{L}/u.test(word));
  const large = words.filter((word, index) => index === 0 || !SMALL_WORDS.has(word.toLowerCase()));
  return large.every((word) => /^["'“‘(]?\p{Lu}/u.test(word) || /^\d/u.test(word));
}

/** Whether a text tells someone to do something: "Keep a record". */
export function startsWithDuty(text: string): boolean {
  return DUTY_VERBS.has(wordsOf(text)[0]?.toLowerCase() ?? '') || NOUNS_AS_WELL.test(text);
}

/** "Developing and implementing…" among "Facilitating…" and "Taking…" is one duty of several; alone it heads a section. */
const isGerund = (piece: Piece | undefined): boolean => piece !== undefined && /^\p{L}{3,}ing\b/u.test(piece.text);

function levels(pieces: readonly Piece[], looks: ReadonlyMap<number, Look>): Map<number, number> {
  const all = [...looks.values()];
  const titles = titleIndexes(pieces, looks);
  const has = (look: Look) =>
    [...looks].some(([index, one]) => one === look && !titles.has(index) && !GROUPS.test(pieces[index]?.text ?? ''));
  const main: Look | undefined = has('numbered') ? 'numbered' : has('capitals') ? 'capitals' : undefined;
  const colonIsLower = all.some((look) => look === 'title' || look === 'plain') || main !== undefined;
  const found = new Map<number, number>();
  let sectionLevel = 0;
  let groupLevel = 0;
  let inAppendix = false;
  for (const [index, look] of looks) {
    const piece = pieces[index];
    if (!piece || titles.has(index)) {
      found.set(index, 0);
      continue;
    }
    const stacked = found.get(index - 1) ?? 0;
    if (GROUPS.test(piece.text) && piece.label === null) {
      groupLevel = Math.max(1, sectionLevel + 1);
      found.set(index, groupLevel);
      continue;
    }
    const appendix = APPENDIX.test(piece.text);
    inAppendix ||= appendix;
    const own = appendix ? 1 : levelOfLook(piece, look, main, colonIsLower) + (inAppendix ? 1 : 0);
    sectionLevel = stacked > 0 ? Math.min(Math.max(own, stacked + 1), own + 1) : own;
    found.set(index, sectionLevel);
  }
  return found;
}

function levelOfLook(piece: Piece, look: Look, main: Look | undefined, colonIsLower: boolean): number {
  if (look === 'numbered') return (piece.label ?? '').split('.').length;
  if (look === 'capitals') return 1;
  if (look === 'colon' || /:$/u.test(piece.text)) return colonIsLower ? 2 : 1;
  return main === undefined ? 1 : 2;
}

/** The title: the run of headings that opens the document, up to the last that calls itself a policy. */
function titleIndexes(pieces: readonly Piece[], looks: ReadonlyMap<number, Look>): Set<number> {
  let last = -1;
  for (let index = 0; looks.has(index); index += 1) {
    const text = pieces[index]?.text ?? '';
    if (
      /\bpolic(?:y|ies)\b/iu.test(text) &&
      !/\b(?:this|our) policy\b|\bpolicy statement\b/iu.test(text) &&
      pieces[index]?.label === null
    )
      last = index;
  }
  return new Set(Array.from({ length: last + 1 }, (_, index) => index));
}
