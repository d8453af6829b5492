import { afterAll, describe, expect, inject, it } from 'vitest';
import { drawDocument } from '../../src/export/summary-documents.js';
import { createLog } from '../../src/log.js';
import type { School } from '../../src/schools/school.js';
import { openBlobs } from '../../src/storage/blobs.js';
import { jobTable } from '../../src/storage/job-table.js';
import { summaryDocuments } from '../../src/storage/summary-documents.js';
import { openTables } from '../../src/storage/tables.js';
import type { Period } from '../../src/summaries/period.js';
import { comment, hold, release, type Step } from '../../src/summaries/sending.js';
import { DOCUMENT_FORMATS, EDITIONS, type StoredSummary } from '../../src/summaries/summary.js';
import { SummarySweep, type SummarySweepParts } from '../../src/teams/summary-sweep.js';
import { runScript } from '../support/built.js';
import type { Running } from '../support/processes.js';
import { smallSchool } from '../support/small-school.js';
import { HELEN } from '../support/staff.js';
import { StorageProxy } from '../support/storage-proxy.js';
import { owedBy, reported, sweepParts } from '../support/summary-office.js';

const HALF = 'half_term-2026-08-31';
/** A school week before anything is due. */
const BEGINNING = '2026-10-12T09:00:00Z';

/** A school with its own clock. */
class Office {
  readonly school: School;
  readonly parts: SummarySweepParts;
  readonly logged: Record<string, unknown>[] = [];
  #now = new Date(0);
  #sweeps: readonly SummarySweep[];

