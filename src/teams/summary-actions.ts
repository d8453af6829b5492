import { z } from 'zod/v4';
import { mayRead } from '../reports/access.js';
import type { Case } from '../reports/case.js';
import { readable } from '../reports/stores.js';
import { personIn } from '../schools/people.js';
import { namesIn } from '../summaries/names.js';
import { periodId } from '../summaries/period.js';
import { boundsOf } from '../summaries/periods.js';
import * as sending from '../summaries/sending.js';
import type { StoredSummary, Summary } from '../summaries/summary.js';
import type { BotApplication, BotParts } from './bot.js';
import type { ActionResult } from './card-action.js';
import { beginningOf } from './cards/fitting.js';
import { cardMessage } from './cards/message.js';
import type { PreviewNotice } from './cards/summary-views.js';
import { checkOf, filesNoteFor, previewFor } from './summary-drawing.js';
import { NOT_THERE, periodsFor, shownFor } from './summary-showing.js';
import { OUTDATED, onSummary, refused, type SummaryTurn } from './summary-turn.js';
import { conversationOf } from './turn.js';

const typedText = z.string().optional().catch(undefined);
const summaryData = z.object({
  id: z.string().max(40),
  comment: typedText,
  /** Names the comment that was found to hold names, so that only that one is kept all the same. */
  checked: typedText,
});
const showData = z.object({ period: z.string().max(40), stays: z.boolean().catch(false) });
type Pressed = z.infer<typeof summaryData>;

const OWN_CHAT_ONLY = 'Please do that in your own chat with me. Nothing has been changed.';
const BELOW = 'It comes as a new message below.';
const NOT_SENT = 'That summary has not been sent to the governors, so there are no files of it here.';
const NO_LINKS = 'The files cannot be fetched: Policy Desk has no web address yet. Please tell whoever looks after it.';
const HEADTEACHER_ONLY = 'Only the Headteacher can do that. Nothing has been changed.';
const MOST_TRIES = 10;
/** Of what was typed, in a message: more than may be kept, so that what is too long can be shortened. */
const MOST_TYPED_BYTES = 3_500;

/** The buttons of every card of a summary. */
export function registerSummaryActions(app: BotApplication, parts: BotParts): void {
  onSummary(app, parts, 'summary.show', show);
  onSummary(app, parts, 'summary.files', (turn, data) => onOne(turn, data, files));
  onSummary(app, parts, 'summary.comment', (turn, data) => onOne(turn, data, commented));
  onSummary(app, parts, 'summary.hold', (turn, data) => onOne(turn, data, held));
  onSummary(app, parts, 'summary.release', (turn, data) => onOne(turn, data, released));
}

async function show(turn: SummaryTurn, data: unknown): Promise<ActionResult> {
  if (turn.place !== 'own_chat') return refused(turn, OWN_CHAT_ONLY);
  const asked = showData.safeParse(data).data;
  if (!asked) return OUTDATED;
  const periods = await periodsFor(turn);
  const period = periods.find((one) => periodId(one) === asked.period);
  if (!period) return NOT_THERE;
  const shown = await shownFor(turn, period, periods);
  if (!asked.stays || typeof shown === 'string') return shown;
  await turn.context.sendActivity(cardMessage(shown));
  return BELOW;
}

type OnOne = SummaryTurn & { readonly stored: StoredSummary; readonly pressed: Pressed };

async function onOne(turn: SummaryTurn, data: unknown, handle: (turn: OnOne) => Promise<ActionResult>) {
  const pressed = summaryData.safeParse(data).data;
  if (!pressed) return OUTDATED;
  const stored = await turn.parts.summaries.store.find(turn.school.profile.id, pressed.id);
  return stored ? handle({ ...turn, stored, pressed }) : OUTDATED;
}

/** A link of its own for each press, as a message: the card stays for the others who read it. */
async function files(turn: OnOne): Promise<ActionResult> {
  const { context, parts, school, personId, place, edition, stored } = turn;
  const { summary } = stored;
  const isFor = place === 'own_chat' ? summary.period.span !== 'week' : summary.sending.state === 'sent';
  if (!isFor) return refused(turn, NOT_SENT);
  const { links } = parts.reports;
  if (!links) return NO_LINKS;
  const through = place === 'own_chat' ? place : { chat: conversationOf(context.activity) };
  const copy = { schoolId: school.profile.id, personId, summaryId: summary.id, edition, through };
  await context.sendActivity(cardMessage(filesNoteFor(summary, await links.summaryLink(copy))));
  return BELOW;
}

async function commented(turn: OnOne): Promise<ActionResult> {
  const { comment = '', checked } = turn.pressed;
  if (!isHeadteacher(turn)) return refused(turn, HEADTEACHER_ONLY);
  const names = checked === checkOf(comment) ? [] : await namesOf(turn, comment);
  if (names.length > 0) return preview(turn, turn.stored.summary, warning(NAMED, names));
  return stepped(turn, 'summary.commented', (stored, by) => sending.comment(stored, turn.school.profile, by, comment));
}

