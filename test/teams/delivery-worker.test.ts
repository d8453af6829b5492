import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { createLog } from '../../src/log.js';
import type { NewDelivery, OutboxPlace, Target } from '../../src/schools/delivery.js';
import { CLAIM_MS, claimed } from '../../src/schools/delivery-schedule.js';
import { type Enquiry, referenceFor } from '../../src/schools/enquiry.js';
import type { School } from '../../src/schools/school.js';
import { openTables } from '../../src/storage/tables.js';
import { FakeConnector } from '../fakes/connector.js';
import { HEADTEACHER_CHANNEL } from '../support/activities.js';
import { OwnAzurite } from '../support/azurite-process.js';
import { type Delivering, type DeliveringOptions, deliver, newQueueName } from '../support/delivering.js';
import { sampleSchool } from '../support/sample-school.js';
import { until } from '../support/until.js';

const CHANNEL: Target = { to: 'headteacher_channel' };
const BETH: Target = { to: 'person', personId: '0d3c6a51-7b1e-4f0a-8c55-1e9a2b7d4c06' };
const CHAT = 'a:beth';
const FAST = { pollMs: 50, sweepMs: 200 };
const NO_SWEEP = { pollMs: 50, sweepMs: 3_600_000 };

let connector: FakeConnector;
let school: School;
let logged: Record<string, unknown>[];
let started: Delivering[];
beforeEach(async () => {
  connector = await FakeConnector.start();
  const sample = await sampleSchool();
  const profile = { ...sample.profile, id: `worker-${crypto.randomUUID().slice(0, 8)}`, tenantId: crypto.randomUUID() };
  school = { ...sample, profile };
  logged = [];
  started = [];
});
afterEach(async () => {
  connector.standing.length = 0;
  await Promise.all(started.map(({ deliveries }) => deliveries.stop()));
  await connector.stop();
});

/** A process of the bot, as far as deliveries go. */
function aProcess(options: Partial<DeliveringOptions> = {}): Delivering {
  const lines = new Writable({
    write(line, _encoding, done) {
      logged.push(JSON.parse(String(line)));
      done();
    },
  });
  const tables = openTables({ connectionString: options.storage ?? inject('storage') });
  const log = createLog('debug', lines);
  const made = deliver({ schools: [school], tables, log, hasIdentity: false, times: FAST, ...options });
  started.push(made);
  return made;
}

/** The school's tenant has spoken to the bot, and so has Beth. */
async function remembered({ directory }: Delivering): Promise<void> {
  await directory.rememberServiceUrl(school.profile.tenantId, connector.serviceUrl);
  await directory.remember(school.profile.id, `user~${BETH.to === 'person' && BETH.personId}`, {
    conversationId: CHAT,
  });
}

const to = (target: Target, placement: NewDelivery['placement'] = { at: 'new' }) => ({ target, placement });

/** Commits an event that causes deliveries. @returns where they lie. */
async function commit(
  { enquiries }: Delivering,
  wanted: readonly Pick<NewDelivery, 'target' | 'placement'>[],
  question = 'A question',
): Promise<OutboxPlace> {
  const schoolId = school.profile.id;
  const form = crypto.randomUUID();
  const reference = referenceFor(schoolId, 'x', form);
  const asker = { personId: crypto.randomUUID(), name: null };
  const askedAt = new Date();
  const enquiry: Enquiry = { reference, schoolId, form, question, asker, askedAt, clauses: [], answered: null };
  const deliveries = wanted.map((one): NewDelivery => ({ kind: 'enquiry.asked', refs: { reference }, ...one }));
  const place = await enquiries.open(enquiry, deliveries);
  if (!place) throw new Error('It is there already.');
  return place;
}

const statesOf = async ({ outbox }: Delivering, place: OutboxPlace) =>
  (await outbox.read(place)).map(({ delivery }) => delivery.progress.state);
const allSettled = (made: Delivering, place: OutboxPlace) =>
  until(
    () => statesOf(made, place),
    (states) => !states.includes('owed'),
  );
