import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { caseRecords } from '../../src/storage/case-table.js';
import { deletionTable } from '../../src/storage/deletion-table.js';
import { oldQuestions } from '../../src/storage/old-questions.js';
import { openQuestionTable } from '../../src/storage/open-question-table.js';
import { questionHistory } from '../../src/storage/question-history.js';
import { subjectRecords } from '../../src/storage/subject-records.js';
import { openTables } from '../../src/storage/tables.js';
import { type Marked, PEOPLE, ThreeSchools } from '../support/three-schools.js';

let three: ThreeSchools;
const tables = () => openTables({ connectionString: inject('storage') });
const YEARS = { since: new Date('2020-01-01'), before: new Date('2030-01-01') };

beforeAll(async () => {
  three = await ThreeSchools.open();
  // Questions are written behind the answers.
  await vi.waitFor(async () => {
    for (const { id } of three.all) expect(await all(questionHistory(tables()).between(id, YEARS))).toHaveLength(1);
  }, 10_000);
});
afterAll(() => three.close());

async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const row of rows) found.push(row);
  return found;
}

/** What says who of the three is in it, and that only the one is who may be. */
function expectOnly(found: unknown, own: Marked): void {
  const text = JSON.stringify(found);
  for (const { mark, reference } of three.all.filter((other) => other !== own)) {
    expect(text).not.toContain(mark);
    expect(text).not.toContain(reference);
  }
}

describe('three schools in one store', () => {
  it.each(['oak', 'ash', 'elm'] as const)(
    'list what is of %s, and nothing of a school whose id begins alike',
    async (name) => {
      const own = three[name];
      const { reports, summaries, enquiries, directory } = three.bot;
      const { cases, drafts } = reports;
      const records = subjectRecords(tables(), own.id);
      const found: Record<string, unknown[]> = {
        unfinished: await all(cases.unfinished(own.id)),
        every: await all(cases.all(own.id)),
        ended: await all(cases.endedBefore(own.id, YEARS.before)),
        verified: await all(caseRecords(tables()).all(own.id)),
        submitted: [await drafts.open({ schoolId: own.id, personId: PEOPLE.reporter })],
        summaries: [...(await summaries.all(own.id))],
        kept: [...(await enquiries.kept(own.id))],
        drafts: await all(records.openDrafts()),
        enquiries: await all(records.enquiries()),
        directory: await all(records.directory()),
        place: [await directory.find(own.id, `user~${PEOPLE.head}`)],
        questions: await all(questionHistory(tables()).between(own.id, YEARS)),
        open: [...(await openQuestionTable(tables()).listOpen(own.id, YEARS, 100)).questions],
      };
      for (const [what, rows] of Object.entries(found)) {
        expect(JSON.stringify(rows), what).toContain(own.mark);
        expectOnly(rows, own);
      }
      expect([found.unfinished, found.ended, found.every, found.verified].map((rows) => rows?.length)).toEqual([
        1, 1, 2, 2,
      ]);
      expect(await all(deletionTable(tables()).all(own.id))).toEqual([]);
    },
  );

  it('find nothing by another’s references, drafts, files and questions', async () => {
    const { reports, enquiries, summaries } = three.bot;
    for (const own of three.all)
      for (const other of three.all.filter((one) => one !== own)) {
        const { reference, evidenceId, draftId } = other;
        expect(await reports.cases.find(own.id, reference)).toBeUndefined();
        expect(await all(caseRecords(tables()).named(reference, own.id))).toEqual([]);
        expect(await reports.files.original({ schoolId: own.id, reference, evidenceId })).toBeUndefined();
        expect(await enquiries.find(own.id, other.enquiry)).toBeUndefined();
        expect(await reports.drafts.finished({ schoolId: own.id, personId: PEOPLE.reporter }, draftId)).toBeUndefined();
        expectOnly(await summaries.find(own.id, 'half_term-2026-08-31'), own);
      }
  });

  it('keep what is old until it is theirs that is removed', async () => {
    const { enquiries } = three.bot;
    expect(await oldQuestions(tables()).removeBefore(three.oak.id, YEARS.before)).toBeGreaterThan(0);
    await enquiries.removeBefore(three.oak.id, YEARS.before);
    await three.bot.reports.files.removeAll(three.oak.id, three.oak.reference);
    for (const { id, mark, reference, evidenceId } of [three.ash, three.elm]) {
      expect(JSON.stringify(await all(questionHistory(tables()).between(id, YEARS)))).toContain(mark);
      expect(JSON.stringify(await all(subjectRecords(tables(), id).enquiries()))).toContain('Rae Reporter');
      expect(
        Buffer.from((await three.bot.reports.files.original({ schoolId: id, reference, evidenceId })) ?? '').toString(),
      ).toBe(mark);
    }
    expect(await all(questionHistory(tables()).between(three.oak.id, YEARS))).toEqual([]);
  });
});

