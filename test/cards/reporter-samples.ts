import type { Case } from '../../src/reports/case.js';
import { listedCase } from '../../src/reports/case-lists.js';
import { answerQuestion } from '../../src/reports/case-steps.js';
import type { CaseChange } from '../../src/reports/stores.js';
import { type TriageAction, triage } from '../../src/reports/triage.js';
import { peopleWith } from '../../src/schools/people.js';
import type { SchoolProfile } from '../../src/schools/profile.js';
import type { School } from '../../src/schools/school.js';
import type { Card } from '../../src/teams/cards/template.js';
import { listCard, referenceCard } from '../../src/teams/case-lists.js';
import { newsCardFor } from '../../src/teams/case-news.js';
import { ownReportCard } from '../../src/teams/own-report.js';
import * as messages from '../../src/teams/reporter-messages.js';
import { addedTo, caseBy, sent, withdrawn } from './case-samples.js';
import { longest, NOW, REPORTER, TOLD, UPLOAD_URL } from './report-samples.js';

const QUESTION = 'Which group was it in? Is the *second* picture from the same day?\nAnd who else has seen it?';
const ANSWER = 'In "Year 4 parents".\nYes, from the same evening.';

/** What a change leaves behind. */
function after(made: CaseChange | { readonly refused: string } | { readonly done: true }): Case {
  if ('case' in made) return made.case;
  throw new Error('refused' in made ? made.refused : 'It was done already.');
}

const headOf = (profile: SchoolProfile): string => peopleWith(profile, 'headteacher')[0]?.id ?? '';

/** After the Headteacher has done these things, one after the other. */
const acted = (current: Case, profile: SchoolProfile, ...actions: readonly TriageAction[]): Case =>
  actions.reduce((before, action) => {
    const turn = { by: headOf(profile), now: NOW, seen: before.log.length };
    return after(triage({ case: before, deliveries: before.log.length }, profile, action, turn));
  }, current);

const answered = (current: Case, question: number, words: string): Case =>
  after(answerQuestion(current, question, words, REPORTER, NOW));

const ask = (words: string): TriageAction => ({ do: 'ask', words });
const close = (message: string): TriageAction => ({ do: 'close', outcome: 'resolved', message });

/** Staying in touch with whoever made a report, and the lists of those who deal with it. */
export const reporterCards = (school: School): Record<string, Card> => ({
  ...told(school),
  ...questions(school),
  ...ownReports(school),
  ...news(school),
  ...lists(school),
});

function drawn(card: Card | undefined): Card {
  if (!card) throw new Error('There is nothing to draw.');
  return card;
}

function told(school: School): Record<string, Card> {
  const { profile } = school;
  const usual = caseBy(profile, 'channel');
  const read = acted(usual, profile, { do: 'acknowledge' });
  const urgent = acted(sent(profile, TOLD, []), profile, { do: 'acknowledge' });
  const closed = acted(
    read,
    profile,
    close('The post is down. Mrs Quint has been spoken to.\n\nThank you for telling us.'),
  );
  const closedAtLength = acted(read, profile, close(longest(4_000)));
  const reopened = acted(closed, profile, { do: 'reopen', reason: 'She has posted it again.' });
  const goesOn = acted(withdrawn(read), profile, { do: 'reopen', reason: 'Others are concerned.' });
  const last = ({ log }: Case) => log.length;
  return {
    'case-told-acknowledged': drawn(messages.acknowledgedCard(read, school)),
    'case-told-acknowledged-child-safety': drawn(messages.acknowledgedCard(urgent, school)),
    'case-told-closed': drawn(messages.closedCard(closed, school, last(closed))),
    'case-told-closed-longest': drawn(messages.closedCard(closedAtLength, school, last(closedAtLength))),
    'case-told-reopened': drawn(messages.reopenedCard(reopened, school, last(reopened))),
    'case-told-reopened-withdrawn': drawn(messages.reopenedCard(goesOn, school, last(goesOn))),
  };
}

