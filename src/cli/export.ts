import { unlink } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { processEnvironment, readSchoolsDir } from '../config.js';
import { AppError } from '../errors.js';
import { caseExport } from '../export/case-export.js';
import { mayRead } from '../reports/access.js';
import type { Case } from '../reports/case.js';
import { asKnownTo } from '../reports/known-links.js';
import { exportedByOperator } from '../reports/operator-copy.js';
import type { CaseStore, EvidenceFiles } from '../reports/stores.js';
import type { CaseRecord, CaseRecords } from '../reports/verify.js';
import { caseRecords, caseTable } from '../storage/case-table.js';
import { evidenceBlobs } from '../storage/evidence-blobs.js';
import { readSchool } from '../storage/school-folder.js';
import { fileInWords, newFile } from './new-file.js';
import { explained, reachStorage } from './storage.js';

const USAGE = `Writes everything of a case into a ZIP, to be handed over: a PDF to read and print, JSON, a text to paste into the school's
safeguarding system, the evidence byte for byte, and checksums. The case log notes it.

  npm run --silent export -- --case PD-7K3MZ0QX                writes PD-7K3MZ0QX.zip in this folder
  npm run --silent export -- --case PD-7K3MZ0QX --out FILE.zip
  npm run --silent export -- --case PD-7K3MZ0QX --school ID    where several schools have a case of that reference
  npm run --silent export -- --case PD-7K3MZ0QX --as PERSON    as that person may have it, by their object id in Entra

The storage is the one that STORAGE_CONNECTION_STRING or STORAGE_ACCOUNT names, in the environment or in .env; where neither
is set, that of a running "npm run dev". For one that was started with --storage-port, add --storage-port.

It overwrites nothing. Ends with code 0 when it is written, else with 1.`;

const REFERENCE = /^PD-[0-9A-HJKMNP-TV-Z]{8}$/u;
/** How often the note is tried again when others change the case at the same time. */
const MOST_TRIES = 5;

interface Stores {
  readonly cases: CaseStore;
  readonly records: CaseRecords;
  readonly files: EvidenceFiles;
  readonly now: () => Date;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${explained(error, 'Nothing was written: storage stopped answering.')}\n`);
  process.exitCode = 1;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      case: { type: 'string' },
      school: { type: 'string' },
      out: { type: 'string' },
      as: { type: 'string' },
      'storage-port': { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return say(USAGE);
  const reference = values.case?.trim().toUpperCase() ?? '';
  if (!REFERENCE.test(reference)) throw refusal('Please name the case, such as --case PD-7K3MZ0QX.');
  const { tables, blobs } = await reachStorage(values['storage-port'], 'Nothing was written');
  const stores = {
    cases: caseTable(tables),
    records: caseRecords(tables),
    files: evidenceBlobs(blobs),
    now: tables.now,
  };
  const { schoolId } = await theCase(stores.records, reference, values.school);
  const written = { schoolId, reference, personId: values.as?.trim() ?? null, out: values.out ?? `${reference}.zip` };
  return write(stores, written);
}

function refusal(words: string): AppError {
  return new AppError('bad_arguments', words);
}

/** @throws {AppError} when there is none, more than one, or one that cannot be read whole. */
async function theCase(records: CaseRecords, reference: string, schoolId?: string): Promise<CaseRecord> {
  const found: CaseRecord[] = [];
  for await (const record of records.named(reference, schoolId)) found.push(record);
  const [first, ...others] = found;
  if (!first) throw refusal(`${reference}: there is no such case.`);
  if (others.length > 0) {
    const schools = found.map((one) => one.schoolId).toSorted();
    throw refusal(`${schools.length} schools have a case ${reference}: ${schools.join(', ')}. Please add --school ID.`);
  }
  if (!first.head || first.unreadable.length > 0)
    throw refusal(`${reference} cannot be read as it was kept: npm run verify -- --case ${reference} says why.`);
  return first;
}

interface Written {
  readonly schoolId: string;
  readonly reference: string;
  readonly personId: string | null;
  readonly out: string;
}

async function write(stores: Stores, { schoolId, reference, personId, out }: Written): Promise<number> {
  const school = await readSchool(readSchoolsDir(processEnvironment()), schoolId);
  const stored = await stores.cases.find(schoolId, reference);
  if (personId !== null && !(stored && mayRead(stored.case, school.profile, personId)))
    throw refusal('That person may not read this case, so there is no copy of it for them.');
  const file = await newFile(out, '--out');
  try {
    const now = stores.now();
    const whole = await noted(stores.cases, schoolId, reference, now);
    const current = personId === null ? whole : await asKnownTo(whole, school.profile, personId, stores.cases);
    const onFault = (fault: string) => process.stderr.write(`${fault}\n`);
    const { files } = stores;
    const zip = caseExport({ case: current, school, files, personId, now, onFault });
    await pipeline(zip, file.createWriteStream());
  } catch (error) {
    await file.close().catch(() => undefined);
    await unlink(out);
    throw error;
  }
  return say(await fileInWords(out));
}

/** Notes in the case log that a copy is taken, before it is. @returns the case with that. */
async function noted(cases: CaseStore, schoolId: string, reference: string, now: Date): Promise<Case> {
  for (let left = MOST_TRIES; left > 0; left -= 1) {
    const stored = await cases.find(schoolId, reference);
    if (!stored) throw refusal(`${reference}: there is no such case.`);
    const change = exportedByOperator(stored, now);
    if ((await cases.change(stored, change)) !== undefined) return change.case;
  }
  throw refusal(`${reference} is being changed by others just now. Please try again.`);
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}
