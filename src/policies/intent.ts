import type { MessageKind } from './bank.js';
import type { Category } from './category.js';
import { readingOf } from './features.js';
import {
  ABOUT_THE_BOT,
  ASKS,
  ASKS_WHOM_TO_TELL,
  BREACH,
  BULLYING,
  COURTESY,
  DISPARAGING,
  EXPLICIT_REPORT,
  HAPPENED,
  HYPOTHETICAL,
  SMALLTALK,
  SMALLTALK_STARTS,
  SUBJECT,
  speaksOfRisk,
  TOLD,
} from './intent-signs.js';
import { kindsOf } from './rules.js';

/** What a person wants who typed something. */
export type Intent =
  | { readonly kind: 'smalltalk' }
  /** `urgent`: the question speaks of a child at risk, so the advice for that is shown along with the answer. */
  | { readonly kind: 'question'; readonly urgent: boolean }
  | { readonly kind: 'report'; readonly category: Category };

/** Whether a child may be at risk: something has happened, or it is asked about. */
export const isOnChildSafety = (intent: Intent): boolean =>
  intent.kind === 'report' ? intent.category === 'child_safety' : intent.kind === 'question' && intent.urgent;

const LONGEST_SMALLTALK_WORDS = 12;
/** In words; what is left beside "who do I tell" has to be more than the subject of that question. */
const SHORTEST_STORY = 3;
const SHORTEST_STORY_BESIDE_QUESTION = 4;
const EVERY_ASK_WHOM_TO_TELL = new RegExp(`(?:${ASKS_WHOM_TO_TELL.source})\\W*`, 'gu');
/** The signs of a message stand in its first sentences; what follows a wall of text is not read for them. */
const LONGEST_READ_CHARACTERS = 2_000;

/**
 * Tells a report from a question from small talk, and names a report's category.
 * Something that has happened to someone is a report; "what should I do if…" is a question, even about the worst.
 * A child at risk or an indecent image wins over every other reading.
 *
 * Two readers that err differently decide together: signs written down one by one, and what was learnt from some thousands of
 * messages. A child at risk is taken for that when either sees one.
 */
export function intentOf(message: string): Intent {
  const read = message.slice(0, LONGEST_READ_CHARACTERS);
  const text = normalise(read);
  const bySigns = intentBySigns(text);
  const evidence = kindsOf(readingOf(read).features);
  // A few words without a sentence around them, such as a heading typed into a search, tell of nothing that happened.
  if (bySigns.kind === 'question' && text.split(' ').length < SHORTEST_TOLD && !HAPPENED.test(text))
    return isLearntSmalltalk(bySigns, evidence) ? { kind: 'smalltalk' } : bySigns;
  return reconciled(bySigns, evidence, text);
}

type Evidence = Readonly<Record<MessageKind, number>>;

const REPORTS = ['online_bullying', 'disparaging_post', 'other_breach', 'child_safety'] as const;

/** Learnt evidence, measured on labelled messages: what is enough, and what is next to none. */
const SURE = 0.5;
const VERY_SURE = 0.75;
const HARDLY = 0.2;
/** A child at risk is seen with less, and first with what is hardly less than the evidence for another report. */
const RISK_SEEN = 0.35;
const RISK_SUSPECTED = 0.2;
const RISK_ADVISED = 0.25;
const NEARLY = 0.05;
/** By how much all evidence for a report must exceed that for a question to overrule the signs. */
const OVERRULES = 0.15;
/** What a sign of a category counts beside the learnt evidence. */
const SIGN = 0.25;
const SMALLTALK_SURE = 0.4;
/** In words. */
const SHORTEST_TOLD = 5;

/** @param text as {@link normalise} leaves it. */
function reconciled(bySigns: Intent, evidence: Evidence, text: string): Intent {
  const { question, smalltalk, child_safety } = evidence;
  const reports = REPORTS.map((kind) => evidence[kind]);
  const report = Math.max(...reports);
  if (bySigns.kind === 'report') {
    const risk = bySigns.category === 'child_safety';
    const enough = !risk && asksForAnswer(text) ? SURE : VERY_SURE;
    if (question >= enough && report <= HARDLY) return { kind: 'question', urgent: risk };
    return { kind: 'report', category: categoryFrom(evidence, bySigns.category) };
  }
  if (bySigns.kind === 'smalltalk') return bySigns;
  if (report > Math.max(question, smalltalk) && reports.reduce((sum, one) => sum + one, 0) - question > OVERRULES)
    return { kind: 'report', category: categoryFrom(evidence, undefined) };
  if (isLearntSmalltalk(bySigns, evidence)) return { kind: 'smalltalk' };
  return { kind: 'question', urgent: bySigns.urgent || child_safety >= RISK_ADVISED };
}

