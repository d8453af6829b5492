import { BREACH_KIND, CATEGORY, OUTCOME, PLATFORM, POSTER, SEVERITY } from '../reports/labels.js';
import type { ReportTable } from './population.js';
import type { TimeTaken } from './summary.js';

type Labels = Readonly<Record<string, string>>;

interface TableWords {
  readonly title: string;
  /** Of its cells, in the order in which they are shown. */
  readonly cells: Labels;
  /** Whether cells have an order of their own; else the largest come first, and those that are hidden are put together. */
  readonly ordered: boolean;
  /** In a correction: "posted by a pupil". */
  readonly phrase: (label: string) => string;
}

/** Tables of more than two cells. */
type Breakdown = Exclude<ReportTable, 'evidence' | 'police' | 'lado' | 'dsl' | 'authority' | 'removed'>;

const NOT_ASKED = { not_asked: 'Not asked' } as const;

const lowered = (label: string): string => label.charAt(0).toLowerCase() + label.slice(1);
const quoted = (before: string) => (label: string) => `${before} “${label}”`;

export const TABLE_WORDS: Readonly<Record<Breakdown, TableWords>> = {
  category: { title: 'What was reported', cells: CATEGORY, ordered: true, phrase: lowered },
  severity: {
    title: 'How urgent',
    cells: { urgent: SEVERITY.urgent, high: SEVERITY.high, normal: SEVERITY.normal },
    ...{ ordered: true, phrase: quoted('urgency') },
  },
  kind: {
    title: 'Other breaches of the policy, by kind',
    cells: BREACH_KIND,
    ...{ ordered: false, phrase: quoted('breaches of the kind') },
  },
  posted_by: {
    title: 'Who posted it',
    cells: { ...POSTER, ...NOT_ASKED },
    ...{ ordered: false, phrase: (label) => `posted by: ${lowered(label)}` },
  },
  platform: {
    title: 'Where it was posted',
    cells: { ...PLATFORM, ...NOT_ASKED },
    ...{ ordered: false, phrase: quoted('posted on') },
  },
  outcome: {
    title: 'How it ended',
    cells: { ...OUTCOME, withdrawn: 'Withdrawn by whoever reported it', still_open: 'Not finished yet' },
    ...{ ordered: false, phrase: quoted('outcome') },
  },
  acknowledged: {
    title: 'Acknowledged in time',
    cells: {
      in_time: 'In time',
      late: 'Late',
      overdue: 'Not yet, and overdue',
      not_yet_due: 'Not yet, and not yet due',
      withdrawn_before: 'Withdrawn before',
    },
    ...{ ordered: false, phrase: quoted('acknowledged:') },
  },
};

export const BREAKDOWN_TABLES = Object.keys(TABLE_WORDS) as readonly Breakdown[];

/** Tables of yes and no, by what `yes` says. */
export const DONE: Readonly<Record<Exclude<ReportTable, Breakdown>, { readonly yes: string; readonly no: string }>> = {
  evidence: { yes: 'Evidence was given', no: 'no evidence was given' },
  police: { yes: 'The police were told', no: 'the police were not told' },
  lado: { yes: 'The LADO was told', no: 'the LADO was not told' },
  dsl: { yes: 'The safeguarding lead was told', no: 'the safeguarding lead was not told' },
  authority: { yes: 'The local authority or trust was told', no: 'the local authority or trust was not told' },
  removed: { yes: 'A post was removed', no: 'no post was removed' },
};

export const DONE_TABLES = Object.keys(DONE) as readonly (keyof typeof DONE)[];

/** "Half acknowledged within": what had been done by then. */
export const TIME_WORDS: Readonly<Record<TimeTaken, string>> = {
  acknowledge: 'acknowledged',
  first_action: 'acted on',
  close: 'closed',
};

/** A figure in the middle of a sentence: "online bullying", "posted by: a pupil", "reports where the police were told". */
export function phraseOf(table: string, cell: string): string {
  const words = TABLE_WORDS[table as Breakdown];
  if (words) return words.phrase(words.cells[cell] ?? cell);
  const done = DONE[table as keyof typeof DONE];
  if (done) return `reports where ${cell === 'yes' ? lowered(done.yes) : done.no}`;
  if (table === 'answer')
    return cell === 'answered' ? 'questions answered' : 'questions that the policy does not cover';
  return table === 'questions' ? 'the number of questions' : 'the number of reports';
}
