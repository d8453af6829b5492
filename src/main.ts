import { readFileSync } from 'node:fs';
import { processEnvironment, readConfig } from './config.js';
import { AppError } from './errors.js';
import { INSTALLED_IN } from './installed.js';
import { createLog, type Log } from './log.js';
import { openBlobs } from './storage/blobs.js';
import { SchoolWatch } from './storage/school-watch.js';
import { summaryDocuments } from './storage/summary-documents.js';
import { openTables } from './storage/tables.js';
import { createReceiver } from './teams/adapter.js';
import type { Condition } from './teams/setup.js';
import { createLinks, type Links } from './web/links.js';
import { startServer } from './web/server.js';
import { build, pagesOf, sweepsOf, writerOf } from './wiring.js';

try {
  await start();
} catch (error) {
  process.stderr.write(`${wordsForOperator(error)}\n`);
  process.exit(1);
}

async function start(): Promise<void> {
  const config = readConfig(processEnvironment());
  const log = createLog(config.logLevel);
  keepLibrariesOffTheConsole(log);
  const tables = openTables(config.storage);
  const { now } = tables;
  const watch = await SchoolWatch.open(config.schoolsDir, log, now);
  const links = createLinks({ secret: config.linkSecret, publicUrl: config.publicUrl, now });
  const blobs = openBlobs(config.storage);
  const notReady = async () => (await tables.unreachable()) ?? blobs.unreachable();
  const condition = conditionOf(notReady, watch, links);
  const { bot, parts, questions, deliveries, outbox } = build(
    config,
    { tables, blobs },
    watch.schools,
    links,
    condition,
    await writerOf(config),
    log,
  );
  const receive = createReceiver({ bot: config.bot, allowedTenants: config.allowedTenants, log }, bot);
  const documents = summaryDocuments(blobs);
  const server = await startServer(
    { receive, notReady, warning: () => warningOf(watch), ...pagesOf(parts, links, documents), log },
    config.host,
    config.port,
  );
  watch.start();
  log.info({ event: 'server.listening', address: server.address, count: watch.schools.length });
  deliveries.start();
  const sweeps = sweepsOf(parts, tables, outbox, documents);
  for (const sweep of sweeps) sweep.start();
  stopOnSignal([[server, watch, ...sweeps, parts.reports.pending], [deliveries], [questions]], log);
}

/** How this process is, for those who type "status". */
function conditionOf(unreachable: Condition['unreachable'], watch: SchoolWatch, links: Links): Condition {
  const { version } = JSON.parse(readFileSync(new URL('package.json', INSTALLED_IN), 'utf8')) as {
    version: string;
  };
  return {
    ...{ unreachable, version },
    linksOrigin: links.origin,
    faultSince: (id) => watch.faults().find(({ schoolId }) => schoolId === id)?.since,
  };
}

/** The Bot Framework SDK writes refused tokens to the console; the log says that it spoke, not what strangers sent. */
function keepLibrariesOffTheConsole(log: Log): void {
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    console[method] = () => log.debug({ event: 'library.message' });
  }
}

/** Without the ids of schools, because everyone may ask whether the bot is ready. */
function warningOf(watch: SchoolWatch): string | undefined {
  const count = watch.faults().length;
  return count === 0
    ? undefined
    : `What was changed for ${count === 1 ? 'a school' : `${count} schools`} cannot be read, so it is not used. The log says which.`;
}

/** @param stages parts that are stopped together, one stage after the other: what serves first, then what it leaves behind. */
function stopOnSignal(stages: readonly (readonly { stop(): Promise<void> }[])[], log: Log): void {
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    log.info({ event: 'server.stopping' });
    for (const parts of stages) await Promise.all(parts.map((part) => part.stop()));
    log.info({ event: 'server.stopped' });
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());
}

function wordsForOperator(error: unknown): string {
  if (error instanceof AppError) return error.message;
  const { code, port, address } = error as { code?: string; port?: number; address?: string };
  if (code === 'EADDRINUSE')
    return `Policy Desk cannot start: port ${port} is taken. Stop what uses it, or set PORT to another.`;
  if (code === 'EADDRNOTAVAIL')
    return `Policy Desk cannot start: ${address} is not an address of this machine. Check HOST.`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