const events = () => logged.map(({ event }) => event);

describe('a delivery', () => {
  it('wakes the worker at once through the queue, and goes where its target is', async () => {
    const made = aProcess({ times: { pollMs: 3_600_000, sweepMs: 3_600_000 } });
    await remembered(made);
    made.deliveries.start();
    const place = await commit(made, [to(CHANNEL), to(BETH), to({ to: 'governors_chat' })]);
    await made.deliveries.committed(place);
    await allSettled(made, place);
    for (const conversation of [HEADTEACHER_CHANNEL, CHAT, school.profile.teams.governorsChat.id])
      expect(connector.in(conversation)).toHaveLength(1);
    const [posted] = connector.in(HEADTEACHER_CHANNEL);
    expect((await made.outbox.read(place))[0]?.delivery.progress).toMatchObject({
      message: { conversationId: posted?.conversationId, activityId: posted?.activityId },
    });
  });

  it('takes the place of an earlier one, or stands below it; and by itself when that is gone', async () => {
    const made = aProcess();
    await remembered(made);
    made.deliveries.start();
    const place = await commit(made, [
      to(CHANNEL),
      to(CHANNEL, { at: 'in_place_of', order: 1 }),
      to(CHANNEL, { at: 'below', order: 1 }),
    ]);
    await made.deliveries.committed(place);
    await allSettled(made, place);
    const [first, second, ...others] = connector.in(HEADTEACHER_CHANNEL);
    expect(others).toEqual([]);
    expect(second).toMatchObject({ conversationId: first?.conversationId, replyToId: first?.activityId });
    expect(connector.calls.map(({ method }) => method)).toEqual(['POST', 'PUT', 'POST']);
    connector.posted.length = 0;
    connector.troubles.push({ status: 500 }, { status: 500 });
    connector.standing.push({ path: ';messageid', trouble: { status: 404 } });
    const gone = await commit(made, [to(CHANNEL), to(CHANNEL, { at: 'in_place_of', order: 1 })]);
    await made.deliveries.committed(gone);
    expect(await allSettled(made, gone)).toEqual(['sent', 'sent']);
    expect(connector.in(HEADTEACHER_CHANNEL)).toHaveLength(2);
  });

  it('whose message is gone stands anew once: what comes later takes its place there, or stands below it', async () => {
    const made = aProcess();
    await remembered(made);
    made.deliveries.start();
    connector.standing.push({ path: ';messageid=1/', trouble: { status: 404 } });
    const again = to(CHANNEL, { at: 'in_place_of', order: 1 });
    const place = await commit(made, [to(CHANNEL), again, again, again, to(CHANNEL, { at: 'below', order: 1 })]);
    await made.deliveries.committed(place);
    expect(await allSettled(made, place)).toEqual(Array.from({ length: 5 }, () => 'sent'));
    const [, anew, below, ...others] = connector.in(HEADTEACHER_CHANNEL);
    expect(others).toEqual([]);
    expect(below).toMatchObject({ conversationId: anew?.conversationId, replyToId: anew?.activityId });
  });

  it('is in order with others to its conversation, whatever happens on the way', async () => {
    const made = aProcess();
    await remembered(made);
    connector.troubles.push({ status: 502 }, { status: 412 }, { status: 504 }, { status: 503 });
    made.deliveries.start();
    const place = await commit(
      made,
      Array.from({ length: 5 }, () => to(BETH)),
    );
    await made.deliveries.committed(place);
    await allSettled(made, place);
    const stored = await made.outbox.read(place);
    expect(connector.in(CHAT).map(({ activityId }) => activityId)).toEqual(
      stored.map(({ delivery: { progress } }) => progress.state === 'sent' && progress.message.activityId),
    );
  });

  it('goes out no faster than Teams takes messages in one conversation', async () => {
    const made = aProcess();
    await remembered(made);
    made.deliveries.start();
    const places = await Promise.all(Array.from({ length: 16 }, () => commit(made, [to(BETH)])));
    await Promise.all(places.map((place) => made.deliveries.committed(place)));
    for (const place of places) await allSettled(made, place);
    const times = connector.calls.map(({ at }) => at);
    expect(times).toHaveLength(16);
    // The fifteenth may not go before two seconds are over, and the first may have been slow on its way.
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(1_000);
  });
});

