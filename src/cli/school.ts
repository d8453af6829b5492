import { AppError } from '../errors.js';
import { check } from './school/check.js';
import { create, NEW_USAGE } from './school/new.js';

const USAGE = `Sets up a school, and finds what is missing or contradictory in what is set up.

  npm run school -- new                 asks a few questions and writes <SCHOOLS_DIR>/<id>/school.yaml; new --help lists the flags
  npm run school -- check [ID]          every school, or one of them
      --users FILE.csv                  the accounts of the tenant, to find people who do not exist: Entra admin centre > Users >
                                        All users > Download users
      --on DATE                         as it will be on that day
      --strict                          exit code 1 for warnings as well
      --json                            for programs

Exit code of check: 0 without errors, 1 with errors, 2 when nothing could be checked.`;

try {
  await main(process.argv.slice(2));
} catch (error) {
  const known = error instanceof AppError || (error instanceof TypeError && 'code' in error);
  process.stderr.write(`${known ? error.message : error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 2;
}

async function main([name = '', ...args]: readonly string[]): Promise<void> {
  const asksForHelp = args.some((arg) => arg === '--help' || arg === '-h');
  if (name === 'check' && !asksForHelp) {
    const { printed, failed } = await check(args);
    process.stdout.write(`${printed}\n`);
    process.exitCode = failed ? 1 : 0;
  } else if (name === 'new' && !asksForHelp) process.exitCode = await create(args);
  else if (name === 'new') process.stdout.write(`${NEW_USAGE}\n`);
  else if (['', 'check', '-h', '--help', 'help'].includes(name)) process.stdout.write(`${USAGE}\n`);
  else throw new AppError('bad_arguments', `There is no command "${name}". Use new or check.`);
}
