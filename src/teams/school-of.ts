import type { TurnContext } from 'botbuilder';
import { type School, schoolAt } from '../schools/school.js';
import type { BotParts } from './bot.js';
import { tellsOfRisk } from './on-safety.js';
import { originOf, typeOf } from './turn.js';

const NOT_SET_UP =
  'Policy Desk is not set up for your school yet. Please ask the person who looks after Teams at your school.';
const SAFETY =
  'If a child is in danger, do not wait: call 999. Nothing has been sent to anyone: tell your school’s designated safeguarding lead now, in person or by phone.';

/** The school a turn belongs to. Where none fits, the person is told so in a sentence, and the answer is `undefined`. */
export async function schoolOf(
  context: TurnContext,
  { schools, log }: Pick<BotParts, 'schools' | 'log'>,
): Promise<School | undefined> {
  const school = schoolAt(schools, originOf(context.activity));
  if (school) return school;
  log.warn({ event: 'turn.refused', code: 'not_a_school', activity: typeOf(context.activity) });
  await context.sendActivity(tellsOfRisk(context.activity) ? `${SAFETY} ${NOT_SET_UP}` : NOT_SET_UP);
  return undefined;
}
