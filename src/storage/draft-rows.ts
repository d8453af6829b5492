import { odata, type TableEntity, type TableEntityResult } from '@azure/data-tables';
import type { Draft, StoredDraft } from '../reports/draft.js';
import type { DraftOwner } from '../reports/stores.js';
import { unlessMissing } from './commit.js';
import { toEvidence } from './evidence-row.js';
import { packed, unpacked } from './packed.js';
import type { LazyTable } from './tables.js';

/** The row of a person's open draft. Without a draft it stays, empty: it counts deliveries, and its ETag guards every change. */
export const OPEN = 'open';
export const FIRST_EVIDENCE = 'evidence~';
export const FIRST_DONE = 'done~';
/** The tilde sorts behind letters and digits. */
export const AFTER_LAST_DONE = 'done~~';

/** Which files a draft has, in the order received; rows beside it hold the rest. */
export type Files = readonly { readonly id: string; readonly sha256: string }[];

export type OpenRow = {
  /** Empty without a draft. */
  readonly draftId: string;
  readonly files: string;
  /** All that any of the person's drafts has caused. */
  readonly deliveries: number;
  /** Names the call that saved it, so that a call whose answer was lost knows its own work. Rows of earlier versions have none. */
  readonly saving?: string;
  /** When the draft or its evidence was changed; the draft beside it may have an older time. */
  readonly changedAt?: Date;
};

/** What the row says. */
export interface OpenDraft {
  readonly draft: Draft | undefined;
  readonly files: Files;
  readonly deliveries: number;
  readonly saving: string | undefined;
  readonly version: string;
}

export type DoneRow = { readonly reference?: string; readonly at: Date };

/** The person's id stands in the partition key in one spelling, whatever a turn's was. */
export const partitionOf = ({ schoolId, personId }: DraftOwner): string => `${schoolId}~${personId.toLowerCase()}`;

export const evidenceKey = (draftId: string, evidenceId: string): string => `${FIRST_EVIDENCE}${draftId}~${evidenceId}`;

export const toOpenRow = (draft: Draft, files: Files, deliveries: number, saving?: string): TableEntity<OpenRow> => ({
  ...{ partitionKey: partitionOf(draft), rowKey: OPEN, draftId: draft.id, deliveries, changedAt: draft.changedAt },
  ...(saving !== undefined && { saving }),
  files: JSON.stringify(files),
  ...packed('draft', draft),
});

export const emptyRow = (partition: string, deliveries: number): TableEntity<OpenRow> => ({
  ...{ partitionKey: partition, rowKey: OPEN, draftId: '', files: '[]', deliveries },
});

function toOpenDraft(row: TableEntityResult<OpenRow>): OpenDraft {
  const { draftId, files, deliveries, saving, changedAt, etag } = row;
  return {
    draft: draftId === '' ? undefined : toDraft(row, changedAt),
    files: JSON.parse(files) as Files,
    deliveries,
    saving,
    version: etag,
  };
}

type DraftAsJson = Omit<Draft, 'startedAt' | 'changedAt' | 'warnedAt'> & {
  readonly startedAt: string;
  readonly changedAt: string;
  readonly warnedAt: string | null;
};

function toDraft(row: object, changedAt: Date | undefined): Draft {
  const kept = unpacked<DraftAsJson>('draft', row);
  return {
    ...kept,
    startedAt: new Date(kept.startedAt),
    changedAt: changedAt ?? new Date(kept.changedAt),
    warnedAt: kept.warnedAt === null ? null : new Date(kept.warnedAt),
  };
}

/** The row alone. */
export async function read(
  table: LazyTable,
  partition: string,
  abortSignal: AbortSignal,
): Promise<OpenDraft | undefined> {
  const client = await table.client();
  const row = await unlessMissing(client.getEntity<OpenRow>(partition, OPEN, { abortSignal }));
  return row && toOpenDraft(row);
}

/** The draft with its evidence. */
export async function readWhole(
  table: LazyTable,
  partition: string,
  abortSignal: AbortSignal,
): Promise<StoredDraft | undefined> {
  const client = await table.client();
  const filter = odata`PartitionKey eq ${partition} and RowKey ge ${FIRST_EVIDENCE} and RowKey le ${OPEN}`;
  const byKey = new Map<string, TableEntityResult<object>>();
  for await (const row of client.listEntities<object>({ queryOptions: { filter }, abortSignal }))
    byKey.set((row as { rowKey: string }).rowKey, row);
  const row = byKey.get(OPEN) as TableEntityResult<OpenRow> | undefined;
  const open = row && toOpenDraft(row);
  if (!open?.draft) return undefined;
  const { draft, files, version, deliveries } = open;
  const evidence = files.map(({ id }) => toEvidence(id, byKey.get(evidenceKey(draft.id, id)) ?? {}));
  return { draft, evidence, version, deliveries };
}