describe('when the channel is in trouble', () => {
  it('waits as long as 429 asks for, and holds the conversation back meanwhile', async () => {
    const made = aProcess();
    await remembered(made);
    connector.troubles.push({ status: 429, headers: { 'retry-after': '2' } });
    made.deliveries.start();
    const places = [await commit(made, [to(BETH)])];
    await made.deliveries.committed(places[0] as OutboxPlace);
    await until(() => connector.calls[0]?.status);
    places.push(await commit(made, [to(BETH)]));
    await made.deliveries.committed(places[1] as OutboxPlace);
    for (const place of places) await allSettled(made, place);
    const [refused, ...later] = connector.calls.map(({ at }) => at);
    expect(later).toHaveLength(2);
    for (const time of later) expect(time - (refused ?? 0)).toBeGreaterThanOrEqual(1_990);
  });

  it.each([500, 502, 503, 504, 412, 408])('tries again after %i', async (status) => {
    const made = aProcess();
    await remembered(made);
    connector.troubles.push({ status }, { status }, { status });
    made.deliveries.start();
    const place = await commit(made, [to(CHANNEL)]);
    await made.deliveries.committed(place);
    expect(await allSettled(made, place)).toEqual(['sent']);
    expect(connector.calls).toHaveLength(4);
    expect(logged).toContainEqual(expect.objectContaining({ event: 'delivery.retry', status, count: 1 }));
  });

  it.each([403, 404])(
    'keeps what it refuses five times with %i as undeliverable, and tells operators',
    async (status) => {
      const made = aProcess({ random: () => 0 });
      await remembered(made);
      connector.standing.push({ path: '/', trouble: { status } });
      made.deliveries.start();
      const place = await commit(made, [to(CHANNEL), to(BETH)]);
      await made.deliveries.committed(place);
      expect(await allSettled(made, place)).toEqual(['given_up', 'given_up']);
      for (const { delivery } of await made.outbox.read(place))
        expect(delivery).toMatchObject({ attempts: 5, refusals: 5, progress: { reason: 'refused' } });
      const own = [1, 2].map((order) => `${place.partition.split('~')[1]}/${order}`);
      // It is noted before it is logged, and what an earlier test has left owed is given up as well.
      const given = await until(() => {
        const lines = logged.filter(
          ({ event, reference }) => event === 'delivery.given_up' && own.includes(String(reference)),
        );
        return lines.length >= 2 ? lines : undefined;
      });
      for (const line of given) expect(line).toMatchObject({ level: 'error', outcome: 'refused', status });
      expect(given.map(({ reference }) => reference).toSorted()).toEqual(own);
      // What comes after is not held up by it.
      connector.standing.length = 0;
      const next = await commit(made, [to(BETH)]);
      await made.deliveries.committed(next);
      expect(await allSettled(made, next)).toEqual(['sent']);
    },
  );

  it('gives an answer ten seconds; others are served meanwhile', async () => {
    const made = aProcess();
    await remembered(made);
    connector.standing.push({ path: CHAT, trouble: 'hang' });
    made.deliveries.start();
    const hanging = await commit(made, [to(BETH)]);
    await made.deliveries.committed(hanging);
    await until(() => connector.calls[0]);
    const other = await commit(made, [to(CHANNEL)]);
    await made.deliveries.committed(other);
    expect(await allSettled(made, other)).toEqual(['sent']);
    expect(await statesOf(made, hanging)).toEqual(['owed']);
    await until(() => events().includes('delivery.retry'));
    connector.standing.length = 0;
    expect(await allSettled(made, hanging)).toEqual(['sent']);
    expect(connector.in(CHAT)).toHaveLength(1);
  });

  it('tries again when the connection is cut, or there is nobody there', async () => {
    const made = aProcess();
    await remembered(made);
    connector.troubles.push('cut');
    made.deliveries.start();
    const place = await commit(made, [to(BETH)]);
    await made.deliveries.committed(place);
    expect(await allSettled(made, place)).toEqual(['sent']);
    const address = new URL(connector.serviceUrl);
    await connector.stop();
    const later = await commit(made, [to(BETH)]);
    await made.deliveries.committed(later);
    await until(() => logged.filter(({ event }) => event === 'delivery.retry').length >= 3);
    connector = await FakeConnector.start(Number(address.port));
    expect(await allSettled(made, later)).toEqual(['sent']);
  });
});

