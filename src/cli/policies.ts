import { AppError } from '../errors.js';
import { showGaps } from './policies/gaps.js';

const USAGE = `Looks after policies.

  npm run policies -- gaps [--school ID] [--since DATE]   what staff asked and the policy left open`;

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<string>>> = { gaps: showGaps };

try {
  await main(process.argv.slice(2));
} catch (error) {
  const known = error instanceof AppError || (error instanceof TypeError && 'code' in error);
  process.stderr.write(`${known ? error.message : error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
}

async function main([name = '', ...args]: readonly string[]): Promise<void> {
  const command = COMMANDS[name];
  const asksForUsage = ['', 'help', '--help', '-h'].includes(name);
  if (!command && !asksForUsage) throw new AppError('bad_arguments', `There is no command "${name}".\n\n${USAGE}`);
  process.stdout.write(`${command ? await command(args) : USAGE}\n`);
}
