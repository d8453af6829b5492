import { mayBeNamedTo, mayHold, mayKnowReporter, mayRead, readersOf } from '../reports/access.js';
import type { Case } from '../reports/case.js';
import { sameId } from '../reports/case-change.js';
import { asKnownTo } from '../reports/known-links.js';
import { open } from '../reports/looks.js';
import { pasteText } from '../reports/paste-text.js';
import { all, standingOf } from '../reports/standing.js';
import { ALLOWED, HOLDS, NOT_HOLDING, type TriageAction, triage } from '../reports/triage.js';
import { targetKey } from '../schools/delivery.js';
import type { BotApplication, BotParts } from './bot.js';
import type { ActionResult } from './card-action.js';
import { cardMessage } from './cards/message.js';
import type { Card } from './cards/template.js';
import { caseDone, type Notice } from './cards/triage-views.js';
import { noteSent } from './sent-messages.js';
import { actionOf, doneSentence, linkTo } from './triage-actions.js';
import { emptyFor, FORMS, type FormName, formCard, type Typed, verbOf } from './triage-forms.js';
import {
  type CaseTurn,
  commit,
  drawn,
  hasIt,
  OUTDATED,
  OWN_CHAT_ONLY,
  onCase,
  refused,
  type Stepped,
  typedIn,
} from './triage-turn.js';

const GET_A_CHAT =
  'You have no chat with Policy Desk yet, so I cannot send it to you. In Teams, choose Apps, search for Policy Desk and press Add; then press Open here again.';
const SENT = 'Sent to your own chat with Policy Desk.';
const BELOW = 'All of the case comes as a new message below.';
const NO_LONGER = 'That cannot be done any more: the card shows the case as it is now.';
/** Within it, a press that Teams delivers again is the same press. */
const SAME_PRESS_MS = 30_000;

/** The buttons of those who deal with cases. */
export function registerTriage(app: BotApplication, parts: BotParts): void {
  onCase(app, parts, 'case.open', opened);
  onCase(app, parts, 'case.acknowledge', (turn) => pressed(turn, { do: 'acknowledge' }));
  onCase(app, parts, 'case.assign_me', assignedToMe);
  onCase(app, parts, 'case.form', formShown);
  onCase(app, parts, 'case.act', acted);
}

/** Sends all of the case to the presser's own chat; who has none is told how to get one, and it is owed all the same. */
async function opened(turn: CaseTurn): Promise<ActionResult> {
  const { case: current, refused } = await sent(turn);
  if (refused !== undefined) return refused;
  if (turn.place === 'own_chat') return BELOW;
  const chat = await hasChat(turn, turn.personId);
  if (turn.pressed.stays) return chat ? SENT : GET_A_CHAT;
  return drawn(turn, current, chat ? good(SENT) : warning(GET_A_CHAT));
}

function sent(turn: CaseTurn): Promise<Stepped> {
  const { parts, school, personId } = turn;
  const look = { by: personId, now: parts.now() };
  return commit(turn, (stored) =>
    wasJustSent(stored.case, turn) ? { done: true } : open(stored, school.profile, look),
  );
}

const wasJustSent = ({ log }: Case, { personId, pressed: { seen }, parts }: CaseTurn): boolean =>
  all(log, 'opened').some(
    ({ number, at, by }) =>
      number > seen &&
      'personId' in by &&
      sameId(by.personId, personId) &&
      parts.now().getTime() - at.getTime() < SAME_PRESS_MS,
  );

async function hasChat({ parts, school }: CaseTurn, personId: string): Promise<boolean> {
  return (await parts.reports.directory.find(school.profile.id, targetKey({ to: 'person', personId }))) !== undefined;
}

async function step(turn: CaseTurn, action: TriageAction): Promise<Stepped> {
  const {
    parts,
    school: { profile },
    personId: by,
    pressed: { seen },
  } = turn;
  const stepped = await commit(turn, (stored) => triage(stored, profile, action, { by, now: parts.now(), seen }));
  if (action.do === 'link' && stepped.refused === undefined) await linkBack(turn, stepped.case, action.to);
  return stepped;
}

/** Both cases show the link, unless somebody reads the other who may not know of this one. Pressed again, it makes up for what failed. */
async function linkBack({ parts, school, personId: by }: CaseTurn, current: Case, to: string): Promise<void> {
  const { profile } = school;
  const other = await parts.reports.cases.find(profile.id, to);
  if (!other || !mayBeNamedTo(current, readersOf(other.case, profile), profile)) return;
  const action = { do: 'link', to: current.report.reference } as const;
  await commit({ parts, school, stored: other }, (stored) =>
    triage(stored, profile, action, { by, now: parts.now(), seen: stored.case.log.length }),
  );
}

/** A button that needs nothing typed: the card that was pressed shows what came of it. */
async function pressed(turn: CaseTurn, action: TriageAction): Promise<ActionResult> {
  const { case: current, refused, committed } = await step(turn, action);
  if (refused !== undefined) return shown(turn, current, warning(refused));
  return shown(turn, current, good(await sentenceFor(turn, action, committed)));
}