describe('several processes side by side', () => {
  it('send each delivery once, in order', async () => {
    const queue = newQueueName();
    const processes = [aProcess({ queue }), aProcess({ queue }), aProcess({ queue })];
    const [first] = processes as [Delivering];
    await remembered(first);
    connector.latencyMs = 30;
    for (const { deliveries } of processes) deliveries.start();
    const people = Array.from({ length: 12 }, (): Target => ({ to: 'person', personId: crypto.randomUUID() }));
    const places: OutboxPlace[] = [];
    for (const person of people) {
      const place = await commit(first, [to(person), to(CHANNEL), to(person)]);
      places.push(place);
      await Promise.all(processes.map(({ deliveries }) => deliveries.committed(place)));
    }
    for (const place of places) expect(await allSettled(first, place)).toEqual(['sent', 'sent', 'sent']);
    expect(connector.in(HEADTEACHER_CHANNEL)).toHaveLength(12);
    for (const person of people)
      expect(connector.in(`a:chat-of-${person.to === 'person' && person.personId}`)).toHaveLength(2);
    expect(connector.posted).toHaveLength(36);
  });

  it('take over what another has claimed and left, when its claim is over', async () => {
    const made = aProcess();
    await remembered(made);
    const place = await commit(made, [to(BETH)]);
    const [stored] = await made.outbox.read(place);
    if (!stored) throw new Error('It is not there.');
    const claimedAt = new Date(Date.now() - CLAIM_MS + 2_000);
    await made.outbox.save(place, claimed(stored.delivery, claimedAt), stored.version);
    made.deliveries.start();
    await made.deliveries.committed(place);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(connector.calls).toEqual([]);
    expect(await allSettled(made, place)).toEqual(['sent']);
    expect((await made.outbox.read(place))[0]?.delivery.attempts).toBe(2);
    expect(connector.in(CHAT)).toHaveLength(1);
  });
});

describe('when storage is in trouble', () => {
  it('the sweep finds what the queue was never told', async () => {
    const made = aProcess();
    await remembered(made);
    const places = [await commit(made, [to(BETH)]), await commit(made, [to(CHANNEL)])];
    made.deliveries.start();
    for (const place of places) expect(await allSettled(made, place)).toEqual(['sent']);
    const later = await commit(made, [to(BETH)]);
    expect(await allSettled(made, later)).toEqual(['sent']);
  });

  it('nothing is lost when the queue is down', async () => {
    const storage = inject('storage').replace(
      /QueueEndpoint=[^;]*/u,
      'QueueEndpoint=http://127.0.0.1:9/devstoreaccount1',
    );
    const made = aProcess({ storage, tables: openTables({ connectionString: inject('storage') }), times: NO_SWEEP });
    await remembered(made);
    made.deliveries.start();
    connector.troubles.push({ status: 503 });
    const place = await commit(made, [to(BETH)]);
    await made.deliveries.committed(place);
    await until(() => connector.calls[0]);
    expect(events()).toContain('delivery.queue_down');
    await made.deliveries.stop();
    const sweeping = aProcess({ storage, tables: openTables({ connectionString: inject('storage') }) });
    sweeping.deliveries.start();
    expect(await allSettled(sweeping, place)).toEqual(['sent']);
    expect(logged.filter(({ event }) => event === 'delivery.queue_down').length).toBeLessThanOrEqual(2);
  });

  it('a message sent while storage goes down is not sent again when it is back', async () => {
    const azurite = await OwnAzurite.start();
    try {
      const made = aProcess({ storage: azurite.connection });
      await remembered(made);
      connector.latencyMs = 1_500;
      made.deliveries.start();
      const place = await commit(made, [to(BETH)]);
      await made.deliveries.committed(place);
      await until(() => connector.calls[0]);
      await azurite.down();
      await until(() => events().includes('delivery.not_noted'));
      expect(connector.in(CHAT)).toHaveLength(1);
      await azurite.up();
      await until(
        () => statesOf(made, place),
        (states) => states[0] === 'sent',
        90_000,
      );
      expect(connector.in(CHAT)).toHaveLength(1);
      await made.deliveries.stop();
    } finally {
      await azurite.cleanUp();
    }
  }, 180_000);
});

