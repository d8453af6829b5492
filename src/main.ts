import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { type Config, processEnvironment, readConfig } from './config.js';
import { AppError } from './errors.js';
import { drawDocument, exportZip } from './export/on-demand.js';
import { createLog, type Log } from './log.js';
import type { CaseStore, DraftStore } from './reports/stores.js';
import { Allowances } from './schools/allowances.js';
import type { Outbox, OutboxPlace } from './schools/delivery.js';
import type { School } from './schools/school.js';
import { type Blobs, openBlobs } from './storage/blobs.js';
import { CASE_TABLE, caseTable } from './storage/case-table.js';
import { channelHealthTable } from './storage/channel-health-table.js';
import { deletionTable } from './storage/deletion-table.js';
import { storageDeliveryQueue } from './storage/delivery-queue.js';
import { directoryTable } from './storage/directory-table.js';
import { DRAFT_TABLE, draftTable } from './storage/draft-table.js';
import { ENQUIRY_TABLE, enquiryTable } from './storage/enquiry-table.js';
import { evidenceBlobs } from './storage/evidence-blobs.js';
import { JOB_TABLE, jobTable } from './storage/job-table.js';
import { oldQuestions } from './storage/old-questions.js';
import { openQuestionTable } from './storage/open-question-table.js';
import { tableOutbox } from './storage/outbox.js';
import { bufferQuestions } from './storage/question-buffer.js';
import { questionHistory } from './storage/question-history.js';
import { questionTable } from './storage/question-table.js';
import { openQueues } from './storage/queues.js';
import { SchoolWatch } from './storage/school-watch.js';
import { summaryDocuments } from './storage/summary-documents.js';
import { SUMMARY_TABLE, summaryTable } from './storage/summary-table.js';
import { openTables, type Tables } from './storage/tables.js';
import { makeSummary } from './summaries/making.js';
import type { SummaryDocuments } from './summaries/summary.js';
import { createReceiver } from './teams/adapter.js';
import { enquiryRenderers } from './teams/answer-enquiry.js';
import { type BotParts, createBot, type SummaryParts } from './teams/bot.js';
import { caseRenderers } from './teams/case-renderers.js';
import { CaseSweep } from './teams/case-sweep.js';
import { Connector } from './teams/connector.js';
import { connectorToken } from './teams/connector-token.js';
import { rememberConversations } from './teams/conversations.js';
import { createCourier } from './teams/courier.js';
import { deletionRenderers } from './teams/deletion-renderers.js';
import { DeliveryWorker } from './teams/delivery-worker.js';
import type { PlainEnglishWriter } from './teams/plain-english.js';
import { reminderRenderers } from './teams/reminder-renderers.js';
import { createReporting, draftSweep, rerouteGivenUp } from './teams/reporting.js';
import { RetentionSweep } from './teams/retention-sweep.js';
import { createSetup } from './teams/setting-up.js';
import type { Condition } from './teams/setup.js';
import { summaryRenderers } from './teams/summary-renderers.js';
import { SummarySweep } from './teams/summary-sweep.js';
import type { EvidencePages } from './web/evidence-pages.js';
import { createLinks, type Links } from './web/links.js';
import { startServer } from './web/server.js';
import { countVisits } from './web/visits.js';

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

type Parts = BotParts & { readonly allowances: Allowances };