describe('the same person, team and channel in two tenants', () => {
  const ASKS = [
    'open cases',
    'overdue',
    'mine',
    'my reports',
    'gaps',
    'summary',
    'status',
    'who may feed the unicorn on sundays?',
  ];

  it.each(ASKS)('are two: "%s" tells of the one whose tenant it is asked in', async (words) => {
    for (const own of [three.oak, three.elm]) {
      expectOnly(await three.say(PEOPLE.head, own, words), own);
      expectOnly(await three.say(PEOPLE.reporter, own, words), own);
    }
    expect(await three.say(PEOPLE.head, three.elm, 'open cases')).toContain(three.elm.reference);
    expect(await three.say(PEOPLE.reporter, three.elm, 'who may feed the unicorn on sundays?')).toContain(
      three.elm.mark,
    );
  });

  it('open nothing with a reference of the other, whatever a card says', async () => {
    const { oak, elm } = three;
    for (const [own, other] of [
      [oak, elm],
      [elm, oak],
    ] as const)
      for (const verb of [
        'case.open',
        'case.acknowledge',
        'case.form',
        'case.act',
        'case.mine',
        'case.own',
        'summary.show',
        'enquiry.answer',
      ])
        for (const school of [undefined, other.id, own.id]) {
          const data = {
            reference: other.reference,
            draftId: other.draftId,
            form: 'note',
            act: 'note',
            note: 'x',
            ...(school && { school }),
          };
          expectOnly(await three.press(PEOPLE.head, own, verb, data), { ...own });
        }
    expectOnly(await three.say(PEOPLE.head, oak, elm.reference), { ...oak, reference: elm.reference });
    for (const command of ['findCase', 'searchPolicy'])
      expectOnly(await three.search(PEOPLE.head, oak, command, elm.mark), oak);
    expect(JSON.stringify(await three.bot.reports.cases.find(elm.id, elm.reference))).not.toMatch(
      /acknowledged|note_added/u,
    );
  });
});

describe('somebody who is at two schools of a tenant', () => {
  it('is asked which they mean, and told of that one alone', async () => {
    const { oak, ash, elm } = three;
    for (const words of [
      'open cases',
      'status',
      'can i ring a parent from my own phone?',
      `${elm.id}: open cases`,
      'Nowhere: open cases',
    ]) {
      const answer = await three.say(PEOPLE.both, oak, words);
      expect(answer).toContain('You are at more than one school');
      expect(answer).toContain('call 999');
      for (const { mark, reference } of three.all) expect(answer).not.toMatch(new RegExp(`${mark}|${reference}`, 'u'));
    }
    for (const own of [oak, ash]) {
      const answer = await three.say(PEOPLE.both, oak, `${own.id.toUpperCase()}: open cases`);
      expect(answer).toContain(own.reference);
      expectOnly(answer, own);
      expect(answer).toContain(`"school":"${own.id}"`);
      const found = await three.search(PEOPLE.both, oak, 'findCase', `${own.id}: ${own.reference}`);
      expect(found).toContain(own.reference);
      expectOnly(found, own);
    }
    expect(await three.search(PEOPLE.both, oak, 'findCase', ash.reference)).toContain(
      'You are at more than one school',
    );
  });

  it('is led to the right one by the card, which opens nothing of the other', async () => {
    const { oak, ash, elm } = three;
    const open = (reference: string, school?: string) =>
      three.press(PEOPLE.both, oak, 'case.open', { reference, ...(school && { school }) });
    expect(await open(ash.reference, ash.id)).toContain('All of the case comes');
    expect(await open(ash.reference, oak.id)).not.toContain('All of the case comes');
    expect(await open(elm.reference, elm.id)).toContain('You are at more than one school');
    expect(await open(ash.reference)).toContain('You are at more than one school');
    // Whoever is at one school alone is led to no other.
    const pressed = await three.press(PEOPLE.head, oak, 'case.open', { reference: ash.reference, school: ash.id });
    expect(pressed).not.toContain('All of the case comes');
  });
});
