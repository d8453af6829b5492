import type { TurnContext } from 'botbuilder';
import { type School, schoolAt } from '../schools/school.js';
import type { BotParts } from './bot.js';
import { originOf, typeOf } from './turn.js';

/** The school a turn belongs to. Where none fits, the person is told so in a sentence, and the answer is `undefined`. */
export async function schoolOf(
  context: TurnContext,
  { schools, log }: Pick<BotParts, 'schools' | 'log'>,
): Promise<School | undefined> {
  const school = schoolAt(schools, originOf(context.activity));
  if (school) return school;
  log.warn({ event: 'turn.refused', code: 'not_a_school', activity: typeOf(context.activity) });
  await context.sendActivity(
    'Policy Desk is not set up for your school yet. Please ask the person who looks after Teams at your school.',
  );
  return undefined;
}
