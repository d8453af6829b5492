import { dayInWords, daysAfter } from './calendar.js';
import { type Finding, listed, warning, when } from './finding.js';
import type { SchoolProfile } from './profile.js';

type Period = SchoolProfile['terms'][number];

/** School offices know the next dates long before; who is told two months ahead has a half-term to put them in. */
const SOON_DAYS = 60;

/**
 * Terms and holidays: whether they have run out or soon will, and whether they contradict each other.
 *
 * @param today at the school: `2026-11-20`.
 */
export const dateFindings = ({ terms, holidays }: SchoolProfile, today: string): readonly Finding[] => [
  ...endFindings(terms, today),
  ...overlaps(terms, 'terms_overlap', 'terms'),
  ...overlaps(holidays, 'holidays_overlap', 'holidays'),
  ...holidays
    .filter((holiday) => !terms.some((term) => term.from <= holiday.to && holiday.from <= term.to))
    .filter(({ from }) => terms.some((term) => term.from <= from) && terms.some((term) => from <= term.to))
    .map(({ name }) =>
      warning(
        'holiday_between_terms',
        `The holiday ${name} lies between two terms, so it changes nothing. Check its dates.`,
      ),
    ),
  ...terms
    .filter((term) => holidays.some(({ from, to }) => from <= term.from && term.to <= to))
    .map(({ name }) =>
      warning(
        'term_without_school',
        `The term ${name} is a holiday from its first day to its last. Check the dates of both.`,
      ),
    ),
  ...namedTwice(terms),
];

function endFindings(terms: readonly Period[], today: string): readonly Finding[] {
  const last =
    terms
      .map(({ to }) => to)
      .toSorted()
      .at(-1) ?? '';
  const first = terms.map(({ from }) => from).toSorted()[0] ?? '';
  if (last < today)
    return [
      warning(
        'terms_run_out',
        `The term dates have run out: the last term ended on ${dayInWords(last)}. Until there are new ones every weekday counts as a school day, and governors get no summaries.`,
      ),
    ];
  return [
    ...when(last <= daysAfter(today, SOON_DAYS), () =>
      warning(
        'terms_run_out_soon',
        `The term dates end on ${dayInWords(last)}. Put in those of the next school year before then.`,
      ),
    ),
    ...when(today < first, () =>
      warning(
        'terms_not_begun',
        `The first term begins on ${dayInWords(first)}. Until then every weekday counts as a school day.`,
      ),
    ),
  ];
}

function overlaps(periods: readonly Period[], code: string, what: string): readonly Finding[] {
  const inOrder = periods.toSorted((one, other) => (one.from < other.from ? -1 : 1));
  return inOrder.slice(1).flatMap((period, at) => {
    const before = inOrder[at];
    return before && period.from <= before.to
      ? [
          warning(
            code,
            `The ${what} ${before.name} and ${period.name} overlap: ${period.name} begins on ${dayInWords(period.from)}, before ${before.name} is over.`,
          ),
        ]
      : [];
  });
}

function namedTwice(terms: readonly Period[]): readonly Finding[] {
  const names = terms.map(({ name }) => name.toLowerCase().trim());
  const twice = [...new Set(terms.filter((_, at) => names.indexOf(names[at] ?? '') < at).map(({ name }) => name))];
  return when(twice.length > 0, () =>
    warning(
      'terms_of_one_name',
      `${listed(twice)} is the name of more than one term. Summaries are asked for by it, so add the year.`,
    ),
  );
}
