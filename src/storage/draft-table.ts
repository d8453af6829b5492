import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { odata, type TransactionAction } from '@azure/data-tables';
import type { Draft, FinishedDraft, StoredDraft } from '../reports/draft.js';
import { type Evidence, MOST_FILES } from '../reports/evidence.js';
import type { DraftOwner, DraftStore } from '../reports/stores.js';
import { commit, unlessMissing } from './commit.js';
import * as rows from './draft-rows.js';
import { evidenceProperties, toEvidence } from './evidence-row.js';
import { forget } from './forgotten-drafts.js';
import { KeyedTurns } from './keyed-turns.js';
import { owedRows } from './outbox.js';
import type { LazyTable, Tables } from './tables.js';

export const DRAFT_TABLE = 'Drafts';
/** A person waits. */
const DEADLINE_MS = 5_000;
/** Files that arrive at the same time wait for one another. */
const FILES_DEADLINE_MS = 15_000;
const SWEEP_DEADLINE_MS = 100_000;
const LONGEST_PAUSE_MS = 50;
const DRAFT_ID = /^[0-9a-f]{24}$/u;

/**
 * Keeps drafts in the table `Drafts`: partition key `<school>~<person>`, row keys `open`, `evidence~<draft>~<id>`,
 * `done~<draft>` and `delivery~000001`. Every change of a draft or its evidence is one transaction that changes the row `open`
 * as it was read, so of two at the same time one is refused. A finished draft leaves that row without words: the service does
 * not delete on condition within a transaction.
 */
export const draftTable = (tables: Tables): DraftStore => new DraftTable(tables.table(DRAFT_TABLE));

/** What a change of files comes to: the files there will be and what is written beside them; left out, nothing. */
interface Plan<T> {
  readonly result: T;
  readonly change?: { readonly files: rows.Files; readonly at?: Date; readonly action: TransactionAction };
}

class DraftTable implements DraftStore {
  readonly #table: LazyTable;
  /** Files that one process takes at the same time are not to refuse one another. */
  readonly #fileTurns = new KeyedTurns();

  constructor(table: LazyTable) {
    this.#table = table;
  }

  placeOf(owner: DraftOwner) {
    return { table: DRAFT_TABLE, partition: rows.partitionOf(owner) };
  }

