import { dayInWords } from '../schools/calendar.js';
import { personIn } from '../schools/people.js';
import type { SchoolProfile } from '../schools/profile.js';
import { timeAt } from '../schools/time.js';
import type { Case } from './case.js';
import { keptUntil } from './retention.js';
import { standingOf } from './standing.js';

/** How long a case is kept, for those who deal with it: nothing while it goes on and nobody has placed it on legal hold. */
export function keptInWords(
  current: Pick<Case, 'report' | 'log'>,
  profile: SchoolProfile,
): readonly { readonly name: string; readonly value: string }[] {
  const { hold } = standingOf(current);
  const kept = keptUntil(current, profile);
  const until = kept && dayInWords(kept.until);
  return [
    ...(hold ? [{ name: 'Kept', value: holdSentence(hold, profile) }] : []),
    ...(until ? [{ name: 'Kept until', value: hold ? `${until}, and as long as it is on legal hold` : until }] : []),
  ];
}

function holdSentence({ by, at }: NonNullable<ReturnType<typeof standingOf>['hold']>, profile: SchoolProfile): string {
  const who = 'personId' in by ? (personIn(profile, by.personId)?.name ?? 'somebody who has left') : 'Policy Desk';
  return `On legal hold since ${timeAt(at, profile.timeZone)}, by ${who}: it is not deleted.`;
}
