import { describe, expect, inject, it } from 'vitest';
import type { NewDelivery, OutboxPlace } from '../../src/schools/delivery.js';
import { claimed, settled } from '../../src/schools/delivery-schedule.js';
import type { Enquiry } from '../../src/schools/enquiry.js';
import { deliveriesOfAnswering, deliveriesOfAsking, referenceFor } from '../../src/schools/enquiry.js';
import { ENQUIRY_TABLE, enquiryTable } from '../../src/storage/enquiry-table.js';
import { tableOutbox } from '../../src/storage/outbox.js';
import { openTables } from '../../src/storage/tables.js';
import { StorageProxy } from '../support/storage-proxy.js';

const PERSON = '0d3c6a51-7b1e-4f0a-8c55-1e9a2b7d4c01';
const tables = openTables({ connectionString: inject('storage') });
const enquiries = enquiryTable(tables);
const outbox = tableOutbox(tables, [ENQUIRY_TABLE]);
const schoolId = `outbox-${process.pid}`;

const anEnquiry = (form: string, change: Partial<Enquiry> = {}): Enquiry => ({
  reference: referenceFor(schoolId, PERSON, form),
  schoolId,
  form,
  question: 'Can we use AI to write posts?',
  asker: { personId: PERSON, name: null },
  askedAt: new Date('2026-11-20T15:42:00Z'),
  clauses: ['policy/clause'],
  answered: null,
  ...change,
});
const answeredBy = (enquiry: Enquiry, name: string, keptAs: string | null = null): Enquiry => ({
  ...enquiry,
  answered: {
    answer: `Yes, says ${name}.`,
    by: { personId: name, name },
    at: new Date('2026-11-21T08:00:00Z'),
    keptAs,
  },
});

describe('an enquiry with its deliveries', () => {
  it('is committed as one, once, however often and however fast it is sent', async () => {
    const enquiry = anEnquiry('form-1');
    const opened = await Promise.all(
      Array.from({ length: 8 }, () => enquiries.open(enquiry, deliveriesOfAsking(enquiry))),
    );
    const [place, ...others] = opened.filter((one) => one !== undefined);
    expect(others).toEqual([]);
    expect(place).toEqual({ table: 'Enquiries', partition: `${schoolId}~${enquiry.reference}` });
    expect((await enquiries.find(schoolId, enquiry.reference))?.enquiry).toEqual(enquiry);
    expect(await outbox.read(place as OutboxPlace)).toMatchObject([
      { delivery: { order: 1, kind: 'enquiry.asked', attempts: 0, progress: { state: 'owed', due: enquiry.askedAt } } },
    ]);
  });

  it('is answered by the first, and the deliveries of the second are not there either', async () => {
    const enquiry = anEnquiry('form-2');
    const place = (await enquiries.open(enquiry, deliveriesOfAsking(enquiry))) as OutboxPlace;
    const stored = await enquiries.find(schoolId, enquiry.reference);
    if (!stored) throw new Error('It is not there.');
    const outcomes = await Promise.all(
      ['Helen', 'Daniel'].map((name) =>
        enquiries.change(stored, answeredBy(enquiry, name), deliveriesOfAnswering(enquiry)),
      ),
    );
    expect(outcomes.filter(Boolean)).toHaveLength(1);
    expect((await outbox.read(place)).map(({ delivery }) => delivery.placement)).toEqual([
      { at: 'new' },
      { at: 'new' },
      { at: 'in_place_of', order: 1 },
    ]);
    const winner = (await enquiries.find(schoolId, enquiry.reference))?.enquiry.answered?.by.name;
    expect(winner).toBe(outcomes[0] ? 'Helen' : 'Daniel');
  });

  it('keeps nothing when one of its rows cannot be written', async () => {
    const enquiry = anEnquiry('form-3');
    const [one] = deliveriesOfAsking(enquiry) as [NewDelivery];
    const tooLarge = { ...one, refs: { reference: 'x'.repeat(70_000) } };
    await expect(enquiries.open(enquiry, [one, tooLarge])).rejects.toThrow();
    expect(await enquiries.find(schoolId, enquiry.reference)).toBeUndefined();
    expect(await outbox.read({ table: ENQUIRY_TABLE, partition: `${schoolId}~${enquiry.reference}` })).toEqual([]);
  });

  it('is found among the kept ones of its own school only, with the question as it was left, and by nobody’s name', async () => {
    for (const [form, school] of [
      ['form-4', schoolId],
      ['form-5', `${schoolId}-other`],
    ] as const) {
      const enquiry = { ...anEnquiry(form), schoolId: school, asker: { personId: PERSON, name: 'Alex Morgan' } };
      await enquiries.open(enquiry, []);
      const stored = await enquiries.find(school, enquiry.reference);
      if (stored) await enquiries.change(stored, answeredBy(enquiry, 'Helen', `Kept for ${school}`), []);
    }
    const kept = await enquiries.kept(schoolId);
    expect(kept).toEqual([
      { question: `Kept for ${schoolId}`, answer: 'Yes, says Helen.', answeredAt: new Date('2026-11-21T08:00:00Z') },
    ]);
  });

  it.each(['', 'Q-7K3MZ0QI', "Q-7K3MZ0Q'", '../Q-7K3MZ0QX'])('is not looked for under "%s"', async (reference) => {
    expect(await enquiries.find(schoolId, reference)).toBeUndefined();
  });
});