  open(owner: DraftOwner): Promise<StoredDraft | undefined> {
    return rows.readWhole(this.#table, rows.partitionOf(owner), AbortSignal.timeout(DEADLINE_MS));
  }

  async create(draft: Draft): Promise<StoredDraft | undefined> {
    const abortSignal = AbortSignal.timeout(DEADLINE_MS);
    const partition = rows.partitionOf(draft);
    for (;;) {
      const before = await rows.read(this.#table, partition, abortSignal);
      // Its own, when the answer to having made it was lost on the way.
      if (before?.draft)
        return before.draft.id === draft.id ? rows.readWhole(this.#table, partition, abortSignal) : undefined;
      const deliveries = before?.deliveries ?? 0;
      const row = rows.toOpenRow(draft, [], deliveries);
      const version = await commit(
        this.#table,
        [before ? ['update', row, 'Replace', { etag: before.version }] : ['create', row]],
        abortSignal,
      );
      if (version !== undefined) return { draft, evidence: [], version, deliveries };
    }
  }

  async save(stored: StoredDraft, draft: Draft, owing: Parameters<DraftStore['save']>[2] = []) {
    const abortSignal = AbortSignal.timeout(DEADLINE_MS);
    const partition = rows.partitionOf(draft);
    const { evidence } = stored;
    const deliveries = stored.deliveries + owing.length;
    // What was read stands in the row for as long as its ETag does.
    const saving = randomUUID();
    const row = rows.toOpenRow(draft, filesOf(evidence), deliveries, saving);
    // A warning comes long after the last change.
    const owedSince = new Date(Math.max(draft.changedAt.getTime(), draft.warnedAt?.getTime() ?? 0));
    const owed = { schoolId: draft.schoolId, owedSince, first: stored.deliveries + 1 };
    const version = await commit(
      this.#table,
      [['update', row, 'Replace', { etag: stored.version }], ...owedRows(partition, owed, owing)],
      abortSignal,
    );
    if (version !== undefined) return { draft, evidence, version, deliveries };
    // Saved by this very call, when the answer was lost on the way.
    const now = await rows.read(this.#table, partition, abortSignal);
    return now?.saving === saving ? rows.readWhole(this.#table, partition, abortSignal) : undefined;
  }

  addEvidence(owner: DraftOwner, draftId: string, evidence: Evidence) {
    type Outcome = Awaited<ReturnType<DraftStore['addEvidence']>>;
    return this.#changeFiles<Outcome>({ owner, draftId, gone: { kind: 'gone' } }, async ({ files }, evidenceWith) => {
      const same = files.find(({ sha256 }) => sha256 === evidence.sha256);
      if (same)
        return {
          result: {
            kind: same.id === evidence.id ? 'added' : 'same',
            evidence: await evidenceWith(same.id),
            count: files.length,
          },
        };
      if (files.length >= MOST_FILES) return { result: { kind: 'full' } };
      const all = [...files, { id: evidence.id, sha256: evidence.sha256 }];
      const action: TransactionAction = ['create', evidenceRow(owner, draftId, evidence)];
      return {
        result: { kind: 'added', evidence, count: all.length },
        change: { files: all, at: evidence.receivedAt, action },
      };
    });
  }

  describeEvidence(...[owner, draftId, evidenceId, seen]: Parameters<DraftStore['describeEvidence']>) {
    return this.#changeFiles<Evidence | undefined>(
      { owner, draftId, gone: undefined },
      async ({ files }, evidenceWith) => {
        if (!files.some(({ id }) => id === evidenceId)) return { result: undefined };
        const evidence = { ...(await evidenceWith(evidenceId)), ...seen };
        const action: TransactionAction = ['update', evidenceRow(owner, draftId, evidence), 'Replace'];
        return { result: evidence, change: { files, action } };
      },
    );
  }

  async removeEvidence(owner: DraftOwner, draftId: string, evidenceId: string): Promise<void> {
    await this.#changeFiles({ owner, draftId, gone: undefined }, async ({ files }) => {
      const rest = files.filter(({ id }) => id !== evidenceId);
      if (rest.length === files.length) return { result: undefined };
      const action = deletion(rows.partitionOf(owner), draftId, evidenceId);
      return { result: undefined, change: { files: rest, action } };
    });
  }

  async finish(stored: StoredDraft, reference: string | null, at: Date): Promise<boolean> {
    const { draft, evidence, version, deliveries } = stored;
    const partition = rows.partitionOf(draft);
    const done = { partitionKey: partition, rowKey: `${rows.FIRST_DONE}${draft.id}`, at };
    const finished = await commit(
      this.#table,
      [
        ['update', rows.emptyRow(partition, deliveries), 'Replace', { etag: version }],
        ...evidence.map(({ id }) => deletion(partition, draft.id, id)),
        ['upsert', { ...done, ...(reference !== null && { reference }) }, 'Replace'],
      ],
      AbortSignal.timeout(DEADLINE_MS),
    );
    if (finished !== undefined) return true;
    // Done by this very call, when the answer was lost on the way.
    return isDeepStrictEqual(await this.finished(draft, draft.id), { id: draft.id, reference, at });
  }

  async finished(owner: DraftOwner, draftId: string): Promise<FinishedDraft | undefined> {
    if (!DRAFT_ID.test(draftId)) return undefined;
    const client = await this.#table.client();
    const abortSignal = AbortSignal.timeout(DEADLINE_MS);
    const key = `${rows.FIRST_DONE}${draftId}`;
    const row = await unlessMissing(client.getEntity<rows.DoneRow>(rows.partitionOf(owner), key, { abortSignal }));
    return row && { id: draftId, reference: row.reference ?? null, at: row.at };
  }

