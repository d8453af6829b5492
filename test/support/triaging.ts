import { type TriageAction, triage } from '../../src/reports/triage.js';
import { aChannelMessage, from, HEADTEACHER_CHANNEL } from './activities.js';
import { button, cardText, type Reply } from './bot.js';
import { type ALEX, type Chat, HELEN, type Staffroom, wholeOf } from './staff.js';
import { until } from './until.js';

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

/** The card of a case in the channel, once it says something. */
export const channelCardOf = (room: Pick<Staffroom, 'channel'>, reference: string, says = ''): Promise<Reply> =>
  until(() =>
    room.channel.find((card) => wholeOf(card).includes(`"value":"${reference}"`) && wholeOf(card).includes(says)),
  );

/** All of a case as it stands in a person's own chat, the latest, once it says something. */
export const readingOf = (chat: Chat, reference: string, says = ''): Promise<Reply> =>
  until(() => {
    const latest = chat.received.filter((card) => isReading(card) && wholeOf(card).includes(reference)).at(-1);
    return latest && wholeOf(latest).includes(says) ? latest : undefined;
  });

export const isReading = (card: Reply): boolean => cardText(card).includes('Reported by');

/** Presses a button of the card in the channel. */
export const pressInChannel = (chat: Chat, card: Reply, title: string): Promise<Reply> => {
  const { verb, data } = button(card, title);
  return chat.runInChannel(verb, data);
};

/** Opens a form from a card in the own chat, as a new message. */
export async function formOf(chat: Chat, card: Reply, title: string): Promise<Reply> {
  const before = chat.received;
  await chat.press(card, title);
  return until(() => chat.received.find((one) => !before.includes(one) && JSON.stringify(one).includes('"Input.')));
}