describe('stopping', () => {
  it('finishes what is being sent, and gives the rest back for others to take at once', async () => {
    const queue = newQueueName();
    const made = aProcess({ queue, times: NO_SWEEP });
    await remembered(made);
    connector.latencyMs = 400;
    made.deliveries.start();
    const place = await commit(made, [to(BETH), to(BETH), to(BETH)]);
    await made.deliveries.committed(place);
    await until(() => connector.calls[0]);
    await made.deliveries.stop();
    expect(await statesOf(made, place)).toEqual(['sent', 'owed', 'owed']);
    expect(connector.in(CHAT)).toHaveLength(1);
    const next = aProcess({ queue, times: NO_SWEEP });
    next.deliveries.start();
    expect(await allSettled(next, place)).toEqual(['sent', 'sent', 'sent']);
    expect(connector.in(CHAT)).toHaveLength(3);
  });
});

describe('what must not be sent', () => {
  it('waits until a turn has told where the service is; an address off this machine is not used without an identity', async () => {
    const made = aProcess();
    await made.directory.rememberServiceUrl(school.profile.tenantId, 'https://evil.example/');
    made.deliveries.start();
    const place = await commit(made, [to(CHANNEL)]);
    await made.deliveries.committed(place);
    await until(() => logged.filter(({ event }) => event === 'delivery.retry').length >= 2);
    await remembered(made);
    expect(await allSettled(made, place)).toEqual(['sent']);
  });

  it('is left alone when it is another school’s, and when its event is gone it is given up', async () => {
    const made = aProcess();
    await remembered(made);
    made.deliveries.start();
    const place = await commit(made, [to(CHANNEL)]);
    const foreign = { ...place, partition: place.partition.replace(school.profile.id, 'elsewhere') };
    await made.deliveries.committed(foreign);
    await until(() => events().includes('delivery.no_school'));
    const other = aProcess({ times: NO_SWEEP });
    const lost = await commit(other, [to(BETH)]);
    const reference = 'Q-00000000';
    const [stored] = await other.outbox.read(lost);
    if (!stored) throw new Error('It is not there.');
    await other.outbox.save(lost, { ...stored.delivery, refs: { reference } }, stored.version);
    expect(await allSettled(made, lost)).toEqual(['given_up']);
    expect((await made.outbox.read(lost))[0]?.delivery.progress).toMatchObject({ reason: 'obsolete' });
  });

  it('the log says nothing of whom it is for or what it says', async () => {
    const made = aProcess();
    await remembered(made);
    connector.troubles.push({ status: 503 }, 'cut');
    made.deliveries.start();
    const place = await commit(made, [to(BETH)], 'Words that nobody else should read');
    await made.deliveries.committed(place);
    await allSettled(made, place);
    expect(JSON.stringify(logged)).not.toMatch(/nobody else|0d3c6a51|a:beth/u);
  });
});
