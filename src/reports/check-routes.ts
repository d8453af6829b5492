import { error, type Finding, warning } from '../schools/finding.js';
import { receivers } from '../schools/people.js';
import type { SchoolProfile } from '../schools/profile.js';
import { CHANNEL, type RouteQuestion, routeFor } from './route.js';

type About = Pick<RouteQuestion, 'about' | 'postedBy' | 'involved'>;

const NOBODY: About = { about: 'school', postedBy: 'not_known', involved: [] };

/**
 * Reports that would reach nobody as the school has its people, found by asking the one function that decides where a report goes:
 * about nobody who receives reports, about each of those who do, and about the Headteacher and the chair together.
 */
export function routeFindings(profile: SchoolProfile): readonly Finding[] {
  const reaches = (about: About, more: Partial<RouteQuestion> = {}) =>
    routeFor(profile, { category: 'disparaging_post', reporterId: '', unreachable: [], ...about, ...more }).way !==
    'nobody';
  const isLost = (about: About) => !reaches(about) || !reaches(about, { category: 'child_safety' });
  const offices = [
    ['headteacher', 'the Headteacher'],
    ['chair_of_governors', 'the chair of governors'],
  ] as const;
  const lost = [
    ...(isLost(NOBODY) ? ['an ordinary matter, or a child’s safety,'] : []),
    ...offices.flatMap(([about, words]) => (isLost({ ...NOBODY, about }) ? [words] : [])),
    ...receivers(profile).flatMap(({ id, name, roles }) =>
      isLost({ ...NOBODY, involved: [id] }) && !offices.some(([role]) => roles.includes(role)) ? [name] : [],
    ),
  ];
  const both: About = { ...NOBODY, about: 'headteacher', postedBy: 'chair_of_governors' };
  return [
    ...lost.map((whom) =>
      error(
        'reaches_nobody',
        `A report about ${whom} would reach nobody, as everybody who could receive it is involved or missing. Give somebody else the roles it needs.`,
      ),
    ),
    ...(lost.length === 0 && !reaches(both)
      ? [
          warning(
            'both_reach_nobody',
            'A report about both the Headteacher and the chair of governors would reach nobody: the reporter is only given numbers to ring. Name somebody as trust_or_local_authority.',
          ),
        ]
      : []),
    ...(lost.length === 0 && !reaches(NOBODY, { unreachable: [CHANNEL] })
      ? [warning('only_the_channel', 'When the Headteacher’s channel is lost, an ordinary report would reach nobody.')]
      : []),
  ];
}