async function sentenceFor(turn: CaseTurn, action: TriageAction, committed: Stepped['committed']): Promise<string> {
  const acknowledged = committed?.events.some(({ what }) => what.kind === 'acknowledged') ?? false;
  const isReached = action.do !== 'assign' || (await hasChat(turn, action.to));
  return doneSentence(action, turn.school, turn.personId, { acknowledged, isReached });
}

async function assignedToMe(turn: CaseTurn): Promise<ActionResult> {
  const { assignee } = standingOf(turn.stored.case);
  if (assignee !== null && sameId(assignee, turn.personId)) return shown(turn, turn.stored.case, null);
  return pressed(turn, { do: 'assign', to: turn.personId });
}

/** In the own chat, all of a case is drawn only for those of whom it is on record that they have it; others are sent it first. */
async function shown(turn: CaseTurn, current: Case, notice: Notice | null): Promise<ActionResult> {
  if (turn.place === 'channel' || hasIt(current, turn.personId)) return drawn(turn, current, notice);
  const { refused } = await sent(turn);
  return refused ?? [notice?.line, BELOW].filter(Boolean).join(' ');
}

/** A form comes as a message of its own, which nothing redraws, so that what is being typed there stays. */
async function formShown(turn: CaseTurn): Promise<ActionResult> {
  const {
    context,
    parts,
    school,
    place,
    stored,
    pressed: { form },
  } = turn;
  if (place !== 'own_chat') return OWN_CHAT_ONLY;
  if (form === undefined) return OUTDATED;
  if (!mayFillIn(turn, form)) return refused(turn, stored, NOT_HOLDING);
  const { state, hold } = standingOf(stored.case);
  const isMoot = hold === null ? form === 'release_hold' : form === 'hold';
  if (isMoot || !ALLOWED[state].includes(verbOf(form))) return shown(turn, stored.case, warning(NO_LONGER));
  const card = await formFor(turn, stored.case, form, emptyFor(school, parts.now()));
  const sent = await context.sendActivity(cardMessage(card));
  await noteSent(context, parts, school.profile.id, stored.case.report.reference, 'case.form', sent?.id);
  return shown(turn, stored.case, good(`${FORMS[form].title}: the form is below.`));
}

const mayFillIn = ({ stored, school, personId }: CaseTurn, form: FormName): boolean =>
  !HOLDS.has(verbOf(form)) || mayHold(stored.case, school.profile, personId);

/** The text to copy says all that the case does, so it is for those of whom it is on record that they have that. */
async function formFor(turn: CaseTurn, current: Case, form: FormName, typed: Typed, error?: string): Promise<Card> {
  const paste = form === 'elsewhere' && hasIt(current, turn.personId) ? { paste: await pasteFor(turn, current) } : {};
  return formCard(current, turn.school, form, typed, { ...paste, ...(error !== undefined && { error }) });
}

async function pasteFor({ parts, school: { profile }, personId }: CaseTurn, current: Case): Promise<string> {
  const known = await asKnownTo(current, profile, personId, parts.reports.cases);
  return pasteText(known, profile, mayKnowReporter(current, profile, personId));
}

async function acted(turn: CaseTurn): Promise<ActionResult> {
  const {
    place,
    stored,
    school,
    pressed: { do: what, to },
  } = turn;
  if (place !== 'own_chat') return OWN_CHAT_ONLY;
  switch (what) {
    case undefined:
      return OUTDATED;
    case 'refresh':
      return shown(turn, stored.case, null);
    case 'cancel':
      return done(stored.case, 'Nothing has been changed.');
    case 'same_post': {
      const link = await linkTo(to ?? '', stored.case, school.profile, turn.parts.reports.cases, turn.personId);
      return 'fault' in link ? shown(turn, stored.case, warning(link.fault)) : pressed(turn, link);
    }
    default:
      return submitted(turn, what);
  }
}

/** A form that was sent: a short word of what came of it takes its place; or it stays, with what was typed and why nothing was done. */
async function submitted(turn: CaseTurn, form: FormName): Promise<ActionResult> {
  const { parts, school, personId, stored } = turn;
  if (!mayFillIn(turn, form)) return refused(turn, stored, NOT_HOLDING);
  const typed = typedIn(turn);
  const action = await actionOf(form, typed, stored.case, school, parts.reports.cases, personId);
  if ('fault' in action) return formFor(turn, stored.case, form, typed, action.fault);
  const { case: current, refused: why, committed } = await step(turn, action);
  if (why !== undefined)
    return mayRead(current, school.profile, personId) ? formFor(turn, current, form, typed, why) : why;
  return done(current, await sentenceFor(turn, action, committed));
}

const done = ({ report, log }: Case, line: string): ActionResult =>
  caseDone({ reference: report.reference, seen: log.length, line, about: `Case ${report.reference}` });

const good = (line: string): Notice => ({ line, style: 'good' });
const warning = (line: string): Notice => ({ line, style: 'warning' });
