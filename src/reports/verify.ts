import { createHash } from 'node:crypto';
import type { CaseEvent, Happening } from './case.js';
import { BEFORE_THE_FIRST, digestOf, hashOf } from './case-log.js';
import type { Evidence } from './evidence.js';
import type { Report } from './report.js';
import { isUnfinished } from './standing.js';
import type { EvidenceFiles } from './stores.js';

/** A case as its rows are, sound or not. */
export interface CaseRecord {
  readonly schoolId: string;
  readonly reference: string;
  /** What the case's own row says; `undefined` when it is gone or cannot be read. */
  readonly head: CaseHead | undefined;
  /** Events in the order of their numbers; some may be missing. */
  readonly log: readonly CaseEvent[];
  readonly evidence: readonly Evidence[];
  /** How many deliveries there are. */
  readonly deliveries: number;
  /** Row keys of what is there and cannot be read. */
  readonly unreadable: readonly string[];
}

export interface CaseHead {
  readonly report: Report;
  /** How many events there have to be, and the hash of the last. */
  readonly events: number;
  readonly lastHash: string;
  readonly deliveries: number;
  /** Whether it says that the case is neither closed nor withdrawn; older ones do not say. */
  readonly unfinished?: boolean;
}

/** Where cases are read as they are. Every method rejects only when the store cannot be reached in time. */
export interface CaseRecords {
  /** Every case of a school, or of all schools, one after another. */
  all(schoolId?: string): AsyncIterable<CaseRecord>;
  /** The cases of one reference, of a school or of whichever have it. */
  named(reference: string, schoolId?: string): AsyncIterable<CaseRecord>;
}

type Added = Extract<Happening, { kind: 'evidence_added' }>;

/**
 * What is wrong with a case, in plain words without personal data: empty when it is sound. Rejects when the files cannot be read
 * in time.
 *
 * Checked are the numbers of the events and the chain of their hashes; that the log is as long and ends as the case's row
 * says; the report against its digest in the log; the evidence against the log, both ways; and every original and viewing
 * copy, byte for byte, against its SHA-256.
 */
export async function faultsInCase(record: CaseRecord, files: EvidenceFiles): Promise<readonly string[]> {
  const unreadable = record.unreadable.map((key) => `${rowName(key)} cannot be read`);
  const faults = [...unreadable, ...faultsInLog(record), ...faultsInHead(record), ...faultsInEvidence(record)];
  for (const evidence of record.evidence) faults.push(...(await faultsInFiles(record, evidence, files)));
  return faults;
}

function rowName(key: string): string {
  const [kind = '', id = ''] = key.split('~');
  if (kind === 'case') return "the case's own row";
  return kind === 'event' ? `event ${Number(id)}` : `${kind} ${id}`;
}

function faultsInLog(record: CaseRecord): string[] {
  const faults: string[] = [];
  let previous = BEFORE_THE_FIRST;
  let expected = 1;
  for (const event of record.log) {
    if (event.number !== expected) faults.push(`event ${expected} is missing`);
    else if (event.previous !== previous) faults.push(`event ${event.number} does not follow from the one before`);
    if (hashOf(record, event) !== event.hash) faults.push(`event ${event.number} has been changed`);
    previous = event.hash;
    expected = event.number + 1;
  }
  return faults;
}

function faultsInHead(record: CaseRecord): string[] {
  const { head, log, deliveries, unreadable } = record;
  if (!head) return unreadable.includes('case') ? [] : ["the case's own row is missing"];
  const faults: string[] = [];
  if (log.length !== head.events)
    faults.push(`the log has ${counted(log.length, 'event')}, but the case's row says ${head.events}`);
  const last = log.at(-1);
  if (last && last.hash !== head.lastHash)
    faults.push(`event ${last.number}, the last, is not the one that the case's row names`);
  if (deliveries !== head.deliveries)
    faults.push(`the case has ${counted(deliveries, 'delivery')}, but its row says ${head.deliveries}`);
  if (head.unfinished !== undefined && isWhole(log) && head.unfinished !== isUnfinished({ report: head.report, log }))
    faults.push(`the case's row says that the case ${head.unfinished ? 'goes on' : 'is over'}, but its log does not`);
  return [...faults, ...faultsInReport(record, head.report)];
}

/** Only of a log with its beginning can be said what it adds up to. */
const isWhole = ([first]: readonly CaseEvent[]): boolean => first?.what.kind === 'submitted';

function faultsInReport({ schoolId, reference, log }: CaseRecord, report: Report): string[] {
  const [first] = log;
  if (first?.number !== 1) return [];
  if (first.what.kind !== 'submitted') return ['event 1 does not say that the report was submitted'];
  const faults: string[] = [];
  if (first.what.report !== digestOf(report)) faults.push('event 1 names another report: the report has been changed');
  if (report.schoolId !== schoolId || report.reference !== reference)
    faults.push('the report belongs to another school or reference');
  return faults;
}

/** Both ways: what the log says was added is there as it was, and what is there was added. */
function faultsInEvidence({ log, evidence }: CaseRecord): string[] {
  const added = log.flatMap(({ number, what }) => (what.kind === 'evidence_added' ? [{ number, what }] : []));
  const byId = new Map(evidence.map((one) => [one.id, one]));
  const known = new Set(added.map(({ what }) => what.evidence));
  const fromLog = added.flatMap(({ number, what }) => {
    const kept = byId.get(what.evidence);
    if (!kept) return [`evidence ${what.evidence}, which event ${number} added, is missing`];
    return differences(kept, what).map((name) => `evidence ${kept.id} has another ${name} than event ${number} says`);
  });
  const unknown = evidence
    .filter(({ id }) => !known.has(id))
    .map(({ id }) => `no event says that evidence ${id} was added`);
  return [...fromLog, ...unknown];
}

function differences(kept: Evidence, what: Added): string[] {
  const found: string[] = [];
  if (kept.sha256 !== what.sha256) found.push('SHA-256');
  if (kept.bytes !== what.bytes) found.push('size');
  if (kept.type !== what.type) found.push('type');
  if (what.digest !== digestOf(kept)) found.push('description');
  return found;
}

async function faultsInFiles(
  { schoolId, reference }: CaseRecord,
  { id, sha256, bytes, viewing }: Evidence,
  files: EvidenceFiles,
): Promise<string[]> {
  const place = { schoolId, reference, evidenceId: id };
  const faults: string[] = [];
  const original = await files.original(place);
  if (!original) faults.push(`the original of evidence ${id} is missing`);
  else if (original.byteLength !== bytes)
    faults.push(`the original of evidence ${id} has ${original.byteLength} bytes instead of ${bytes}`);
  else if (sha256Of(original) !== sha256) faults.push(`the original of evidence ${id} has been changed`);
  if (!viewing) return faults;
  const copy = await files.viewing(place);
  if (!copy) faults.push(`the viewing copy of evidence ${id} is missing`);
  else if (sha256Of(copy) !== viewing.sha256) faults.push(`the viewing copy of evidence ${id} has been changed`);
  return faults;
}

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** "1 case", "7 cases", "1 delivery", "0 deliveries". */
export const counted = (count: number, noun: string): string =>
  `${count} ${count === 1 ? noun : noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`}`;
