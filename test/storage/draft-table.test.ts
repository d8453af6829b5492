import { afterEach, describe, expect, inject, it } from 'vitest';
import type { StoredDraft } from '../../src/reports/draft.js';
import { MOST_FILES } from '../../src/reports/evidence.js';
import { DRAFT_TABLE, draftTable } from '../../src/storage/draft-table.js';
import { tableOutbox } from '../../src/storage/outbox.js';
import { openTables } from '../../src/storage/tables.js';
import { AWKWARD, aDelivery, aDraft, anAnswers, hex, someEvidence } from '../support/reports.js';
import { StorageProxy } from '../support/storage-proxy.js';

const schoolId = `drafts-${process.pid}`;
const tables = openTables({ connectionString: inject('storage') });
const drafts = draftTable(tables);
const evidence = (text: string) => someEvidence(Buffer.from(text));
const at = new Date('2026-11-20T16:00:00Z');
const times = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, one) => make(one));

async function begun(change: Parameters<typeof aDraft>[1] = {}): Promise<StoredDraft> {
  const stored = await drafts.create(aDraft(schoolId, change));
  if (!stored) throw new Error('There is one already.');
  return stored;
}

async function opened({ draft }: StoredDraft): Promise<StoredDraft> {
  const stored = await drafts.open(draft);
  if (!stored) throw new Error('It is not there.');
  return stored;
}

const rowsOf = async ({ draft }: StoredDraft) => {
  const client = await tables.table(DRAFT_TABLE).client();
  const filter = `PartitionKey eq '${schoolId}~${draft.personId.toLowerCase()}'`;
  const rows: object[] = [];
  for await (const row of client.listEntities({ queryOptions: { filter } })) rows.push(row);
  return rows as { readonly rowKey: string }[];
};

describe('a draft', () => {
  it.each([
    ['dates', { changedAt: new Date('2026-11-20T15:43:00.001Z'), warnedAt: new Date('2026-12-02T00:00:00.999Z') }],
    ['what is not known yet', { dangers: null, personName: null, done: [], card: null }],
    ['a card and dangers', { card: { conversationId: 'a:1', activityId: '17' }, dangers: ['threat' as const] }],
    ['texts of any kind', { answers: anAnswers({ words: AWKWARD, told: '' }) }],
    ['long texts', { answers: anAnswers({ words: 'x'.repeat(31_990), support: '😀'.repeat(40_001) }) }],
  ])('is read back as it was kept: %s', async (_, change) => {
    const created = await begun(change);
    expect(created.draft).toMatchObject(change);
    expect(await opened(created)).toEqual(created);
    const other = { ...created.draft, answers: anAnswers({ words: 'short' }) };
    const saved = await drafts.save(created, other);
    expect(saved).toEqual({ draft: other, evidence: [], version: saved?.version, deliveries: 0 });
    expect(await opened(created)).toEqual(saved);
  });

  it('is one for each person, however fast it is begun and however their id is spelt', async () => {
    const draft = aDraft(schoolId);
    const made = await Promise.all(
      times(8, (one) =>
        drafts.create({ ...draft, id: hex(24), personId: one % 2 ? draft.personId.toUpperCase() : draft.personId }),
      ),
    );
    const [first, ...others] = made.filter((one) => one !== undefined);
    expect(others).toEqual([]);
    expect(await drafts.open({ schoolId, personId: draft.personId.toLowerCase() })).toEqual(first);
    expect(await drafts.open({ schoolId: `${schoolId}-other`, personId: draft.personId })).toBeUndefined();
  });

  it('is saved by the first of two', async () => {
    const stored = await begun();
    const saved = await Promise.all(
      ['a', 'b'].map((words) => drafts.save(stored, { ...stored.draft, answers: anAnswers({ words }) })),
    );
    expect(saved.filter(Boolean)).toHaveLength(1);
    expect(await opened(stored)).toEqual(saved.find(Boolean));
  });

  it('owes what a change causes, from when that was, and numbers it on over all drafts of a person', async () => {
    const outbox = tableOutbox(tables, [DRAFT_TABLE]);
    const stored = await begun();
    const { draft } = stored;
    const place = { table: DRAFT_TABLE, partition: `${schoolId}~${draft.personId.toLowerCase()}` };
    const warned = await drafts.save(stored, { ...draft, warnedAt: at }, [aDelivery(draft.reference)]);
    expect(await drafts.save(stored, { ...draft, warnedAt: at }, [aDelivery(draft.reference)])).toBeUndefined();
    await drafts.finish(warned as StoredDraft, null, at);
    const next = await begun({ personId: draft.personId });
    await drafts.save(next, { ...next.draft, changedAt: at }, [aDelivery(draft.reference), aDelivery('PD-00000000')]);
    const owed = (await outbox.read(place)).map(({ delivery }) => delivery);
    expect(owed.map(({ order }) => order)).toEqual([1, 2, 3]);
    expect(owed.map(({ owedSince }) => owedSince)).toEqual([at, at, at]);
  });

  it('that nobody has changed for long is found, oldest first, with its evidence', async () => {
    const old = (day: string) => ({ startedAt: new Date(`${day}Z`), changedAt: new Date(`${day}Z`) });
    const younger = await begun(old('2020-01-02T10:00:00'));
    const older = await begun(old('2020-01-01T10:00:00'));
    await begun(old('2020-01-03T10:00:00'));
    const added = await begun(old('2020-01-01T10:00:00'));
    const finished = await begun(old('2020-01-01T10:00:00'));
    await drafts.addEvidence(added.draft, added.draft.id, evidence('later'));
    await drafts.finish(finished, null, at);
    const found: StoredDraft[] = [];
    for await (const one of drafts.untouchedSince(new Date('2020-01-03T10:00:00Z'))) found.push(one);
    expect(found.filter(({ draft }) => draft.schoolId === schoolId)).toEqual([older, younger]);
  });
});

