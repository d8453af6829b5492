import { parseArgs } from 'node:util';
import { AppError } from '../errors.js';
import type { EvidenceFiles } from '../reports/stores.js';
import { type CaseRecord, type CaseRecords, counted, faultsInCase } from '../reports/verify.js';
import { caseRecords } from '../storage/case-table.js';
import { evidenceBlobs } from '../storage/evidence-blobs.js';
import { explained, reachStorage } from './storage.js';

const USAGE = `Checks that cases are as they were kept: the chain of hashes of every case log, every report, and every piece of
evidence byte for byte. It changes nothing, and may run while the bot does.

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
  return verify({ records: caseRecords(tables), files: evidenceBlobs(blobs) }, which);
}

async function verify({ records, files }: Store, { reference, schoolId }: Which): Promise<number> {
  const chosen = reference === undefined ? records.all(schoolId) : records.named(reference, schoolId);
  let [cases, events, evidence] = [0, 0, 0];
  for await (const record of chosen) {
    const [first] = await faultsThatStay(record, { records, files });
    if (first !== undefined) return say(`${record.reference} of the school ${record.schoolId}: ${first}.`, BROKEN);
    cases += 1;
    events += record.log.length;
    evidence += record.evidence.length;
  }
  if (reference !== undefined && cases === 0) return say(`${reference}: there is no such case.`, BROKEN);
  const pieces = `${counted(evidence, 'piece')} of evidence`;
  return say(`${counted(cases, 'case')}, ${counted(events, 'event')}, ${pieces}: sound`, 0);
}

/** A case that was changed while it was being read is no broken one, so a broken one is read again. */
async function faultsThatStay(record: CaseRecord, { records, files }: Store): Promise<readonly string[]> {
  const faults = await faultsInCase(record, files);
  if (faults.length === 0) return faults;
  for await (const again of records.named(record.reference, record.schoolId)) return faultsInCase(again, files);
  return faults;
}

function say(text: string, code: number): number {
  process.stdout.write(`${text}\n`);
  return code;
}
