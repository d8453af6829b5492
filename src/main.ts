import { processEnvironment, readConfig } from './config.js';
import { AppError } from './errors.js';
import { createLog, type Log } from './log.js';
import { openQuestionTable } from './storage/open-question-table.js';
import { questionTable } from './storage/question-table.js';
import { SchoolWatch } from './storage/school-watch.js';
import { openTables } from './storage/tables.js';
import { createReceiver } from './teams/adapter.js';
import { createBot } from './teams/bot.js';
import { type RunningServer, startServer } from './web/server.js';

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
  const now = () => new Date();
  const watch = await SchoolWatch.open(config.schoolsDir, log, now);
  const { schools } = watch;
  const [questions, openQuestions] = [questionTable(tables), openQuestionTable(tables)];
  const bot = createBot({ schools, questions, openQuestions, log, now });
  const receive = createReceiver({ bot: config.bot, allowedTenants: config.allowedTenants, log }, bot);
  const parts = { receive, notReady: () => tables.unreachable(), warning: () => warningOf(watch), log };
  const server = await startServer(parts, config.host, config.port);
  watch.start();
  log.info({ event: 'server.listening', address: server.address, count: schools.length });
  stopOnSignal(server, watch, log);
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

function stopOnSignal(server: RunningServer, watch: SchoolWatch, log: Log): void {
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    log.info({ event: 'server.stopping' });
    await Promise.all([server.stop(), watch.stop()]);
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
