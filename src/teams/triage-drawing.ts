import type { Actor, Case } from '../reports/case.js';
import { acknowledgeBy, isOverdue } from '../reports/due.js';
import { keptInWords } from '../reports/kept-in-words.js';
import { CATEGORY, OUTCOME, SEVERITY, STATE } from '../reports/labels.js';
import { listInWords } from '../reports/receipt.js';
import type { Route } from '../reports/route.js';
import { type Standing, standingOf } from '../reports/standing.js';
import { ALLOWED } from '../reports/triage.js';
import { dayInWords } from '../schools/calendar.js';
import { personIn } from '../schools/people.js';
import type { SchoolProfile } from '../schools/profile.js';
import type { School } from '../schools/school.js';
import { timeAt } from '../schools/time.js';
import type { Card } from './cards/template.js';
import { type Button, channelCard, type Notice } from './cards/triage-views.js';

/**
 * A case for the Headteacher's channel: the least, because everyone there reads it. Whether it may stand there at all,
 * `isForChannel` says.
 */
export function channelCardFor(current: Case, { profile }: School, now: Date, notice: Notice | null = null): Card {
  const { state } = standingOf(current);
  return channelCard({
    ...headOf(current, profile, now),
    notice,
    facts: factsOf(current, profile, now, 'channel'),
    note: 'What it says, names and pictures are not shown in this channel. Open sends them to your own chat, if you may read them.',
    buttons: [
      { title: 'Open', verb: 'case.open' },
      ...(ALLOWED[state].includes('acknowledge') ? [ACKNOWLEDGE] : []),
      ...(ALLOWED[state].includes('assign') ? [ASSIGN_TO_ME] : []),
    ],
  });
}

export const ACKNOWLEDGE: Button = { title: 'Acknowledge', verb: 'case.acknowledge', style: 'positive' };
export const ASSIGN_TO_ME: Button = { title: 'Assign to me', verb: 'case.assign_me' };

/** What every card of a case begins with. */
export function headOf(current: Case, profile: SchoolProfile, now: Date) {
  const standing = standingOf(current);
  const waiting = standing.state === 'new' && (standing.severity === 'urgent' || isOverdue(current, profile, now));
  const { report, log } = current;
  return {
    ...{ reference: report.reference, seen: log.length },
    title: titleOf(standing, current, isOverdue(current, profile, now)),
    urgent: waiting || (standing.state === 'open' && standing.severity === 'urgent'),
  };
}

function titleOf({ state, severity, category, closed }: Standing, { log }: Case, overdue: boolean): string {
  if (state === 'withdrawn') return 'A report that has been withdrawn';
  if (state === 'closed') return closed ? `Closed: ${OUTCOME[closed.what.outcome]}` : STATE.closed;
  const what = category === 'child_safety' ? 'a report on a child’s safety' : 'a new report';
  if (state === 'new' && severity === 'urgent') return `Urgent: ${what}`;
  if (state === 'new') return overdue ? 'Overdue: a new report' : 'A new report';
  const again = log.some((event) => event.what.kind === 'reopened');
  const title = again ? 'Opened again' : STATE.open;
  return severity === 'urgent' ? `${title}, urgent` : title;
}

/** What is known of a case at a glance. @param reader who sees it: everyone in the channel, or somebody who may read all of it. */
export function factsOf(current: Case, profile: SchoolProfile, now: Date, reader: 'channel' | 'person') {
  const { report, evidence } = current;
  const { category, severity, route, assignee } = standingOf(current);
  const files = evidence.length === 0 ? 'No files' : evidence.length === 1 ? '1 file' : `${evidence.length} files`;
  return [
    { name: 'Reference', value: report.reference },
    { name: 'About', value: CATEGORY[category] },
    { name: 'Urgency', value: SEVERITY[severity] },
    { name: 'Sent', value: timeAt(report.submittedAt, profile.timeZone) },
    { name: 'State', value: stateInWords(current, profile, now) },
    { name: 'Assigned to', value: assignee === null ? 'Nobody' : nameOf(profile, assignee) },
    { name: 'Sent to', value: whoHasIt(route, profile, reader === 'person') },
    { name: 'Evidence', value: files },
    ...(reader === 'person' ? keptInWords(current, profile) : []),
  ];
}

/** "Acknowledged by Daniel Hughes, Fri 20 Nov 2026, 15:42". */
function stateInWords(current: Case, profile: SchoolProfile, now: Date): string {
  const { state, acknowledged, closed, severity } = standingOf(current);
  if (closed) return `Closed by ${whoAndWhen(closed, profile)}: ${OUTCOME[closed.what.outcome]}`;
  if (state === 'withdrawn') return 'Withdrawn by whoever reported it';
  if (acknowledged) return `Acknowledged by ${whoAndWhen(acknowledged, profile)}`;
  if (state === 'open') return 'Open';
  const by = dayInWords(acknowledgeBy(current.report, profile));
  if (isOverdue(current, profile, now)) return `New. Overdue: it was to be acknowledged by ${by}`;
  return severity === 'urgent' ? 'New. Please acknowledge it at once' : `New. To be acknowledged by ${by}`;
}

/** "Daniel Hughes, Fri 20 Nov 2026, 15:42". */
export const whoAndWhen = ({ by, at }: { readonly by: Actor; readonly at: Date }, profile: SchoolProfile): string =>
  `${'personId' in by ? nameOf(profile, by.personId) : 'Policy Desk'}, ${timeAt(at, profile.timeZone)}`;

export const nameOf = (profile: SchoolProfile, personId: string): string =>
  personIn(profile, personId)?.name ?? 'somebody who has left';

/**
 * Who else has it, so that nobody speaks of it to anyone who does not. Why it went that way is not said: it may be about somebody,
 * or somebody could not be reached.
 */
function whoHasIt({ way, channel, people }: Route, profile: SchoolProfile, mayRead: boolean): string {
  if (way === 'headteacher_channel') return 'The Headteacher’s channel';
  if (!mayRead) return 'Those who deal with safeguarding, in their own chats';
  const names = people.map((id) => nameOf(profile, id));
  const whom = `${listInWords(names)}, ${names.length > 1 ? 'each in their own chat' : 'in their own chat'}`;
  return channel
    ? `${whom}; a card in the channel says only that there is a report`
    : `${whom}; not in the Headteacher’s channel`;
}
