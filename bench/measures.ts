import type { Response } from '../src/policies/answer.js';
import type { Category } from '../src/policies/category.js';
import type { Match } from '../src/policies/clause-index.js';

/** A message with what is right for it. */
export interface LabelledQuestion {
  readonly id: string;
  /** Id of the policy it is asked of. */
  readonly policy: string;
  readonly kind: 'answerable' | 'unanswerable' | 'report' | 'smalltalk';
  /** What a report is about; reports only. */
  readonly category?: Category;
  readonly question: string;
  /** Wordings of the policy, each of which answers; empty unless answerable. */
  readonly gold: readonly string[];
}

/** Every figure but the last is a share, 0 to 1; `NaN` where there is no message of the kind. */
export const FIGURE_NAMES = [
  'hit@1',
  'hit@3',
  'answerable',
  'unanswerable',
  'report',
  'report category',
  'child safety',
  'smalltalk',
  'outcome',
  'taken for a question',
  'clause length',
] as const;
export type Figures = Readonly<Record<(typeof FIGURE_NAMES)[number], number>>;

/** A passage counts by as much of it as the `ask` command prints. */
const COMPARED_CHARACTERS = 1_200;

/**
 * Measures how well messages are answered.
 *
 * - hit@1, hit@3: an answerable question's wording stands in the first, or one of the first three, of the clauses shown.
 * - answerable: it is taken for a question, answered, and hit@3. unanswerable: neither answered nor taken for a report.
 * - report, smalltalk: taken for that, a child at risk also by its category; report category: the category is right.
 * - outcome: all of them together. taken for a question: answerable and unanswerable ones that are.
 * - clause length: mean length of the first clause shown for an answerable question, in characters.
 */
export function measure(items: readonly LabelledQuestion[], respond: (item: LabelledQuestion) => Response): Figures {
  const judged = items.map((item) => judge(item, respond(item)));
  const of = (...kinds: LabelledQuestion['kind'][]) => judged.filter(({ item }) => kinds.includes(item.kind));
  const isRight = ({ right }: Judged) => right;
  return {
    'hit@1': share(of('answerable'), ({ hit }) => hit === 0),
    'hit@3': share(of('answerable'), ({ hit }) => hit >= 0),
    answerable: share(of('answerable'), isRight),
    unanswerable: share(of('unanswerable'), isRight),
    report: share(of('report'), isRight),
    'report category': share(of('report'), ({ item, category }) => category === item.category),
    'child safety': share(
      judged.filter(({ item }) => item.category === 'child_safety'),
      isRight,
    ),
    smalltalk: share(of('smalltalk'), isRight),
    outcome: share(judged, isRight),
    'taken for a question': share(of('answerable', 'unanswerable'), ({ intent }) => intent === 'question'),
    'clause length': mean(of('answerable').map(({ firstLength }) => firstLength)),
  };
}

interface Judged {
  readonly item: LabelledQuestion;
  readonly intent: Response['intent']['kind'];
  readonly category: Category | null;
  readonly right: boolean;
  /** Place of the first clause shown that answers, from 0; -1 for none among three. */
  readonly hit: number;
  readonly firstLength: number;
}

function judge(item: LabelledQuestion, response: Response): Judged {
  const answered = 'answer' in response && response.answer.kind === 'answered';
  const shown = shownIn(response)
    .slice(0, 3)
    .map(({ clause }) => clause.quote.slice(0, COMPARED_CHARACTERS));
  const hit = shown.findIndex((text) => item.gold.some((wording) => folded(text).includes(folded(wording))));
  const { intent } = response;
  const category = intent.kind === 'report' ? intent.category : null;
  const right = {
    answerable: answered && hit >= 0,
    unanswerable: intent.kind !== 'report' && !answered,
    report: intent.kind === 'report' && (item.category !== 'child_safety' || category === 'child_safety'),
    smalltalk: intent.kind === 'smalltalk',
  }[item.kind];
  return { item, intent: intent.kind, category, right, hit, firstLength: shown[0]?.length ?? 0 };
}

/** The clauses a person sees, as the answer or as the nearest. */
function shownIn(response: Response): readonly Match[] {
  if (!('answer' in response)) return [];
  return response.answer.kind === 'answered' ? response.answer.clauses : response.answer.nearest;
}

const folded = (text: string): string => text.replace(/\s+/gu, ' ').trim();

const share = (all: readonly Judged[], test: (one: Judged) => boolean): number => all.filter(test).length / all.length;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** One row of a table of figures. */
export interface Row {
  readonly name: string;
  /** How many messages were measured. */
  readonly items: number;
  readonly figures: Figures;
}

/** Lays figures out as text: one line for each figure, one column for each row. */
export function tableOf(title: string, rows: readonly Row[]): string {
  const first = Math.max(...FIGURE_NAMES.map((name) => name.length));
  const line = (name: string, cells: readonly string[]) =>
    [name.padEnd(first), ...cells.map((cell, at) => cell.padStart(Math.max(8, rows[at]?.name.length ?? 0)))].join('  ');
  return [
    title,
    line(
      '',
      rows.map(({ name }) => name),
    ),
    line(
      'messages',
      rows.map(({ items }) => String(items)),
    ),
    ...FIGURE_NAMES.map((name) =>
      line(
        name,
        rows.map(({ figures }) => inWords(name, figures[name])),
      ),
    ),
  ].join('\n');
}

function inWords(name: (typeof FIGURE_NAMES)[number], value: number): string {
  if (Number.isNaN(value)) return '-';
  return value.toFixed(name === 'clause length' ? 1 : 3);
}