describe('a delivery', () => {
  it('can be claimed by one of many at a time', async () => {
    const enquiry = anEnquiry('form-6');
    const place = (await enquiries.open(enquiry, deliveriesOfAsking(enquiry))) as OutboxPlace;
    const [stored] = await outbox.read(place);
    if (!stored) throw new Error('It is not there.');
    const now = new Date();
    const claims = await Promise.all(
      Array.from({ length: 8 }, () => outbox.save(place, claimed(stored.delivery, now), stored.version)),
    );
    expect(claims.filter((version) => version !== undefined)).toHaveLength(1);
    const [after] = await outbox.read(place);
    expect(after?.delivery).toEqual(claimed(stored.delivery, now));
    expect(claims).toContain(after?.version);
  });

  it('is read back in every state as it was saved', async () => {
    const enquiry = anEnquiry('form-7');
    const place = (await enquiries.open(enquiry, deliveriesOfAnswering(enquiry))) as OutboxPlace;
    const outcomes = [
      { kind: 'sent', message: { conversationId: 'a:1', activityId: null } },
      { kind: 'sent', message: { conversationId: 'a:1', activityId: '17' } },
      { kind: 'obsolete' },
      { kind: 'refused', status: 403 },
      { kind: 'busy', status: 502 },
    ] as const;
    for (const outcome of outcomes) {
      const [stored] = await outbox.read(place);
      if (!stored) throw new Error('It is not there.');
      const after = settled(stored.delivery, outcome, new Date('2026-11-20T16:00:00Z'), 0.5);
      await outbox.save(place, after, stored.version);
      expect((await outbox.read(place))[0]?.delivery).toEqual(after);
    }
  });

  it('is found by the sweep while it is owed and due, by its partition, once', async () => {
    const enquiry = anEnquiry('form-8');
    const place = (await enquiries.open(enquiry, [
      ...deliveriesOfAsking(enquiry),
      ...deliveriesOfAnswering(enquiry),
    ])) as OutboxPlace;
    const overdue = async (by: Date) => {
      const found: OutboxPlace[] = [];
      for await (const one of outbox.overdue(by)) found.push(one);
      return found.filter(({ partition }) => partition === place.partition);
    };
    expect(await overdue(enquiry.askedAt)).toEqual([place]);
    expect(await overdue(new Date(enquiry.askedAt.getTime() - 1))).toEqual([]);
    for (const { delivery, version } of await outbox.read(place))
      await outbox.save(place, settled(delivery, { kind: 'obsolete' }, new Date(), 0), version);
    expect(await overdue(enquiry.askedAt)).toEqual([]);
  });
});

describe('a delivery whose change is answered, and the answer lost on the way', () => {
  it('is known to be changed by whoever changed it, and by nobody else', async () => {
    const proxy = await StorageProxy.start(inject('storage'));
    const cut = tableOutbox(openTables({ connectionString: proxy.through(inject('storage')) }), [ENQUIRY_TABLE]);
    const enquiry = anEnquiry('form-lost');
    const place = (await enquiries.open(enquiry, deliveriesOfAsking(enquiry))) as OutboxPlace;
    const [stored] = await cut.read(place);
    if (!stored) throw new Error('It is not there.');
    const claim = claimed(stored.delivery, new Date());
    proxy.weather = 'writes lost once';
    const version = await cut.save(place, claim, stored.version);
    expect(version).toBe((await outbox.read(place))[0]?.version);
    expect(await outbox.save(place, claim, stored.version)).toBeUndefined();
    await proxy.stop();
  });
});
