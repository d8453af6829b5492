import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { openBlobs } from '../../src/storage/blobs.js';
import { caseTable } from '../../src/storage/case-table.js';
import { draftTable } from '../../src/storage/draft-table.js';
import { evidenceBlobs } from '../../src/storage/evidence-blobs.js';
import { openTables } from '../../src/storage/tables.js';
import { createLinks } from '../../src/web/links.js';
import { FakeApplicationInsights } from '../fakes/application-insights.js';
import { FakeEntra } from '../fakes/entra.js';
import { aMessage, SAMPLE_TENANT } from '../support/activities.js';
import { aPicture } from '../support/pictures.js';
import { freePorts } from '../support/ports.js';
import { ROOT } from '../support/processes.js';
import { aDraft, aReport, someEvidence, submitted } from '../support/reports.js';
import { commandOf, environmentOf, said } from './dockerfile.js';
import type { Image } from './image.js';

const SECRET = 'a secret of at least thirty-two characters';
const SCHOOL = 'example-primary';
/** A folder that nothing may write to, because it is not there. */
const NOWHERE = '/nonexistent';

/** Looks like storage, which is all that the configuration asks, but its library cannot read the address. */
const UNREADABLE = 'TableEndpoint=nowhere;SharedAccessSignature=none';

/** What it said of itself and to what it was asked. */
export interface TryOut {
  /** Code with which the image's own health check ended, while it ran and once it had stopped. */
  readonly health: readonly [running: number | null, stopped: number | null];
  readonly ready: number;
  readonly answer: string;
  /** Status of an upload of a picture to a draft, and of how many pieces of evidence the draft then has. */
  readonly evidence: readonly [status: number, pieces: number];
  /** What each command printed. */
  readonly commands: readonly string[];
  /** The log lines that Application Insights was told. */
  readonly told: readonly (string | undefined)[];
  readonly ended: number | NodeJS.Signals | null;
  readonly printed: string;
  readonly startMs: number;
}

/** What the commands are asked, below `dist/cli/`. */
const commandsFor = (reference: string, out: string): readonly (readonly [file: string, ...args: string[]])[] => [
  ['verify.js', '--case', reference],
  ['policies.js', 'show', '--policy', join(ROOT, 'test/documents/typed-numbers.pdf')],
  ['policies.js', 'show', '--policy', join(ROOT, 'test/documents/auto-numbered.docx')],
  ['export.js', '--case', reference, '--out', join(out, 'case.zip')],
  ['doctor.js'],
];

/** Loads what is only loaded where a chat model is set; nobody is there. */
const MODEL = {
  ...{ AZURE_OPENAI_ENDPOINT: 'https://127.0.0.1:9', AZURE_OPENAI_KEY: 'none' },
  AZURE_OPENAI_DEPLOYMENT: 'none',
};

/**
 * Starts what would be in the container as the container would: with the image's environment and nothing of this machine's, as its
 * user where this process may choose one, with nowhere to write but the folder of schools.
 */
