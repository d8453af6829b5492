import type { Case } from '../reports/case.js';
import { faultsOf } from '../reports/draft-steps.js';
import { caseInWords, fitting } from '../reports/in-words.js';
import { CATEGORY, SEVERITY, STATE } from '../reports/labels.js';
import { routeOf, severityOf, stateOf } from '../reports/opening.js';
import type { Delivery } from '../schools/delivery.js';
import type { School } from '../schools/school.js';
import { timeAt } from '../schools/time.js';
import type { ReportParts } from './bot.js';
import { cardMessage } from './cards/message.js';
import { caseCard } from './cards/report-views.js';
import type { Card } from './cards/template.js';
import type { Renderer } from './courier.js';
import { caseReceipt, drawDraft, expiringCard, offerCard } from './report-drawing.js';

/** The messages that reports cause. */
export function caseRenderers(
  reports: Pick<ReportParts, 'drafts' | 'cases' | 'links'> & { readonly now: () => Date },
): Record<string, Renderer> {
  const find = async ({ refs, schoolId }: Delivery) => (await reports.cases.find(schoolId, refs.reference ?? ''))?.case;
  const ofDraft = async ({ schoolId, target }: Delivery) =>
    target.to === 'person' ? reports.drafts.open({ schoolId, personId: target.personId }) : undefined;
  const caseMessage: Renderer = async (delivery, school) => {
    const found = await find(delivery);
    return found && isOnRoute(found, delivery) ? cardMessage(cardFor(found, delivery, school)) : undefined;
  };
  const receipt: Renderer = async (delivery, school) => {
    const found = await find(delivery);
    return found && cardMessage(caseReceipt(found, school));
  };
  return {
    'case.new': caseMessage,
    'case.changed': caseMessage,
    'case.receipt': receipt,
    'case.undeliverable': receipt,
    'report.continue': async (delivery, school) => {
      const stored = await ofDraft(delivery);
      if (!stored) return undefined;
      const { shows } = delivery.refs;
      if (shows === 'offer') return cardMessage(offerCard(stored, school, false));
      const context = { now: reports.now(), profile: school.profile };
      const faults = shows === 'faults' ? faultsOf(stored.draft, stored.evidence.length, context) : [];
      return cardMessage(await drawDraft(reports, school, stored, faults));
    },
    'draft.expiring': async (delivery) => {
      const stored = await ofDraft(delivery);
      return stored && cardMessage(expiringCard(stored));
    },
  };
}

const WAYS: Readonly<Record<ReturnType<typeof routeOf>['way'], string>> = {
  headteacher_channel: 'The Headteacher’s channel',
  headteacher_chat: 'You alone, in this chat: somebody who deals with reports is involved',
  chair: 'You alone, in this chat: the Headteacher is involved',
  trust: 'You alone, in this chat: the Headteacher and the chair of governors are involved',
  safeguarding: 'The designated safeguarding lead and the Headteacher, in their own chats',
  nobody: 'Nobody could be reached',
};

/** A conversation that the case has been taken away from gets nothing more of it. */
function isOnRoute(current: Case, { target }: Delivery): boolean {
  const { channel, people } = routeOf(current);
  if (target.to !== 'person') return channel && target.to === 'headteacher_channel';
  return people.some((id) => id.toLowerCase() === target.personId.toLowerCase());
}

/**
 * A case where it was sent: in a channel the least, because everyone there reads it; in a recipient's own chat with its words.
 */
function cardFor(current: Case, { target }: Delivery, { profile }: School): Card {
  const { report, evidence } = current;
  const route = routeOf(current);
  const mayRead = target.to === 'person';
  const urgent = severityOf(report) === 'urgent';
  return caseCard({
    title: urgent ? 'An urgent report on a child’s safety' : 'A new report',
    reference: report.reference,
    category: CATEGORY[report.category],
    severity: SEVERITY[severityOf(report)],
    sent: timeAt(report.submittedAt, profile.timeZone),
    state: STATE[stateOf(current)],
    route: WAYS[route.way],
    evidence: evidence.length === 1 ? '1 file' : `${evidence.length} files`,
    parts: mayRead
      ? [
          { part: 'Reported by', lines: [report.reporter.name ?? 'A member of staff'] },
          ...fitting(caseInWords(current, profile)),
        ]
      : [],
    note: mayRead
      ? 'Please do not forward this. Evidence stays in Policy Desk, byte for byte.'
      : 'Its words, names and pictures are not shown in this channel.',
  });
}
