import { setImmediate } from 'node:timers/promises';
import type { Config } from './config.js';
import { drawDocument, exportZip } from './export/on-demand.js';
import type { CaseStore, DraftStore } from './reports/stores.js';
import { Allowances } from './schools/allowances.js';
import type { Outbox, OutboxPlace } from './schools/delivery.js';
import type { School } from './schools/school.js';
import type { Blobs } from './storage/blobs.js';
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
import type { Queues } from './storage/queues.js';
import type { SchoolWatch } from './storage/school-watch.js';
import { SUMMARY_TABLE, summaryTable } from './storage/summary-table.js';
import type { Tables } from './storage/tables.js';
import { makeSummary } from './summaries/making.js';
import type { SummaryDocuments } from './summaries/summary.js';
import { enquiryRenderers } from './teams/answer-enquiry.js';
import { type BotParts, createBot, type ReportParts, type SummaryParts } from './teams/bot.js';
import { caseRenderers } from './teams/case-renderers.js';
import { CaseSweep } from './teams/case-sweep.js';
import { Connector } from './teams/connector.js';
import { connectorToken } from './teams/connector-token.js';
import { rememberConversations } from './teams/conversations.js';
import { type Courier, createCourier } from './teams/courier.js';
import { deletionRenderers } from './teams/deletion-renderers.js';
import { DeliveryWorker } from './teams/delivery-worker.js';
import type { AroundLook } from './teams/each-minute.js';
import type { PlainEnglishWriter } from './teams/plain-english.js';
import { reminderRenderers } from './teams/reminder-renderers.js';
import { createReporting, draftSweep, rerouteGivenUp } from './teams/reporting.js';
import { RetentionSweep } from './teams/retention-sweep.js';
import { createSetup } from './teams/setting-up.js';
import type { Condition } from './teams/setup.js';
import { summaryRenderers } from './teams/summary-renderers.js';
import { SummarySweep } from './teams/summary-sweep.js';
import type { SweepName, Telemetry } from './telemetry/telemetry.js';
import type { VitalSigns } from './telemetry/vital-signs.js';
import type { EvidencePages } from './web/evidence-pages.js';
import type { Links } from './web/links.js';
import { countVisits } from './web/visits.js';

/** What the bot is built of, as this process has it. */
export type Parts = BotParts & { readonly allowances: Allowances };

/** What sees how the bot is. */
export interface Watching {
  readonly telemetry: Telemetry;
  readonly signs: VitalSigns;
}

/** The bot, and the worker that sends what it owes. */
export function build(
  config: Config,
  { tables, blobs, queues }: { readonly tables: Tables; readonly blobs: Blobs; readonly queues: Queues },
  watch: Pick<SchoolWatch, 'schools' | 'waiting'>,
  links: Links,
  condition: Condition,
  writer: PlainEnglishWriter | undefined,
  watching: Watching,
) {
  const { log } = watching.telemetry;
  const hasIdentity = config.bot !== undefined;
  const [{ schools }, { now }] = [watch, tables];
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
  const queue = storageDeliveryQueue(queues, log);
  const givenUp = rerouteGivenUp({ schools, cases, now }, committed);
  const deliveries: DeliveryWorker = new DeliveryWorker({
    ...{ outbox, queue, log, now, random: Math.random, givenUp, watch: setup.watch },
    ...watched(courier, watching),
  });
  const questions = bufferQuestions(questionTable(tables), log, now);
  const parts: Parts = {
    ...{ schools, questions, enquiries, deliveries, outbox, places, setup, summaries, log, now },
    ...{ waiting: () => watch.waiting(), allowances: new Allowances() },
    openQuestions: openQuestionTable(tables),
    reports: timedIntake(
      createReporting({
        ...{ schools, drafts, cases, files, links, directory, connector, token, hasIdentity, deliveries, log, now },
      }),
      watching.telemetry,
    ),
    remember: rememberConversations({ schools, directory, log, hasIdentity }),
    plainEnglish: writer && { writer },
  };
  return { bot: createBot(parts), parts, questions, deliveries, outbox };
}

/** What it needs is loaded only where a model is set: the library's models and tokenizers are a third of a start. */
export async function writerOf({ azureOpenAi }: Config): Promise<PlainEnglishWriter | undefined> {
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
export function pagesOf(
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
export function sweepsOf(
  parts: BotParts,
  tables: Tables,
  outbox: Outbox,
  documents: SummaryDocuments,
  watching: Watching,
) {
  const { store: summaries, make } = parts.summaries;
  const jobs = jobTable(tables);
  const keeping = { deletions: deletionTable(tables), oldQuestions: oldQuestions(tables), jobs };
  return [
    draftSweep(parts, outbox, around('drafts', watching)),
    new CaseSweep({ ...parts, ...parts.reports, jobs, around: around('cases', watching) }),
    new RetentionSweep({ ...parts, ...parts.reports, ...keeping, around: around('retention', watching) }),
    new SummarySweep({
      ...{ ...parts, summaries, make, jobs, outbox, documents, draw: drawDocument },
      around: around('summaries', watching),
    }),
  ];
}

/** Times each round of a sweep, and notes when one got through. */
const around =
  (sweep: SweepName, { telemetry, signs }: Watching): AroundLook =>
  (look) =>
    telemetry.during('sweep', { sweep }, async () => {
      const worked = await look();
      if (worked) signs.noteSwept(sweep);
      return worked;
    });

/** How deliveries go. */
const watched = (courier: Courier, watching: Watching) => ({
  courier: timedCourier(courier, watching.telemetry),
  around: around('deliveries', watching),
  oldestOwed: (since: Date | undefined) => watching.signs.noteOldestOwed(since),
});

const timedCourier = (courier: Courier, telemetry: Telemetry): Courier => ({
  knows: (schoolId) => courier.knows(schoolId),
  send: (delivery, ...more) =>
    telemetry.during('delivery', { schoolId: delivery.schoolId }, () => courier.send(delivery, ...more)),
});

const timedIntake = (reports: ReportParts, telemetry: Telemetry): ReportParts => ({
  ...reports,
  intake: {
    ...reports.intake,
    take: (file) => telemetry.during('upload', { schoolId: file.owner.schoolId }, () => reports.intake.take(file)),
  },
});

/** Only what a draft holds can be described on the upload page; once it is sent, the case log keeps what was said. */
function describeEvidence(drafts: DraftStore): EvidencePages['describe'] {
  return async (owner, target, evidenceId, seen) =>
    target.kind === 'draft' && (await drafts.describeEvidence(owner, target.draftId, evidenceId, seen)) !== undefined;
}
