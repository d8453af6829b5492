import { inject } from 'vitest';
import type { StorageAddress } from '../../src/config.js';
import type { Log } from '../../src/log.js';
import type { Outbox, OutboxPlace } from '../../src/schools/delivery.js';
import type { Directory } from '../../src/schools/directory.js';
import type { EnquiryStore } from '../../src/schools/enquiry.js';
import type { School } from '../../src/schools/school.js';
import { openBlobs } from '../../src/storage/blobs.js';
import { CASE_TABLE, caseTable } from '../../src/storage/case-table.js';
import { channelHealthTable } from '../../src/storage/channel-health-table.js';
import { deletionTable } from '../../src/storage/deletion-table.js';
import { storageDeliveryQueue } from '../../src/storage/delivery-queue.js';
import { directoryTable } from '../../src/storage/directory-table.js';
import { DRAFT_TABLE, draftTable } from '../../src/storage/draft-table.js';
import { ENQUIRY_TABLE, enquiryTable } from '../../src/storage/enquiry-table.js';
import { evidenceBlobs } from '../../src/storage/evidence-blobs.js';
import { JOB_TABLE } from '../../src/storage/job-table.js';
import { tableOutbox } from '../../src/storage/outbox.js';
import { openQueues } from '../../src/storage/queues.js';
import { SUMMARY_TABLE, summaryTable } from '../../src/storage/summary-table.js';
import type { Tables } from '../../src/storage/tables.js';
import type { SummaryStore } from '../../src/summaries/summary.js';
import { enquiryRenderers } from '../../src/teams/answer-enquiry.js';
import type { BotParts, ReportParts } from '../../src/teams/bot.js';
import { caseRenderers } from '../../src/teams/case-renderers.js';
import { Connector, type TokenSource } from '../../src/teams/connector.js';
import { rememberConversations } from '../../src/teams/conversations.js';
import { type Courier, createCourier } from '../../src/teams/courier.js';
import { deletionRenderers } from '../../src/teams/deletion-renderers.js';
import { DeliveryWorker, type WorkerTimes } from '../../src/teams/delivery-worker.js';
import { reminderRenderers } from '../../src/teams/reminder-renderers.js';
import { createReporting, rerouteGivenUp } from '../../src/teams/reporting.js';
import { createSetup } from '../../src/teams/setting-up.js';
import { summaryRenderers } from '../../src/teams/summary-renderers.js';

export interface DeliveringOptions {
  readonly schools: readonly School[];
  readonly tables: Tables;
  readonly log: Log;
  readonly hasIdentity: boolean;
  /** Where the queue is, when not with the tables. */
  readonly storage?: string;
  /** Each test has a queue of its own, as another test's worker would take what is in a shared one. */
  readonly queue?: string;
  /** Another courier in place of the real one. */
  readonly courier?: Courier;
  readonly times?: Partial<WorkerTimes>;
  readonly token?: TokenSource;
  readonly links?: ReportParts['links'];
  /** For reports and deliveries. */
  readonly now?: () => Date;
  /** How the process says it is. */
  readonly condition?: Partial<BotParts['setup']['condition']>;
  /** For the jitter between attempts; left out, as short as may be. */
  readonly random?: () => number;
}

export interface Delivering {
  readonly reports: ReportParts;
  readonly summaries: SummaryStore;
  readonly enquiries: EnquiryStore;
  readonly directory: Directory;
  readonly outbox: Outbox;
  /** Not started. */
  readonly deliveries: DeliveryWorker;
  readonly remember: BotParts['remember'];
  readonly places: BotParts['places'];
  readonly setup: BotParts['setup'];
}

export const newQueueName = (): string => `deliveries-${crypto.randomUUID().slice(0, 13)}`;

/** The delivery path as `main.ts` wires it. */
export function deliver(options: DeliveringOptions): Delivering {
  const { schools, tables, log, hasIdentity } = options;
  const enquiries = enquiryTable(tables);
  const directory = directoryTable(tables);
  const address: StorageAddress = { connectionString: options.storage ?? inject('storage') };
  const token = options.token ?? (async () => undefined);
  const connector = new Connector(token);
  const [drafts, cases, files] = [draftTable(tables), caseTable(tables), evidenceBlobs(openBlobs(address))];
  const now = options.now ?? (() => new Date());
  const summaries = summaryTable(tables);
  const outbox = tableOutbox(tables, [ENQUIRY_TABLE, CASE_TABLE, DRAFT_TABLE, JOB_TABLE, SUMMARY_TABLE]);
  const committed = (place: OutboxPlace) => deliveries.committed(place);
  const condition = { unreachable: () => tables.unreachable(), faultSince: () => undefined, version: '0.0.0' };
  const { places, setup, renderers } = createSetup({
    ...{ schools, directory, health: channelHealthTable(tables), outbox, committed, log, now },
    condition: { ...condition, linksOrigin: undefined, ...options.condition },
  });
  const courier =
    options.courier ??
    createCourier({
      ...{ schools, directory, botId: hasIdentity ? '99999999-8888-4777-8666-555555555555' : undefined },
      connector,
      renderers: {
        ...enquiryRenderers({ enquiries }),
        ...caseRenderers({ drafts, cases, links: options.links, now }),
        ...reminderRenderers({ cases, now }),
        ...deletionRenderers({ cases, deletions: deletionTable(tables) }),
        ...summaryRenderers({ summaries, now }),
        ...renderers,
      },
    });
  const queue = storageDeliveryQueue(openQueues(address), log, options.queue ?? newQueueName());
  const givenUp = rerouteGivenUp({ schools, cases, now }, committed);
  const deliveries: DeliveryWorker = new DeliveryWorker(
    { outbox, queue, courier, log, now, random: options.random ?? (() => 0.02), givenUp, watch: setup.watch },
    options.times,
  );
  const reports = createReporting({
    ...{ schools, drafts, cases, files, links: options.links, directory, connector, token, hasIdentity },
    ...{ deliveries, log, now },
  });
  return {
    enquiries,
    reports,
    summaries,
    directory,
    outbox,
    deliveries,
    ...{ places, setup },
    remember: rememberConversations({ schools, directory, log, hasIdentity }),
  };
}
