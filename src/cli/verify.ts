import { parseArgs } from 'node:util';
import { AppError } from '../errors.js';
import { caseRecords } from '../storage/case-table.js';
import { deletionTable } from '../storage/deletion-table.js';
import { evidenceBlobs } from '../storage/evidence-blobs.js';
import { explained, reachStorage } from './storage.js';
import { verifyCases } from './verify/verify-cases.js';

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
  const { sound, line } = await verifyCases(
    { records: caseRecords(tables), deletions, files: evidenceBlobs(blobs) },
    which,
  );
  return say(line, sound ? 0 : BROKEN);
}

function say(text: string, code: number): number {
  process.stdout.write(`${text}\n`);
  return code;
}
