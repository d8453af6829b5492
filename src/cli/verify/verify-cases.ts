import { certificateHash, type DeletionStore } from '../../reports/deletion.js';
import { type EvidenceFiles, readable } from '../../reports/stores.js';
import { type CaseRecord, type CaseRecords, counted, faultsInCase } from '../../reports/verify.js';

/** Where cases are, their evidence, and the certificates of those that were deleted. */
export interface Store {
  readonly records: CaseRecords;
  readonly deletions: DeletionStore;
  readonly files: EvidenceFiles;
}

/** The cases that are to be checked; all of them where nothing is named. */
export interface Which {
  readonly reference: string | undefined;
  readonly schoolId: string | undefined;
}

/** Whether all is sound, and the line that says so or names the first break. */
export interface Verdict {
  readonly sound: boolean;
  readonly line: string;
}

/** Checks every case, or those that were asked for, in `npm run verify`'s words. Rejects when storage stops answering. */
export async function verifyCases(store: Store, { reference, schoolId }: Which): Promise<Verdict> {
  const { records } = store;
  const chosen = reference === undefined ? records.all(schoolId) : records.named(reference, schoolId);
  let [cases, events, evidence] = [0, 0, 0];
  for await (const record of chosen) {
    const [first] = await faultsThatStay(record, store);
    if (first !== undefined) return broken(`${record.reference} of the school ${record.schoolId}: ${first}.`);
    cases += 1;
    events += record.log.length;
    evidence += record.evidence.length;
  }
  const deleted = await deletedCases(store, { reference, schoolId });
  if ('fault' in deleted) return broken(deleted.fault);
  const { certificates, begun } = deleted;
  if (reference !== undefined && cases + certificates === 0) return broken(`${reference}: there is no such case.`);
  const pieces = `${counted(evidence, 'piece')} of evidence`;
  const gone = certificates === 0 ? '' : `; ${counted(certificates, 'case')} deleted, certificates sound`;
  const left = begun === 0 ? '' : `, ${begun} of them not removed completely yet`;
  return {
    sound: true,
    line: `${counted(cases, 'case')}, ${counted(events, 'event')}, ${pieces}: sound${gone}${left}`,
  };
}

const broken = (line: string): Verdict => ({ sound: false, line });

type Deleted = { readonly fault: string } | { readonly certificates: number; readonly begun: number };

/** A deletion that is under way is no fault: the bot carries it on. */
async function deletedCases({ deletions }: Store, { reference, schoolId }: Which): Promise<Deleted> {
  let [certificates, begun, unreadable] = [0, 0, 0];
  const all = readable(deletions.all(schoolId), (count) => {
    unreadable = count;
  });
  for await (const { certificate, hash, complete } of all) {
    if (reference !== undefined && certificate.reference !== reference) continue;
    if (certificateHash(certificate) !== hash) {
      const { reference: which, schoolId: school } = certificate;
      return { fault: `${which} of the school ${school}: the certificate of its deletion has been changed.` };
    }
    certificates += 1;
    if (!complete) begun += 1;
  }
  if (unreadable > 0 && reference === undefined)
    return { fault: `${counted(unreadable, 'case')} deleted of which the certificate cannot be read.` };
  return { certificates, begun };
}

/** A case that was changed while it was being read is no broken one, so a broken one is read again. */
async function faultsThatStay(record: CaseRecord, { records, deletions, files }: Store): Promise<readonly string[]> {
  const faults = await faultsInCase(record, files);
  if (faults.length === 0) return faults;
  for await (const again of records.named(record.reference, record.schoolId)) return faultsInCase(again, files);
  return (await deletions.find(record.schoolId, record.reference)) ? [] : faults;
}
