import { AppError } from '../errors.js';
import { check } from './policies/check.js';
import { showGaps } from './policies/gaps.js';
import { list } from './policies/list.js';
import { show } from './policies/show.js';

/** One thing that can be done with policies. */
interface Command {
  readonly usage: string;
  /** @returns what is printed. */
  readonly run: (args: readonly string[]) => Promise<string>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  list: { usage: 'list                           every school with its policies', run: list },
  show: { usage: 'show --school ID | --policy FILE   every clause, as it is quoted', run: show },
  check: { usage: 'check FILE                     how a document is read, before a school adopts it', run: check },
  gaps: { usage: 'gaps [--school ID] [--since DATE]   what staff asked and the policy left open', run: showGaps },
};

const USAGE = `Looks at policies.

${Object.values(COMMANDS)
  .map(({ usage }) => `  npm run --silent policies -- ${usage}`)
  .join('\n')}`;

try {
  await main(process.argv.slice(2));
} catch (error) {
  const known = error instanceof AppError || (error instanceof TypeError && 'code' in error);
  process.stderr.write(`${known ? error.message : error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
}

async function main([name = '', ...args]: readonly string[]): Promise<void> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  const asksForHelp = ['', '-h', '--help', 'help'].includes(name);
  if (command === undefined && !asksForHelp)
    throw new AppError('bad_arguments', `There is no command "${name}". Use ${Object.keys(COMMANDS).join(', ')}.`);
  process.stdout.write(`${command === undefined ? USAGE : await command.run(args)}\n`);
}