const NAMED =
  'Not kept yet: these words may name people in the cases of this period, and the governors must not learn who they are. Please take them out, or keep the comment all the same:';

/** Of the cases of that period that the Headteacher may read: a warning must not tell of another. */
async function namesOf({ parts, school, personId, stored }: OnOne, comment: string): Promise<readonly string[]> {
  if (comment.trim() === '') return [];
  const { profile } = school;
  const { since, before } = boundsOf(stored.summary.period, stored.summary.timeZone);
  const missed = () => parts.log.warn({ event: 'cases.not_read', schoolId: profile.id });
  async function* ofPeriod(): AsyncIterable<Case> {
    for await (const { case: current } of readable(parts.reports.cases.all(profile.id), missed)) {
      const { submittedAt } = current.report;
      if (since <= submittedAt && submittedAt < before && mayRead(current, profile, personId)) yield current;
    }
  }
  return namesIn(comment, ofPeriod(), profile, personId);
}

const held = (turn: OnOne): Promise<ActionResult> =>
  stepped(turn, 'summary.held', (stored, by) => sending.hold(stored, turn.school.profile, by));

const released = (turn: OnOne): Promise<ActionResult> =>
  stepped(turn, 'summary.held', (stored, by) => sending.release(stored, turn.school.profile, by));

/** The last word is the step's own check; this only saves reading cases for somebody who may not. */
const isHeadteacher = ({ place, school, personId }: OnOne): boolean =>
  place === 'own_chat' && personIn(school.profile, personId)?.roles.includes('headteacher') === true;

type Step = (stored: StoredSummary, turn: sending.Turn) => sending.Step | sending.RefusedStep;

/** Makes a step and commits it; one that another got in before is made again on top of that. */
async function stepped(turn: OnOne, event: 'summary.commented' | 'summary.held', step: Step): Promise<ActionResult> {
  const { parts, school, personId, place } = turn;
  if (place !== 'own_chat') return refused(turn, OWN_CHAT_ONLY);
  const { store } = parts.summaries;
  let latest: StoredSummary | undefined = turn.stored;
  for (let tries = 0; tries < MOST_TRIES && latest; tries += 1) {
    const now = parts.now();
    const made = step(latest, { by: personId, now });
    if ('refused' in made) return notDone(turn, latest.summary, made.refused);
    const at = await store.change(latest, made.summary, made.deliveries, now);
    if (at) {
      await parts.deliveries.committed(at);
      parts.log.info({ event, schoolId: school.profile.id, outcome: made.summary.sending.state });
      return done(turn, made.summary, event);
    }
    latest = await store.find(school.profile.id, latest.summary.id);
  }
  throw new Error('A summary is being changed too often to be acted on.');
}

function done(turn: OnOne, summary: Summary, event: 'summary.commented' | 'summary.held'): ActionResult {
  if (event === 'summary.held') return preview(turn, summary);
  const line = summary.comment ? 'Your comment is kept.' : 'There is no comment.';
  return previewFor(summary, turn.school, turn.parts.now(), { notice: { line, style: 'good', names: [] } });
}

function notDone(turn: OnOne, summary: Summary, why: sending.RefusedStep['refused']): ActionResult {
  const { comment = '' } = turn.pressed;
  switch (why) {
    case 'not_you':
      return refused(turn, HEADTEACHER_ONLY);
    case 'too_long':
      return preview(
        turn,
        summary,
        warning(
          `Not kept: the comment may have ${inWords(sending.LONGEST_COMMENT)} characters at most, and this has ${inWords(comment.trim().length)}. Please shorten it.`,
        ),
      );
    case 'already_sent': {
      const isNew = comment.trim() !== '' && comment.trim() !== summary.comment?.words;
      const line = 'It has been sent already, so nothing was changed.';
      return preview(
        turn,
        summary,
        isNew ? { ...warning(`${line} What you typed was not kept:`), lost: cut(comment) } : warning(line),
      );
    }
    case 'not_planned':
      return preview(turn, summary);
  }
}

/** What was typed stays in its box. */
function preview(turn: OnOne, summary: Summary, notice?: PreviewNotice): ActionResult {
  const { comment } = turn.pressed;
  return previewFor(summary, turn.school, turn.parts.now(), {
    ...(comment !== undefined && { typed: cut(comment) }),
    ...(notice && { notice }),
  });
}

const inWords = (count: number): string => new Intl.NumberFormat('en-GB').format(count);

const cut = (typed: string): string => beginningOf(typed, MOST_TYPED_BYTES);

const warning = (line: string, names: readonly string[] = []): PreviewNotice => ({ line, style: 'warning', names });
