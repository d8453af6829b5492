import { type Citation, placeOf } from '../../policies/citation.js';
import type { HeadteacherAnswer } from '../../policies/headteacher-answers.js';
import type { AnsweredEnquiry, Enquiry } from '../../schools/enquiry.js';
import type { SchoolProfile } from '../../schools/profile.js';
import { dayAt, timeAt } from '../../schools/time.js';
import { type Card, fillCard } from './template.js';

/** As much of something too long as goes back into its box, so that the card is not too large to be shown. */
const LONGEST_TYPED = 4_000;
/** As many lines as a text is shown in; each costs as much of a message as some words do. */
const MOST_LINES = 30;
/** Stands in the channel for whoever does not give their name. */
const NAMELESS = 'A member of staff';

/** A question as it is being put to the Headteacher. */
export interface AskFormView {
  /** Of the Headteacher's channel; `null` where it is not known. */
  readonly channel: string | null;
  /** Names the form, so that sending it twice is the same enquiry. */
  readonly form: string;
  readonly question: string;
  /** The asker's, shown to them alone. */
  readonly name: string;
  readonly withName: boolean;
  /** What is wrong with what was sent. */
  readonly error: string | null;
}

/** The question, to be changed and sent. */
export const askForm = ({ channel, form, question, name, withName, error }: AskFormView): Card =>
  fillCard('ask-headteacher', {
    channel: channel === null ? 'the Headteacher’s channel' : `the channel “${channel}”`,
    question: question.slice(0, LONGEST_TYPED),
    nameChoice: withName ? 'with' : 'without',
    ...{ form, name, ...errorIn(error) },
  });

/** What was sent, with its reference. @param again it had been sent before. */
export function enquirySent(profile: SchoolProfile, enquiry: Enquiry, again: boolean, urgent: boolean): Card {
  const { reference, question, asker, answered } = enquiry;
  return fillCard('enquiry-sent', {
    urgent,
    dsl: [profile.contacts.dsl.name, profile.contacts.dsl.phone].filter(Boolean).join(', '),
    title: again ? 'You have sent this to the Headteacher before' : 'Sent to the Headteacher',
    reference,
    lines: linesOf(question),
    whoseName: asker.name === null ? 'Sent without your name.' : 'Sent with your name.',
    next: answered
      ? 'It has been answered. The answer comes to this chat.'
      : 'The answer will come to you in this chat.',
  });
}

/** An answer as it is being typed. */
export interface AnswerForm {
  readonly answer: string;
  readonly keep: boolean;
  readonly keptAs: string;
  readonly error: string | null;
}

/**
 * An enquiry in the Headteacher's channel: open with a form, or answered.
 *
 * @param clauses the nearest.
 * @param unsent what someone typed who was not the first to answer.
 */
export function enquiryCard(
  { timeZone }: SchoolProfile,
  enquiry: Enquiry,
  clauses: readonly Citation[],
  { form, unsent }: { form?: AnswerForm; unsent?: string } = {},
): Card {
  const { reference, question, asker, askedAt, answered } = enquiry;
  const places = clauses.map(({ clause, policy }) => ({ place: placeOf(clause) || policy.title }));
  const title = answered ? 'A question for the Headteacher: answered' : 'A question for the Headteacher';
  const typed = form ?? { answer: '', keep: false, keptAs: question, error: null };
  return fillCard('enquiry', {
    ...{ title, reference, places, hasPlaces: places.length > 0, lines: linesOf(question) },
    speak: `${title}. Reference ${reference}.`,
    asker: asker.name ?? NAMELESS,
    askedAt: timeAt(askedAt, timeZone),
    open: answered === null,
    answer: typed.answer.slice(0, LONGEST_TYPED),
    keep: String(typed.keep),
    ...errorIn(typed.error),
    ...answeredPart(answered, timeZone),
    ...(answered === null && { keptAs: typed.keptAs.slice(0, LONGEST_TYPED) }),
    hasNotice: unsent !== undefined,
    notice: `${answered?.by.name} has answered already. What you typed has not been sent:`,
    unsent: linesOf((unsent ?? '').slice(0, LONGEST_TYPED)),
  });
}

const answeredPart = (answered: AnsweredEnquiry | null, timeZone: string) => ({
  answered: answered !== null,
  answerer: answered?.by.name ?? '',
  answeredAt: answered ? timeAt(answered.at, timeZone) : '',
  answerLines: linesOf(answered?.answer ?? ''),
  kept: answered !== null && answered.keptAs !== null,
  keptAs: answered?.keptAs ?? '',
  keptNote:
    answered?.keptAs == null
      ? 'The answer is for the person who asked only.'
      : 'Kept for the next person who asks something like this, without the name of who asked:',
});

/** What the asker gets. */
export function headteacherAnswerCard({ timeZone }: SchoolProfile, enquiry: Enquiry, answered: AnsweredEnquiry): Card {
  const { reference, question, askedAt } = enquiry;
  const kept = answered.keptAs !== null && ' It is kept for others who ask something like it, without your name.';
  return fillCard('headteacher-answer', {
    speak: `The Headteacher’s answer to your question ${reference}.`,
    askedAt: timeAt(askedAt, timeZone),
    ...{ reference, lines: linesOf(question), answerLines: linesOf(answered.answer), answerer: answered.by.name },
    answeredAt: timeAt(answered.at, timeZone),
    note: `This is an answer to your question. It is not part of the policy.${kept || ''}`,
  });
}

/** How a question that the policy does not answer may be put to the Headteacher, and what they have answered before. */
export interface AskingView {
  /** `here`: with the button; `in_chat`: this conversation has readers, so it names the way; `null`: nobody would answer. */
  readonly way: 'here' | 'in_chat' | null;
  readonly kept: HeadteacherAnswer | null;
}

/** The part of the "not covered" card on the Headteacher. */
export const askingPart = ({ way, kept }: AskingView, { timeZone }: SchoolProfile, headteacher: string) => ({
  askHere: way === 'here',
  askInChat: way === 'in_chat',
  howToAsk: kept ? 'To ask the Headteacher yourself:' : 'Please ask the Headteacher:',
  advice: kept
    ? 'The Headteacher has answered something like it before; that is not part of the policy.'
    : `Please ask the Headteacher: ${headteacher}.`,
  hasKept: kept !== null,
  keptOn: kept ? dayAt(kept.answeredAt, timeZone) : '',
  keptQuestion: linesOf(kept?.question ?? ''),
  keptAnswer: linesOf(kept?.answer ?? ''),
});

const errorIn = (error: string | null) => ({ error: error ?? '', hasError: error !== null });

/** Rich text shows no line breaks, so each line gets a block of its own; past the most, lines run on. */
function linesOf(text: string): { line: string }[] {
  const lines = text.split(/\r\n|\r|\n/u).filter((line) => line.trim() !== '');
  const rest = lines.slice(MOST_LINES - 1).join(' ');
  return [...lines.slice(0, MOST_LINES - 1), ...(rest === '' ? [] : [rest])].map((line) => ({ line }));
}