const isLearntSmalltalk = (
  { urgent }: Extract<Intent, { kind: 'question' }>,
  { question, smalltalk }: Evidence,
): boolean => smalltalk > question && smalltalk > SMALLTALK_SURE && !urgent;

function categoryFrom(evidence: Evidence, bySign: Category | undefined): Category {
  const others = (['online_bullying', 'disparaging_post', 'other_breach'] as const).map((category) => ({
    category,
    weight: evidence[category] + (category === bySign ? SIGN : 0),
  }));
  const likeliest = others.reduce((best, one) => (one.weight > best.weight ? one : best));
  const { child_safety } = evidence;
  const risk =
    child_safety >= RISK_SEEN || (child_safety >= RISK_SUSPECTED && child_safety > likeliest.weight - NEARLY);
  return risk || bySign === 'child_safety' ? 'child_safety' : likeliest.category;
}

/** @param text as {@link normalise} leaves it. */
function intentBySigns(text: string): Intent {
  const risk = speaksOfRisk(text);
  const asks = asksAnything(text.replace(COURTESY, ''));
  const hypothetical = HYPOTHETICAL.test(text);
  // "Can I follow a pupil back?" asks about one's own conduct, and nothing in it has happened to a child.
  const onlyAsks = (hypothetical && !TOLD.test(text)) || (asks && !HAPPENED.test(text));
  const explicit = EXPLICIT_REPORT.test(text);
  if (risk && ((explicit && !asksForAnswer(text)) || !onlyAsks)) return { kind: 'report', category: 'child_safety' };
  if (isSmalltalk(text)) return { kind: 'smalltalk' };
  if ((explicit || (!hypothetical && isStory(text, asks))) && !asksForAnswer(text)) {
    const category = categoryOf(text);
    if (explicit || !asks || category !== undefined) return { kind: 'report', category: category ?? 'other_breach' };
  }
  return { kind: 'question', urgent: risk };
}

const asksAnything = (text: string): boolean => ASKS.some((sign) => sign.test(text));

/** What is left of a message once courtesies and "who do I tell?" are taken out. */
const storyOf = (text: string): string => text.replace(COURTESY, '').replaceAll(EVERY_ASK_WHOM_TO_TELL, ' ').trim();

const asksForAnswer = (text: string): boolean => asksAnything(storyOf(text));

/** Something that has happened, with people or places in it; single words and headings are questions in short. */
function isStory(text: string, asks: boolean): boolean {
  const story = storyOf(text);
  const heading = /^\p{L}+ing\b/u.test(story) && categoryOf(story) === undefined;
  return (
    !heading &&
    story.split(' ').length >= (asks ? SHORTEST_STORY_BESIDE_QUESTION : SHORTEST_STORY) &&
    SUBJECT.test(story) &&
    HAPPENED.test(story)
  );
}

/** Lower case, apostrophes dropped, white space folded. */
const normalise = (message: string): string =>
  message
    .toLowerCase()
    .normalize('NFKC')
    .replace(/['’‘`]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();

/** A courtesy, or talk about the bot, with nothing of the school's business in it. */
function isSmalltalk(text: string): boolean {
  const plain = text
    .replace(/[^\p{L}\p{N}\s]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
  if (plain === '') return true;
  if (plain.split(' ').length > LONGEST_SMALLTALK_WORDS) return false;
  if (ABOUT_THE_BOT.test(plain)) return true;
  const rest = text.replace(COURTESY, '');
  const courteous =
    SMALLTALK.some((form) => form.test(plain)) ||
    (SMALLTALK_STARTS.some((form) => form.test(plain)) && !asksAnything(rest));
  return courteous && !SUBJECT.test(rest) && categoryOf(rest) === undefined;
}

/** The category whose signs are met most; bullying wins over disparaging, as it has a person to look after. */
function categoryOf(text: string): Category | undefined {
  const met = (signs: readonly RegExp[]) => signs.filter((sign) => sign.test(text)).length;
  const bullying = met(BULLYING);
  const disparaging = met(DISPARAGING);
  if (bullying === 0 && disparaging === 0) return met(BREACH) > 0 ? 'other_breach' : undefined;
  return disparaging > bullying ? 'disparaging_post' : 'online_bullying';
}
