import { isForChannel, mayRead } from '../reports/access.js';
import type { Case } from '../reports/case.js';
import { sameId } from '../reports/case-change.js';
import { faultsOf } from '../reports/draft-steps.js';
import { all } from '../reports/standing.js';
import type { Delivery } from '../schools/delivery.js';
import type { School } from '../schools/school.js';
import type { ReportParts } from './bot.js';
import { cardMessage } from './cards/message.js';
import type { Notice } from './cards/triage-views.js';
import { newsRenderer } from './case-news.js';
import type { Renderer } from './courier.js';
import { caseReceipt, drawDraft } from './report-drawing.js';
import { expiringCard, offerCard } from './report-offers.js';
import { reporterRenderers } from './reporter-messages.js';
import { channelCardFor, whoAndWhen } from './triage-drawing.js';
import { readingCardFor } from './triage-reading.js';

/** The messages that reports cause. */
export function caseRenderers(
  reports: Pick<ReportParts, 'drafts' | 'cases' | 'links'> & { readonly now: () => Date },
): Record<string, Renderer> {
  const find = async ({ refs, schoolId }: Delivery) => (await reports.cases.find(schoolId, refs.reference ?? ''))?.case;
  const ofDraft = async ({ schoolId, target }: Delivery) =>
    target.to === 'person' ? reports.drafts.open({ schoolId, personId: target.personId }) : undefined;
  /** A conversation that the case has been taken away from gets nothing more of it. */
  const caseMessage: Renderer = async (delivery, school) => {
    const { target, kind } = delivery;
    const found = await find(delivery);
    if (!found) return undefined;
    if (target.to === 'headteacher_channel')
      return isForChannel(found, school.profile)
        ? cardMessage(channelCardFor(found, school, reports.now()))
        : undefined;
    if (target.to !== 'person' || !mayRead(found, school.profile, target.personId)) return undefined;
    const notice = kind === 'case.assigned' ? assignedNotice(found, school, target.personId) : null;
    return cardMessage(await readingCardFor(reports, found, school, target.personId, reports.now(), notice));
  };
  const receipt: Renderer = async (delivery, school) => {
    const found = await find(delivery);
    return found && cardMessage(caseReceipt(found, school));
  };
  return {
    'case.new': caseMessage,
    'case.changed': caseMessage,
    'case.read': caseMessage,
    'case.assigned': caseMessage,
    'case.receipt': receipt,
    'case.undeliverable': receipt,
    'report.continue': async (delivery, school) => {
      const stored = await ofDraft(delivery);
      if (!stored) return undefined;
      const { shows } = delivery.refs;
      if (shows === 'offer') return cardMessage(offerCard(stored, school, { urgent: false, words: true }));
      const context = { now: reports.now(), profile: school.profile };
      const faults = shows === 'faults' ? faultsOf(stored.draft, stored.evidence.length, context) : [];
      return cardMessage(await drawDraft(reports, school, stored, faults));
    },
    'draft.expiring': async (delivery) => {
      const stored = await ofDraft(delivery);
      return stored && cardMessage(expiringCard(stored));
    },
    ...reporterRenderers(reports),
    'case.news': newsRenderer(reports),
  };
}

/** "Daniel Hughes, Fri 20 Nov 2026, 15:42, has assigned this case to you." */
function assignedNotice({ log }: Case, { profile }: School, personId: string): Notice | null {
  const assigned = all(log, 'assigned').findLast(({ what }) => sameId(what.to, personId));
  return assigned ? { line: `${whoAndWhen(assigned, profile)}, has assigned this case to you.`, style: 'good' } : null;
}
