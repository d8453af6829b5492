import { readFileSync } from 'node:fs';
import { askedSeldom, conditionNow } from './condition.js';
import { type Config, processEnvironment, readConfig, tellMicrosoftNothing } from './config.js';
import { AppError } from './errors.js';
import { INSTALLED_IN } from './installed.js';
import { createLog, type Log } from './log.js';
import { type Blobs, openBlobs } from './storage/blobs.js';
import { openQueues } from './storage/queues.js';
import { SchoolMirror } from './storage/school-mirror.js';
import { SchoolWatch } from './storage/school-watch.js';
import { summaryDocuments } from './storage/summary-documents.js';
import { credentialOf, openTables, type Tables } from './storage/tables.js';
import { createReceiver } from './teams/adapter.js';
import type { Condition } from './teams/setup.js';
import { typeOf } from './teams/turn.js';
import { type Telemetry, withoutTelemetry } from './telemetry/telemetry.js';
import { VitalSigns } from './telemetry/vital-signs.js';
import { createLinks, type Links } from './web/links.js';
import { readinessOf } from './web/readiness.js';
import { type ServerParts, startServer } from './web/server.js';
import { build, pagesOf, sweepsOf, writerOf } from './wiring.js';

try {
  await start();
} catch (error) {
  process.stderr.write(`${wordsForOperator(error)}\n`);
  process.exit(1);
}

async function start(): Promise<void> {
  const config = readConfig(processEnvironment());
  const version = versionOf();
  const telemetry = await telemetryOf(config, createLog(config.logLevel), version);
  const { log } = telemetry;
  keepLibrariesOffTheConsole(log);
  const tables = openTables(config.storage);
  const { now } = tables;
  const signs = new VitalSigns(now);
  const blobs = openBlobs(config.storage);
  const queues = openQueues(config.storage);
  const mirror = mirrorOf(config, blobs, log);
  await mirror?.first();
  const watch = await SchoolWatch.open(config.schoolsDir, log, now);
  const links = createLinks({ secret: config.linkSecret, publicUrl: config.publicUrl, now });
  const { bot, parts, questions, deliveries, outbox } = build(
    config,
    { tables, blobs, queues },
    watch,
    links,
    statusOf({ tables, blobs }, watch, links, version),
    await writerOf(config),
    { telemetry, signs },
  );
  const receive = createReceiver({ bot: config.bot, allowedTenants: config.allowedTenants, log }, bot);
  const asked = { tables: askedSeldom(tables), blobs: askedSeldom(blobs), queues: askedSeldom(queues) };
  const condition = () => conditionNow({ ...asked, watch, mirror, signs });
  const documents = summaryDocuments(blobs);
  const server = await startServer(
    { receive: timed(receive, telemetry), condition, ...pagesOf(parts, links, documents), log },
    config.host,
    config.port,
  );
  watch.start();
  mirror?.start();
  deliveries.start();
  const sweeps = sweepsOf(parts, tables, outbox, documents, { telemetry, signs });
  for (const sweep of sweeps) sweep.start();
  measure(telemetry, signs, condition);
  stopOnSignal(
    [[server, watch, ...(mirror ? [mirror] : []), ...sweeps, parts.reports.pending], [deliveries], [questions]],
    telemetry,
  );
  // Last: whoever reads it may tell the process to end at once, and what has begun is then finished.
  log.info({ event: 'server.listening', address: server.address, count: watch.schools.length });
}

function measure(telemetry: Telemetry, signs: VitalSigns, condition: ServerParts['condition']): void {
  telemetry.measure({
    oldestOwedSeconds: () => signs.oldestOwedSeconds(),
    sweepAges: () => signs.sweepAges(),
    isReady: async () => readinessOf(await condition()).status === 'ready',
  });
}

/** What it needs is loaded only where it is wanted. */
async function telemetryOf({ applicationInsights, logLevel }: Config, log: Log, version: string): Promise<Telemetry> {
  if (applicationInsights === undefined) return withoutTelemetry(log);
  tellMicrosoftNothing();
  const { azureMonitor } = await import('./telemetry/azure-monitor.js');
  const { connectionString, identity } = applicationInsights;
  const credential = identity && credentialOf(identity);
  return azureMonitor({ connectionString, ...(credential && { credential }), log, level: logLevel, version });
}

/** Each turn is timed. */
function timed(receive: ServerParts['receive'], telemetry: Telemetry): ServerParts['receive'] {
  return (authorization, activity) =>
    telemetry.during('turn', { activity: typeOf({ type: String(activity.type) }) }, () =>
      receive(authorization, activity),
    );
}

function versionOf(): string {
  return (JSON.parse(readFileSync(new URL('package.json', INSTALLED_IN), 'utf8')) as { version: string }).version;
}

/** How this process is, for those who type "status". */
function statusOf(
  { tables, blobs }: { readonly tables: Tables; readonly blobs: Blobs },
  watch: SchoolWatch,
  links: Links,
  version: string,
): Condition {
  return {
    unreachable: async () => (await tables.unreachable()) ?? blobs.unreachable(),
    version,
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

/** Where schools lie in a blob container, the folder is kept as that is. */
function mirrorOf({ schoolsContainer, schoolsDir }: Config, blobs: Blobs, log: Log): SchoolMirror | undefined {
  if (schoolsContainer === undefined) return undefined;
  return new SchoolMirror({ container: blobs.container(schoolsContainer), folder: schoolsDir, log });
}

/** @param stages parts that are stopped together, one stage after the other: what serves first, then what it leaves behind. */
function stopOnSignal(stages: readonly (readonly { stop(): Promise<void> }[])[], telemetry: Telemetry): void {
  const { log } = telemetry;
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    log.info({ event: 'server.stopping' });
    for (const parts of stages) await Promise.all(parts.map((part) => part.stop()));
    log.info({ event: 'server.stopped' });
    await telemetry.stop();
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
