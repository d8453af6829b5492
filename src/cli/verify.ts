import { parseArgs } from 'node:util';
import { AppError } from '../errors.js';
import { certificateHash, type DeletionStore } from '../reports/deletion.js';
import { type EvidenceFiles, readable } from '../reports/stores.js';
import { type CaseRecord, type CaseRecords, counted, faultsInCase } from '../reports/verify.js';
import { caseRecords } from '../storage/case-table.js';
import { deletionTable } from '../storage/deletion-table.js';
import { evidenceBlobs } from '../storage/evidence-blobs.js';
import { explained, reachStorage } from './storage.js';

const USAGE = `Checks that cases are as they were kept: the chain of hashes of every case log, every report, and every piece of
evidence byte for byte; and of cases that were deleted, that their certificates are. It changes nothing, and may run while the bot
does.

  npm run --silent verify                                      every case of the store
  npm run --silent verify -- --school ID                       every case of one school
  npm run --silent verify -- --case PD-7K3MZ0QX [--school ID]  one case

The storage is the one that STORAGE_CONNECTION_STRING or STORAGE_ACCOUNT names, in the environment or in .env; where neither
is set, that of a running "npm run dev". For one that was started with --storage-port, add --storage-port.

Ends with code 0 when all is sound, 1 with the first break named, 2 when it could not be checked.`;

const BROKEN = 1;
const NOT_CHECKED = 2;
const REFERENCE = /^PD-[0-9A-HJKMNP-TV-Z]{8}$/u;

interface Store {
  readonly records: CaseRecords;
  readonly deletions: DeletionStore;
  readonly files: EvidenceFiles;
}

interface Which {
  readonly reference: string | undefined;
  readonly schoolId: string | undefined;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${explained(error, 'Not everything was checked: storage stopped answering.')}\n`);
  process.exitCode = NOT_CHECKED;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      case: { type: 'string' },
      school: { type: 'string' },
      'storage-port': { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return say(USAGE, 0);
  const which = { reference: values.case?.trim().toUpperCase(), schoolId: values.school };
  if (which.reference !== undefined && !REFERENCE.test(which.reference))
    throw new AppError('bad_arguments', `"${values.case}" is not the reference of a case, such as PD-7K3MZ0QX.`);
  const { tables, blobs } = await reachStorage(values['storage-port'], 'Nothing was checked');
  const deletions = deletionTable(tables);
  return verify({ records: caseRecords(tables), deletions, files: evidenceBlobs(blobs) }, which);
}

async function verify(store: Store, { reference, schoolId }: Which): Promise<number> {
  const { records } = store;
  const chosen = reference === undefined ? records.all(schoolId) : records.named(reference, schoolId);
  let [cases, events, evidence] = [0, 0, 0];
  for await (const record of chosen) {
    const [first] = await faultsThatStay(record, store);
    if (first !== undefined) return say(`${record.reference} of the school ${record.schoolId}: ${first}.`, BROKEN);
    cases += 1;
    events += record.log.length;
    evidence += record.evidence.length;
  }
  const deleted = await deletedCases(store, { reference, schoolId });
  if ('fault' in deleted) return say(deleted.fault, BROKEN);
  const { certificates, begun } = deleted;
  if (reference !== undefined && cases + certificates === 0) return say(`${reference}: there is no such case.`, BROKEN);
  const pieces = `${counted(evidence, 'piece')} of evidence`;
  const gone = certificates === 0 ? '' : `; ${counted(certificates, 'case')} deleted, certificates sound`;
  const left = begun === 0 ? '' : `, ${begun} of them not removed completely yet`;
  return say(`${counted(cases, 'case')}, ${counted(events, 'event')}, ${pieces}: sound${gone}${left}`, 0);
}

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

function say(text: string, code: number): number {
  process.stdout.write(`${text}\n`);
  return code;
}
