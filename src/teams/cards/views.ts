import type { Category } from '../../policies/category.js';
import { type Citation, placeOf, sourceOf } from '../../policies/citation.js';
import { type PlainSentence, plainLine, plainText } from '../../policies/plain-english.js';
import type { Clause, Policy } from '../../policies/policy.js';
import { OMITTED } from '../../policies/segment.js';
import type { Contact, SchoolProfile } from '../../schools/profile.js';
import { type AskingView, askingPart } from './enquiry-views.js';
import { type Card, fillCard } from './template.js';

/** Three questions a new user can press; each is one that most schools' policies answer. */
export const EXAMPLE_QUESTIONS = [
  'Can I ring a parent from my own phone?',
  'When must we reply to a comment or complaint?',
  'Can I put the school logo on my own page?',
] as const;

/** What the first card and the help card share. */
const examples = () => EXAMPLE_QUESTIONS.map((question) => ({ question }));

/** Shown when the bot is installed. @param setsUp in a team that has no channel for reports yet. */
export const welcomeCard = ({ name }: SchoolProfile, { setsUp }: { readonly setsUp: boolean }): Card =>
  fillCard('welcome', { school: name, setsUp, examples: examples() });

/** Shown on "help". */
export const helpCard = (
  { name, contacts }: SchoolProfile,
  policies: readonly Policy[],
  offers: Readonly<Record<'readsGaps' | 'listsCases' | 'asksForSummaries' | 'setsUp', boolean>>,
): Card =>
  fillCard('help', {
    ...offers,
    school: name,
    policies: policies.map((policy) => ({ source: sourceOf(policy) })),
    headteacher: reachable(contacts.headteacher),
    examples: examples(),
  });

export interface AnswerView {
  /** The clauses that answer, one to three, best first; or the nearest, shown as near and never as the answer. */
  readonly clauses: readonly Citation[];
  /** The question speaks of a child at risk. */
  readonly urgent: boolean;
  readonly profile: SchoolProfile;
  /** Names the question when it is rated; `null` when it could not be recorded, and so cannot be rated. */
  readonly questionId: string | null;
  /** What the asker said of the answer, once they have. */
  readonly helpful: boolean | null;
  /** The question, when a button asked it and so nobody can read it above the card. */
  readonly asked: string | null;
  /** The clauses in plain English, written by a machine and checked; left out or empty where there is no such text. */
  readonly plain?: readonly PlainSentence[];
}

/** The clause that answers, word for word, and up to two more, folded. */
export function answerCard({ clauses, profile, plain = [], ...rest }: AnswerView): Card {
  const [best, ...others] = plain.length > 0 ? clauses.map(numberedClauseCard) : clauses.map(clauseCard);
  const more = others.length === 1 ? 'Show 1 more clause' : `Show ${others.length} more clauses`;
  return fillCard('answer', {
    best: best?.body,
    others: others.flatMap(apart),
    hasOthers: others.length > 0,
    more,
    speak: best?.speak,
    plain: plain.map((sentence) => ({ sentence: plainLine(sentence) })),
    hasPlain: plain.length > 0,
    ...aroundAnswer(profile, rest, plainText(plain)),
  });
}

/** "The policy does not say", what the Headteacher said before, whom to ask, and the nearest clauses, folded. */
export function notCoveredCard({ clauses, profile, ...rest }: AnswerView, asking: AskingView): Card {
  const headteacher = reachable(profile.contacts.headteacher);
  const nearest = clauses.map(clauseCard).flatMap(apart);
  const { advice, ...part } = askingPart(asking, profile, headteacher);
  return fillCard('not-covered', {
    speak: `The policy does not say. ${advice}`,
    nearest,
    hasNearest: nearest.length > 0,
    headteacher,
    form: { verb: 'enquiry.form', questionId: rest.questionId ?? '' },
    ...part,
    ...aroundAnswer(profile, rest),
  });
}

/** Clauses look the same in every answer, so each is drawn once. */
const drawnClauses = new WeakMap<Clause, Card>();

/** One clause to be posted in a conversation: word for word, with its source. */
export function clauseCard(citation: Citation): Card {
  const drawn = drawnClauses.get(citation.clause) ?? drawClause(citation, placeOf(citation.clause));
  drawnClauses.set(citation.clause, drawn);
  return drawn;
}

/** A clause with the number by which the text in plain English cites it. */
const numberedClauseCard = (citation: Citation, at: number): Card =>
  drawClause(citation, `[${at + 1}] ${placeOf(citation.clause)}`.trim());

