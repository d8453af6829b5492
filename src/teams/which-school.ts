import { type Activity, ActivityTypes, type TurnContext } from 'botbuilder';
import { z } from 'zod/v4';
import { intentOf, isOnChildSafety } from '../policies/intent.js';
import type { SchoolProfile } from '../schools/profile.js';
import { type School, schoolsFitting, type WaitingSchool } from '../schools/school.js';
import { attachmentsOf } from './attachments.js';
import { isCardSubmit } from './card-action.js';
import { cardMessage } from './cards/message.js';
import { safetyCard } from './cards/views.js';
import { tellsOfRisk } from './on-safety.js';
import { markedFor, markIn } from './school-mark.js';
import { safetyResult } from './search.js';
import { list, say } from './search-query.js';
import { isForBot, noteSchoolMeant, originOf } from './turn.js';

const SAFETY = 'If a child is in danger, do not wait: call 999.';
const OTHER_CARD = `That card is of another school, so nothing was done with it. Please type what you want, such as “report”. ${SAFETY}`;
const NO_FILE = 'I have not taken the file: begin the report first, and add it on its upload page.';
const SEARCH = 'composeExtension/query';
const PRESS = 'adaptiveCard/action';
/** Safety cards of so many schools fit on a screen; whoever is at more rings the first. */
const MOST_CARDS = 5;

const pressed = z.object({ action: z.object({ data: z.unknown() }) });
const searched = z.looseObject({ parameters: z.array(z.looseObject({ value: z.string() })).min(1) });
/** A mention of the bot, then the school and a colon, then what is meant for it. */
const BEGINNING = /^((?:\s|&nbsp;){0,20}(?:<at>[^<]{0,200}<\/at>(?:\s|&nbsp;){0,20})?)([^:\n]{1,120}):[^\S\n]{0,20}/u;

/** The schools that are served, and those that cannot be. */
export interface SchoolsKnown {
  readonly schools: readonly School[];
  readonly waiting?: (() => readonly WaitingSchool[]) | undefined;
}

/** Which school a turn is meant for. */
export type Meaning =
  /** The one that fits, or none does, which whoever needs a school finds out. */
  | { readonly kind: 'clear' }
  /** The one of their several schools that they say. */
  | { readonly kind: 'said'; readonly schoolId: string }
  /** Nothing is done with the turn; they are told this. @param at whose safeguarding lead may have to be rung. */
  | { readonly kind: 'unclear'; readonly words: (isUrgent: boolean) => string; readonly at: readonly SchoolProfile[] };

/**
 * Finds out which school somebody means who is at several, such as the person at the trust, where no team tells: by the card whose
 * button they press, or by its short name before what they write ("oak: open cases"), which is taken away, so that the rest is read
 * as if there were no other school. A school that cannot be read still counts: its people are nobody else's.
 */
export function meaningOf(activity: Activity, { schools, waiting }: SchoolsKnown): Meaning {
  const away = waiting?.() ?? [];
  const readable = away.flatMap(({ profile }) => (profile ? [{ profile }] : []));
  const among = schoolsFitting([...schools, ...readable], originOf(activity)).map(({ profile }) => profile);
  const [only] = among;
  if (only === undefined) return { kind: 'clear' };
  const mark = markOf(activity);
  const beginning = beginningOf(activity);
  const isNamed = (...names: readonly string[]) => names.some((name) => plain(name) === beginning?.name);
  const unread = away.find(({ id, profile }) => !profile && (id === mark || isNamed(id)));
  if (unread) return { kind: 'unclear', words: () => notNow(unread.id), at: among };
  const byName = among.filter(({ id, name }) => isNamed(id, name));
  const said = among.find(({ id }) => id === mark) ?? (byName.length === 1 ? byName[0] : undefined);
  if (!said && among.length > 1)
    return { kind: 'unclear', words: (isUrgent) => whichOf(activity, among, isUrgent), at: among };
  if (mark !== undefined && mark !== (said ?? only).id) return { kind: 'unclear', words: () => OTHER_CARD, at: among };
  const school = said ?? only;
  if (!schools.some(({ profile }) => profile === school))
    return { kind: 'unclear', words: () => notNow(school.name), at: [school] };
  if (byName.includes(school) && (schools.length > 1 || away.length > 0)) beginning?.takeAway();
  if (among.length === 1) return { kind: 'clear' };
  noteSchoolMeant(activity, school.id);
  return { kind: 'said', schoolId: school.id };
}

