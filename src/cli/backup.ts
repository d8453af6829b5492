import { parseArgs } from 'node:util';
import { AppError } from '../errors.js';
import { takeBackup } from './backup/take.js';
import { explained, reachStorage } from './storage.js';

const USAGE = `Copies all that Policy Desk keeps, tables and files, into a folder: Azure Tables have no versions and no backup of their own.

  npm run --silent backup -- --to FOLDER

The folder must be new or empty. It then holds everything that people have reported, in plain text: keep it as you keep the reports
themselves, encrypted, and delete it when your retention says so. It changes nothing, and may run while the bot does.

The storage is the one that STORAGE_CONNECTION_STRING or STORAGE_ACCOUNT names, in the environment or in .env; where neither
is set, that of a running "npm run dev". For one that was started with --storage-port, add --storage-port.

Ends with code 0 when all was copied, else with 1.`;

try {
  await main();
} catch (error) {
  process.stderr.write(
    `${explained(error, 'Not everything was copied: storage stopped answering. Delete what the folder holds by now, and try again.')}\n`,
  );
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { to: { type: 'string' }, 'storage-port': { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) return void process.stdout.write(`${USAGE}\n`);
  if (!values.to) throw new AppError('bad_arguments', 'Say where to: --to FOLDER');
  const began = performance.now();
  const taken = await takeBackup(await reachStorage(values['storage-port'], 'Nothing was copied'), values.to);
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  const size = `${taken.bytes.toLocaleString('en-GB')} bytes`;
  process.stdout.write(
    `${taken.rows.toLocaleString('en-GB')} rows and ${taken.blobs.toLocaleString('en-GB')} files (${size}) copied to ${values.to} in ${seconds} s.\n`,
  );
}
