import type { Case } from '../reports/case.js';
import { faultsOf } from '../reports/draft-steps.js';
import { caseInWords } from '../reports/in-words.js';
import { CATEGORY, SEVERITY, STATE } from '../reports/labels.js';
import { routeOf, severityOf, stateOf } from '../reports/opening.js';
import { listInWords } from '../reports/receipt.js';
import type { Route } from '../reports/route.js';
import type { Delivery } from '../schools/delivery.js';
import { personIn } from '../schools/people.js';
import type { SchoolProfile } from '../schools/profile.js';
import type { School } from '../schools/school.js';
import { timeAt } from '../schools/time.js';
import type { ReportParts } from './bot.js';
import { caseCard } from './cards/case-views.js';
import { cardMessage } from './cards/message.js';
import type { Card } from './cards/template.js';
import { newsRenderer } from './case-news.js';
import type { Renderer } from './courier.js';
import { caseReceipt, contactInWords, drawDraft } from './report-drawing.js';
import { expiringCard, offerCard } from './report-offers.js';
import { reporterRenderers } from './reporter-messages.js';

/** The messages that reports cause. */
export function caseRenderers(
  reports: Pick<ReportParts, 'drafts' | 'cases' | 'links'> & { readonly now: () => Date },
): Record<string, Renderer> {
  const find = async ({ refs, schoolId }: Delivery) => (await reports.cases.find(schoolId, refs.reference ?? ''))?.case;
  const ofDraft = async ({ schoolId, target }: Delivery) =>
    target.to === 'person' ? reports.drafts.open({ schoolId, personId: target.personId }) : undefined;
  const caseMessage: Renderer = async (delivery, school) => {
    const found = await find(delivery);
    return found && isOnRoute(found, delivery)
      ? cardMessage(caseCardFor(found, school, delivery.target.to === 'person'))
      : undefined;
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
    ...reporterRenderers(reports),
    'case.news': newsRenderer(reports),
  };
}

/** A conversation that the case has been taken away from gets nothing more of it. */
function isOnRoute(current: Case, { target }: Delivery): boolean {
  const { channel, people } = routeOf(current);
  if (target.to !== 'person') return channel && target.to === 'headteacher_channel';
  return people.some((id) => id.toLowerCase() === target.personId.toLowerCase());
}

/**
 * A case where it was sent: in a channel the least, because everyone there reads it; in a recipient's own chat with its words.
 *
 * @param mayRead whether it is drawn for a recipient's own chat.
 */
export function caseCardFor(current: Case, { profile }: School, mayRead: boolean): Card {
  const { report, evidence } = current;
  const state = stateOf(current);
  const urgent = severityOf(report) === 'urgent';
  return caseCard({
    title: titleOf(state, urgent),
    urgent: urgent && state !== 'withdrawn',
    reference: report.reference,
    category: CATEGORY[report.category],
    severity: SEVERITY[severityOf(report)],
    sent: timeAt(report.submittedAt, profile.timeZone),
    state: STATE[state],
    route: whoHasIt(routeOf(current), profile, mayRead),
    evidence: evidence.length === 0 ? 'No files' : evidence.length === 1 ? '1 file' : `${evidence.length} files`,
    parts: mayRead
      ? [
          ...ladoFirst(routeOf(current), profile),
          { part: 'Reported by', lines: [report.reporter.name ?? 'A member of staff'] },
          ...caseInWords(current, profile),
        ]
      : [],
    note: mayRead
      ? 'Please do not forward this. The files are kept in Policy Desk, just as they came.'
      : 'What it says, names and pictures are not shown in this channel.',
  });
}

/** Of the conduct of staff with children, nothing is looked into before the LADO's advice (morley-victoria). */
const ladoFirst = ({ lado }: Route, { contacts }: SchoolProfile) =>
  lado
    ? [
        {
          part: 'First',
          lines: [`Ask the LADO for advice before anything is looked into: ${contactInWords(contacts.lado)}.`],
        },
      ]
    : [];

function titleOf(state: ReturnType<typeof stateOf>, urgent: boolean): string {
  if (state === 'withdrawn') return 'A report that has been withdrawn';
  return urgent ? 'Urgent: a report on a child’s safety' : 'A new report';
}

/**
 * Who else has it, so that nobody speaks of it to anyone who does not. Why it went that way is not said: it may be about somebody,
 * or somebody could not be reached.
 */
function whoHasIt({ way, channel, people }: Route, profile: SchoolProfile, mayRead: boolean): string {
  if (way === 'headteacher_channel') return 'The Headteacher’s channel';
  if (!mayRead) return 'Those who deal with safeguarding, in their own chats';
  const names = people.map((id) => personIn(profile, id)?.name ?? 'somebody who has left');
  const whom = `${listInWords(names)}, ${names.length > 1 ? 'each in their own chat' : 'in their own chat'}`;
  return channel
    ? `${whom}; a card in the channel says only that there is a report`
    : `${whom}; not in the Headteacher’s channel`;
}
