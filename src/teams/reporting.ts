import { randomBytes } from 'node:crypto';
import { evidenceIntake } from '../evidence/intake.js';
import type { Log } from '../log.js';
import { addEvidence, reroute } from '../reports/opening.js';
import { CHANNEL } from '../reports/route.js';
import type { CaseStore, DraftStore, EvidenceFiles } from '../reports/stores.js';
import type { Delivery, DeliveryNotice, Outbox, OutboxPlace } from '../schools/delivery.js';
import type { Directory } from '../schools/directory.js';
import type { School } from '../schools/school.js';
import { hostsOfTurn } from './attachment-hosts.js';
import { downloadAttachment } from './attachments.js';
import type { BotParts, ReportParts } from './bot.js';
import type { Connector, TokenSource } from './connector.js';
import { redrawDraft } from './draft-card.js';
import { DraftSweep } from './draft-sweep.js';
import type { AroundLook } from './each-minute.js';
import { PendingSubmissions } from './pending-submissions.js';
import { drawDraft } from './report-drawing.js';
import { submitFrom } from './report-submit.js';

export interface ReportingParts {
  readonly schools: readonly School[];
  readonly drafts: DraftStore;
  readonly cases: CaseStore;
  readonly files: EvidenceFiles;
  readonly links: ReportParts['links'];
  readonly directory: Directory;
  readonly connector: Connector;
  readonly token: TokenSource;
  readonly hasIdentity: boolean;
  readonly deliveries: DeliveryNotice;
  readonly log: Log;
  readonly now: () => Date;
}

/** Puts together what reporting needs. */
export function createReporting(parts: ReportingParts): ReportParts {
  const { drafts, cases, files, links, directory, deliveries, token, hasIdentity, log, now } = parts;
  const redraw = redrawDraft({ ...parts, draw: (stored, school) => drawDraft(reports, school, stored) });
  const reports: ReportParts = {
    ...{ drafts, cases, files, links, directory, redraw },
    pending: new PendingSubmissions(log),
    intake: evidenceIntake({
      ...{ drafts, cases, files, deliveries, now },
      addToCase: addEvidence,
      newId: () => randomBytes(8).toString('hex'),
    }),
    download: (attachment, serviceUrl) =>
      downloadAttachment(attachment, { token, hosts: hostsOfTurn(serviceUrl, hasIdentity) }),
  };
  return reports;
}

/** Looks after drafts that nobody touches. */
export const draftSweep = (parts: BotParts, outbox: Pick<Outbox, 'read'>, around?: AroundLook): DraftSweep =>
  new DraftSweep({
    ...parts.reports,
    outbox,
    around,
    log: parts.log,
    now: parts.now,
    owed: ({ draft }) => parts.deliveries.committed(parts.reports.drafts.placeOf(draft)),
    submit: async (stored) => {
      const school = parts.schools.find(({ profile }) => profile.id === stored.draft.schoolId);
      if (school) await submitFrom(parts, school, stored, true);
    },
  });

const MOST_TRIES = 10;

/**
 * Sends a case on when its card could not be brought to the channel or to somebody's own chat: to whoever is next, or, where
 * nobody is left, word to the reporter.
 */
export function rerouteGivenUp(
  { schools, cases, now }: Pick<ReportingParts, 'schools' | 'cases' | 'now'>,
  committed: (place: OutboxPlace) => Promise<void>,
): (place: OutboxPlace, delivery: Delivery) => Promise<void> {
  return async (_place, { kind, refs, target, schoolId }) => {
    const school = schools.find(({ profile }) => profile.id === schoolId);
    const unreachable = target.to === 'person' ? target.personId : CHANNEL;
    if (kind !== 'case.new' || !school) return;
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const stored = await cases.find(schoolId, refs.reference ?? '');
      const change = stored && reroute(stored, [unreachable], school.profile, now());
      if (!change) return;
      const place = await cases.change(stored, change);
      if (place) return committed(place);
    }
    throw new Error('A case is being changed too often to be sent on.');
  };
}
