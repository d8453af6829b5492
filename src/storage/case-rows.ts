import type { TableEntity, TableEntityResult } from '@azure/data-tables';
import type { Actor, CaseEvent, Happening } from '../reports/case.js';
import type { Evidence } from '../reports/evidence.js';
import type { Report } from '../reports/report.js';
import type { CaseHead, CaseRecord } from '../reports/verify.js';
import { evidenceProperties, toEvidence } from './evidence-row.js';
import { dateFrom, packed, unpacked } from './packed.js';

/** The case's own row. Its ETag guards every change; what it counts shows when other rows are gone. */
export const CASE = 'case';
export const EVENT = 'event~';
export const EVIDENCE = 'evidence~';
export const DELIVERY = 'delivery~';
/** The tilde sorts behind letters and digits. */
export const AFTER_LAST_DELIVERY = 'delivery~~';

/** What changes in the case's own row as the case goes on; its report stands beside that and never changes. */
export type Counts = {
  readonly events: number;
  readonly lastHash: string;
  readonly deliveries: number;
  /** Whether it is neither closed nor withdrawn, so that those are found without reading all. Older rows do not say. */
  readonly unfinished?: boolean;
  /** When it was closed or withdrawn last, while it is not {@link unfinished}. Older rows do not say. */
  readonly endedAt?: Date;
  /** Names the last change, so that whoever made it knows it again. Older rows do not say. */
  readonly change?: string;
};

/** The property of a case's own row by which it says that the case was deleted: the hash of its certificate. */
export const DELETED = 'certificateHash';

type EventRow = { readonly at: Date; readonly previous: string; readonly hash: string };

/** A row as read, whatever its kind. */
export type Row = TableEntityResult<object> & { readonly partitionKey?: string; readonly rowKey?: string };

/** A case as read, with the ETag of its own row. */
export interface VersionedRecord extends CaseRecord {
  readonly version: string | undefined;
}

/** Whether a row is all that is left of a case. */
export const isDeleted = (row: object): boolean => DELETED in row && typeof row[DELETED] === 'string';

export const partitionOf = (schoolId: string, reference: string): string => `${schoolId}~${reference}`;

export const toCaseRow = (partition: string, report: Report, counts: Counts): TableEntity<Counts> => ({
  ...{ partitionKey: partition, rowKey: CASE, ...counts },
  ...packed('report', report),
});

export const toEventRow = (
  partition: string,
  { number, at, by, what, previous, hash }: CaseEvent,
): TableEntity<EventRow> => ({
  ...{ partitionKey: partition, rowKey: `${EVENT}${String(number).padStart(6, '0')}`, at, previous, hash },
  ...packed('by', by),
  ...packed('what', what),
});

export const toEvidenceRow = (partition: string, evidence: Evidence): TableEntity => ({
  ...{ partitionKey: partition, rowKey: `${EVIDENCE}${evidence.id}` },
  ...evidenceProperties(evidence),
});

/** Puts the rows of one partition together. What cannot be read is named, so that it neither hides nor stops the rest. */
export function toRecord(partition: string, rows: readonly Row[]): VersionedRecord {
  const [schoolId = '', reference = ''] = partition.split('~');
  const unreadable: string[] = [];
  const read = <T>(row: Row, how: (row: Row) => T): T[] => {
    try {
      return [how(row)];
    } catch {
      unreadable.push(row.rowKey ?? '');
      return [];
    }
  };
  const below = (prefix: string) => rows.filter(({ rowKey }) => rowKey?.startsWith(prefix));
  const own = rows.find(({ rowKey }) => rowKey === CASE);
  const log = below(EVENT).flatMap((row) => read(row, toEvent));
  const evidence = below(EVIDENCE).flatMap((row) => read(row, ofEvidence));
  return {
    ...{ schoolId, reference, log, unreadable },
    head: own && read(own, toHead)[0],
    evidence: inOrderAdded(evidence, log),
    deliveries: below(DELIVERY).length,
    version: own?.etag,
  };
}

function toHead(row: Row): CaseHead {
  const { events, lastHash, deliveries, unfinished } = row as Row & Counts;
  const kept = unpacked<Omit<Report, 'submittedAt'> & { submittedAt: string }>('report', row);
  const counts = { events, lastHash, deliveries, ...(unfinished !== undefined && { unfinished }) };
  return { ...counts, report: { ...kept, submittedAt: dateFrom(kept.submittedAt) } };
}

function toEvent(row: Row): CaseEvent {
  const { at, previous, hash } = row as Row & EventRow;
  const what = unpacked<Happening>('what', row);
  if (typeof what?.kind !== 'string') throw new TypeError('That is nothing that happens.');
  return {
    ...{ number: Number(row.rowKey?.slice(EVENT.length)), at: dateFrom(at), previous, hash, what },
    by: unpacked<Actor>('by', row),
  };
}

const ofEvidence = (row: Row): Evidence => toEvidence(row.rowKey?.slice(EVIDENCE.length) ?? '', row);

function inOrderAdded(evidence: readonly Evidence[], log: readonly CaseEvent[]): Evidence[] {
  const orders = new Map(
    log.flatMap(({ number, what }) => (what.kind === 'evidence_added' ? [[what.evidence, number]] : [])),
  );
  const orderOf = ({ id }: Evidence) => orders.get(id) ?? Number.MAX_SAFE_INTEGER;
  return evidence.toSorted((one, other) => orderOf(one) - orderOf(other));
}