  async submittedBy(owner: DraftOwner): Promise<readonly FinishedDraft[]> {
    const client = await this.#table.client();
    const filter = odata`PartitionKey eq ${rows.partitionOf(owner)} and RowKey ge ${rows.FIRST_DONE} and RowKey lt ${rows.AFTER_LAST_DONE} and reference gt ''`;
    const abortSignal = AbortSignal.timeout(DEADLINE_MS);
    const found: FinishedDraft[] = [];
    for await (const row of client.listEntities<rows.DoneRow>({ queryOptions: { filter }, abortSignal }))
      found.push({
        id: row.rowKey?.slice(rows.FIRST_DONE.length) ?? '',
        reference: row.reference ?? null,
        at: row.at,
      });
    return found.toSorted((one, other) => other.at.getTime() - one.at.getTime());
  }

  forget(owner: DraftOwner, reference: string): Promise<void> {
    return forget(this.#table, rows.partitionOf(owner), reference);
  }

  async *untouchedSince(time: Date): AsyncIterable<StoredDraft> {
    const client = await this.#table.client();
    const filter = odata`RowKey eq ${rows.OPEN} and draftId gt '' and changedAt lt ${time}`;
    const queryOptions = { filter, select: ['PartitionKey', 'changedAt'] };
    const abortSignal = AbortSignal.timeout(SWEEP_DEADLINE_MS);
    const found: { readonly partition: string; readonly changedAt: number }[] = [];
    for await (const row of client.listEntities<rows.OpenRow>({ queryOptions, abortSignal }))
      found.push({ partition: row.partitionKey ?? '', changedAt: row.changedAt?.getTime() ?? 0 });
    for (const { partition } of found.toSorted((one, other) => one.changedAt - other.changedAt)) {
      const stored = await rows.readWhole(this.#table, partition, AbortSignal.timeout(DEADLINE_MS));
      if (stored && stored.draft.changedAt < time) yield stored;
    }
  }

  /** Plans again as often as another change comes first. `gone`: what it comes to when that draft is no longer being written. */
  #changeFiles<T>(
    { owner, draftId, gone }: { readonly owner: DraftOwner; readonly draftId: string; readonly gone: T },
    plan: (open: rows.OpenDraft, evidenceWith: (id: string) => Promise<Evidence>) => Promise<Plan<T>>,
  ): Promise<T> {
    const abortSignal = AbortSignal.timeout(FILES_DEADLINE_MS);
    const partition = rows.partitionOf(owner);
    return this.#fileTurns.take(partition, async () => {
      const client = await this.#table.client();
      const evidenceWith = async (id: string) =>
        toEvidence(id, await client.getEntity(partition, rows.evidenceKey(draftId, id), { abortSignal }));
      for (;;) {
        const open = await rows.read(this.#table, partition, abortSignal);
        if (open?.draft?.id !== draftId || open.draft.state !== 'writing') return gone;
        const planned = await unlessMissing(plan(open, evidenceWith));
        if (planned && (await this.#carryOut(partition, open, planned, abortSignal))) return planned.result;
        await setTimeout(Math.random() * LONGEST_PAUSE_MS, undefined, { signal: abortSignal });
      }
    });
  }

  /** @returns `false` when another change came first. */
  async #carryOut(
    partition: string,
    { draft, version }: rows.OpenDraft,
    { change }: Plan<unknown>,
    abortSignal: AbortSignal,
  ): Promise<boolean> {
    if (!change) return true;
    const changedAt = new Date(Math.max(draft?.changedAt.getTime() ?? 0, change.at?.getTime() ?? 0));
    const row = { partitionKey: partition, rowKey: rows.OPEN, files: JSON.stringify(change.files), changedAt };
    const actions: TransactionAction[] = [['update', row, 'Merge', { etag: version }], change.action];
    return (await commit(this.#table, actions, abortSignal)) !== undefined;
  }
}

const filesOf = (evidence: readonly Evidence[]): rows.Files => evidence.map(({ id, sha256 }) => ({ id, sha256 }));

const evidenceRow = (owner: DraftOwner, draftId: string, evidence: Evidence) => ({
  partitionKey: rows.partitionOf(owner),
  rowKey: rows.evidenceKey(draftId, evidence.id),
  ...evidenceProperties(evidence),
});

const deletion = (partition: string, draftId: string, evidenceId: string): TransactionAction => [
  'delete',
  { partitionKey: partition, rowKey: rows.evidenceKey(draftId, evidenceId) },
];
