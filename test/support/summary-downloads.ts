import { inject } from 'vitest';
import type { School } from '../../src/schools/school.js';
import { openBlobs } from '../../src/storage/blobs.js';
import { summaryDocuments } from '../../src/storage/summary-documents.js';
import { summaryTable } from '../../src/storage/summary-table.js';
import { openTables } from '../../src/storage/tables.js';
import type { SummaryCopy } from '../../src/summaries/access.js';
import type { DocumentFormat, Download, Edition, Sending, Summary } from '../../src/summaries/summary.js';
import { createLinks, type Links } from '../../src/web/links.js';
import { type RunningServer, startServer } from '../../src/web/server.js';
import { issued } from './issued.js';
import { keptLog } from './kept-log.js';
import { freePorts } from './ports.js';
import { hex } from './reports.js';
import { smallSchool } from './small-school.js';
import { HELEN } from './staff.js';
import { plannedSummary } from './summaries.js';
import { LINK_SECRET } from './uploads.js';

export interface Downloading {
  readonly server: RunningServer;
  readonly links: Links;
  readonly schools: School[];
  readonly summary: Summary;
  /** A link made for the Headteacher in their own chat, but for what is given. */
  link(change?: Partial<SummaryCopy>): Promise<string>;
  /** What is kept, by edition and format; nothing but for one that was sent. */
  kept(edition: Edition, format: DocumentFormat): Buffer;
  downloads(): Promise<readonly Download[]>;
  /** The governors' chat is another from now on. */
  choose(chat: string): void;
  /** How often a document was drawn. */
  drawn(): number;
  logged(): string;
  /** Moves the clock of links and notes. */
  later(minutes: number): void;
}

export interface DownloadingOptions {
  readonly sending?: Sending;
  /** Another way to the same tables. */
  readonly tables?: string;
}

export const SENT: Sending = { state: 'sent', at: new Date('2026-11-04T08:00:00Z') };
/** As in the sample school's profile. */
export const GOVERNORS_CHAT = '19:example-primary-governors@thread.v2';

/** Starts the real server on real storage with one summary; the documents of one that was sent are kept. */
export async function startDownloading(options: DownloadingOptions = {}): Promise<Downloading> {
  const port = await freePorts(1);
  let [minutes, drawn, chat] = [0, 0, GOVERNORS_CHAT];
  const now = () => new Date(Date.now() + minutes * 60_000);
  const links = createLinks({ secret: LINK_SECRET, publicUrl: `http://127.0.0.1:${port}`, now });
  const school = await smallSchool(`summary-${hex(8)}`);
  const schools = [school];
  const summaries = summaryTable(openTables({ connectionString: inject('storage') }));
  const documents = summaryDocuments(openBlobs({ connectionString: inject('storage') }));
  const { name } = school.profile;
  const summary = plannedSummary(school.profile.id, {
    schoolName: name,
    ...(options.sending && { sending: options.sending }),
  });
  await issued(summaries, summary);
  const { schoolId, id } = summary;
  const kept = (edition: Edition, format: DocumentFormat) =>
    Buffer.from(`\u0000 kept ${edition} ${format} ${schoolId}`);
  if (summary.sending.state === 'sent')
    for (const edition of ['governors', 'chair'] as const)
      for (const format of ['pdf', 'csv'] as const)
        await documents.keep({ schoolId, id, edition, format }, kept(edition, format));
  const { log, logged } = keptLog();
  const seen = options.tables ? summaryTable(openTables({ connectionString: options.tables })) : summaries;
  const server = await startServer(
    {
      ...{ receive: async () => ({ status: 200 }), condition: async () => [], log },
      summaries: {
        ...{ links, schools, summaries: seen, documents, log, now },
        governorsChatOf: async () => chat,
        drawDocument: async (of, edition, format) => {
          drawn += 1;
          return Buffer.from(`drawn ${of.id} ${edition} ${format}`);
        },
      },
    },
    '127.0.0.1',
    port,
  );
  return {
    ...{ server, links, schools, summary, kept, logged },
    link: (change = {}) =>
      links.summaryLink({
        ...{ schoolId, personId: HELEN.id, summaryId: id, edition: 'governors', through: 'own_chat', ...change },
      }),
    downloads: () => summaries.downloads(schoolId, id),
    choose: (other) => {
      chat = other;
    },
    drawn: () => drawn,
    later: (more) => {
      minutes += more;
    },
  };
}
