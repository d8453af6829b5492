import { type Activity, ActivityTypes, type TurnContext } from 'botbuilder';
import { z } from 'zod/v4';
import { type School, schoolsFitting } from '../schools/school.js';
import { markedFor, markIn } from './school-mark.js';
import { isForBot, noteSchoolMeant, originOf } from './turn.js';

const SAFETY = 'If a child is in danger, do not wait: call 999.';
const SEARCH = 'composeExtension/query';
const PRESS = 'adaptiveCard/action';

const pressed = z.object({ action: z.object({ data: z.unknown() }) });
const searched = z.looseObject({ parameters: z.array(z.looseObject({ value: z.string() })).min(1) });
/** A mention of the bot, then the school and a colon or dash, then what is meant for it. */
const BEGINNING = /^(\s*(?:<at>[^<]*<\/at>\s*)?)([^:\n]{1,120}?)\s*:\s*/u;

/**
 * Finds out which school somebody means who is at several, such as the person at the trust, where no team tells: by the card whose
 * button they press, or by its short name before what they write ("oak: open cases"). What they are answered says it again.
 *
 * @returns `false` when nobody can know; they have been told then how to say it.
 */
export async function knowsSchool(context: TurnContext, schools: readonly School[]): Promise<boolean> {
  const { activity } = context;
  const among = schoolsFitting(schools, originOf(activity));
  if (among.length < 2) return true;
  const school = byCard(activity, among) ?? byWords(activity, among);
  if (!school) return !(await askWhich(context, among));
  const { id } = school.profile;
  noteSchoolMeant(activity, id);
  context.onSendActivities(async (_context, activities, next) => {
    for (const one of activities) Object.assign(one, markedFor(one, id));
    return next();
  });
  context.onUpdateActivity(async (_context, one, next) => {
    Object.assign(one, markedFor(one, id));
    return next();
  });
  return true;
}

function byCard({ name, value }: Activity, among: readonly School[]): School | undefined {
  const data = name === PRESS ? pressed.safeParse(value).data?.action.data : value;
  const mark = markIn(data);
  return among.find(({ profile }) => profile.id === mark);
}

/** Takes the school's name away, so that the rest is read as if there were no other school. */
function byWords(activity: Activity, among: readonly School[]): School | undefined {
  const search = activity.name === SEARCH ? searched.safeParse(activity.value).data : undefined;
  const words = search ? search.parameters[0]?.value : activity.text;
  const [all = '', before = '', named = ''] = BEGINNING.exec(words ?? '') ?? [];
  const wanted = plain(named);
  const found = among.filter(({ profile }) => plain(profile.id) === wanted || plain(profile.name) === wanted);
  const [school] = found;
  if (!school || found.length > 1) return undefined;
  const rest = before + (words ?? '').slice(all.length);
  if (search)
    activity.value = {
      ...search,
      parameters: search.parameters.map((one, at) => (at === 0 ? { ...one, value: rest } : one)),
    };
  else activity.text = rest;
  return school;
}

const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[\s-]+/gu, ' ')
    .trim();

/** @returns whether they were asked: not for what needs no answer. */
async function askWhich(context: TurnContext, among: readonly School[]): Promise<boolean> {
  const { activity } = context;
  const names = among.map(({ profile }) => `${profile.name} (${profile.id})`).join(', ');
  const sentence = `You are at more than one school: ${names}. Please begin with the short name of the one you mean, such as “${among[0]?.profile.id}: open cases”. ${SAFETY}`;
  if (activity.type === ActivityTypes.Message && isForBot(activity)) await context.sendActivity(sentence);
  else if (activity.name === PRESS)
    await answerInvoke(context, {
      statusCode: 200,
      type: 'application/vnd.microsoft.activity.message',
      value: sentence,
    });
  else if (activity.name === SEARCH)
    await answerInvoke(context, { composeExtension: { type: 'message', text: sentence } });
  else return false;
  return true;
}

const answerInvoke = (context: TurnContext, body: object) =>
  context.sendActivity({ type: ActivityTypes.InvokeResponse, value: { status: 200, body } });
