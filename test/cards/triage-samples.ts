import type { Citation } from '../../src/policies/citation.js';
import { keyOf } from '../../src/policies/clause-index.js';
import type { Case } from '../../src/reports/case.js';
import { exportCase } from '../../src/reports/looks.js';
import { answerQuestion } from '../../src/reports/opening.js';
import { pasteText } from '../../src/reports/paste-text.js';
import type { CaseChange, StoredCase } from '../../src/reports/stores.js';
import { type TriageAction, triage } from '../../src/reports/triage.js';
import type { School } from '../../src/schools/school.js';
import type { Card } from '../../src/teams/cards/template.js';
import { caseDone } from '../../src/teams/cards/triage-views.js';
import { doneSentence } from '../../src/teams/triage-actions.js';
import { channelCardFor } from '../../src/teams/triage-drawing.js';
import { emptyFor, FORM_NAMES, formCard } from '../../src/teams/triage-forms.js';
import { type ReadingParts, readingCardFor } from '../../src/teams/triage-reading.js';
import { linksTo } from '../support/links.js';
import { addedTo, caseBy, longestOf, urgentOf, withdrawn } from './case-samples.js';
import { longest, NOW, REPORTER } from './report-samples.js';

const HELEN = '0d3c6a51-7b1e-4f0a-8c55-1e9a2b7d4c02';
const DANIEL = '0d3c6a51-7b1e-4f0a-8c55-1e9a2b7d4c03';
const RUTH = '0d3c6a51-7b1e-4f0a-8c55-1e9a2b7d4c04';
/** As long as a sealed link gets. */
const SEALED = 'eyJhbGciOiJkaXIifQ'.repeat(24);
const links = {
  ...linksTo(),
  evidenceLink: async () => `https://policy-desk.example.org/view/${SEALED}`,
  exportLink: async () => `https://policy-desk.example.org/export/${SEALED}`,
};

const partsWith = (...cases: readonly Case[]): ReadingParts => ({
  links,
  cases: {
    async *all() {
      for (const one of cases) yield { case: one, version: '1', deliveries: 1 } satisfies StoredCase;
    },
    find: async (_schoolId: string, reference: string) =>
      cases.flatMap((one) => (one.report.reference === reference ? { case: one, version: '1', deliveries: 1 } : []))[0],
  },
});

/** Time goes on by an hour with each step. */
function after(school: School, current: Case, by: string, ...actions: readonly TriageAction[]): Case {
  return actions.reduce((stands, action, at) => {
    const turn = { by, now: new Date(NOW.getTime() + (at + 1) * 3_600_000), seen: stands.log.length };
    return committed(triage({ case: stands, deliveries: stands.log.length }, school.profile, action, turn));
  }, current);
}

function committed(change: CaseChange | { readonly refused: string } | { readonly done: true }): Case {
  if (!('case' in change)) throw new Error(JSON.stringify(change));
  return change.case;
}

const CLOSE = {
  do: 'close',
  outcome: 'resolved',
  message: 'Thank you. The post has been taken down, and we have spoken to the parent.',
} as const;

const HOLD = { do: 'hold', reason: 'A solicitor has written to the school.' } as const;

/** A case in the middle of being dealt with. */
function dealtWith(school: School): Case {
  const about = school.index.find('a parent is rude about a teacher on facebook', 2).map(keyOf);
  const asked = after(
    school,
    caseBy(school.profile, 'channel', about),
    HELEN,
    { do: 'acknowledge' },
    { do: 'assign', to: DANIEL },
    { do: 'ask', words: 'Who else has seen it?\nAnd when?' },
  );
  const question = asked.log.length;
  const answered = committed(answerQuestion(asked, question, 'Forty parents, I think.', REPORTER, NOW));
  return after(
    school,
    answered,
    DANIEL,
    {
      do: 'record',
      action: 'asked_for_removal',
      on: '2026-11-20',
      who: 'The mother',
      words: 'She will think about it.',
    },
    { do: 'mark_post', as: 'removed', on: '2026-11-20' },
    { do: 'note', words: 'Speak to her *before* parents’ evening.' },
    { do: 'record_elsewhere', as: 'CPOMS 2026/4711' },
    { do: 'link', to: 'PD-2B4C6D8E' },
  );
}

/** Sixty events and more, each as long as may be. */
function endlessOf(school: School, clauses: readonly string[]): Case {
  const words = longest(4_000);
  let current = longestOf(school.profile, clauses);
  for (let at = 0; current.log.length < 70; at += 1) {
    const record = { do: 'record', action: 'spoke_to_parent', on: '2026-11-20', who: longest(500) } as const;
    current = after(school, current, HELEN, { do: 'ask', words: `${at} ${words.slice(10)}` });
    current = after(school, current, HELEN, { ...record, words: `${at} ${words.slice(10)}` });
    current = after(school, current, HELEN, { do: 'note', words: `${at} ${words.slice(10)}` });
    current = committed(exportCase({ case: current, deliveries: 1 }, school.profile, { by: DANIEL, now: NOW }));
  }
  return current;
}

/** Cases as those see them who deal with them, the forms, and what takes a form's place. */
export async function triageCards(school: School, clauses: readonly Citation[]): Promise<Record<string, Card>> {
  return { ...channelCards(school), ...(await readingCards(school, clauses)), ...formCards(school) };
}

