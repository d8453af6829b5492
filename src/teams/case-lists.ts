import { type Activity, ActivityTypes, type TurnContext } from 'botbuilder';
import { isForChannel, isRecused, mayRead } from '../reports/access.js';
import type { Case } from '../reports/case.js';
import { sameId } from '../reports/case-change.js';
import {
  type CaseList,
  inOrder,
  isInList,
  type ListedCase,
  listedCase,
  referenceTyped,
} from '../reports/case-lists.js';
import { CATEGORY, SEVERITY, STATE } from '../reports/labels.js';
import { readable } from '../reports/stores.js';
import { dayAndTimeAt, dayInWords } from '../schools/calendar.js';
import { mayReceive, mayTriage, personIn } from '../schools/people.js';
import type { SchoolProfile } from '../schools/profile.js';
import { type School, schoolAt } from '../schools/school.js';
import type { BotApplication, BotParts } from './bot.js';
import { caseListCard } from './cards/case-list-view.js';
import { cardMessage } from './cards/message.js';
import type { Card } from './cards/template.js';
import { drawnOwn } from './my-reports.js';
import type { Places } from './places.js';
import { schoolOf } from './school-of.js';
import { noteSent } from './sent-messages.js';
import { isForBot, isPersonal, messageOf, originOf } from './turn.js';

/** Whole messages only: a question about the policy may hold any of these words. */
const COMMANDS: Readonly<Record<CaseList, RegExp>> = {
  open: /^\/?(?:(?:show|list)(?: me)? )?(?:(?:all|the) )*open ?cases?\W*$/iu,
  mine: /^\/?(?:(?:show|list)(?: me)? )?(?:my ?cases?|mine)\W*$/iu,
  overdue: /^\/?(?:(?:show|list)(?: me)? )?(?:(?:all|the) )*overdue(?: ?cases?)?\W*$/iu,
};
const TITLE: Readonly<Record<CaseList, string>> = { open: 'Open cases', mine: 'My cases', overdue: 'Overdue cases' };
const NONE: Readonly<Record<CaseList, string>> = {
  open: 'No case is open.',
  mine: 'No open case is assigned to you. Type “open cases” to see all of them.',
  overdue: 'No case is overdue: each has been acknowledged in time, or still can be.',
};
const MOST_LISTED = 20;
const NOT_FOR_YOU =
  'Only those who deal with reports at your school can see the list of cases. To see what you have reported yourself, type “my reports” in our own chat.';
const NO_SUCH_CASE =
  'I cannot find a case with that reference that you may see here. An old one may have been deleted.';

/** Whether the school lets this person come to see cases. Which of them, each case says. */
export const mayListCases = mayReceive;

/** Why nothing is listed for this person in this conversation; `undefined` when it is. */
export async function whyNoCases(
  activity: Activity,
  school: Pick<School, 'profile'>,
  places: Places,
): Promise<'not_you' | 'not_here' | undefined> {
  const { profile } = school;
  const { personId } = originOf(activity);
  const inChannel = await places.isHeadteacherChannel(activity, school);
  if (!(inChannel ? mayTriage(profile, personId) : mayListCases(profile, personId))) return 'not_you';
  return isPersonal(activity) || inChannel ? undefined : 'not_here';
}

/** Lists of cases, and one named by its reference, for those who deal with them. */
export function registerCaseLists(app: BotApplication, parts: BotParts): void {
  app.activity(
    async ({ activity }) => isTyped(activity) && commandIn(activity) !== undefined,
    (context) => answer(context, parts, list),
  );
  app.activity(
    async ({ activity }) => isTyped(activity) && (await isReference(activity, parts)),
    (context) => answer(context, parts, byReference),
  );
}

const isTyped = (activity: Activity): boolean => activity.type === ActivityTypes.Message && isForBot(activity);

const commandIn = (activity: Activity): CaseList | undefined =>
  (['open', 'mine', 'overdue'] as const).find((name) => COMMANDS[name].test(messageOf(activity)));

/** A word that a reference may spell counts as one only where there is such a case, and the person may know of it. */
async function isReference(activity: Activity, { schools, reports, places, log }: BotParts): Promise<boolean> {
  const typed = referenceTyped(messageOf(activity));
  const school = schoolAt(schools, originOf(activity));
  if (!typed) return false;
  if (typed.certain || !school) return typed.certain;
  try {
    const found = await reports.cases.find(school.profile.id, typed.reference);
    const why = await whyNoCases(activity, school, places);
    return found !== undefined && ((!why && isShown(found.case, activity, school)) || isOwn(found.case, activity));
  } catch {
    log.warn({ event: 'cases.not_read', schoolId: school.profile.id });
    return false;
  }
}

const isOwn = ({ report }: Case, activity: Activity): boolean =>
  sameId(report.reporter.personId, originOf(activity).personId ?? '');

