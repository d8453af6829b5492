import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OwnAzurite } from '../support/azurite-process.js';
import { ROOT } from '../support/processes.js';
import { stagesOf } from './dockerfile.js';
import { build } from './image.js';
import { tryOut } from './started.js';

/**
 * Does by hand what the Dockerfile says, in a clean copy of what was committed last, and tries out what comes of it: for machines that
 * have no engine for containers. Prints sizes, and ends with 1 when something is not as it should be.
 */
const parent = mkdtempSync(join(tmpdir(), 'policy-desk-container-'));
chmodSync(parent, 0o755);
const say = (words: string) => process.stdout.write(`${words}\n`);

try {
  const project = join(parent, 'project');
  mkdirSync(project);
  execFileSync('tar', ['x', '-C', project], {
    input: execFileSync('git', ['archive', 'HEAD'], { cwd: ROOT, maxBuffer: 2 ** 28 }),
  });
  const stages = stagesOf(readFileSync(join(project, 'Dockerfile'), 'utf8'));
  const image = await build({ stages, project, parent, run });
  const azurite = await OwnAzurite.start();
  const tried = await tryOut(image, azurite.connection).finally(() => azurite.cleanUp());
  const { health, ready, evidence, commands, ended } = tried;
  say(
    `It started in ${Math.round(tried.startMs)} ms, as user ${process.getuid?.() === 0 ? 'of the image' : 'of this process'}.`,
  );
  say(`Health check: ${health[0]} while it ran, ${health[1]} afterwards. /readyz: ${ready}. It ended with ${ended}.`);
  say(`Evidence: ${evidence[1]} piece, status ${evidence[0]}. Verify: ${commands[0]?.trim()}`);
  const [, , , exported = '', doctor = ''] = commands;
  say(`Export: ${exported.trim()}. Application Insights was told ${tried.told.length} lines.`);
  const looked = doctor.includes('✓ bot credentials') && exported.includes('SHA-256') && tried.told.length > 0;
  const answered = tried.answer.includes('Clause 6.2');
  say(answered ? 'It answered the question with clause 6.2.' : `It did not answer: ${tried.answer}`);
  say(`\nMegabytes:\n${sizesOf(image.root)}`);
  const isWell =
    answered && looked && health[0] === 0 && health[1] === 1 && ready === 200 && evidence[1] === 1 && ended === 0;
  process.exitCode = isWell ? 0 : 1;
} finally {
  rmSync(parent, { recursive: true, force: true });
}

async function run(words: string, cwd: string): Promise<void> {
  say(`RUN ${words}`);
  const child = spawn('sh', ['-c', words], { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${words} ended with code ${code}.`);
}

function sizesOf(root: string): string {
  const parts = ['usr/local/bin/node', 'app', 'app/dist', 'app/dist/node_modules', 'app/dist/node_modules/@img'];
  return parts
    .map((part) => {
      const [kilobytes = '0'] = execFileSync('du', ['-sk', part], { cwd: root, encoding: 'utf8' }).split('\t');
      return `${(Number(kilobytes) / 1024).toFixed(1).padStart(8)}  ${part}`;
    })
    .join('\n');
}
