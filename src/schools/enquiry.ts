import { createHash } from 'node:crypto';
import type { HeadteacherAnswer } from '../policies/headteacher-answers.js';
import type { NewDelivery, OutboxPlace } from './delivery.js';

/** What a person types into a question or an answer, at most. */
export const LONGEST_QUESTION = 1_000;
export const LONGEST_ANSWER = 3_000;

/** A question put to the Headteacher because the policy does not answer it. */
export interface Enquiry {
  /** `Q-` and 8 characters of Crockford's base 32. */
  readonly reference: string;
  readonly schoolId: string;
  /** The form it was sent with: the same form sent again is the same enquiry. */
  readonly form: string;
  /** As typed. */
  readonly question: string;
  readonly asker: {
    /** Entra object id: where the answer goes. */
    readonly personId: string;
    /** `null` when they chose not to give it. */
    readonly name: string | null;
  };
  readonly askedAt: Date;
  /** Keys of the nearest clauses (`<policy id>/<clause id>`), best first. */
  readonly clauses: readonly string[];
  /** `null` until it is answered. */
  readonly answered: AnsweredEnquiry | null;
}

export interface AnsweredEnquiry {
  readonly answer: string;
  readonly by: { readonly personId: string; readonly name: string };
  readonly at: Date;
  /** The question as it is shown to others with the answer; `null` when the answer is for the asker alone. */
  readonly keptAs: string | null;
}

/** An enquiry as read, with what a change must name. */
export interface StoredEnquiry {
  readonly enquiry: Enquiry;
  readonly version: string;
  /** How many deliveries it has caused so far. */
  readonly deliveries: number;
}

/** Where enquiries are kept. Every method rejects only when the store cannot be reached in time. */
export interface EnquiryStore {
  find(schoolId: string, reference: string): Promise<StoredEnquiry | undefined>;
  /** Keeps a new enquiry and the deliveries it causes, or neither. @returns where they lie; `undefined` when there is one already. */
  open(enquiry: Enquiry, deliveries: readonly NewDelivery[]): Promise<OutboxPlace | undefined>;
  /** Keeps a changed enquiry and the deliveries that causes. @returns `undefined` when another has changed it since it was read. */
  change(stored: StoredEnquiry, enquiry: Enquiry, deliveries: readonly NewDelivery[]): Promise<OutboxPlace | undefined>;
  /** The answers kept for others. */
  kept(schoolId: string): Promise<readonly HeadteacherAnswer[]>;
  /**
   * Removes enquiries of which nothing is younger than a time, with all that was sent of them. An answer kept for others stays,
   * without who asked, who answered, and the question as it was typed.
   *
   * @returns how many went.
   */
  removeBefore(schoolId: string, time: Date): Promise<number>;
}

/** Crockford's base 32. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * The reference of what a person sends with a form. It follows from both, so that sending twice, at the same time or much later,
 * gives the same; nobody can choose another's.
 */
export function referenceFor(schoolId: string, personId: string, form: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([schoolId, personId.toLowerCase(), form]))
    .digest();
  return `Q-${Array.from(hash.subarray(0, 8), (byte) => ALPHABET[byte % 32]).join('')}`;
}

/** Posted when an enquiry is sent: its card in the Headteacher's channel. */
const ASKED = 1;

/** What an enquiry causes when it is sent. */
export const deliveriesOfAsking = ({ reference }: Enquiry): NewDelivery[] => [
  { kind: 'enquiry.asked', refs: { reference }, target: { to: 'headteacher_channel' }, placement: { at: 'new' } },
];

/** What an answer causes: the asker is told, and the channel's card shows for everyone that it is answered. */
export const deliveriesOfAnswering = ({ reference, asker }: Enquiry): NewDelivery[] => [
  {
    kind: 'enquiry.answered',
    refs: { reference },
    target: { to: 'person', personId: asker.personId },
    placement: { at: 'new' },
  },
  {
    kind: 'enquiry.asked',
    refs: { reference },
    target: { to: 'headteacher_channel' },
    placement: { at: 'in_place_of', order: ASKED },
  },
];

/** What is wrong with a question or an answer as typed, in one sentence that says how to go on; `undefined` when nothing is. */
export function faultIn(words: string, what: 'question' | 'answer'): string | undefined {
  const most = what === 'question' ? LONGEST_QUESTION : LONGEST_ANSWER;
  if (words === '') return `Please type your ${what}, then press Send again.`;
  if (words.length > most)
    return `Your ${what} has ${words.length.toLocaleString('en-GB')} characters; please shorten it to ${most.toLocaleString('en-GB')} or fewer.`;
  return undefined;
}