/**
 * In a person's own chat what that person may read; in the channel what all may see who read it, unless it names whoever asks.
 * Elsewhere nothing is shown: see {@link whyNoCases}.
 */
function isShown(current: Case, activity: Activity, { profile }: School): boolean {
  const personId = originOf(activity).personId ?? '';
  if (isPersonal(activity)) return mayRead(current, profile, personId);
  return isForChannel(current, profile) && !isRecused(current, personId);
}

interface Answer {
  readonly shown: Card | string;
  /** The one case that it shows something of. */
  readonly of?: string;
}
type Answering = (context: TurnContext, parts: BotParts, school: School) => Promise<Answer>;

async function answer(context: TurnContext, parts: BotParts, draw: Answering): Promise<void> {
  const school = await schoolOf(context, parts);
  if (!school) return;
  const { shown, of } = await draw(context, parts, school);
  const sent = await context.sendActivity(typeof shown === 'string' ? shown : cardMessage(shown));
  if (of !== undefined) await noteSent(context, parts, school.profile.id, of, 'case.named', sent?.id);
}

const list: Answering = async ({ activity }, { reports, places, log, now }, school) => {
  const { profile } = school;
  const refused = await refusalOf(activity, school, places);
  const { id: schoolId } = profile;
  if (refused !== undefined) {
    log.warn({ event: 'triage.refused', schoolId });
    return { shown: refused };
  }
  const name = commandIn(activity) ?? 'open';
  const found: ListedCase[] = [];
  const missed = () => log.warn({ event: 'cases.not_read', schoolId });
  for await (const { case: current } of readable(reports.cases.unfinished(schoolId), missed)) {
    const listed = listedCase(current, profile, now());
    if (isInList(name, listed, originOf(activity).personId ?? '') && isShown(current, activity, school))
      found.push(listed);
  }
  log.info({ event: 'cases.listed', schoolId, count: found.length });
  return { shown: listCard(name, found, profile) };
};

async function refusalOf(activity: Activity, school: School, places: Places): Promise<string | undefined> {
  const why = await whyNoCases(activity, school, places);
  if (why === undefined) return undefined;
  if (why === 'not_you') return NOT_FOR_YOU;
  const { name } = await places.headteacherChannelOf(school);
  const channel = name === null ? 'the Headteacher’s channel' : `the channel “${name}”`;
  return `Others can read this conversation. Please ask me in our own chat, or in ${channel}.`;
}

/** A person's own report is shown to them as one; of others, only those hear that there is a case who may see it. */
const byReference: Answering = async ({ activity }, parts, school) => {
  const { reports, log, now } = parts;
  const { profile } = school;
  const reference = referenceTyped(messageOf(activity))?.reference ?? '';
  const stored = await reports.cases.find(profile.id, reference);
  const refused = await refusalOf(activity, school, parts.places);
  if (stored && refused === undefined && isShown(stored.case, activity, school))
    return { shown: referenceCard(listedCase(stored.case, profile, now()), profile), of: reference };
  if (stored && isOwn(stored.case, activity) && isPersonal(activity))
    return { shown: await drawnOwn(parts, school, stored.case), of: reference };
  log.warn({ event: 'triage.refused', schoolId: profile.id, ...(stored && { reference }) });
  return { shown: refused ?? NO_SUCH_CASE };
};

/** @param found those of the list, in any order. */
export function listCard(list: CaseList, found: readonly ListedCase[], profile: SchoolProfile): Card {
  const shown = inOrder(found).slice(0, MOST_LISTED);
  const more = found.length - shown.length;
  const title = `${TITLE[list]}${found.length === 0 ? '' : ` (${found.length})`}`;
  return caseListCard({ title, cases: shown.map((one) => lineOf(one, profile)), more, none: NONE[list] });
}

export const referenceCard = (one: ListedCase, profile: SchoolProfile): Card =>
  caseListCard({ title: `Case ${one.reference}`, cases: [lineOf(one, profile)], more: 0, none: '' });

function lineOf(one: ListedCase, profile: SchoolProfile) {
  const { reference, category, severity, state, assignee, submittedAt, schoolDays, overdue, seen } = one;
  const name = assignee === null ? undefined : (personIn(profile, assignee)?.name ?? 'somebody who has left');
  const sent = dayInWords(dayAndTimeAt(submittedAt, profile.timeZone).day);
  const ago = schoolDays === 0 ? '' : `, ${schoolDays === 1 ? '1 school day' : `${schoolDays} school days`} ago`;
  const who = name === undefined ? 'nobody has it yet' : `${name} has it`;
  return {
    ...{ reference, about: CATEGORY[category], overdue, seen },
    line: [SEVERITY[severity], STATE[state], who].join(' · '),
    age: `Sent ${sent}${ago}`,
  };
}
