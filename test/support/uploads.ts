import { Writable } from 'node:stream';
import { inject } from 'vitest';
import { evidenceIntake } from '../../src/evidence/intake.js';
import { createLog } from '../../src/log.js';
import type { Draft } from '../../src/reports/draft.js';
import type { Evidence } from '../../src/reports/evidence.js';
import type { EvidenceTarget } from '../../src/reports/evidence-intake.js';
import type { DraftOwner, DraftStore, EvidenceFiles } from '../../src/reports/stores.js';
import { openBlobs } from '../../src/storage/blobs.js';
import { caseTable } from '../../src/storage/case-table.js';
import { draftTable } from '../../src/storage/draft-table.js';
import { evidenceBlobs } from '../../src/storage/evidence-blobs.js';
import { openTables } from '../../src/storage/tables.js';
import type { EvidencePages } from '../../src/web/evidence-pages.js';
import { createLinks, type Links } from '../../src/web/links.js';
import { type RunningServer, startServer } from '../../src/web/server.js';
import { freePorts } from './ports.js';
import { aDraft, evidenceAdded, further, hex } from './reports.js';

export const LINK_SECRET = 'a secret of at least thirty-two characters';

export interface Uploads {
  readonly server: RunningServer;
  readonly links: Links;
  /** The link to the draft's upload page. */
  readonly page: string;
  readonly draft: Draft;
  readonly owner: DraftOwner;
  readonly target: EvidenceTarget;
  readonly drafts: DraftStore;
  readonly files: EvidenceFiles;
  /** What the draft has now. */
  evidence(): Promise<readonly Evidence[]>;
  /** Targets whose card was to be redrawn. */
  readonly shown: EvidenceTarget[];
  logged(): string;
  /** Moves the clock of the links. */
  later(minutes: number): void;
}

export interface UploadOptions {
  readonly draft?: Partial<Draft>;
  readonly limits?: EvidencePages['limits'];
  readonly visits?: EvidencePages['visits'];
  /** Another way to the same tables. */
  readonly tables?: string;
}

/** Starts the real server with the real intake, real storage and one open draft. */
export async function startUploads({ draft: change, limits, visits, tables }: UploadOptions = {}): Promise<Uploads> {
  const port = await freePorts(1);
  let minutes = 0;
  const now = () => new Date(Date.now() + minutes * 60_000);
  const links = createLinks({ secret: LINK_SECRET, publicUrl: `http://127.0.0.1:${port}`, now });
  const direct = draftTable(openTables({ connectionString: inject('storage') }));
  const stored = await direct.create(aDraft(`uploads-${process.pid}`, change));
  if (!stored) throw new Error('The draft was there already.');
  const { draft } = stored;
  const owner = { schoolId: draft.schoolId, personId: draft.personId };
  const target = { kind: 'draft', draftId: draft.id } as const;
  const files = evidenceBlobs(openBlobs({ connectionString: inject('storage') }));
  const shown: EvidenceTarget[] = [];
  let lines = '';
  const destination = new Writable({
    write(line, _encoding, done) {
      lines += line;
      done();
    },
  });
  const log = createLog('debug', destination);
  const pages = { ...parts(tables ?? inject('storage'), files), links, log, now, visits, ...(limits && { limits }) };
  const onAdded = async (_owner: DraftOwner, where: EvidenceTarget) => void shown.push(where);
  const receive = async () => ({ status: 200 });
  const server = await startServer(
    { receive, condition: async () => [], log, evidence: { ...pages, onAdded } },
    '127.0.0.1',
    port,
  );
  return {
    ...{ server, links, draft, owner, target, files, shown, drafts: direct },
    page: await links.uploadLink({ ...owner, target }),
    evidence: async () => (await direct.open(owner))?.evidence ?? [],
    logged: () => lines,
    later: (more) => {
      minutes += more;
    },
  };
}

function parts(storage: string, files: EvidenceFiles): Pick<EvidencePages, 'intake' | 'describe'> {
  const tables = openTables({ connectionString: storage });
  const drafts = draftTable(tables);
  return {
    intake: evidenceIntake({
      ...{ drafts, files, cases: caseTable(tables), now: () => new Date(), newId: () => hex(16) },
      addToCase: (current, evidence) =>
        further({ case: current, version: '', deliveries: 0 }, evidenceAdded(evidence), [evidence]),
      deliveries: { committed: async () => undefined },
    }),
    describe: async (owner, target, evidenceId, seen) =>
      target.kind === 'draft' && (await drafts.describeEvidence(owner, target.draftId, evidenceId, seen)) !== undefined,
  };
}
