import { describe, expect, inject, it } from 'vitest';
import type { Enquiry } from '../../src/schools/enquiry.js';
import { ENQUIRY_TABLE, enquiryTable } from '../../src/storage/enquiry-table.js';
import { oldQuestions } from '../../src/storage/old-questions.js';
import { questionHistory } from '../../src/storage/question-history.js';
import { lineOf, newKey, newPackId, questionTable } from '../../src/storage/question-table.js';
import { openTables } from '../../src/storage/tables.js';

const tables = openTables({ connectionString: inject('storage') });
/** Each test has its own school, and so its own partitions. */
const newSchool = (): string => `keeping-${crypto.randomUUID().slice(0, 8)}`;
const LIMIT = new Date('2026-11-20T00:00:00Z');

describe('old questions', () => {
  it('are removed, and none that is younger', async () => {
    const school = newSchool();
    const times = ['2026-01-05T10:00:00Z', '2026-11-19T22:59:59Z', '2026-11-19T23:30:00Z', '2026-11-20T00:00:00Z'];
    for (const time of times) {
      const askedAt = new Date(time);
      const line = lineOf({ question: time, askedAt, outcome: 'answered', clauses: [] }) ?? '';
      const pack = { id: newPackId(askedAt), lines: new Map([[newKey(), line]]), ratings: new Map(), open: false };
      await questionTable(tables).write(school, pack);
    }
    expect(await oldQuestions(tables).removeBefore(school, LIMIT)).toBe(2);
    expect(await oldQuestions(tables).removeBefore(school, LIMIT)).toBe(0);
    const left: string[] = [];
    const all = { since: new Date(0), before: new Date('2030-01-01') };
    for await (const { question } of questionHistory(tables).between(school, all)) left.push(question);
    expect(left.toSorted()).toEqual(times.slice(2));
  });
});

describe('old enquiries', () => {
  const enquiries = enquiryTable(tables);
  let last = 0;

  async function put(schoolId: string, askedAt: string, answeredAt?: string, keptAs: string | null = null) {
    last += 1;
    const enquiry: Enquiry = {
      ...{ reference: `Q-${String(last).padStart(8, '0')}`, schoolId, form: 'form', question: 'May a wombat blog?' },
      ...{ asker: { personId: 'beth-id', name: 'Beth' }, askedAt: new Date(askedAt), clauses: ['p/1'], answered: null },
    };
    const { reference } = enquiry;
    const delivery = { kind: 'enquiry.asked', refs: { reference }, placement: { at: 'new' as const } };
    const target = { to: 'person', personId: 'beth-id' } as const;
    await enquiries.open(enquiry, [{ ...delivery, target }]);
    const stored = await enquiries.find(schoolId, reference);
    const by = { personId: 'helen-id', name: 'Helen' };
    if (stored && answeredAt)
      await enquiries.change(
        stored,
        { ...enquiry, answered: { answer: 'Yes.', by, at: new Date(answeredAt), keptAs } },
        [],
      );
    return reference;
  }

  it('are removed with what was sent; a kept answer stays, without anybody', async () => {
    const school = newSchool();
    const gone = [await put(school, '2026-01-05'), await put(school, '2026-01-05', '2026-01-06')];
    const kept = await put(school, '2026-01-05', '2026-01-06', 'May pets blog?');
    const young = [await put(school, '2026-11-21'), await put(school, '2026-01-05', '2026-11-21')];
    expect(await enquiries.removeBefore(school, LIMIT)).toBe(3);
    expect(await enquiries.removeBefore(school, LIMIT)).toBe(0);
    for (const reference of gone) expect(await enquiries.find(school, reference)).toBeUndefined();
    for (const reference of young) expect(await enquiries.find(school, reference)).toMatchObject({ deliveries: 1 });
    const answers = [{ question: 'May pets blog?', answer: 'Yes.', answeredAt: new Date('2026-01-06') }];
    expect(await enquiryTable(tables).kept(school)).toEqual(answers);
    const client = await tables.table(ENQUIRY_TABLE).client();
    const rows: unknown[] = [];
    const filter = `PartitionKey eq '${school}~${kept}'`;
    for await (const row of client.listEntities({ queryOptions: { filter } })) rows.push(row);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toMatch(/beth|helen|wombat/iu);
  });
});