/**
 * Whether it is known what school a turn is for. What they are answered says it again.
 *
 * @returns `false` when nobody can know, or it cannot be used; they have been told then how to go on.
 */
export async function knowsSchool(context: TurnContext, meaning: Meaning): Promise<boolean> {
  if (meaning.kind === 'clear') return true;
  if (meaning.kind === 'unclear') return !(await tell(context, meaning));
  const { schoolId } = meaning;
  context.onSendActivities(async (_context, activities, next) => {
    for (const one of activities) Object.assign(one, markedFor(one, schoolId));
    return next();
  });
  context.onUpdateActivity(async (_context, one, next) => {
    Object.assign(one, markedFor(one, schoolId));
    return next();
  });
  return true;
}

const markOf = ({ name, value }: Activity): string | undefined =>
  markIn(name === PRESS ? pressed.safeParse(value).data?.action.data : value);

/** What stands before the first colon, as a school's name would. */
function beginningOf(activity: Activity): { readonly name: string; readonly takeAway: () => void } | undefined {
  const search = activity.name === SEARCH ? searched.safeParse(activity.value).data : undefined;
  const words = (search ? search.parameters[0]?.value : activity.text) ?? '';
  const [all = '', before = '', name] = BEGINNING.exec(words) ?? [];
  if (name === undefined) return undefined;
  const takeAway = () => {
    const value = before + words.slice(all.length);
    if (!search) activity.text = value;
    else
      activity.value = {
        ...search,
        parameters: search.parameters.map((one, at) => (at === 0 ? { ...one, value } : one)),
      };
  };
  return { name: plain(name), takeAway };
}

const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[\s-]+/gu, ' ')
    .trim();

function whichOf(activity: Activity, among: readonly SchoolProfile[], isUrgent: boolean): string {
  const names = among.map(({ name, id }) => `${name} (${id})`).join(', ');
  const isFile =
    activity.type === ActivityTypes.Message && !isCardSubmit(activity) && attachmentsOf(activity).length > 0;
  return [
    `You are at more than one school: ${names}.`,
    `Please begin with the short name of the one you mean, such as “${among[0]?.id}: ${isUrgent ? 'report' : 'open cases'}”.`,
    ...(isFile ? [NO_FILE] : []),
    SAFETY,
  ].join(' ');
}

const notNow = (name: string): string =>
  `${name} cannot be used here at present, because its files cannot be read. Nothing has been sent to anyone. Please tell the person who looks after Teams at your school, and try again later. ${SAFETY}`;

/** @returns whether they were told: not for what needs no answer. A child's safety comes first, whichever school it is. */
async function tell(context: TurnContext, { words, at }: Extract<Meaning, { kind: 'unclear' }>): Promise<boolean> {
  const { activity } = context;
  const isSpoken =
    (activity.type === ActivityTypes.Message && (isForBot(activity) || isCardSubmit(activity))) ||
    (activity.type === ActivityTypes.InstallationUpdate && activity.action === 'add');
  if (activity.name === SEARCH) {
    const typed = searched.safeParse(activity.value).data?.parameters[0]?.value ?? '';
    const advice = isOnChildSafety(intentOf(typed)) ? at.slice(0, MOST_CARDS) : [];
    const found = advice.map((profile) => safetyResult(profile, `${profile.name}: act now`));
    await answerInvoke(context, { composeExtension: found.length > 0 ? list(found) : say(words(false)) });
    return true;
  }
  if (!isSpoken && activity.name !== PRESS) return false;
  const isUrgent = tellsOfRisk(activity);
  for (const profile of isUrgent ? at.slice(0, MOST_CARDS) : [])
    await context.sendActivity({ ...cardMessage(safetyCard(profile, 'elsewhere')), text: `${profile.name}:` });
  const sentence = words(isUrgent);
  if (isSpoken) await context.sendActivity(sentence);
  else
    await answerInvoke(context, {
      ...{ statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: sentence },
    });
  return true;
}

const answerInvoke = (context: TurnContext, body: object) =>
  context.sendActivity({ type: ActivityTypes.InvokeResponse, value: { status: 200, body } });
