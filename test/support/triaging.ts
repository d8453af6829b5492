import { type TriageAction, triage } from '../../src/reports/triage.js';
import { aChannelMessage, from, HEADTEACHER_CHANNEL } from './activities.js';
import type { Reply } from './bot.js';
import { type ALEX, HELEN, type Staffroom } from './staff.js';

type Person = typeof ALEX;

/** Does one step of triage as the bot's features do, whatever card it would come from. @returns the number of its last event. */
export async function act(
  room: Staffroom,
  reference: string,
  action: TriageAction,
  by: Person = HELEN,
): Promise<number> {
  const { profile } = room.school;
  const { reports, parts, deliveries } = room.bot;
  const stored = await reports.cases.find(profile.id, reference);
  if (!stored) throw new Error('There is no such case.');
  const made = triage(stored, profile, action, { by: by.id, now: parts.now(), seen: stored.case.log.length });
  if (!('case' in made)) throw new Error('refused' in made ? made.refused : 'It was done already.');
  const place = await reports.cases.change(stored, made);
  if (!place) throw new Error('Somebody else was first.');
  await deliveries.committed(place);
  return made.case.log.length;
}

/** Mentions the bot in the Headteacher's channel. */
export function sayInHeadteacherChannel(room: Staffroom, someone: Person, text: string): Promise<Reply[]> {
  const activity = aChannelMessage(text, { mention: true }, room.options);
  const conversation = { ...activity.conversation, id: `${HEADTEACHER_CHANNEL};messageid=1` };
  return room.bot.replies({ ...from(someone, activity), conversation });
}
