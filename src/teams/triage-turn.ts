import type { TurnContext } from 'botbuilder';
import { z } from 'zod/v4';
import { newErrorReference } from '../errors.js';
import { traceOf } from '../log.js';
import { isForChannel, mayRead } from '../reports/access.js';
import type { Case } from '../reports/case.js';
import { cardsOf, type Refusal } from '../reports/case-change.js';
import { LONGEST_WORDS } from '../reports/fields.js';
import type { CaseChange, StoredCase } from '../reports/stores.js';
import { NOT_ALLOWED } from '../reports/triage.js';
import { targetKey } from '../schools/delivery.js';
import type { School } from '../schools/school.js';
import type { BotApplication, BotParts } from './bot.js';
import { type ActionResult, onCardAction } from './card-action.js';
import type { Notice } from './cards/triage-views.js';
import { removeDouble } from './doubles.js';
import { schoolOf } from './school-of.js';
import { channelCardFor } from './triage-drawing.js';
import { FORM_NAMES, INPUTS, type Typed } from './triage-forms.js';
import { readingCardFor } from './triage-reading.js';
import { isPersonal } from './turn.js';

/** More than may be typed, so that what is too long can be shortened. */
const kept = (typed: string): string => typed.slice(0, LONGEST_WORDS * 2);
const typedText = z.string().transform(kept).optional().catch(undefined);

/** What a button says of itself, and what was typed beside it. Nothing in it says who is acting. */
const buttonData = z.object({
  reference: z.string().max(20),
  seen: z.number().int().nonnegative().catch(0),
  /** The pressed card is not the case's own, such as a list, and stays as it is. */
  stays: z.boolean().catch(false),
  form: z.enum(FORM_NAMES).optional().catch(undefined),
  do: z
    .enum([...FORM_NAMES, 'refresh', 'same_post', 'cancel'])
    .optional()
    .catch(undefined),
  ...(Object.fromEntries(INPUTS.map((input) => [input, typedText])) as Record<
    (typeof INPUTS)[number],
    typeof typedText
  >),
});

export const OUTDATED = 'That card is from an older version and no longer works. Please open the case again.';
const ELSEWHERE =
  'I say nothing of a report in this conversation, as others can read it. Please press the button in the Headteacher’s channel, or in your own chat with me. Nothing has been changed.';
export const OWN_CHAT_ONLY = 'Please do that in your own chat with me: press Open first. Nothing has been changed.';
const DOUBLE =
  'Done. This card stood here twice, because the connection broke while it was being sent, so I have taken this one away. The other one stays.';
const MOST_TRIES = 10;

/** Where a card was pressed: who reads the conversation decides what may be shown there. */
type Place = 'channel' | 'own_chat';

/** One press on a card of a case, by somebody who may act on it, where it may be acted on. */
export interface CaseTurn {
  readonly context: TurnContext;
  readonly parts: BotParts;
  readonly school: School;
  /** Entra object id, from the turn. */
  readonly personId: string;
  readonly place: Place;
  readonly stored: StoredCase;
  readonly pressed: z.infer<typeof buttonData>;
}

/** Handles a press on a card of a case. Whoever may not gets a sentence, and the attempt is logged. */
export function onCase(
  app: BotApplication,
  parts: BotParts,
  verb: string,
  handle: (turn: CaseTurn) => Promise<ActionResult>,
): void {
  onCardAction(app, verb, async (context, data) => {
    const school = await schoolOf(context, parts);
    const pressed = buttonData.safeParse(data).data;
    if (!school || !pressed) return OUTDATED;
    const { id: schoolId } = school.profile;
    const personId = context.activity.from.aadObjectId ?? '';
    try {
      const stored = await parts.reports.cases.find(schoolId, pressed.reference);
      const place = await placeOf(context, school, parts);
      const turn = { context, parts, school, personId, pressed };
      if (!stored || !mayRead(stored.case, school.profile, personId)) return refused(turn, stored, NOT_ALLOWED);
      if (place === undefined || (place === 'channel' && !isForChannel(stored.case, school.profile)))
        return refused(turn, stored, ELSEWHERE);
      const result = await handle({ ...turn, place, stored });
      return place === 'channel' && !pressed.stays && (await removeDouble(context, parts, stored)) ? DOUBLE : result;
    } catch (error) {
      const reference = newErrorReference();
      parts.log.error({ event: 'triage.failed', schoolId, reference, ...traceOf(error) });
      return `That did not work just now. What you typed is still in the card: please press the button again in a minute. Reference ${reference}.`;
    }
  });
}

/** What was typed as a reference may be anything, so only that of a case is logged. */
export function refused(
  { parts, school }: Pick<CaseTurn, 'parts' | 'school'>,
  stored: StoredCase | undefined,
  why: string,
) {
  const reference = stored && { reference: stored.case.report.reference };
  parts.log.warn({ event: 'triage.refused', schoolId: school.profile.id, ...reference });
  return why;
}

/** A card may have been copied anywhere; where it may be acted on is where Policy Desk sends it. */
async function placeOf({ activity }: TurnContext, school: School, { places }: BotParts): Promise<Place | undefined> {
  if (isPersonal(activity)) return 'own_chat';
  return (await places.isHeadteacherChannel(activity, school)) ? 'channel' : undefined;
}

/** What came of a step: the case as it is now, and what was committed or why nothing was. */
export interface Stepped {
  readonly case: Case;
  readonly refused?: string;
  readonly committed?: CaseChange;
}

/**
 * Makes a step and commits it. A change that another got in before is looked at again on top of that, with what the person had seen.
 */
export async function commit(
  { parts, school, stored }: Pick<CaseTurn, 'parts' | 'school' | 'stored'>,
  step: (stored: StoredCase) => CaseChange | Refusal | { readonly done: true },
): Promise<Stepped> {
  const { cases } = parts.reports;
  const { reference } = stored.case.report;
  let latest: StoredCase | undefined = stored;
  for (let tries = 0; tries < MOST_TRIES && latest; tries += 1) {
    const made = step(latest);
    if ('done' in made) return { case: latest.case };
    if ('refused' in made) return { case: latest.case, refused: made.refused };
    const place = await cases.change(latest, made);
    if (place) {
      await parts.deliveries.committed(place);
      return { case: made.case, committed: made };
    }
    latest = await cases.find(school.profile.id, reference);
  }
  throw new Error('A case is being changed too often to be acted on.');
}

/**
 * The card that takes the pressed one's place: in the channel the least, in a reader's own chat all of it. Whatever has happened
 * since the press was allowed is looked at again.
 */
export async function drawn(turn: CaseTurn, current: Case, notice: Notice | null = null): Promise<ActionResult> {
  const { parts, school, place, personId, stored } = turn;
  if (!mayRead(current, school.profile, personId)) return refused(turn, stored, NOT_ALLOWED);
  if (place === 'channel')
    return isForChannel(current, school.profile)
      ? channelCardFor(current, school, parts.now(), notice)
      : refused(turn, stored, ELSEWHERE);
  return readingCardFor(parts.reports, current, school, personId, parts.now(), notice);
}

/** Whether all of the case has been sent to the person's own chat, so that it is on record that they have it. */
export const hasIt = ({ log }: Case, personId: string): boolean => {
  const key = targetKey({ to: 'person', personId });
  return cardsOf(log).some(({ target }) => targetKey(target) === key);
};

/** What was typed into a form; an input that was emptied does not come back. */
export const typedIn = ({ pressed }: CaseTurn): Typed =>
  Object.fromEntries(INPUTS.map((input) => [input, pressed[input] ?? ''])) as Record<keyof Typed, string>;