function channelCards(school: School): Record<string, Card> {
  const { profile } = school;
  const usual = caseBy(profile, 'channel');
  const urgent = urgentOf(profile);
  const later = new Date(NOW.getTime() + 7 * 24 * 3_600_000);
  const acknowledged = after(school, usual, HELEN, { do: 'acknowledge' });
  return {
    'case-channel': channelCardFor(usual, school, NOW),
    'case-channel-sent': channelCardFor(usual, school, NOW, {
      line: 'Sent to your own chat with Policy Desk.',
      style: 'good',
    }),
    'case-channel-overdue': channelCardFor(usual, school, later),
    'case-channel-urgent': channelCardFor(urgent, school, NOW),
    'case-channel-acknowledged': channelCardFor(
      after(school, acknowledged, HELEN, { do: 'assign', to: DANIEL }),
      school,
      NOW,
      {
        line: 'Helen Achebe (Fri 20 Nov 2026, 16:42) was first and acknowledged it. The card shows it as it is now.',
        style: 'warning',
      },
    ),
    'case-channel-closed': channelCardFor(after(school, acknowledged, HELEN, CLOSE), school, NOW),
    'case-channel-reopened': channelCardFor(
      after(school, acknowledged, HELEN, CLOSE, { do: 'reopen', reason: 'It is there again.' }),
      school,
      NOW,
    ),
    'case-channel-withdrawn': channelCardFor(withdrawn(urgent), school, NOW),
  };
}

async function readingCards(school: School, longestClauses: readonly Citation[]): Promise<Record<string, Card>> {
  const { profile, index } = school;
  const longestSchool = {
    ...school,
    index: { ...index, clauses: new Map(longestClauses.map((citation) => [keyOf(citation), citation])) },
  };
  const about = index.find('a parent is rude about a teacher on facebook', 1).map(keyOf);
  const usual = caseBy(profile, 'channel', about);
  const busy = dealtWith(school);
  const another = { ...usual, report: { ...usual.report, reference: 'PD-9Z8Y7X6W' } };
  const endless = endlessOf(longestSchool, longestClauses.map(keyOf));
  const urgent = urgentOf(profile, {
    told: { words: 'He is alone with pupils.', told: 'Nobody yet', staffConduct: 'yes' },
  });
  const draw = (current: Case, by = HELEN, notice = {}) =>
    readingCardFor(partsWith(another, endless), current, school, by, NOW, 'line' in notice ? (notice as never) : null);
  return {
    'case-reading': await draw(usual),
    'case-reading-name-withheld': await draw(usual, DANIEL),
    'case-reading-busy': await draw(busy, DANIEL, {
      line: 'Helen Achebe, Fri 20 Nov 2026, 17:42, has assigned this case to you.',
      style: 'good',
    }),
    'case-reading-closed': await draw(after(school, busy, HELEN, CLOSE)),
    'case-reading-on-hold': await draw(after(school, busy, HELEN, CLOSE, HOLD)),
    'case-reading-chair': await draw(caseBy(profile, 'chair'), RUTH),
    'case-reading-safeguarding': await draw(addedTo(urgent, 'The police have been called.', 1)),
    'case-reading-withdrawn': await draw(withdrawn(caseBy(profile, 'chair')), RUTH),
    'case-reading-no-links': await readingCardFor({ ...partsWith(), links: undefined }, usual, school, HELEN, NOW),
    'case-reading-longest': await readingCardFor(partsWith(another), endless, longestSchool, HELEN, NOW, {
      line: 'Helen Achebe (Fri 20 Nov 2026, 16:42) was first and acknowledged it. The card shows it as it is now.',
      style: 'warning',
    }),
  };
}

function formCards(school: School): Record<string, Card> {
  const current = caseBy(school.profile, 'channel');
  const conduct = urgentOf(school.profile, { told: { words: 'x', told: 'y', staffConduct: 'yes' } });
  const empty = emptyFor(school, NOW);
  const line = doneSentence(CLOSE, school, HELEN, { acknowledged: true, isReached: true });
  return {
    ...Object.fromEntries(FORM_NAMES.map((name) => [`case-form-${name}`, formCard(current, school, name, empty)])),
    'case-form-record-advice': formCard({ ...conduct, evidence: [] }, school, 'record', empty),
    'case-form-close-fault': formCard(
      current,
      school,
      'close',
      { ...empty, outcome: 'resolved', message: 'Thank *you*.' },
      { error: 'Helen Achebe (Fri 20 Nov 2026, 16:42) was first and closed it. The card shows it as it is now.' },
    ),
    'case-form-elsewhere-text': formCard(current, school, 'elsewhere', empty, {
      paste: pasteText(current, school.profile, true),
    }),
    'case-form-elsewhere-longest': formCard(
      current,
      school,
      'elsewhere',
      { ...empty, as: longest(8_000) },
      { paste: longest(60_000), error: 'The reference is longer than 500 characters; please shorten it.' },
    ),
    'case-form-longest': formCard(
      current,
      school,
      'record',
      { ...empty, words: longest(8_000), who: longest(8_000) },
      { error: 'Your note is longer than 4,000 characters; please shorten it.' },
    ),
    'case-done': caseDone({
      reference: current.report.reference,
      seen: 7,
      line,
      about: `Case ${current.report.reference}`,
    }),
  };
}
