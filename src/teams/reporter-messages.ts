import type { Case, CaseEvent } from '../reports/case.js';
import { sameId } from '../reports/case-change.js';
import { contactsFor, OUTCOME } from '../reports/labels.js';
import { type Asked, standingOf } from '../reports/standing.js';
import type { CaseStore } from '../reports/stores.js';
import { actorInWords, readersSentence } from '../reports/told.js';
import type { Delivery } from '../schools/delivery.js';
import { contactInWords } from '../schools/people.js';
import type { SchoolProfile } from '../schools/profile.js';
import type { School } from '../schools/school.js';
import { timeAt } from '../schools/time.js';
import type { Line } from './cards/fitting.js';
import { cardMessage } from './cards/message.js';
import { questionCard, toldCard } from './cards/reporter-views.js';
import type { Card } from './cards/template.js';
import type { Renderer } from './courier.js';

/** The messages by which whoever made a report is kept in touch with. Each goes to that person and nobody else. */
export function reporterRenderers({ cases }: { readonly cases: CaseStore }): Record<string, Renderer> {
  const toReporter =
    (draw: (current: Case, school: School, event: number) => Card | undefined): Renderer =>
    async ({ refs, schoolId, target }: Delivery, school) => {
      const found = (await cases.find(schoolId, refs.reference ?? ''))?.case;
      if (!found || target.to !== 'person' || !sameId(target.personId, found.report.reporter.personId))
        return undefined;
      const card = draw(found, school, Number(refs.event));
      return card && cardMessage(card);
    };
  return {
    'case.acknowledged': toReporter(acknowledgedCard),
    'case.question': toReporter((current, school, event) => questionCardFor(current, school, event)),
    'case.closed': toReporter(closedCard),
    'case.reopened': toReporter(reopenedCard),
  };
}

const LEAVE_IT: Line = {
  lead: 'Until then: ',
  line: 'Delete nothing. Leave the post and the pictures where they are.',
};

const whoAndWhen = ({ by, at }: Pick<CaseEvent, 'by' | 'at'>, profile: SchoolProfile): string =>
  `${actorInWords(by, profile)}, ${timeAt(at, profile.timeZone)}`;

/** What a child's safety needs now; none of the people to telephone is one whom the report names. */
function childFirst({ report, log }: Case, profile: SchoolProfile): readonly Line[] {
  if (report.category !== 'child_safety') return [];
  const { route } = standingOf({ report, log });
  return [
    { lead: 'If anyone is in danger: ', line: 'call 999. Do not wait for an answer here.' },
    ...contactsFor(route, profile).map(({ office, ...contact }) => ({
      lead: `${office}: `,
      line: contactInWords(contact),
    })),
  ];
}

/** Somebody has read the report. Whatever did so: assigning it or recording what was done says that it was read, too. */
export function acknowledgedCard(current: Case, { profile }: School): Card | undefined {
  const { reference } = current.report;
  const { acknowledged } = standingOf(current);
  if (!acknowledged) return undefined;
  return toldCard({
    ...{ reference, title: 'Your report has been read', button: 'See my report' },
    lines: [
      { line: `Your report ${reference} has been read by ${whoAndWhen(acknowledged, profile)}.` },
      ...childFirst(current, profile),
      {
        lead: 'Next: ',
        line: 'It is looked into. If there is something to ask you, the question comes here, and so does word of how it ends.',
      },
      LEAVE_IT,
    ],
    parts: [],
  });
}

/** How it ended, and what whoever closed it wrote to the reporter. @param event number of the event that closed it. */
export function closedCard({ report, log }: Case, { profile }: School, event: number): Card | undefined {
  const { reference } = report;
  const closed = log.find(({ number }) => number === event);
  if (closed?.what.kind !== 'closed') return undefined;
  return toldCard({
    ...{ reference, title: 'Your report has been closed', button: 'See my report, or add to it' },
    lines: [
      { line: `Your report ${reference} has been closed by ${whoAndWhen(closed, profile)}.` },
      { lead: 'Outcome: ', line: OUTCOME[closed.what.outcome] },
    ],
    parts: [
      { part: 'Message to you', lines: [closed.what.message] },
      { part: 'If it goes on', lines: ['Open your report and add what has happened. Whoever had it is told.'] },
    ],
  });
}

/** Why it was opened again is said among those who deal with it. @param event number of the event that opened it. */
export function reopenedCard({ report, log }: Case, { profile }: School, event: number): Card | undefined {
  const { reference } = report;
  const reopened = log.find(({ number }) => number === event);
  if (reopened?.what.kind !== 'reopened') return undefined;
  const ended = log.findLast(
    ({ number, what: { kind } }) => number < event && (kind === 'closed' || kind === 'withdrawn'),
  );
  const who = actorInWords(reopened.by, profile);
  return toldCard({
    ...{ reference, title: 'Your report has been opened again', button: 'See my report' },
    lines: [
      { line: `Your report ${reference} has been opened again by ${whoAndWhen(reopened, profile)}.` },
      ...(ended?.what.kind === 'withdrawn'
        ? [{ line: `You had withdrawn it, and the school has to go on with it. If you want to know why, ask ${who}.` }]
        : []),
      {
        lead: 'Next: ',
        line: 'There is nothing that you have to do now. If there is something to ask you, the question comes here, and so does word of how it ends.',
      },
      LEAVE_IT,
    ],
    parts: [],
  });
}

/** What there is to say about an answer that was just sent, and what was typed that is not kept. */
export interface AnswerSaid {
  readonly notice?: string;
  readonly error?: string;
  readonly words?: string;
}

/**
 * A question to the reporter, what they have answered, and a box to answer, as often as they like.
 *
 * @param question number of the event that asked; `undefined` is returned where there is no such question.
 */
export function questionCardFor(
  current: Case,
  { profile }: School,
  question: number,
  { notice, error, words = '' }: AnswerSaid = {},
): Card | undefined {
  const { reference } = current.report;
  const { questions, state } = standingOf(current);
  const asked = questions.find(({ number }) => number === question);
  if (!asked) return undefined;
  const isAnswered = asked.answers.length > 0;
  return questionCard({
    ...{ reference, question, title: `A question on your report ${reference}` },
    parts: [askedPart(asked, profile), ...answersOf(asked, profile), ...closedSince(state)],
    ...{ notice: notice ?? null, error: error ?? null },
    // What was typed stays to be copied, also where it can go nowhere.
    answering:
      state === 'withdrawn' && words === ''
        ? null
        : {
            readers: readersSentence(current, profile),
            label: isAnswered ? 'Add to your answer' : 'Your answer',
            words,
          },
  });
}

const askedPart = (asked: Asked, profile: SchoolProfile) => ({
  part: 'The question',
  lines: [`${whoAndWhen(asked, profile)}:`, asked.words],
});

/** Newest first, as the end of a long part may not fit on a card. */
const answersOf = ({ answers }: Asked, { timeZone }: SchoolProfile) =>
  answers.length === 0
    ? []
    : [
        {
          part: answers.length === 1 ? 'Your answer' : 'Your answers',
          lines: answers.map(({ at, words }) => `${timeAt(at, timeZone)}: ${words}`).toReversed(),
        },
      ];

const closedSince = (state: string) => {
  if (state === 'withdrawn')
    return [{ part: 'Withdrawn', lines: ['You have withdrawn this report, so there is nothing more to answer.'] }];
  return state === 'closed'
    ? [{ part: 'Closed', lines: ['This report has been closed. What you answer is kept with it, and is read.'] }]
    : [];
};
