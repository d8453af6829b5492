import { type Period, periodId } from '../../src/summaries/period.js';
import type { Counted, Published, Summary } from '../../src/summaries/summary.js';

export const FIRST_HALF: Period = {
  span: 'half_term',
  from: '2026-08-31',
  to: '2026-11-01',
  name: 'Autumn 2026, first half',
};

export const A_WEEK: Period = { span: 'week', from: '2026-11-16', to: '2026-11-22', name: 'Week of Mon 16 Nov 2026' };

const counted: Counted = {
  offices: { headteacher: [], chair_of_governors: [] },
  reports: { total: 12, tables: { police: { yes: 6, no: 6 } } },
  aboutHeadteacher: 1,
  times: { acknowledge: [0, 1, 1, 1, 2, 9], first_action: [], close: [] },
  ...{ openFromBefore: 0, open: 7, overdue: 1 },
  questions: { total: 40, tables: { answer: { answered: 33, not_covered: 7 } } },
  clauses: [{ of: 'policy/4', count: 9 }],
  gaps: [],
  unreadable: false,
};

const none = { median: null, p90: null };

const published: Published = {
  reports: { total: { kind: 'exact', value: 12 }, tables: { police: { yes: 6, no: 6 } } },
  times: { acknowledge: { median: 1, p90: null }, first_action: none, close: none },
  openFromBefore: { kind: 'exact', value: 0 },
  open: { kind: 'band', from: 5, to: 9 },
  overdue: { kind: 'hidden' },
  questions: { total: { kind: 'exact', value: 40 }, tables: {} },
  clauses: ['Social media policy: 4. Posts'],
  gaps: [],
  unreadable: false,
  aboutHeadteacher: { kind: 'band', from: 1, to: 4 },
};

/** A summary as if its figures had been counted. */
export function aSummary(schoolId: string, change: Partial<Summary> = {}): Summary {
  const period = change.period ?? FIRST_HALF;
  return {
    ...{ schoolId, id: periodId(period), schoolName: 'Example Primary School', timeZone: 'Europe/London', period },
    ...{ madeAt: new Date('2026-11-02T08:00:07.001Z'), rule: 1, threshold: 5, inputs: 'a'.repeat(64) },
    ...{ counted, published, corrections: [], trend: [], comment: null },
    sending: { state: 'planned', on: '2026-11-04' },
    ...change,
  };
}
