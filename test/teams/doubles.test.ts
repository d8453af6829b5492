import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Posted } from '../fakes/connector.js';
import { anExecute, from, HEADTEACHER_CHANNEL } from '../support/activities.js';
import { button, cardText, type Reply, shown } from '../support/bot.js';
import { BETH, HELEN, referenceIn, Staffroom } from '../support/staff.js';
import { until } from '../support/until.js';

let room: Staffroom;
beforeEach(async () => {
  room = await Staffroom.open();
  room.bot.deliveries.start();
});
afterEach(() => room.close());

/** A report, whose card stands in the channel. */
async function reported(): Promise<{ reference: string; card: Posted }> {
  const reference = referenceIn(cardText(await room.chatOf(BETH).report()));
  const card = await until(() => room.connector.in(HEADTEACHER_CHANNEL)[0]);
  await room.settled();
  return { reference, card };
}
/** The same card a second time, of which nothing is noted. */
function doubleOf(card: Posted): Posted {
  const double = { ...card, conversationId: `${HEADTEACHER_CHANNEL};messageid=99`, activityId: 'message-99' };
  room.connector.posted.push(double);
  return double;
}
async function press({ conversationId, activityId, activity }: Posted, title: string): Promise<Reply> {
  const { verb, data } = button(activity as unknown as Reply, title);
  const pressed = from(HELEN, anExecute(verb, data, room.options));
  const conversation = { ...pressed.conversation, id: conversationId, conversationType: 'channel', isGroup: true };
  return shown(await room.bot.send({ ...pressed, conversation, replyToId: activityId }));
}
const eventsOf = async (reference: string) => (await room.caseOf(reference)).log.map(({ what }) => what.kind);

describe('a card that was sent twice', () => {
  it('does what its button says, and is gone; the one that is known stays and is redrawn', async () => {
    const { reference, card } = await reported();
    const double = doubleOf(card);
    const said = await press(double, 'Acknowledge');
    expect(said.text).toContain('stood here twice');
    expect(await eventsOf(reference)).toContain('acknowledged');
    await until(() => cardText(card.activity as unknown as Reply).includes('Acknowledged'));
    expect(room.connector.in(HEADTEACHER_CHANNEL)).toEqual([card]);
    expect(room.bot.logged).toContainEqual(expect.objectContaining({ event: 'delivery.double_removed', reference }));
  });

  it('stays where the known one is pressed, or Teams does not let it go', async () => {
    const { reference, card } = await reported();
    const double = doubleOf(card);
    expect(cardText(await press(card, 'Acknowledge'))).toContain('Acknowledged');
    expect(room.connector.in(HEADTEACHER_CHANNEL)).toHaveLength(2);
    room.connector.standing.push({ path: double.activityId, trouble: { status: 403 } });
    await press(double, 'Acknowledge');
    expect(room.connector.in(HEADTEACHER_CHANNEL)).toHaveLength(2);
    expect(room.bot.logged).toContainEqual(expect.objectContaining({ event: 'delivery.double_stays', reference }));
  });

  it('is left alone while nobody knows which message the first has become', async () => {
    const reference = referenceIn(cardText(await room.chatOf(BETH).report()));
    const card = await until(() => room.connector.in(HEADTEACHER_CHANNEL)[0]);
    await room.settled();
    const [stored] = await room.bot.outbox.read(room.bot.reports.cases.placeOf(room.school.profile.id, reference));
    if (!stored) throw new Error('Nothing was sent.');
    const due = new Date(Date.now() + 30_000);
    const place = room.bot.reports.cases.placeOf(room.school.profile.id, reference);
    await room.bot.outbox.save(
      place,
      { ...stored.delivery, progress: { state: 'owed', due, claimed: true } },
      stored.version,
    );
    await press(doubleOf(card), 'Acknowledge');
    expect(room.connector.in(HEADTEACHER_CHANNEL)).toHaveLength(2);
  });
});