/** A clause as it is quoted: its lines to the letter, where it stands and in what. */
function drawClause({ clause, policy }: Citation, place: string): Card {
  const lines = shortened(clause.quote, LONGEST_QUOTE).split('\n');
  const source = sourceOf(policy);
  const speak = shortened(`The policy says, ${place || source}: ${lines.join(' ')}`, LONGEST_SPOKEN);
  return fillCard('clause', { lines: lines.map((line) => ({ line })), place, hasPlace: place !== '', source, speak });
}

/** What shows a clause on its card, set apart from the clause above it. */
const apart = ({ body }: Card): object[] => body.map((block) => ({ ...block, spacing: 'Medium' }));

/**
 * Whether a report can be kept. `unable`: not now, or not for this person. `elsewhere`: not in a conversation that others read.
 * `moved`: it has been begun in the person's own chat.
 */
export type Keeping = 'unable' | 'elsewhere' | 'moved' | 'below';

/** What a report is about; `null` while nobody has said. */
export type ReportSubject = Exclude<Category, 'child_safety'> | null;

const REPORT_TITLES: Record<Exclude<Category, 'child_safety'>, string> = {
  online_bullying: 'Online bullying: what to do now',
  disparaging_post: 'A post about the school: what to do now',
  other_breach: 'A breach of the policy: what to do now',
};

/** What to do now, and how to reach the people who deal with it. Nothing of what was typed is in it. */
export const reportCard = (
  category: ReportSubject,
  { contacts }: SchoolProfile,
  personal: boolean,
  keeping: Exclude<Keeping, 'moved' | 'below'>,
): Card =>
  fillCard('report', {
    title: personal
      ? category === null
        ? 'To report something: what to do now'
        : REPORT_TITLES[category]
      : 'Please do not describe it here',
    personal,
    bullying: personal && category === 'online_bullying',
    headteacher: reachable(contacts.headteacher),
    chair: reachable(contacts.chairOfGovernors),
    ending:
      keeping === 'unable'
        ? 'I cannot keep a report right now: nothing has been sent to anyone. Please tell the Headteacher yourself.'
        : 'Nothing has been sent to anyone. To report it, open a chat with me and type “report”.',
  });

/**
 * A child may be at risk, or there is an indecent image: what to do before anything else.
 *
 * @param keeping what may be done here beside that.
 */
export const safetyCard = ({ contacts }: SchoolProfile, keeping: Keeping): Card =>
  fillCard('safety', {
    dsl: reachable(contacts.dsl),
    headteacher: reachable(contacts.headteacher),
    chair: reachable(contacts.chairOfGovernors),
    lado: reachable(contacts.lado),
    ending: ENDINGS[keeping],
  });

const ENDINGS: Readonly<Record<Keeping, string>> = {
  unable: 'I cannot keep a report right now: nothing has been sent to anyone. Please speak to a person now.',
  elsewhere:
    'Nothing has been sent to anyone. Speak to a person now; after that, open a chat with me and type “report”.',
  below: 'Nothing has been sent to anyone. Speak to a person now; your report that is open stands below.',
  moved:
    'Nothing has been sent to anyone. Speak to a person now; after that, go on in our own chat: I have written to you there.',
};

/** A failure on our side, with the reference that stands in the log. */
export const errorCard = (reference: string): Card => fillCard('error', { reference });

/** Sentences longer than any clause should be are cut, with a sign, so that the message is not too large to be sent. */
const LONGEST_QUOTE = 2_000;
const LONGEST_SPOKEN = 700;

export const shortened = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, text.lastIndexOf(' ', most))} ${OMITTED}`;

/** "Sam Okafor, 01632 960 001, sam@example.org": what the profile gives to reach someone. */
const reachable = ({ name, phone, email }: Contact): string => [name, phone, email].filter(Boolean).join(', ');

/** What stands above and below an answer: the question, advice for a child at risk, and the rating. */
const aroundAnswer = (
  { contacts }: SchoolProfile,
  { urgent, questionId, helpful, asked }: Omit<AnswerView, 'clauses' | 'profile'>,
  plain?: string,
) => ({
  asked: asked ?? '',
  byButton: asked !== null,
  urgent,
  dsl: reachable(contacts.dsl),
  yes: { verb: 'ask.rate', questionId, helpful: true, plain },
  no: { verb: 'ask.rate', questionId, helpful: false, plain },
  canRate: questionId !== null && helpful === null,
  thanks: helpful ? 'Thank you. Glad it helped.' : 'Thank you. This helps to show what the policy leaves open.',
  rated: helpful !== null,
});
