import { type Config, processEnvironment, readConfig } from './config.js';
import { AppError } from './errors.js';
import { createLog, type Log } from './log.js';
import type { School } from './schools/school.js';
import { storageDeliveryQueue } from './storage/delivery-queue.js';
import { directoryTable } from './storage/directory-table.js';
import { ENQUIRY_TABLE, enquiryTable } from './storage/enquiry-table.js';
import { openQuestionTable } from './storage/open-question-table.js';
import { tableOutbox } from './storage/outbox.js';
import { bufferQuestions } from './storage/question-buffer.js';
import { questionTable } from './storage/question-table.js';
import { openQueues } from './storage/queues.js';
import { SchoolWatch } from './storage/school-watch.js';
import { openTables, type Tables } from './storage/tables.js';
import { createReceiver } from './teams/adapter.js';
import { enquiryRenderers } from './teams/answer-enquiry.js';
import { azureOpenAiWriter } from './teams/azure-openai.js';
import { createBot } from './teams/bot.js';
import { Connector } from './teams/connector.js';
import { connectorToken } from './teams/connector-token.js';
import { rememberConversations } from './teams/conversations.js';
import { createCourier } from './teams/courier.js';
import { DeliveryWorker } from './teams/delivery-worker.js';
import { startServer } from './web/server.js';

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
  const watch = await SchoolWatch.open(config.schoolsDir, log, now);
  const { bot, questions, deliveries } = build(config, tables, watch.schools, log);
  const receive = createReceiver({ bot: config.bot, allowedTenants: config.allowedTenants, log }, bot);
  const parts = { receive, notReady: () => tables.unreachable(), warning: () => warningOf(watch), log };
  const server = await startServer(parts, config.host, config.port);
  watch.start();
  log.info({ event: 'server.listening', address: server.address, count: watch.schools.length });
  deliveries.start();
  stopOnSignal([[server, watch, deliveries], [questions]], log);
}

/** The bot, and the worker that sends what it owes. */
function build(config: Config, tables: Tables, schools: readonly School[], log: Log) {
  const enquiries = enquiryTable(tables);
  const directory = directoryTable(tables);
  const courier = createCourier({
    ...{ schools, directory, botId: config.bot?.id },
    connector: new Connector(connectorToken(config.bot)),
    renderers: enquiryRenderers({ enquiries }),
  });
  const outbox = tableOutbox(tables, [ENQUIRY_TABLE]);
  const queue = storageDeliveryQueue(openQueues(config.storage), log);
  const deliveries = new DeliveryWorker({ outbox, queue, courier, log, now, random: Math.random });
  const questions = bufferQuestions(questionTable(tables), log, now);
  const bot = createBot({
    ...{ schools, questions, enquiries, deliveries, log, now },
    openQuestions: openQuestionTable(tables),
    remember: rememberConversations({ schools, directory, log, hasIdentity: config.bot !== undefined }),
    plainEnglish: config.azureOpenAi && { writer: azureOpenAiWriter(config.azureOpenAi) },
  });
  return { bot, questions, deliveries };
}

function now(): Date {
  return new Date();
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
