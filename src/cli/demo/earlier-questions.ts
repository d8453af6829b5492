import type { AskedQuestion } from '../../policies/question-log.js';
import type { School } from '../../schools/school.js';
import type { Period } from '../../summaries/period.js';

const DAY_MS = 24 * 60 * 60_000;

/** How often what was asked, and the label of the clause that answers it; `null` where none does. */
const ASKED: readonly (readonly [number, string, string | null])[] = [
  [9, 'can a parent add me on facebook', '5.5'],
  [8, 'can i add an ex pupil on insta', '5.2'],
  [7, 'do i need to withhold my number when i ring parents', '6.2'],
  [6, 'may i post pictures of the class', '9.1'],
  [5, 'can i be in the class whatsapp group', '5.6'],
  [6, 'can we have a class podcast', null],
];

/** Made-up questions of a period that is over. */
export function earlierQuestions({ from }: Period, { index }: School): readonly AskedQuestion[] {
  const all = ASKED.flatMap(([count, ...asked]) => Array.from({ length: count }, () => asked));
  return all.map(([question, label], at) => {
    const key = [...index.clauses].find(([, { clause }]) => label !== null && clause.label === label)?.[0];
    const askedAt = new Date(Date.parse(from) + (5 + at) * DAY_MS + 9 * 60 * 60_000);
    return { question, askedAt, outcome: key ? 'answered' : 'not_covered', clauses: key ? [key] : [] };
  });
}