function questions(school: School): Record<string, Card> {
  const { profile } = school;
  const asked = acted(caseBy(profile, 'channel'), profile, ask(QUESTION));
  const number = asked.log.length;
  const once = answered(asked, number, ANSWER);
  const closed = acted(once, profile, close('Done.'));
  const long = acted(caseBy(profile, 'channel'), profile, ask(longest(4_000)));
  const longAnswered = answered(answered(long, long.log.length, longest(3_999)), long.log.length, longest(3_998));
  const error = 'Your answer is longer than 4,000 characters; please shorten it.';
  const card = (current: Case, said?: messages.AnswerSaid) =>
    drawn(messages.questionCardFor(current, school, number, said));
  return {
    'case-question': card(asked),
    'case-question-empty': card(asked, { error: 'Please type your answer.' }),
    'case-question-answered': card(once, { notice: 'Your answer is in the report. Whoever asked is told.' }),
    'case-question-closed': card(closed),
    'case-question-withdrawn': card(withdrawn(once)),
    'case-question-longest': card(longAnswered, { error, words: longest(8_000) }),
  };
}

function ownReports(school: School): Record<string, Card> {
  const { profile } = school;
  const asked = acted(caseBy(profile, 'channel'), profile, ask(QUESTION));
  const twice = acted(answered(asked, asked.log.length, ANSWER), profile, ask('Is it still there?'));
  const closed = acted(twice, profile, close('The post is down. Thank you for telling us.'));
  let long = addedTo(caseBy(profile, 'channel'), longest(4_000), 2);
  for (let time = 0; time < 6; time += 1) {
    long = acted(long, profile, ask(longest(4_000 - time)));
    long = answered(long, long.log.length, longest(4_000));
  }
  long = acted(long, profile, close(longest(4_000)));
  return {
    'my-report-asked': ownReportCard(twice, school, UPLOAD_URL),
    'my-report-closed': ownReportCard(closed, school, UPLOAD_URL),
    'my-report-asked-longest': ownReportCard(long, school, UPLOAD_URL, {
      ...{ error: 'What you add is longer than 4,000 characters; please shorten it.', words: longest(8_000) },
    }),
  };
}

function news(school: School): Record<string, Card> {
  const { profile } = school;
  const asked = acted(caseBy(profile, 'channel'), profile, ask(QUESTION));
  const card = (current: Case, whole: boolean) =>
    drawn(newsCardFor(current, current.log.at(-1) as Case['log'][number], school, whole));
  const long = acted(asked, profile, ask(longest(4_000)));
  return {
    'case-news-channel': card(answered(asked, asked.log.length, ANSWER), false),
    'case-news-answered': card(answered(asked, asked.log.length, ANSWER), true),
    'case-news-added': card(addedTo(asked, 'She has posted again.\nTwice.', 1), true),
    'case-news-withdrawn': card(withdrawn(asked), true),
    'case-news-longest': card(answered(long, long.log.length, longest(4_000)), true),
  };
}

function lists(school: School): Record<string, Card> {
  const { profile } = school;
  const nextWeek = new Date('2026-11-26T09:00:00Z');
  const fresh = caseBy(profile, 'channel');
  const mine = acted(fresh, profile, { do: 'assign', to: headOf(profile) });
  const urgent = acted(fresh, profile, { do: 'change_severity', to: 'urgent', reason: 'Forty parents have seen it.' });
  const listed = (current: Case, now = nextWeek) => listedCase(current, profile, now);
  const some = [listed(mine), listed(fresh), listed(urgent), listed(fresh, NOW)];
  const many = Array.from({ length: 57 }, () => listed(mine));
  return {
    'case-list': listCard('open', some, profile),
    'case-list-none': listCard('overdue', [], profile),
    'case-list-longest': listCard('mine', many, profile),
    'case-list-one': referenceCard(listed(withdrawn(mine)), profile),
  };
}
