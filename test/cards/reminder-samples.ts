import type { Case, Happening } from '../../src/reports/case.js';
import { changed } from '../../src/reports/case-change.js';
import { reminderDue } from '../../src/reports/reminders.js';
import { all } from '../../src/reports/standing.js';
import type { SchoolProfile } from '../../src/schools/profile.js';
import type { Card } from '../../src/teams/cards/template.js';
import { digestFor, reminderFor } from '../../src/teams/reminder-renderers.js';

const CHANNEL = { to: 'headteacher_channel' } as const;
const person = (profile: SchoolProfile, role: SchoolProfile['people'][number]['roles'][number]) => ({
  to: 'person' as const,
  personId: profile.people.find(({ roles }) => roles.includes(role))?.id ?? '',
});

/** A case after so many reminders, each at the first of these times at which it is due. */
function remindedAt(current: Case, profile: SchoolProfile, times: readonly string[]): Case {
  return times.reduce((before, time) => {
    const due = reminderDue({ case: before, deliveries: before.log.length }, profile, new Date(time));
    if (!due) throw new Error(`No reminder is due at ${time}.`);
    return due.case;
  }, current);
}

function card(current: Case, profile: SchoolProfile, target: ReturnType<typeof person> | typeof CHANNEL, now: string) {
  const event = all(current.log, 'reminded').at(-1);
  if (!event) throw new Error('Nobody was reminded.');
  return reminderFor(current, profile, event, target, new Date(now));
}

/** What follows when nobody acknowledges these cases: they came in on Friday 20 November 2026, in the afternoon. */
export function reminderCards(
  profile: SchoolProfile,
  { usual, chair, urgent }: { readonly usual: Case; readonly chair: Case; readonly urgent: Case },
): Record<string, Card> {
  const [first, second, hour, next] = [
    '2026-11-25T08:31:00Z',
    '2026-11-26T08:31:00Z',
    '2026-11-20T16:43:00Z',
    '2026-11-20T17:00:10Z',
  ] as const;
  const once = remindedAt(usual, profile, [first]);
  const twice = remindedAt(usual, profile, [first, second]);
  const apart = remindedAt(chair, profile, [first, second]);
  const hourly = remindedAt(urgent, profile, [hour, next]);
  const by = { personId: person(profile, 'headteacher').personId };
  const then = (current: Case, ...whats: Happening[]) =>
    changed(current, by, new Date(second), whats, { deliveries: [] }).case;
  const acknowledged = then(usual, { kind: 'acknowledged' }, { kind: 'assigned', to: by.personId, card: null });
  const asked = then(usual, { kind: 'acknowledged' }, { kind: 'question_asked', words: 'Is it still there?' });
  const monday = new Date('2026-11-30T08:00:00Z');
  return {
    'case-reminder-channel': card(once, profile, CHANNEL, first),
    'case-reminder-channel-urgent': card(hourly, profile, CHANNEL, hour),
    'case-reminder-headteacher': card(once, profile, person(profile, 'headteacher'), first),
    'case-reminder-deputy': card(twice, profile, person(profile, 'deputy_headteacher'), second),
    'case-reminder-trust': card(apart, profile, person(profile, 'trust_or_local_authority'), second),
    'case-reminder-hourly': card(hourly, profile, person(profile, 'dsl'), next),
    'case-digest-channel': digestFor([asked, acknowledged, usual, urgent], profile, CHANNEL, monday),
    'case-digest-chair': digestFor([apart], profile, person(profile, 'chair_of_governors'), monday),
    'case-digest-none': digestFor([], profile, CHANNEL, monday),
    'case-digest-unreadable': digestFor([usual], profile, CHANNEL, monday, 1),
    'case-digest-longest': digestFor(Array<Case>(40).fill(acknowledged), profile, CHANNEL, monday),
  };
}
