import { parseArgs } from 'node:util';
import { AppError } from '../errors.js';
import { type CaseRecords, counted, faultsInCase } from '../reports/verify.js';
import { caseRecords } from '../storage/case-table.js';
import { evidenceBlobs } from '../storage/evidence-blobs.js';
import { mendEvidence } from './backup/mend.js';
import { restoreBackup } from './backup/restore.js';
import { explained, reachStorage } from './storage.js';

const USAGE = `Puts a backup of "npm run backup" into an empty storage account, and checks every case of it. Stop the bot first.

  npm run --silent restore -- --from FOLDER [--newer FOLDER …]
  npm run --silent restore -- --evidence [--case PD-7K3MZ0QX]   brings back single files of evidence, in the store as it is

What was deleted stays deleted as far as any backup knows: name the later ones you have with --newer, and of cases that were deleted by
then only the certificate comes back. What was deleted after the last of them is told by "case.deleted" in the log; delete it again
with "npm run retention -- --delete" before the bot starts. Nothing is ever overwritten.

With --evidence no backup is needed: of files that were changed or removed, it looks through the versions, softly deleted blobs and
snapshots that the account has kept, and takes the one with the SHA-256 in the case log. The bot may run meanwhile.

The storage is the one that STORAGE_CONNECTION_STRING or STORAGE_ACCOUNT names, in the environment or in .env; where neither
is set, that of a running "npm run dev". For one that was started with --storage-port, add --storage-port.

Ends with code 0 when all was restored and every case is sound, else with 1.`;

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(
    `${explained(error, 'Not everything was restored: storage stopped answering. Empty it, or take another, and try again.')}\n`,
  );
  process.exitCode = 1;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      from: { type: 'string' },
      evidence: { type: 'boolean' },
      case: { type: 'string' },
      newer: { type: 'string', multiple: true, default: [] },
      'storage-port': { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return say(USAGE, 0);
  if (values.evidence) return mend(values['storage-port'], values.case?.trim().toUpperCase());
  if (!values.from) throw new AppError('bad_arguments', 'Say where from: --from FOLDER');
  const began = performance.now();
  const store = await reachStorage(values['storage-port'], 'Nothing was restored');
  const { takenAt, rows, blobs, deletedSince } = await restoreBackup(store, values.from, values.newer);
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  const gone = deletedSince === 0 ? '' : ` ${counted(deletedSince, 'case')} deleted since then stayed deleted.`;
  say(
    `${rows.toLocaleString('en-GB')} rows and ${blobs.toLocaleString('en-GB')} files as of ${takenAt} restored in ${seconds} s.${gone}`,
    0,
  );
  return check(caseRecords(store.tables), evidenceBlobs(store.blobs));
}

async function mend(port: string | undefined, reference: string | undefined): Promise<number> {
  const { tables, blobs } = await reachStorage(port, 'Nothing was restored');
  const records = caseRecords(tables);
  const { mended, lost } = await mendEvidence(
    blobs,
    reference === undefined ? records.all() : records.named(reference),
  );
  say(`${counted(mended, 'file')} of evidence brought back.`, 0);
  for (const name of lost) say(`Nothing that fits was kept of ${name}.`, 1);
  return check(
    reference === undefined ? records : { ...records, all: () => records.named(reference) },
    evidenceBlobs(blobs),
  );
}

async function check(records: CaseRecords, files: Parameters<typeof faultsInCase>[1]): Promise<number> {
  let [cases, broken] = [0, 0];
  for await (const record of records.all()) {
    const [first] = await faultsInCase(record, files);
    cases += 1;
    if (first === undefined) continue;
    broken += 1;
    say(`${record.reference} of the school ${record.schoolId}: ${first}.`, 1);
  }
  return broken === 0
    ? say(`${counted(cases, 'case')}: every chain and every piece of evidence is sound.`, 0)
    : say(`${counted(broken, 'case')} of ${cases} not sound.`, 1);
}

function say(text: string, code: number): number {
  process.stdout.write(`${text}\n`);
  return code;
}