export async function tryOut(image: Image, storage: string): Promise<TryOut> {
  const port = await freePorts(1);
  const [insights, entra] = await Promise.all([FakeApplicationInsights.start(), FakeEntra.start()]);
  const { identity, env, cwd, node, server, out } = await prepared(image, storage, port);
  const once0 = performance.now();
  const child = spawn(node, server, { ...identity, cwd, env: { ...env, ...MODEL, ...insights.environment } });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (printed += text));
  const healthy = () => {
    const [, ...check] = commandOf(said(image.stage, 'HEALTHCHECK')[0] ?? '[]');
    return spawnSync(node, check, { ...identity, cwd, env }).status;
  };
  try {
    while (!printed.includes('server.listening')) {
      if (child.exitCode !== null) throw new Error(`It ended before it listened:\n${printed}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const startMs = performance.now() - once0;
    const running = healthy();
    const origin = `http://127.0.0.1:${port}`;
    const ready = (await fetch(`${origin}/readyz`)).status;
    const answer = await asked(origin);
    const evidence = await withEvidence(origin, storage);
    const commands: string[] = [];
    for (const [file, ...args] of commandsFor(await aCase(storage), out))
      commands.push(
        await printedBy(node, [`dist/cli/${file}`, ...args], {
          ...{ ...identity, cwd, env: file === 'doctor.js' ? { ...env, ...managedBy(entra) } : env },
        }),
      );
    const ended = once(child, 'close');
    child.kill('SIGTERM');
    const [code, signal] = await ended;
    const told = insights.of('MessageData').map(({ message }) => message);
    return {
      ...{ health: [running, healthy()], ready, answer, evidence, commands, told },
      ...{ ended: code ?? signal, printed, startMs },
    };
  } finally {
    child.kill('SIGKILL');
    await Promise.all([insights.stop(), entra.stop()]);
  }
}

const managedBy = (entra: FakeEntra) => ({
  ...{ BOT_ID: '11111111-2222-4333-8444-555555555555', BOT_TYPE: 'UserAssignedMSI', BOT_TENANT_ID: SAMPLE_TENANT },
  ...{ IDENTITY_ENDPOINT: `${entra.address}/msi/token`, IDENTITY_HEADER: entra.secret },
});

/** Whatever code it ends with; meanwhile the fakes of this process answer. */
const printedBy = (command: string, args: readonly string[], options: object): Promise<string> =>
  new Promise((resolve) => execFile(command, args, options, (_, stdout, stderr) => resolve(`${stdout}${stderr}`)));

/** @returns its reference. */
async function aCase(storage: string): Promise<string> {
  const picture = await aPicture().png().toBuffer();
  const evidence = someEvidence(picture, undefined, { type: 'image/png' });
  const report = aReport(SCHOOL);
  const place = { schoolId: SCHOOL, reference: report.reference, evidenceId: evidence.id };
  const files = evidenceBlobs(openBlobs({ connectionString: storage }));
  await files.keepOriginal(place, picture, evidence.type);
  await caseTable(openTables({ connectionString: storage })).create(submitted(report, [evidence]));
  return report.reference;
}

/** What it prints when it cannot start for a reason that nobody foresaw. */
export async function printedOnFailure(image: Image): Promise<string> {
  const { identity, env, cwd, node, server } = await prepared(image, UNREADABLE, await freePorts(1));
  return String(spawnSync(node, server, { ...identity, cwd, env }).stderr);
}

async function prepared({ root, stage }: Image, storage: string, port: number) {
  const [uid = 0, gid = 0] = (said(stage, 'USER').at(-1) ?? '').split(':').map(Number);
  const identity = process.getuid?.() === 0 ? { uid, gid } : {};
  const own = environmentOf(stage);
  const schools = join(root, own.SCHOOLS_DIR ?? '');
  mkdirSync(schools, { recursive: true });
  await cp(join(ROOT, 'schools'), schools, { recursive: true });
  const out = join(root, 'out');
  mkdirSync(out, { recursive: true });
  if ('uid' in identity) for (const folder of [schools, out]) chownSync(folder, uid, gid);
  const env = {
    ...{ ...own, PORT: String(port), SCHOOLS_DIR: schools, STORAGE_CONNECTION_STRING: storage, LINK_SECRET: SECRET },
    ...{ PUBLIC_URL: `http://127.0.0.1:${port}`, HOME: NOWHERE, TMPDIR: NOWHERE },
  };
  const [, ...server] = [...said(stage, 'ENTRYPOINT'), ...said(stage, 'CMD')].flatMap(commandOf);
  const cwd = join(root, said(stage, 'WORKDIR').at(-1) ?? '');
  return { identity, env, cwd, node: join(root, 'usr/local/bin/node'), server, out };
}

async function asked(origin: string): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(aMessage('can i ring a parent from my own phone'));
  return (await fetch(`${origin}/api/messages`, { method: 'POST', headers, body })).text();
}

/** Adds a picture to a draft by its page, which looks at it and makes a viewing copy. */
async function withEvidence(origin: string, storage: string): Promise<readonly [number, number]> {
  const drafts = draftTable(openTables({ connectionString: storage }));
  const stored = await drafts.create(aDraft(SCHOOL));
  if (stored === undefined) throw new Error('The draft was there already.');
  const { id, schoolId, personId } = stored.draft;
  const links = createLinks({ secret: SECRET, publicUrl: origin, now: () => new Date() });
  const page = await links.uploadLink({ schoolId, personId, target: { kind: 'draft', draftId: id } });
  const headers = { 'content-type': 'application/octet-stream' };
  const body = new Uint8Array(await aPicture().png().toBuffer());
  const { status } = await fetch(`${page}/files`, { method: 'POST', headers, body });
  return [status, (await drafts.open({ schoolId, personId }))?.evidence.length ?? 0];
}
