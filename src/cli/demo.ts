import { rm, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { processEnvironment } from '../config.js';
import { dayAndTimeAt } from '../schools/calendar.js';
import type { School } from '../schools/school.js';
import { timeAt } from '../schools/time.js';
import { openBlobs } from '../storage/blobs.js';
import { caseRecords } from '../storage/case-table.js';
import { deletionTable } from '../storage/deletion-table.js';
import { evidenceBlobs } from '../storage/evidence-blobs.js';
import { openTables } from '../storage/tables.js';
import { askTheHeadteacher, askThePolicy } from './demo/asking.js';
import { DemoDesk, SCHOOLS_DIR } from './demo/desk.js';
import { LastHalfTerm } from './demo/governors.js';
import { storyPage } from './demo/page.js';
import { Recording } from './demo/recording.js';
import { report } from './demo/reporting.js';
import { copySchool } from './demo/school.js';
import { castOf, Stage } from './demo/story.js';
import { type Fetched, fetchExport, fetchSummary, sumUp } from './demo/summing-up.js';
import { DemoTeams } from './demo/teams.js';
import { storyTeller } from './demo/terminal.js';
import { triage } from './demo/triaging.js';
import { root } from './dev/plans.js';
import { type Verdict, verifyCases } from './verify/verify-cases.js';

const USAGE = `Shows the whole story in about a minute, without a browser: a question, one that the policy does not cover, a report with two
screenshots, how it is dealt with, and the governors' summary. The bot and its storage are real and end with the demo; the school and
its people are made up, and the demo plays Teams.

  npm run demo [-- --out .local]

Prints every card as text, and writes demo.html (every card drawn, to be shown to governors), demo-summary.pdf and
demo-case.zip into the folder --out; what a demo before has left there is replaced. Ends by checking every case log.

Ends with code 0 when all of it went well, else with 1. Ctrl-C ends it, and leaves nothing running.`;

const INTERRUPTED = 130;

/** What is said last, and the exit code. */
interface End {
  readonly words: string;
  readonly code: number;
}

// What was under way when it was interrupted would keep the process.
process.exit(await main());

async function main(): Promise<number> {
  try {
    const options = { out: { type: 'string', default: '.local' }, help: { type: 'boolean', short: 'h' } } as const;
    const { values } = parseArgs({ options });
    if (values.help) return say(USAGE);
    const { words, code } = await demonstrate(resolve(root, values.out));
    return say(words, code);
  } catch (error) {
    return say(`The demo could not begin: ${reasonOf(error)}`, 1);
  }
}

/** The story from beginning to end, with everything stopped and removed afterwards. */
async function demonstrate(out: string): Promise<End> {
  const begun = Date.now();
  const interrupted = new Promise<'interrupted'>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => done('interrupted'));
  });
  const desk = await DemoDesk.open(out);
  try {
    const outcome = await Promise.race([show(desk, out), interrupted]);
    if (outcome === 'interrupted') return { words: '\nStopped. Nothing is left running.', code: INTERRUPTED };
    const took = Math.round((Date.now() - begun) / 1000);
    const words = `\nEvery chain was checked: ${outcome.line}\nIt took ${took} s.`;
    return { words, code: outcome.sound ? 0 : 1 };
  } catch (error) {
    const logs = nearOf(join(out, 'logs', 'demo-*.log'));
    return { words: `\nThe demo stopped: ${reasonOf(error)}\nThe logs are ${logs}.`, code: 1 };
  } finally {
    await desk.close();
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** @returns what the check at the end found. */
async function show(desk: DemoDesk, out: string): Promise<Verdict> {
  say('Policy Desk, from a question to the governors. Starting the bot and its storage…');
  const school = await copySchool(SCHOOLS_DIR, desk.schoolsDir, dayAndTimeAt(new Date(), 'Europe/London').day);
  const ready = desk.start(processEnvironment(), join(out, 'logs'));
  const died = desk.ended().then((words) => {
    throw new Error(words);
  });
  return Promise.race([play(desk, school, ready, out), died]);
}

async function play(
  desk: DemoDesk,
  school: School,
  ready: ReturnType<DemoDesk['start']>,
  out: string,
): Promise<Verdict> {
  const cast = castOf(school);
  await ready.storage;
  const halfTerm = new LastHalfTerm(desk.connectionString, school);
  await halfTerm.happen({ reporter: cast.teacher, triager: cast.deputy, safeguarding: cast.deputy });
  await ready.bot;
  const teams = await DemoTeams.start(desk.address, school.profile.tenantId);
  try {
    const tell = storyTeller(process.stdout.isTTY === true);
    const recording = new Recording((told) => process.stdout.write(tell(told)));
    const stage = new Stage(cast, teams, recording);
    for (const person of [cast.teacher, cast.headteacher, cast.deputy, cast.chair]) await teams.install(person);
    await askThePolicy(stage);
    await askTheHeadteacher(stage);
    await triage(stage, await report(stage));
    await sumUp(stage, halfTerm);
    return await finish(desk, school, stage, out);
  } finally {
    await teams.stop();
  }
}

async function finish(desk: DemoDesk, school: School, stage: Stage, out: string): Promise<Verdict> {
  const files = [await fetchSummary(stage, out), await fetchExport(stage, out)];
  const verdict = await verify(desk.connectionString);
  const page = join(out, 'demo.html');
  const { name, timeZone } = school.profile;
  const facts = { school: name, at: timeAt(new Date(), timeZone), verdict: verdict.line };
  await rm(page, { force: true });
  await writeFile(
    page,
    storyPage(stage.recording.scenes, {
      ...facts,
      files: files.map(({ path, what }) => ({ name: relative(out, path), what })),
    }),
  );
  tellFiles([{ path: page, what: 'every card, drawn; open it in a browser' }, ...files]);
  return verdict;
}

async function verify(connectionString: string): Promise<Verdict> {
  const address = { connectionString };
  const tables = openTables(address);
  const store = {
    ...{ records: caseRecords(tables), deletions: deletionTable(tables) },
    files: evidenceBlobs(openBlobs(address)),
  };
  return verifyCases(store, { reference: undefined, schoolId: undefined });
}

function tellFiles(files: readonly Fetched[]): void {
  const lines = files.map(({ path, what }) => `  ${nearOf(path)}: ${what}`);
  say(['\nWritten:', ...lines].join('\n'));
}

function nearOf(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
}

function say(text: string, code = 0): number {
  process.stdout.write(`${text}\n`);
  return code;
}
