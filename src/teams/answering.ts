import { answerQuestion } from '../reports/case-steps.js';
import type { BotApplication, BotParts } from './bot.js';
import { commit, onCase } from './my-reports.js';
import { type AnswerSaid, questionCardFor } from './reporter-messages.js';

const NO_SUCH_QUESTION =
  'I cannot find that question. Please open "my reports", choose the report, and add what you want to say there.';

/** The reporter's answers to questions: on the card that brought the question, or from their own report. */
export function registerAnswering(app: BotApplication, parts: BotParts): void {
  // What was typed on the card that it takes the place of goes into its box.
  onCase(app, parts, 'case.question', async ({ stored, school, typed: { question, words, reason } }) => {
    const typed = [words, reason].filter((text) => text.trim() !== '').join('\n');
    return questionCardFor(stored.case, school, question, { words: typed }) ?? NO_SUCH_QUESTION;
  });
  onCase(app, parts, 'case.answer', (turn) => {
    const { school, owner, typed } = turn;
    const { question, words } = typed;
    const shown = (said: AnswerSaid) => async (current: typeof turn.stored.case) =>
      questionCardFor(current, school, question, said) ?? NO_SUCH_QUESTION;
    return commit(turn, (current) => answerQuestion(current, question, words, owner.personId, parts.now()), {
      made: shown({ notice: 'Your answer is in the report. Whoever asked is told.' }),
      refused: (current, error) => shown({ error, words })(current),
    });
  });
}