  private constructor(school: School, connection: string, processes: number) {
    this.school = school;
    const lines = { write: (line: string) => this.logged.push(JSON.parse(line)) };
    this.parts = sweepParts(connection, [school], () => this.#now, createLog('debug', lines));
    this.#sweeps = Array.from({ length: processes }, () => new SummarySweep(this.parts));
  }

  static async open({ connection = inject('storage'), processes = 2, change = {} as Partial<School['profile']> } = {}) {
    const school = await smallSchool(`sweep-${crypto.randomUUID()}`);
    const office = new Office({ ...school, profile: { ...school.profile, ...change } }, connection, processes);
    await office.lookAt(BEGINNING);
    return office;
  }

  /** Processes that have just started. */
  restart(change: Partial<SummarySweepParts> = {}, processes = 2): void {
    this.#sweeps = Array.from({ length: processes }, () => new SummarySweep({ ...this.parts, ...change }));
  }

  /** All processes look at this time, once more each where one had to yield to another. */
  async lookAt(time: string | Date, times = 2): Promise<void> {
    this.#now = new Date(time);
    for (let left = times; left > 0; left -= 1) await Promise.all(this.#sweeps.map((sweep) => sweep.look()));
  }

  /** Looks in the last minute of each hour and in the first of the next. */
  async hourByHour(from: string, to: string): Promise<void> {
    for (let at = Date.parse(from); at <= Date.parse(to); at += 60 * 60_000) {
      await this.lookAt(new Date(at - 60_000), 1);
      await this.lookAt(new Date(at), 2);
    }
  }

  owed = () => owedBy(this.school, this.parts);

  async stored(id = HALF): Promise<StoredSummary> {
    const stored = await this.parts.summaries.find(this.school.profile.id, id);
    if (!stored) throw new Error('There is no such summary.');
    return stored;
  }

  /** What the Headteacher does. */
  async head(time: string, act: (stored: StoredSummary, turn: { by: string; now: Date }) => object): Promise<void> {
    const stored = await this.stored();
    const now = new Date(time);
    const step = act(stored, { by: HELEN.id, now }) as Step;
    if (!step.summary) throw new Error(`Refused: ${JSON.stringify(step)}`);
    expect(await this.parts.summaries.change(stored, step.summary, step.deliveries, now)).toBeDefined();
  }

  async documents(id = HALF): Promise<Record<string, Buffer | undefined>> {
    const found: Record<string, Buffer | undefined> = {};
    for (const edition of EDITIONS)
      for (const format of DOCUMENT_FORMATS) {
        const place = { schoolId: this.school.profile.id, id, edition, format };
        const bytes = await this.parts.documents.read(place);
        found[`${edition}.${format}`] = bytes && Buffer.from(bytes);
      }
    return found;
  }
}

const failures = ({ logged }: Office) => logged.filter(({ event }) => event === 'summary.sweep_failed');

describe('through a half-term', () => {
  it('hour by hour, with two processes, each summary is made and sent once, at its time', async () => {
    const office = await Office.open();
    await reported(office.school.profile.id, '2026-09-10T10:00:00Z', 7);
    await reported(office.school.profile.id, '2026-10-28T10:00:00Z', 6);
    await office.hourByHour('2026-10-16T12:00:00Z', '2026-11-09T20:00:00Z');
    expect(await office.owed()).toEqual([
      '2026-10-19T08:00 week-2026-10-12 summary.weekly Daniel Hughes',
      '2026-10-19T08:00 week-2026-10-12 summary.weekly Helen Achebe',
      '2026-11-02T08:00 half_term-2026-08-31 summary.preview Helen Achebe',
      '2026-11-02T08:00 week-2026-10-19 summary.weekly Daniel Hughes',
      '2026-11-02T08:00 week-2026-10-19 summary.weekly Helen Achebe',
      '2026-11-04T08:00 half_term-2026-08-31 summary.chair Ruth Castellan',
      '2026-11-04T08:00 half_term-2026-08-31 summary.preview Helen Achebe, in_place_of 1',
      '2026-11-04T08:00 half_term-2026-08-31 summary.sent governors_chat',
      '2026-11-09T08:00 week-2026-11-02 summary.weekly Daniel Hughes',
      '2026-11-09T08:00 week-2026-11-02 summary.weekly Helen Achebe',
    ]);
    const { summary } = await office.stored();
    expect(summary).toMatchObject({
      sending: { state: 'sent', at: new Date('2026-11-04T08:00:00Z') },
      madeAt: new Date('2026-11-02T08:00:00Z'),
      counted: { reports: { total: 13 } },
    });
    expect((await office.stored('week-2026-10-19')).summary.counted.reports.total).toBe(6);
    for (const [name, bytes] of Object.entries(await office.documents())) {
      const [edition, format] = name.split('.') as ['chair', 'pdf'];
      expect(bytes?.equals(Buffer.from(await drawDocument(summary, edition, format)))).toBe(true);
    }
    expect(failures(office)).toEqual([]);
    expect(office.logged.filter(({ event }) => event === 'summary.made')).toHaveLength(4);
    expect(office.logged.filter(({ event }) => event === 'summary.sent')).toHaveLength(1);
    expect(JSON.stringify(office.logged)).not.toMatch(/Helen|Morgan|0d3c6a51|facebook/iu);
  }, 120_000);

  it('and over the end of a term and the clock change, by the school’s clocks', async () => {
    const office = await Office.open({ processes: 1 });
    for (const time of ['2027-03-16T12:00:00Z', '2027-03-22T12:00:00Z']) await office.lookAt(time);
    const before = new Set(await office.owed());
    await office.hourByHour('2027-03-25T12:00:00Z', '2027-04-14T12:00:00Z');
    expect((await office.owed()).filter((line) => !before.has(line))).toEqual([
      '2027-04-12T08:00 half_term-2027-02-22 summary.preview Helen Achebe',
      '2027-04-12T08:00 week-2027-03-22 summary.weekly Daniel Hughes',
      '2027-04-12T08:00 week-2027-03-22 summary.weekly Helen Achebe',
      '2027-04-14T08:00 half_term-2027-02-22 summary.chair Ruth Castellan',
      '2027-04-14T08:00 half_term-2027-02-22 summary.preview Helen Achebe, in_place_of 1',
      '2027-04-14T08:00 half_term-2027-02-22 summary.sent governors_chat',
    ]);
  }, 120_000);

  it('of a school that has governors’ summaries each term, and none of weeks', async () => {
    const summaries = { threshold: 5, weekly: false, governors: 'term', at: '09:30' } as const;
    const office = await Office.open({ change: { summaries }, processes: 1 });
    await office.hourByHour('2026-12-17T12:00:00Z', '2026-12-22T12:00:00Z');
    expect(await office.owed()).toEqual([]);
    await office.lookAt('2027-01-04T09:29:00Z');
    await office.lookAt('2027-01-04T09:30:00Z');
    await office.lookAt('2027-01-06T09:30:00Z');
    expect((await office.owed()).map((line) => line.slice(0, 49))).toEqual(
      [
        '2027-01-04T09:30 term-2026-08-31 summary.preview ',
        '2027-01-06T09:30 term-2026-08-31 summary.chair Ru',
        '2027-01-06T09:30 term-2026-08-31 summary.preview ',
        '2027-01-06T09:30 term-2026-08-31 summary.sent gov',
      ].map((line) => line.slice(0, 49)),
    );
  });
});

describe('a run that was missed', () => {
  it('is made up once, on the next school day, and only for the latest period', async () => {
    const office = await Office.open();
    office.restart();
    for (const time of ['2026-11-14T10:00:00Z', '2026-11-15T23:00:00Z']) await office.lookAt(time);
    expect(await office.owed()).toEqual([]);
    office.restart();
    await office.lookAt('2026-11-16T07:12:00Z');
    await office.lookAt('2026-11-16T10:12:00Z');
    office.restart();
    await office.lookAt('2026-11-16T11:12:00Z');
    expect(await office.owed()).toEqual([
      '2026-11-16T07:12 half_term-2026-08-31 summary.preview Helen Achebe',
      '2026-11-16T10:12 week-2026-11-09 summary.weekly Daniel Hughes',
      '2026-11-16T10:12 week-2026-11-09 summary.weekly Helen Achebe',
    ]);
    await office.lookAt('2026-11-18T07:59:00Z');
    expect((await office.stored()).summary.sending).toEqual({ state: 'planned', on: '2026-11-18' });
    await office.lookAt('2026-11-20T09:00:00Z');
    await office.lookAt('2026-11-20T09:01:00Z');
    expect((await office.owed()).filter((line) => line.includes('summary.sent'))).toEqual([
      '2026-11-20T09:00 half_term-2026-08-31 summary.sent governors_chat',
    ]);
  });

  it('is none for a school that is seen for the first time: it starts with the next', async () => {
    const office = await Office.open();
    const fresh = await smallSchool(`sweep-${crypto.randomUUID()}`);
    office.restart({ schools: [fresh] });
    for (const time of ['2026-11-12T12:00:00Z', '2026-11-13T12:00:00Z']) await office.lookAt(time);
    expect(await owedBy(fresh, office.parts)).toEqual([]);
    await office.lookAt('2026-11-16T08:00:00Z');
    expect((await owedBy(fresh, office.parts)).every((line) => line.includes('week-2026-11-09'))).toBe(true);
    expect(await owedBy(fresh, office.parts)).toHaveLength(2);
  });
});

describe('the Headteacher', () => {
  it('holds it: nothing goes to the governors, the chair is told; released later, it goes at once', async () => {
    const office = await Office.open();
    const { profile } = office.school;
    await office.lookAt('2026-11-02T08:00:00Z');
    await office.head('2026-11-03T16:00:00Z', (stored, turn) => hold(stored, profile, turn));
    for (const day of ['04', '05', '06', '10']) await office.lookAt(`2026-11-${day}T08:00:00Z`);
    const ofHalf = async () => (await office.owed()).filter((line) => line.includes(HALF));
    expect(await ofHalf()).toEqual([
      '2026-11-02T08:00 half_term-2026-08-31 summary.preview Helen Achebe',
      '2026-11-03T16:00 half_term-2026-08-31 summary.held Ruth Castellan, held',
    ]);
    expect(Object.values(await office.documents())).toEqual(Array(4).fill(undefined));
    await office.head('2026-11-10T22:00:00Z', (stored, turn) => release(stored, profile, turn));
    await office.lookAt('2026-11-10T22:01:00Z');
    await office.lookAt('2026-11-11T06:59:00Z');
    expect(await ofHalf()).toHaveLength(3);
    await office.lookAt('2026-11-11T07:00:00Z');
    expect((await ofHalf()).slice(2)).toEqual([
      '2026-11-10T22:00 half_term-2026-08-31 summary.held Ruth Castellan, released',
      '2026-11-11T07:00 half_term-2026-08-31 summary.chair Ruth Castellan',
      '2026-11-11T07:00 half_term-2026-08-31 summary.preview Helen Achebe, in_place_of 1',
      '2026-11-11T07:00 half_term-2026-08-31 summary.sent governors_chat',
    ]);
  });

  it('comments: the words go with it, on paper too, and the figures are those that were previewed', async () => {
    const office = await Office.open();
    await office.lookAt('2026-11-02T08:00:00Z');
    const before = await office.stored();
    const words = 'We have spoken with every class.';
    await reported(office.school.profile.id, '2026-10-01T10:00:00Z', 9);
    await office.head('2026-11-03T16:00:00Z', (stored, turn) => comment(stored, office.school.profile, turn, words));
    await office.lookAt('2026-11-04T08:00:00Z');
    const { summary } = await office.stored();
    expect(summary).toMatchObject({ comment: { words }, sending: { state: 'sent' } });
    const { comment: _, sending: __, ...figures } = summary;
    expect(before.summary).toMatchObject(figures);
    expect((await office.documents())['governors.csv']?.toString()).toContain(words);
  });
});

describe('a summary that somebody has asked for', () => {
  it('before its time is sent like any other, with the figures it was made with', async () => {
    const office = await Office.open();
    const { summaries, make } = office.parts;
    const period: Period = { span: 'half_term', from: '2026-08-31', to: '2026-11-01', name: 'x' };
    const at = new Date('2026-11-01T15:00:00Z');
    await reported(office.school.profile.id, '2026-10-01T10:00:00Z', 5);
    await summaries.issue(office.school.profile.id, async () => {
      const summary = await make(office.school, period, new Date('2026-11-02T00:00:00Z'), { state: 'none' });
      return summary && { summary: { ...summary, madeAt: at }, deliveries: [] };
    });
    await reported(office.school.profile.id, '2026-10-01T10:00:00Z', 1);
    await office.lookAt('2026-11-02T08:00:00Z');
    expect((await office.stored()).summary).toMatchObject({
      ...{ madeAt: at, sending: { state: 'planned', on: '2026-11-04' }, counted: { reports: { total: 5 } } },
    });
    await office.lookAt('2026-11-04T08:00:00Z');
    expect((await office.owed()).filter((line) => line.includes(HALF))).toEqual([
      '2026-11-02T08:00 half_term-2026-08-31 summary.preview Helen Achebe',
      '2026-11-04T08:00 half_term-2026-08-31 summary.chair Ruth Castellan',
      '2026-11-04T08:00 half_term-2026-08-31 summary.preview Helen Achebe, in_place_of 1',
      '2026-11-04T08:00 half_term-2026-08-31 summary.sent governors_chat',
    ]);
  });
});

describe('a look', () => {
  it('that fails at one school goes on to the next, says nothing of anybody, and is made up for', async () => {
    const office = await Office.open();
    const other = await smallSchool(`sweep-${crypto.randomUUID()}`);
    office.restart({ schools: [office.school, other] });
    await office.lookAt('2026-10-12T10:00:00Z');
    let broken = true;
    const make: SummarySweepParts['make'] = async (school, ...rest) => {
      if (broken && school === office.school) throw new Error('Beth Larkin cannot be read.');
      return office.parts.make(school, ...rest);
    };
    office.restart({ schools: [office.school, other], make });
    await office.lookAt('2026-11-02T08:00:00Z');
    expect(await office.owed()).toEqual([]);
    expect(await owedBy(other, office.parts)).toHaveLength(3);
    expect(failures(office).length).toBeGreaterThan(0);
    expect(JSON.stringify(office.logged)).not.toMatch(/Larkin/u);
    broken = false;
    await office.lookAt('2026-11-02T08:05:00Z');
    expect(await office.owed()).toHaveLength(3);
    expect(await owedBy(other, office.parts)).toHaveLength(3);
  });

  it('asks storage for nothing by night, and by day only for what waits to be sent', async () => {
    const proxy = await StorageProxy.start(inject('storage'));
    try {
      const office = await Office.open({ connection: proxy.through(inject('storage')), processes: 1 });
      await office.lookAt('2026-11-02T08:00:00Z');
      const reads = async (time: string) => {
        proxy.reads.length = 0;
        await office.lookAt(time, 1);
        return proxy.reads.map((address) => /\/(\w+)\(/u.exec(address)?.[1]);
      };
      for (const time of ['2026-11-02T22:00:00Z', '2026-11-03T06:59:00Z', '2026-11-07T12:00:00Z'])
        expect(await reads(time)).toEqual([]);
      expect(await reads('2026-11-03T12:00:00Z')).toEqual(['Summaries']);
      expect(await reads('2026-11-09T08:00:00Z')).toContain('Cases');
      expect(await reads('2026-11-09T08:01:00Z')).toEqual(['Summaries']);
    } finally {
      await proxy.stop();
    }
  });

  it('keeps the documents later where their storage did not answer when the summary was sent', async () => {
    const office = await Office.open();
    await office.lookAt('2026-11-02T08:00:00Z');
    const nowhere = inject('storage').replace(/127\.0\.0\.1:\d+/gu, '127.0.0.1:9');
    office.restart({ documents: summaryDocuments(openBlobs({ connectionString: nowhere })) }, 1);
    await office.lookAt('2026-11-04T08:00:00Z', 1);
    expect((await office.stored()).summary.sending.state).toBe('sent');
    expect(Object.values(await office.documents())).toEqual(Array(4).fill(undefined));
    expect(failures(office).length).toBeGreaterThan(0);
    office.restart();
    await office.lookAt('2026-11-05T08:00:00Z');
    expect(Object.values(await office.documents()).every((bytes) => bytes !== undefined)).toBe(true);
    expect((await office.owed()).filter((line) => line.includes('summary.sent'))).toHaveLength(1);
  });

  it('sends nothing of which no document can be drawn', async () => {
    const office = await Office.open();
    await office.lookAt('2026-11-02T08:00:00Z');
    const draw = async () => {
      throw new Error('No paper.');
    };
    office.restart({ draw });
    await office.lookAt('2026-11-04T08:00:00Z');
    expect((await office.stored()).summary.sending.state).toBe('planned');
    office.restart();
    await office.lookAt('2026-11-04T08:05:00Z');
    expect((await office.stored()).summary.sending.state).toBe('sent');
  });

  it('that cannot note what it has made finds it the next time', async () => {
    const proxy = await StorageProxy.start(inject('storage'));
    try {
      const office = await Office.open();
      const jobs = jobTable(openTables({ connectionString: proxy.through(inject('storage')) }));
      const make: SummarySweepParts['make'] = async (...asked) => {
        proxy.weather = 'down';
        return office.parts.make(...asked);
      };
      office.restart({ jobs, make }, 1);
      await office.lookAt('2026-11-02T08:00:00Z', 1);
      expect(failures(office).length).toBeGreaterThan(0);
      expect(await office.owed()).toHaveLength(2);
      proxy.weather = 'fair';
      office.restart();
      await office.lookAt('2026-11-02T08:10:00Z');
      expect(await office.owed()).toHaveLength(3);
      expect((await office.parts.jobs.find(office.school.profile.id, 'summary~week')).done).toContain('2026-10-19');
    } finally {
      await proxy.stop();
    }
  });
});

describe('real processes', () => {
  const running: Running[] = [];
  const start = async (...args: string[]): Promise<Running> => {
    const one = runScript('test/support/sweep-process.ts', [inject('storage'), ...args]);
    running.push(one);
    await one.until('ready');
    return one;
  };
  const look = async (processes: readonly Running[], line: string): Promise<void> => {
    for (const { child } of processes) child.stdin?.write(`${line}\n`);
    await Promise.all(processes.map((one) => one.until(`done ${line}\n`)));
  };
  afterAll(() => {
    for (const { child } of running) child.kill('SIGKILL');
  });
  const ROUNDS = 20;

  it(`two look at the same time, ${ROUNDS} times over: each summary is made once, and each delivery owed once`, async () => {
    const both = [await start(), await start()];
    for (let round = 0; round < ROUNDS; round += 1) {
      const school = await smallSchool(`sweep-${crypto.randomUUID()}`);
      const parts = sweepParts(inject('storage'), [school], () => new Date(), createLog('silent'));
      await reported(school.profile.id, '2026-10-01T10:00:00Z', 1 + (round % 3));
      for (const time of [
        '2026-10-12T09:00',
        '2026-11-02T08:00',
        '2026-11-02T08:01',
        '2026-11-04T08:00',
        '2026-11-04T08:01',
      ])
        await look(round % 2 === 0 ? both : both.toReversed(), `${school.profile.id} ${time}:00Z`);
      expect(await owedBy(school, parts)).toEqual([
        expect.stringMatching(/^2026-11-02T08:0[01] half_term-2026-08-31 summary.preview Helen Achebe$/u),
        expect.stringMatching(/^2026-11-02T08:0[01] week-2026-10-19 summary.weekly Daniel Hughes$/u),
        expect.stringMatching(/^2026-11-02T08:0[01] week-2026-10-19 summary.weekly Helen Achebe$/u),
        '2026-11-04T08:00 half_term-2026-08-31 summary.chair Ruth Castellan',
        '2026-11-04T08:00 half_term-2026-08-31 summary.preview Helen Achebe, in_place_of 1',
        '2026-11-04T08:00 half_term-2026-08-31 summary.sent governors_chat',
      ]);
    }
    const won = both.map(({ printed }) => ({
      made: printed().match(/"summary\.made"/gu)?.length ?? 0,
      sent: printed().match(/"summary\.sent"/gu)?.length ?? 0,
    }));
    expect(won.map(({ made }) => made).reduce((sum, made) => sum + made)).toBe(2 * ROUNDS);
    expect(won.map(({ sent }) => sent).reduce((sum, sent) => sum + sent)).toBe(ROUNDS);
    // A race that the same side always wins is none.
    for (const { made } of won) expect(made).toBeGreaterThan(0);
  }, 300_000);

  it('killed as soon as something is committed, before it is noted: the next goes on, and nothing comes twice', async () => {
    const school = await smallSchool(`sweep-${crypto.randomUUID()}`);
    const parts = sweepParts(inject('storage'), [school], () => new Date(), createLog('silent'));
    const { id } = school.profile;
    await look([await start()], `${id} 2026-10-12T09:00:00Z`);
    // Of the week, of the half-term, and of what is sent.
    for (const [time, owed] of [
      ['2026-11-02T08:00', 2],
      ['2026-11-02T08:01', 3],
      ['2026-11-04T08:00', 6],
    ] as const) {
      const dying = await start('dies');
      dying.child.stdin?.write(`${id} ${time}:00Z\n`);
      expect(await dying.ended).toBe('SIGKILL');
      expect(await owedBy(school, parts)).toHaveLength(owed);
    }
    const next = await start();
    await look([next], `${id} 2026-11-04T08:01:00Z`);
    await look([next], `${id} 2026-11-04T09:01:00Z`);
    expect(await owedBy(school, parts)).toHaveLength(6);
    const place = { schoolId: id, id: HALF, edition: 'chair', format: 'pdf' } as const;
    expect(await parts.documents.read(place)).toBeDefined();
    for (const name of ['summary~week', 'summary~half_term'])
      expect((await parts.jobs.find(id, name)).done).toContain('2026-');
  }, 120_000);
});
