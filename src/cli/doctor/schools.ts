import { AppError } from '../../errors.js';
import { dayAndTimeAt, dayInWords, daysAfter } from '../../schools/calendar.js';
import type { School } from '../../schools/school.js';
import { listSchools, readSchool, refuseDouble } from '../../storage/school-folder.js';
import { type Finding, kindOf, of } from './finding.js';

/** New dates take a school office some weeks. */
const SOON_DAYS = 60;
const HOW = 'npm run school -- check';

/** Schools that can be read, and what was found on all of them. */
export interface ReadSchools {
  readonly schools: readonly School[];
  readonly findings: readonly Finding[];
}

/** Reads every school as the bot does. */
export async function schoolFindings(folder: string, now: Date): Promise<ReadSchools> {
  const { broken } = of('schools');
  let ids: readonly string[];
  try {
    ids = await listSchools(folder);
  } catch (error) {
    const todo = 'Check SCHOOLS_DIR, and that the volume or the container of schools is mounted.';
    return {
      schools: [],
      findings: [broken(`The folder that SCHOOLS_DIR names cannot be read (${kindOf(error)}).`, todo)],
    };
  }
  if (ids.length === 0)
    return { schools: [], findings: [broken('There is no school.', 'Make one: npm run school -- new')] };
  const read = await Promise.all(ids.map((id) => readOne(folder, id)));
  const schools = read.flatMap((one) => ('school' in one ? [one.school] : []));
  return {
    schools,
    findings: [...read.flatMap((one) => ('fault' in one ? [one.fault] : ofOne(one.school, now))), ...doubles(schools)],
  };
}

/** Its faults are named by `school check`: they may quote what stands in a file. */
async function readOne(folder: string, id: string): Promise<{ school: School } | { fault: Finding }> {
  try {
    return { school: await readSchool(folder, id) };
  } catch (error) {
    const why = error instanceof AppError ? WHY[error.code] : undefined;
    const says = `${why ?? `Its files cannot be read (${kindOf(error)})`}, so nobody there can use the bot.`;
    return { fault: of(`school ${id}`).broken(says, `${HOW} ${id}`) };
  }
}

function doubles(schools: readonly School[]): readonly Finding[] {
  return schools.flatMap((school) => {
    try {
      refuseDouble(school, schools);
      return [];
    } catch {
      const says = 'It has the same team as another school, so nobody could be told which of the two they belong to.';
      return [of(`school ${school.profile.id}`).broken(says, 'Put the team of each into its school.yaml.')];
    }
  });
}

const WHY: Partial<Record<AppError['code'], string>> = {
  school_unreadable: 'Its school.yaml or its folder of policies is not in order',
  policy_unreadable: 'A policy of it cannot be read',
};

function ofOne(school: School, now: Date): readonly Finding[] {
  const { profile, policies, index } = school;
  const { works } = of(`school ${profile.id}`);
  const { day } = dayAndTimeAt(now, profile.timeZone);
  const counted = `${policies.length === 1 ? '1 policy' : `${policies.length} policies`}, ${index.clauses.size} clauses`;
  return [works(`It can be read: ${counted}.`), ...dates(school, day), ...reviews(school, day)];
}

function dates({ profile: { id, terms } }: School, today: string): readonly Finding[] {
  const { works, look } = of(`term dates of ${id}`);
  const last = terms.map(({ to }) => to).reduce((one, other) => (one > other ? one : other), '');
  const todo = `Put the terms and holidays of the next school year into school.yaml; ${HOW} ${id} says more.`;
  if (last < today)
    return [
      look(
        `They ended on ${dayInWords(last)}: every weekday counts as a school day, and there are no summaries.`,
        todo,
      ),
    ];
  if (last <= daysAfter(today, SOON_DAYS)) return [look(`They end on ${dayInWords(last)}.`, todo)];
  return [works(`They reach until ${dayInWords(last)}.`)];
}

function reviews({ profile: { id }, policies }: School, today: string): readonly Finding[] {
  const late = policies.filter(({ review }) => review !== null && review < today.slice(0, review.length)).length;
  const says = late === 1 ? 'The review of a policy is overdue.' : `The review of ${late} policies is overdue.`;
  return late === 0
    ? []
    : [
        of(`policies of ${id}`).look(
          says,
          `The Headteacher sees which by typing “status” to the bot; so does ${HOW} ${id}.`,
        ),
      ];
}