describe('evidence of a draft', () => {
  it('is kept in the order received, described and removed, and every change makes what was read old', async () => {
    const stored = await begun();
    const { draft } = stored;
    const [one, two] = [evidence('one'), someEvidence(Buffer.from('two'), Buffer.from('view'), { seenWhere: AWKWARD })];
    expect(await drafts.addEvidence(draft, draft.id, one)).toEqual({ kind: 'added', evidence: one, count: 1 });
    expect(await drafts.addEvidence(draft, draft.id, two)).toEqual({ kind: 'added', evidence: two, count: 2 });
    expect(await opened(stored)).toMatchObject({ draft: { changedAt: two.receivedAt }, evidence: [one, two] });
    expect(await drafts.save(stored, draft)).toBeUndefined();
    const seen = { seenOn: '2026-11-18', seenTime: '', seenWhere: 'Instagram' };
    expect(await drafts.describeEvidence(draft, draft.id, one.id, seen)).toEqual({ ...one, ...seen });
    const described = await opened(stored);
    expect(described.evidence).toEqual([{ ...one, ...seen }, two]);
    await drafts.removeEvidence(draft, draft.id, one.id);
    expect(await drafts.finish(described, null, at)).toBe(false);
    expect((await opened(stored)).evidence).toEqual([two]);
    expect(await drafts.describeEvidence(draft, draft.id, one.id, seen)).toBeUndefined();
    expect(await drafts.describeEvidence(draft, hex(24), two.id, seen)).toBeUndefined();
  });

  it('is at most what a report takes, and the same once, however fast it comes', async () => {
    const { draft } = await begun();
    const files = times(15, (one) => evidence(`file ${one}`));
    const again = files.slice(0, 5).map((file) => ({ ...file, id: hex(16) }));
    const outcomes = await Promise.all([...files, ...again].map((file) => drafts.addEvidence(draft, draft.id, file)));
    const kinds = outcomes.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'added')).toHaveLength(MOST_FILES);
    const kept = (await drafts.open(draft))?.evidence ?? [];
    expect(kept).toHaveLength(MOST_FILES);
    expect(new Set(kept.map(({ sha256 }) => sha256)).size).toBe(MOST_FILES);
    for (const outcome of outcomes)
      if (outcome.kind === 'added' || outcome.kind === 'same') expect(kept).toContainEqual(outcome.evidence);
      else expect(outcome).toEqual({ kind: 'full' });
    expect(await rowsOf({ draft, evidence: [], version: '', deliveries: 0 })).toHaveLength(MOST_FILES + 1);
    expect(await drafts.addEvidence(draft, draft.id, { ...(kept[0] as (typeof files)[0]), id: hex(16) })).toEqual({
      kind: 'same',
      evidence: kept[0],
      count: MOST_FILES,
    });
  });

  it('is not taken by a draft that is being submitted, is over, or was never there', async () => {
    const stored = await begun();
    const { draft } = stored;
    const submitting = await drafts.save(stored, { ...draft, state: 'submitting' });
    expect(await drafts.addEvidence(draft, draft.id, evidence('x'))).toEqual({ kind: 'gone' });
    expect(await drafts.finish(submitting as StoredDraft, draft.reference, at)).toBe(true);
    expect(await drafts.addEvidence(draft, draft.id, evidence('x'))).toEqual({ kind: 'gone' });
    await begun({ personId: draft.personId });
    expect(await drafts.addEvidence(draft, draft.id, evidence('x'))).toEqual({ kind: 'gone' });
  });

  it('arrives before a draft is finished or not at all', async () => {
    for (let round = 0; round < 10; round += 1) {
      const stored = await begun();
      const { draft } = stored;
      const [finished, ...added] = await Promise.all([
        drafts.finish(stored, draft.reference, at),
        drafts.addEvidence(draft, draft.id, evidence('one')),
        drafts.addEvidence(draft, draft.id, evidence('two')),
      ]);
      const kinds = added.map(({ kind }) => kind);
      expect(kinds).toEqual(finished ? ['gone', 'gone'] : ['added', 'added']);
      expect((await drafts.open(draft))?.evidence.length).toBe(finished ? undefined : 2);
    }
  });
});

