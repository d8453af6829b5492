import { isForChannel, mayRead } from '../reports/access.js';
import type { Case } from '../reports/case.js';
import { casesFor, type DigestRow, digestOf, shownIn } from '../reports/digest.js';
import { acknowledgeBy } from '../reports/due.js';
import { CATEGORY, SEVERITY } from '../reports/labels.js';
import { all, type Occurred, standingOf } from '../reports/standing.js';
import type { CaseStore } from '../reports/stores.js';
import { dayInWords } from '../schools/calendar.js';
import type { Delivery, Target } from '../schools/delivery.js';
import { personIn } from '../schools/people.js';
import type { SchoolProfile } from '../schools/profile.js';
import { ageInWords, timeAt } from '../schools/time.js';
import { cardMessage } from './cards/message.js';
import { digestCard, reminderCard } from './cards/reminder-views.js';
import type { Card } from './cards/template.js';
import type { Renderer } from './courier.js';

/** The messages that Policy Desk sends of itself, so that no case is forgotten. */
export function reminderRenderers({
  cases,
  now,
}: {
  readonly cases: Pick<CaseStore, 'find' | 'unfinished'>;
  readonly now: () => Date;
}): Record<'case.reminder' | 'case.digest', Renderer> {
  return {
    'case.reminder': async ({ schoolId, refs, target }, { profile }) => {
      const current = (await cases.find(schoolId, refs.reference ?? ''))?.case;
      const event = current && all(current.log, 'reminded').find(({ number }) => number === Number(refs.event));
      return event && isStillDue(current, profile, event, target)
        ? cardMessage(reminderFor(current, profile, event, target, now()))
        : undefined;
    },
    'case.digest': async ({ schoolId, target }, { profile }) => {
      const { cases: found, unreadable } = await casesFor(cases.unfinished(schoolId));
      const shown = shownIn(found, profile, target);
      // Who has none any more needs not be told; the channel hears that nothing is open, so that silence is never taken for that.
      if (target.to === 'person' && shown.length === 0) return undefined;
      return cardMessage(digestFor(shown, profile, target, now(), unreadable));
    },
  };
}

type Reminded = Occurred<'reminded'>;

/** Not once somebody has acknowledged it, nor where a later reminder is on its way, as after an outage of Teams. */
function isStillDue(current: Case, profile: SchoolProfile, { number }: Reminded, target: Delivery['target']): boolean {
  if (standingOf(current).state !== 'new') return false;
  if (target.to !== 'person') return isForChannel(current, profile);
  const { personId } = target;
  const isOvertaken = all(current.log, 'reminded').some(
    (later) => later.number > number && has(later.what.people, personId),
  );
  return !isOvertaken && mayRead(current, profile, personId);
}

const has = (ids: readonly string[], personId: string): boolean =>
  ids.some((id) => id.toLowerCase() === personId.toLowerCase());

/** That nobody has acknowledged a case, for the channel or for one person. */
export function reminderFor(current: Case, profile: SchoolProfile, event: Reminded, target: Target, now: Date): Card {
  const { category, severity } = standingOf(current);
  const { reference, submittedAt } = current.report;
  const urgent = category === 'child_safety';
  return reminderCard({
    title: urgent
      ? 'Urgent: nobody has acknowledged a report on a child’s safety'
      : 'Nobody has acknowledged this report',
    urgent,
    reference,
    category: CATEGORY[category],
    severity: SEVERITY[severity],
    sent: timeAt(submittedAt, profile.timeZone),
    waiting: ageInWords(submittedAt, now),
    lines: [
      urgent ? 'A child’s safety cannot wait.' : promiseOf(current, profile),
      ...(target.to === 'person' ? whyThey(current, profile, event, target.personId) : []),
    ],
    seen: current.log.length,
  });
}

const promiseOf = ({ report }: Case, profile: SchoolProfile): string =>
  `Whoever reported it was told that somebody would acknowledge it by the end of ${dayInWords(acknowledgeBy(report, profile))}.`;

/** Why a person gets it who may wonder. */
function whyThey(current: Case, profile: SchoolProfile, { what }: Reminded, personId: string): readonly string[] {
  const { route } = standingOf(current);
  const isHead = personIn(profile, personId)?.roles.includes('headteacher') ?? false;
  const { from, to } = profile.reminders.wakingHours;
  return [
    has(route.people, personId)
      ? 'You get this because the report was sent to you.'
      : route.channel && isHead
        ? 'You get this as Headteacher: nobody has answered its card in the channel.'
        : what.step === 'hourly'
          ? 'You get this because you deal with safeguarding, and those it was sent to have not answered.'
          : `You stand in for ${route.channel ? 'the Headteacher' : 'those it was sent to'}, as nobody has answered.`,
    ...(what.step === 'hourly' ? [`It comes every hour from ${from} to ${to}, until somebody acknowledges it.`] : []),
    ...(route.channel ? [] : ['It is not shown in the Headteacher’s channel. Please do not speak of it there.']),
  ];
}

/**
 * The list of open cases, for the channel or for one person.
 *
 * @param cases those that may be shown there.
 * @param unreadable how many there are besides that cannot be read.
 */
export function digestFor(
  cases: readonly Case[],
  profile: SchoolProfile,
  target: Target,
  now: Date,
  unreadable = 0,
): Card {
  const { figures, rows } = digestOf(cases, profile, now);
  return digestCard({
    title: 'Reports that are open',
    asOf: `As of ${timeAt(now, profile.timeZone)}`,
    figures: [
      { label: 'New', value: ofThem(figures.new, figures.overdue, 'overdue') },
      { label: 'Acknowledged', value: ofThem(figures.open, figures.waiting, 'waiting for the reporter’s answer') },
    ],
    rows: rows.map((row) => rowFor(row, profile, now)),
    none: 'Nothing is open in this channel.',
    note: target.to === 'person' ? APART : unreadable > 0 ? unreadableNote(unreadable) : null,
  });
}

const APART = 'These reports are not shown in the Headteacher’s channel. You see those that you may read.';
const unreadableNote = (count: number): string =>
  `${count === 1 ? 'One report' : `${count} reports`} cannot be read just now. Please tell whoever looks after Policy Desk: “npm run verify” names what is wrong.`;

/** "3, 1 of them overdue"; "1, overdue". */
function ofThem(count: number, some: number, what: string): string {
  if (some === 0) return String(count);
  if (some < count) return `${count}, ${some} of them ${what}`;
  return `${count}, ${count === 1 ? '' : 'all of them '}${what}`;
}

const OPEN_AS: Readonly<Record<DigestRow['as'], string>> = {
  overdue: 'Overdue: nobody has acknowledged it',
  new: 'New',
  waiting: 'Acknowledged, waiting for the reporter’s answer',
  open: 'Acknowledged',
};

const rowFor = ({ reference, category, as, since, assignee, seen }: DigestRow, profile: SchoolProfile, now: Date) => ({
  ...{ reference, seen },
  category: CATEGORY[category],
  state: `${OPEN_AS[as]} · came in ${ageInWords(since, now)} ago`,
  overdue: as === 'overdue',
  assigned:
    assignee === null
      ? 'Assigned to nobody'
      : `Assigned to ${personIn(profile, assignee)?.name ?? 'somebody who has left'}`,
});
