import type { Actor, Happening } from '../../src/reports/case.js';
import { changed } from '../../src/reports/case-change.js';
import type { Answers } from '../../src/reports/report.js';
import type { CaseChange } from '../../src/reports/stores.js';
import type { Sending } from '../../src/summaries/summary.js';
import { type Grounds, idOf, type Letter, PEOPLE } from '../support/authority.js';
import { issued } from '../support/issued.js';
import { aDraft, anAnswers, aReport, hex, newReference, someEvidence, submitted } from '../support/reports.js';
import { plannedSummary } from '../support/summaries.js';

/** What the turns of a row are about, by the names under which cards and commands name it. */
export interface Subject {
  readonly reference: string;
  /** Another case that all may read who read this one. */
  readonly other: string;
  readonly draftId: string;
  readonly evidenceId: string;
  /** Of the form with which a question is put to the Headteacher. */
  readonly form: string;
  readonly summaryId: string;
}

/** Words of the case, the draft, the question and the summary, and who wrote them. */
export const SECRETS = /wombat|xyla|year 4|rosalind/iu;
const WORDS = 'Xyla says that I am a wombat.';
const PERIOD = 'half_term-2026-08-31';
/** The first school day after the half-term that there is a summary of. */
export const NOVEMBER = new Date('2026-11-02T11:00:00Z');

/** Nothing that there is. */
export const NOTHING = (): Subject => ({
  ...{ reference: newReference(), other: newReference(), draftId: hex(24), evidenceId: hex(16) },
  ...{ form: hex(24), summaryId: 'half_term-2020-08-31' },
});

let made = 0;

/** Each is older than the one before, so that it is the first of every list. */
function aCase(
  { schoolId }: Grounds,
  more: readonly (readonly [Letter, Happening])[],
  answers: Partial<Answers>,
): CaseChange {
  made += 1;
  const change = submitted(
    aReport(schoolId, {
      category: 'online_bullying',
      answers: anAnswers({
        words: WORDS,
        place: 'Year 4 parents',
        account: 'Xyla Quint',
        about: 'school',
        nameFor: 'triagers',
        ...answers,
      }),
      reporter: { personId: idOf('R'), name: PEOPLE.R.name },
      submittedAt: new Date(Date.parse('2026-09-14T10:00:00Z') - made * 60_000),
    }),
  );
  let current = change.case;
  for (const [letter, what] of more) {
    const by: Actor = { personId: idOf(letter) };
    current = changed(current, by, new Date('2026-09-15T10:00:00Z'), [what], { deliveries: [] }).case;
  }
  return { case: current, events: current.log, evidence: [], deliveries: [], at: change.at };
}

/** The number of the event that asks. */
export const QUESTION = 3;
const LIFE: readonly (readonly [Letter, Happening])[] = [
  ['H', { kind: 'assigned', to: idOf('T'), card: null }],
  ['T', { kind: 'question_asked', words: 'Who is Xyla?' }],
];
const CLOSED: readonly (readonly [Letter, Happening])[] = [
  ['H', { kind: 'closed', outcome: 'resolved', message: 'The wombat is gone.' }],
];

const ON_HOLD: readonly (readonly [Letter, Happening])[] = [
  ['H', { kind: 'hold_placed', reason: 'Xyla has a solicitor.' }],
];
const SINCE = { open: [], closed: CLOSED, on_hold: ON_HOLD } as const;

/** A case, which T has been given and has asked about. */
export async function caseOf(
  grounds: Grounds,
  state: keyof typeof SINCE = 'open',
  answers: Partial<Answers> = {},
): Promise<Subject> {
  const change = aCase(grounds, [...LIFE, ...SINCE[state]], answers);
  await grounds.bot.reports.cases.create(change);
  return { ...NOTHING(), reference: change.case.report.reference };
}

/** The same with another case of the same post. */
export async function pairOf(grounds: Grounds): Promise<Subject> {
  const [one, other] = await Promise.all([caseOf(grounds), caseOf(grounds)]);
  return { ...one, other: other.reference };
}

/** A case that its reporter's list of reports names. */
export async function ownCaseOf(grounds: Grounds): Promise<Subject> {
  const draft = await draftOf(grounds);
  const subject = await caseOf(grounds);
  const { drafts } = grounds.bot.reports;
  const stored = await drafts.open(reporterIn(grounds));
  if (stored) await drafts.finish(stored, subject.reference, NOVEMBER);
  return { ...subject, draftId: draft.draftId };
}

export const reporterIn = ({ schoolId }: Grounds) => ({ schoolId, personId: idOf('R') });

/** A draft of R's with one piece of evidence, in place of the one before. */
export async function draftOf(grounds: Grounds): Promise<Subject> {
  const { drafts } = grounds.bot.reports;
  const owner = reporterIn(grounds);
  const open = await drafts.open(owner);
  if (open) await drafts.finish(open, null, NOVEMBER);
  const answers = anAnswers({ words: WORDS, place: 'Year 4 parents', about: 'school' });
  const stored = await drafts.create(
    aDraft(owner.schoolId, { personId: owner.personId, personName: PEOPLE.R.name, answers }),
  );
  if (!stored) throw new Error('There is a draft already.');
  const evidence = someEvidence(Buffer.from(hex(32)), undefined, { addedBy: owner.personId });
  await drafts.addEvidence(owner, stored.draft.id, evidence);
  return { ...NOTHING(), draftId: stored.draft.id, evidenceId: evidence.id };
}

/** A question that R has put to the Headteacher, with their name. */
export async function enquiryOf({ bot, schoolId }: Grounds): Promise<Subject> {
  const subject = { ...NOTHING(), reference: newReference().replace('PD-', 'Q-') };
  const asker = { personId: idOf('R'), name: PEOPLE.R.name };
  const { reference, form } = subject;
  const question = 'May Xyla keep a wombat?';
  await bot.enquiries.open(
    { reference, schoolId, form, question, asker, askedAt: NOVEMBER, clauses: [], answered: null },
    [],
  );
  return subject;
}

/** The one summary there is, with a comment, as it stands. */
export async function summaryOf({ bot, schoolId }: Grounds, sending: Sending): Promise<Subject> {
  const comment = { words: WORDS, by: idOf('H'), at: NOVEMBER };
  const { summaries } = bot;
  const stored = await summaries.find(schoolId, PERIOD);
  if (stored) await summaries.change(stored, { ...stored.summary, comment, sending }, [], NOVEMBER);
  else await issued(summaries, plannedSummary(schoolId, { comment, sending }));
  return { ...NOTHING(), summaryId: PERIOD };
}