describe('a finished draft', () => {
  it('leaves nothing of its words and evidence, but what became of it', async () => {
    const stored = await begun({ answers: anAnswers({ words: 'Wibbleflump' }) });
    const { draft } = stored;
    for (const text of ['one', 'two']) await drafts.addEvidence(draft, draft.id, evidence(text));
    const [first, second] = await Promise.all(
      ['PD-00000001', 'PD-00000002'].map(async (reference) => drafts.finish(await opened(stored), reference, at)),
    );
    expect([first, second].filter(Boolean)).toHaveLength(1);
    const reference = first ? 'PD-00000001' : 'PD-00000002';
    expect(await drafts.open(draft)).toBeUndefined();
    expect(await drafts.finished(draft, draft.id)).toEqual({ id: draft.id, reference, at });
    const rows = await rowsOf(stored);
    expect(rows.map(({ rowKey }) => rowKey).toSorted()).toEqual([`done~${draft.id}`, 'open']);
    expect(JSON.stringify(rows)).not.toMatch(/Wibbleflump|Alex|sha256|parent/u);
  });

  it('makes room for another, and those submitted are listed, newest first', async () => {
    const personId = aDraft(schoolId).personId;
    const ids: string[] = [];
    for (const [reference, day] of [
      ['PD-00000001', '20'],
      [null, '21'],
      ['PD-00000003', '22'],
    ] as const) {
      const stored = await begun({ personId });
      ids.push(stored.draft.id);
      expect(await drafts.finish(stored, reference, new Date(`2026-11-${day}T00:00:00Z`))).toBe(true);
    }
    const submitted = await drafts.submittedBy({ schoolId, personId });
    expect(submitted.map(({ id, reference }) => [id, reference])).toEqual([
      [ids[2], 'PD-00000003'],
      [ids[0], 'PD-00000001'],
    ]);
    expect(await drafts.finished({ schoolId, personId }, ids[1] ?? '')).toMatchObject({ reference: null });
    expect(await drafts.finished({ schoolId, personId }, hex(24))).toBeUndefined();
    expect(await drafts.finished({ schoolId, personId }, "x' or '1")).toBeUndefined();
  });
});

describe('when storage', () => {
  const proxies: StorageProxy[] = [];
  afterEach(async () => {
    for (const proxy of proxies.splice(0)) await proxy.stop();
  });
  const through = async () => {
    const proxy = await StorageProxy.start(inject('storage'));
    proxies.push(proxy);
    return { proxy, drafts: draftTable(openTables({ connectionString: proxy.through(inject('storage')) })) };
  };

  it('is down, everything is refused, and kept drafts are there again afterwards', async () => {
    const { proxy, drafts: cut } = await through();
    const stored = await cut.create(aDraft(schoolId));
    const { draft } = stored as StoredDraft;
    proxy.weather = 'down';
    await expect(cut.open(draft)).rejects.toThrow();
    await expect(cut.save(stored as StoredDraft, draft)).rejects.toThrow();
    await expect(cut.addEvidence(draft, draft.id, evidence('x'))).rejects.toThrow();
    await expect(cut.finish(stored as StoredDraft, null, at)).rejects.toThrow();
    proxy.weather = 'fair';
    expect(await cut.open(draft)).toEqual(stored);
  });

  it('does not answer at all, a person is told in seconds', async () => {
    const { proxy, drafts: cut } = await through();
    const { draft } = (await cut.create(aDraft(schoolId))) as StoredDraft;
    const release = proxy.hold();
    await expect(cut.open(draft)).rejects.toThrow();
    release();
  });

  it('loses its answers, what was done is not taken for another’s', async () => {
    const { proxy, drafts: cut } = await through();
    const stored = (await cut.create(aDraft(schoolId))) as StoredDraft;
    const { draft } = stored;
    const file = evidence('x');
    const losing = async <T>(work: () => Promise<T>): Promise<T> => {
      const before = proxy.transactions.length;
      proxy.weather = 'transactions lost once';
      const done = await work();
      expect(proxy.transactions.length - before).toBeGreaterThan(1);
      return done;
    };
    expect(await losing(() => cut.addEvidence(draft, draft.id, file))).toEqual({
      kind: 'added',
      evidence: file,
      count: 1,
    });
    const changed = { ...draft, answers: anAnswers({ words: 'Changed.' }), changedAt: at };
    const saved = await losing(async () => cut.save(await opened(stored), changed));
    expect(saved).toMatchObject({ draft: changed, evidence: [file] });
    expect(await losing(() => cut.finish(saved as StoredDraft, null, at))).toBe(true);
    const next = aDraft(schoolId, { personId: draft.personId });
    expect((await losing(() => cut.create(next)))?.draft).toEqual(next);
  });
});
