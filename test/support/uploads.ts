import { createHash, randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import { createLog } from '../../src/log.js';
import type { Evidence } from '../../src/reports/evidence.js';
import type { EvidenceIntake, EvidenceTarget, IncomingFile } from '../../src/reports/evidence-intake.js';
import type { DraftOwner } from '../../src/reports/stores.js';
import type { EvidencePages } from '../../src/web/evidence-pages.js';
import { createLinks, type Links } from '../../src/web/links.js';
import type { Seen } from '../../src/web/seen.js';
import { type RunningServer, startServer } from '../../src/web/server.js';
import { freePorts } from './ports.js';

export const OWNER: DraftOwner = { schoolId: 'example-primary', personId: '6d1f0c52-8a34-4f6e-9b1d-2c3e4f5a6b7c' };
export const TARGET: EvidenceTarget = { kind: 'draft', draftId: '0123456789abcdef01234567' };
export const SECRET = 'a secret of at least thirty-two characters';

export interface Uploads {
  readonly server: RunningServer;
  readonly links: Links;
  /** The upload page of a draft. */
  readonly page: string;
  readonly taken: IncomingFile[];
  readonly described: { readonly id: string; readonly seen: Seen }[];
  readonly shown: EvidenceTarget[];
  readonly logged: () => string;
  /** Moves the clock of the links. */
  readonly later: (minutes: number) => void;
}

export async function startUploads(
  options: { intake?: Partial<EvidenceIntake>; limits?: EvidencePages['limits']; describes?: boolean } = {},
): Promise<Uploads> {
  const port = await freePorts(1);
  let minutes = 0;
  const now = () => new Date(Date.now() + minutes * 60_000);
  const links = createLinks({ secret: SECRET, publicUrl: `http://127.0.0.1:${port}`, now });
  const taken: IncomingFile[] = [];
  const evidence: Evidence[] = [];
  const described: { id: string; seen: Seen }[] = [];
  const shown: EvidenceTarget[] = [];
  const intake: EvidenceIntake = {
    refusalFor: async () => undefined,
    take: async (file) => {
      taken.push(file);
      if (Buffer.from(file.bytes.subarray(0, 5)).toString() === '<svg ') return { kind: 'refused', reason: 'svg' };
      const sha256 = createHash('sha256').update(file.bytes).digest('hex');
      const same = evidence.find((one) => one.sha256 === sha256);
      if (same) return { kind: 'same', evidence: same, count: evidence.length };
      const added: Evidence = {
        id: randomBytes(8).toString('hex'),
        sha256,
        bytes: file.bytes.length,
        type: 'image/png',
        viewing: null,
        way: file.way,
        addedBy: file.owner.personId,
        receivedAt: now(),
        ...{ seenOn: '', seenTime: '', seenWhere: '', ...file.seen },
      };
      evidence.push(added);
      return { kind: 'added', evidence: added, count: evidence.length };
    },
    ...options.intake,
  };
  let lines = '';
  const destination = new Writable({
    write(line, _encoding, done) {
      lines += line;
      done();
    },
  });
  const log = createLog('debug', destination);
  const server = await startServer(
    {
      receive: async () => ({ status: 200 }),
      notReady: async () => undefined,
      log,
      evidence: {
        ...{ links, intake, log, now },
        describe: async (_owner, _target, id, seen) => {
          described.push({ id, seen });
          return options.describes ?? true;
        },
        onAdded: async (_owner, target) => {
          shown.push(target);
        },
        ...(options.limits && { limits: options.limits }),
      },
    },
    '127.0.0.1',
    port,
  );
  const page = await links.uploadLink({ ...OWNER, target: TARGET });
  const later = (more: number) => {
    minutes += more;
  };
  return { server, links, page, taken, described, shown, logged: () => lines, later };
}