/** The bot, and the worker that sends what it owes. */
function build(
  config: Config,
  { tables, blobs }: { readonly tables: Tables; readonly blobs: Blobs },
  schools: readonly School[],
  links: Links,
  condition: Condition,
  writer: PlainEnglishWriter | undefined,
  log: Log,
) {
  const hasIdentity = config.bot !== undefined;
  const { now } = tables;
  const [enquiries, directory] = [enquiryTable(tables), directoryTable(tables)];
  const [drafts, cases, files] = [draftTable(tables), caseTable(tables), evidenceBlobs(blobs)];
  const summaries = summariesIn(tables, cases);
  const token = connectorToken(config.bot);
  const connector = new Connector(token);
  const outbox = tableOutbox(tables, [ENQUIRY_TABLE, CASE_TABLE, DRAFT_TABLE, JOB_TABLE, SUMMARY_TABLE]);
  const health = channelHealthTable(tables);
  const committed = (place: OutboxPlace) => deliveries.committed(place);
  const { places, setup, renderers } = createSetup({
    ...{ schools, directory, health, outbox, condition, committed, log, now },
  });
  const courier = createCourier({
    ...{ schools, directory, connector, botId: config.bot?.id },
    renderers: {
      ...enquiryRenderers({ enquiries }),
      ...caseRenderers({ drafts, cases, links, now }),
      ...reminderRenderers({ cases, now }),
      ...deletionRenderers({ cases, deletions: deletionTable(tables) }),
      ...summaryRenderers({ summaries: summaries.store, now }),
      ...renderers,
    },
  });
  const queue = storageDeliveryQueue(openQueues(config.storage), log);
  const givenUp = rerouteGivenUp({ schools, cases, now }, committed);
  const deliveries: DeliveryWorker = new DeliveryWorker({
    ...{ outbox, queue, courier, log, now, random: Math.random, givenUp, watch: setup.watch },
  });
  const questions = bufferQuestions(questionTable(tables), log, now);
  const parts: Parts = {
    ...{ schools, questions, enquiries, deliveries, outbox, places, setup, summaries, log, now },
    allowances: new Allowances(),
    openQuestions: openQuestionTable(tables),
    reports: createReporting({
      ...{ schools, drafts, cases, files, links, directory, connector, token, hasIdentity, deliveries, log, now },
    }),
    remember: rememberConversations({ schools, directory, log, hasIdentity }),
    plainEnglish: writer && { writer },
  };
  return { bot: createBot(parts), parts, questions, deliveries, outbox };
}

/** What it needs is loaded only where a model is set: the library's models and tokenizers are a third of a start. */
async function writerOf({ azureOpenAi }: Config): Promise<PlainEnglishWriter | undefined> {
  if (!azureOpenAi) return undefined;
  const { azureOpenAiWriter } = await import('./teams/azure-openai.js');
  return azureOpenAiWriter(azureOpenAi);
}

/** How summaries are made and kept. */
function summariesIn(tables: Tables, cases: CaseStore): SummaryParts {
  const store = summaryTable(tables);
  const [questions, openQuestions] = [questionHistory(tables), openQuestionTable(tables)];
  const deletions = deletionTable(tables);
  const sources = { cases, deletions, questions, openQuestions, summaries: store, pause: setImmediate };
  return { store, make: (...asked) => makeSummary(sources, ...asked) };
}

/** What the pages need that links lead to. */
function pagesOf(
  { schools, places, reports, summaries, allowances, log, now }: Parts,
  links: Links,
  documents: SummaryDocuments,
) {
  const { intake, drafts, redraw, cases, files } = reports;
  const visits = countVisits({ schools, allowances, now });
  const viewing = { links, schools, cases, files, visits, log, now };
  return {
    evidence: { links, visits, intake, describe: describeEvidence(drafts), onAdded: redraw, log, now },
    viewing,
    exports: { ...viewing, exportZip: exportZip({ files, now }) },
    summaries: {
      ...{ links, schools, summaries: summaries.store, documents, drawDocument, visits, log, now },
      governorsChatOf: async (school: Pick<School, 'profile'>) => (await places.governorsChatOf(school)).id,
    },
  };
}

/** What looks again and again whether something is due. */
function sweepsOf(parts: BotParts, tables: Tables, outbox: Outbox, documents: SummaryDocuments) {
  const { store: summaries, make } = parts.summaries;
  const jobs = jobTable(tables);
  const keeping = { deletions: deletionTable(tables), oldQuestions: oldQuestions(tables), jobs };
  return [
    draftSweep(parts, outbox),
    new CaseSweep({ ...parts, ...parts.reports, jobs }),
    new RetentionSweep({ ...parts, ...parts.reports, ...keeping }),
    new SummarySweep({ ...parts, summaries, make, jobs, outbox, documents, draw: drawDocument }),
  ];
}

/** Only what a draft holds can be described on the upload page; once it is sent, the case log keeps what was said. */
function describeEvidence(drafts: DraftStore): EvidencePages['describe'] {
  return async (owner, target, evidenceId, seen) =>
    target.kind === 'draft' && (await drafts.describeEvidence(owner, target.draftId, evidenceId, seen)) !== undefined;
}

/** How this process is, for those who type "status". */
function conditionOf(unreachable: Condition['unreachable'], watch: SchoolWatch, links: Links): Condition {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
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
