import { processEnvironment, readConfig } from './config.js';
import { AppError } from './errors.js';
import { createLog, type Log } from './log.js';
import { bufferQuestions, type QuestionBuffer } from './storage/question-buffer.js';
import { questionTable } from './storage/question-table.js';
import { readSchools } from './storage/school-folder.js';
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
  const schools = await readSchools(config.schoolsDir);
  const now = () => new Date();
  const questions = bufferQuestions(questionTable(tables), log, now);
  const bot = createBot({ schools, questions, log, now });
  const receive = createReceiver({ bot: config.bot, allowedTenants: config.allowedTenants, log }, bot);
  const server = await startServer({ receive, notReady: () => tables.unreachable(), log }, config.host, config.port);
  log.info({ event: 'server.listening', address: server.address, count: schools.length });
  stopOnSignal(server, questions, log);
}

/** The Bot Framework SDK writes refused tokens to the console; the log says that it spoke, not what strangers sent. */
function keepLibrariesOffTheConsole(log: Log): void {
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    console[method] = () => log.debug({ event: 'library.message' });
  }
}

function stopOnSignal(server: RunningServer, questions: QuestionBuffer, log: Log): void {
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    log.info({ event: 'server.stopping' });
    await server.stop();
    await questions.stop();
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
