import { inject } from 'vitest';
import { exportZip } from '../../src/export/case-export.js';
import type { Happening } from '../../src/reports/case.js';
import { changed } from '../../src/reports/case-change.js';
import type { Evidence } from '../../src/reports/evidence.js';
import type { Report } from '../../src/reports/report.js';
import type { CaseStore, EvidenceFiles, StoredCase } from '../../src/reports/stores.js';
import type { School } from '../../src/schools/school.js';
import { openBlobs } from '../../src/storage/blobs.js';
import { caseTable } from '../../src/storage/case-table.js';
import { evidenceBlobs } from '../../src/storage/evidence-blobs.js';
import { openTables } from '../../src/storage/tables.js';
import { createLinks, type Links } from '../../src/web/links.js';
import { type RunningServer, startServer } from '../../src/web/server.js';
import type { ViewingPages } from '../../src/web/viewing-pages.js';
import { keptLog } from './kept-log.js';
import { aPicture } from './pictures.js';
import { freePorts } from './ports.js';
import { aReport, hex, someEvidence, submitted } from './reports.js';
import { smallSchool } from './small-school.js';
import { HELEN } from './staff.js';
import { LINK_SECRET } from './uploads.js';

/** One file of a case, and the bytes that are kept of it. */
export interface KeptFile {
  readonly evidence: Evidence;
  readonly original: Buffer<ArrayBuffer>;
  readonly viewing: Buffer<ArrayBuffer> | null;
}

export interface Viewings {
  readonly server: RunningServer;
  readonly links: Links;
  readonly school: School;
  readonly report: Report;
  /** A picture and a PDF, unless others were asked for. */
  readonly files: readonly KeptFile[];
  readonly store: EvidenceFiles;
  readonly cases: CaseStore;
  readonly schools: School[];
  /** A link to a file of the case, made for the Headteacher unless for somebody else. */
  link(at?: number, personId?: string): Promise<string>;
  exportLink(personId?: string): Promise<string>;
  stored(): Promise<StoredCase>;
  /** What happened to the case since it was submitted. */
  happened(): Promise<readonly Happening[]>;
  /** Adds to the case as its reporter or, where named, as somebody else. */
  happens(what: Happening, personId?: string): Promise<void>;
  logged(): string;
  /** Moves the clock of links and looks. */
  later(minutes: number): void;
}

export interface ViewingOptions {
  readonly report?: Partial<Report>;
  readonly files?: readonly KeptFile[];
  readonly limits?: ViewingPages['limits'];
  /** Another way to the same tables, and to the same blobs. */
  readonly tables?: string;
  readonly blobs?: string;
}

export async function aKeptPicture(
  seed: number,
  change: Partial<Evidence> = {},
  [width, height] = [300, 200],
): Promise<KeptFile> {
  const original = Buffer.from(await aPicture(seed, width, height).png().toBuffer());
  const viewing = Buffer.from(await aPicture(seed, 300, 200).webp().toBuffer());
  return { evidence: someEvidence(original, viewing, change), original, viewing };
}

export function aKeptPdf(change: Partial<Evidence> = {}): KeptFile {
  const original = Buffer.from(`%PDF-1.4\n% ${hex(32)}\n%%EOF\n`);
  return { evidence: someEvidence(original, undefined, change), original, viewing: null };
}

/** Starts the real server on real storage with one case, which was sent to the Headteacher's channel. */
export async function startViewing(options: ViewingOptions = {}): Promise<Viewings> {
  const port = await freePorts(1);
  let minutes = 0;
  const now = () => new Date(Date.now() + minutes * 60_000);
  const links = createLinks({ secret: LINK_SECRET, publicUrl: `http://127.0.0.1:${port}`, now });
  const school = await smallSchool(`viewing-${hex(8)}`);
  const schools = [school];
  const report = aReport(school.profile.id, options.report);
  const files = options.files ?? [await aKeptPicture(1), aKeptPdf()];
  const cases = caseTable(openTables({ connectionString: inject('storage') }));
  const store = evidenceBlobs(openBlobs({ connectionString: inject('storage') }));
  const place = { schoolId: school.profile.id, reference: report.reference };
  for (const { evidence, original, viewing } of files) {
    await store.keepOriginal({ ...place, evidenceId: evidence.id }, original, evidence.type);
    if (viewing) await store.keepViewing({ ...place, evidenceId: evidence.id }, viewing, evidence.viewing?.type ?? '');
  }
  const evidence = files.map((file) => file.evidence);
  await cases.create(submitted(report, evidence));
  const { log, logged } = keptLog();
  const seen = options.tables ? caseTable(openTables({ connectionString: options.tables })) : cases;
  const kept = options.blobs ? evidenceBlobs(openBlobs({ connectionString: options.blobs })) : store;
  const pages = { links, schools, cases: seen, log, now, ...(options.limits && { limits: options.limits }) };
  const server = await startServer(
    {
      ...{ receive: async () => ({ status: 200 }), condition: async () => [], log },
      viewing: { ...pages, files: kept },
      exports: { ...pages, exportZip: exportZip({ files: kept, now }) },
    },
    '127.0.0.1',
    port,
  );
  const stored = async () => {
    const found = await cases.find(place.schoolId, place.reference);
    if (!found) throw new Error('The case is gone.');
    return found;
  };
  return {
    ...{ server, links, school, schools, report, files, store, cases, stored, logged },
    link: (at = 0, personId = HELEN.id) =>
      links.evidenceLink({ ...place, personId, evidenceId: evidence[at]?.id ?? hex(16) }),
    exportLink: (personId = HELEN.id) => links.exportLink({ ...place, personId }),
    happened: async () => (await stored()).case.log.slice(1 + files.length).map(({ what }) => what),
    happens: async (what, personId = report.reporter.personId) => {
      const commit = async () => {
        const before = await stored();
        return cases.change(before, changed(before.case, { personId }, now(), [what], { deliveries: [] }));
      };
      while (!(await commit()));
    },
    later: (more) => {
      minutes += more;
    },
  };
}
