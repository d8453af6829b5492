import { TableClient } from '@azure/data-tables';
import { inject } from 'vitest';
import type { Happening } from '../../src/reports/case.js';
import { personKey } from '../../src/reports/draft-steps.js';
import { FORM_NAMES, FORMS, type FormName } from '../../src/teams/triage-forms.js';
import { type Grounds, idOf, type Letter, PEOPLE, type Place, type Shown } from '../support/authority.js';
import { SENT } from '../support/summary-downloads.js';
import {
  caseOf,
  draftOf,
  enquiryOf,
  NOTHING,
  NOVEMBER,
  ownCaseOf,
  pairOf,
  QUESTION,
  reporterIn,
  type Subject,
  summaryOf,
} from './subjects.js';

/** One thing that people may do, how it is done and how it shows that it was. */
export interface Action {
  readonly subject: (grounds: Grounds) => Promise<Subject>;
  readonly run: (grounds: Grounds, letter: Letter, place: Place, subject: Subject) => Promise<Shown>;
  readonly works: (done: Done) => Promise<boolean> | boolean;
  /** What is logged of whoever is refused, but for those of no school. */
  readonly logs?: string;
  /** Who may do it, but finds nothing of this subject, so that it is no refusal. */
  readonly mayAsk?: readonly Letter[];
  /** What is put back before the next may do it. */
  readonly undo?: (grounds: Grounds) => Promise<unknown>;
  /** Who is refused is logged in their own chat only: elsewhere they are told where to go. */
  readonly logsOwnChatOnly?: boolean;
  /** Every school has this, so that people of others do it there. */
  readonly everywhere?: boolean;
  /** Pressed again it does nothing more. */
  readonly once?: boolean;
}

/** What came of it. */
export interface Done {
  readonly grounds: Grounds;
  readonly letter: Letter;
  readonly shown: Shown;
  readonly subject: Subject;
}

/** What a card may have been given besides: who acts, and where, is never taken from it. */
const FORGED = {
  ...{
    personId: idOf('H'),
    by: idOf('H'),
    aadObjectId: idOf('H'),
    actor: idOf('H'),
    owner: idOf('R'),
    reporter: idOf('R'),
  },
  ...{
    place: 'own_chat',
    edition: 'chair',
    role: 'headteacher',
    from: { aadObjectId: idOf('H') },
    userId: `29:${idOf('H')}`,
  },
};

type Data = (subject: Subject, grounds: Grounds, letter: Letter) => object;

const press =
  (verb: string, data: Data): Action['run'] =>
  (grounds, letter, place, subject) => {
    const { schoolId } = grounds;
    return grounds.press(letter, place, verb, {
      ...FORGED,
      schoolId,
      school: schoolId,
      ...data(subject, grounds, letter),
    });
  };

const submit =
  (verb: string, data: object): Action['run'] =>
  (grounds, letter, place) =>
    grounds.submit(letter, place, verb, { ...FORGED, ...data });

const say =
  (text: (subject: Subject) => string): Action['run'] =>
  (grounds, letter, place, subject) =>
    grounds.say(letter, place, text(subject));

/** Whoever acted has an event of this kind in the case's log, the last or the last but one. */
const happened =
  (...kinds: readonly Happening['kind'][]): Action['works'] =>
  async ({ grounds, letter, subject }) => {
    const stored = await grounds.bot.reports.cases.find(grounds.schoolId, subject.reference);
    const own = stored?.case.log.filter(({ by }) => 'personId' in by && by.personId === idOf(letter)) ?? [];
    return own.some(({ what, number }) => number > QUESTION && kinds.includes(what.kind));
  };

const says =
  (words: RegExp): Action['works'] =>
  ({ shown }) =>
    words.test(shown.text);

const names: Action['works'] = ({ shown, subject }) => shown.text.includes(subject.reference);
const both =
  (...checks: readonly Action['works'][]): Action['works'] =>
  async (done) =>
    (await Promise.all(checks.map((check) => check(done)))).every(Boolean);

const onCase = (verb: string, data: object, works: Action['works']): Action => ({
  ...{ subject: caseOf, works, logs: 'triage.refused', once: true },
  run: press(verb, ({ reference }) => ({ reference, seen: QUESTION, ...data })),
});

/** What is typed into each form, and what comes of it. */
const FILLED: Readonly<Record<FormName, readonly [data: Data, Happening['kind'], more?: Partial<Action>]>> = {
  assign: [(_, { schoolId }) => ({ to: personKey(schoolId, idOf('L')) }), 'assigned'],
  ask: [() => ({ words: 'Where is it?' }), 'question_asked'],
  note: [() => ({ words: 'A note' }), 'note_added'],
  record: [() => ({ action: 'told_police', on: '2026-10-01' }), 'action_taken'],
  post: [() => ({ as: 'removed', on: '2026-10-01' }), 'post_marked'],
  category: [() => ({ to: 'disparaging_post', reason: 'It is one' }), 'category_changed'],
  severity: [() => ({ to: 'urgent', reason: 'It grows' }), 'severity_changed'],
  link: [({ other }) => ({ to: other }), 'linked', { subject: pairOf }],
  elsewhere: [() => ({ as: 'CPOMS 7' }), 'recorded_elsewhere'],
  close: [() => ({ outcome: 'resolved', message: 'Over' }), 'closed'],
  reopen: [() => ({ reason: 'It is back' }), 'reopened', { subject: (grounds) => caseOf(grounds, 'closed') }],
  // T, who may read the case, is told who decides on that.
  hold: [() => ({ reason: 'A claim' }), 'hold_placed', { mayAsk: ['T'] }],
  release_hold: [
    () => ({ reason: 'Over' }),
    'hold_released',
    { subject: (grounds) => caseOf(grounds, 'on_hold'), mayAsk: ['T'] },
  ],
};

/** How many events a closed case has. */
const ENDED_SEEN = QUESTION + 1;

const formOf = (form: FormName): Action => ({
  ...onCase('case.form', { form }, says(new RegExp(FORMS[form].submit, 'u'))),
  // Each press sends the form once more, and that message is kept in mind.
  once: false,
  ...FILLED[form][2],
});

function filled(form: FormName): Action {
  const [data, kind, more] = FILLED[form];
  return {
    ...onCase('case.act', {}, happened(kind)),
    run: press('case.act', (subject, grounds, letter) => ({
      ...{
        reference: subject.reference,
        seen: form === 'reopen' || form === 'release_hold' ? ENDED_SEEN : QUESTION,
        do: form,
      },
      ...data(subject, grounds, letter),
    })),
    ...more,
  };
}

const ownReport = (
  verb: string,
  data: object,
  works: Action['works'],
  subject: Action['subject'] = caseOf,
): Action => ({
  ...{ subject, works, logs: 'report.refused', logsOwnChatOnly: true, once: true },
  run: press(verb, ({ reference }) => ({ reference, ...data })),
});

const ofDraft = (verb: string, data: Data, works: Action['works']): Action => ({
  subject: draftOf,
  run: press(verb, (subject, grounds, letter) => ({ draftId: subject.draftId, ...data(subject, grounds, letter) })),
  works,
});

const onSummary = (
  verb: string,
  data: object,
  sending: Parameters<typeof summaryOf>[1],
  works: Action['works'],
): Action => ({
  subject: (grounds) => summaryOf(grounds, sending),
  run: press(verb, ({ summaryId }) => ({ id: summaryId, period: summaryId, ...data })),
  ...{ works, logs: 'summary.refused', everywhere: true, mayAsk: ['C'] },
});

const forAll = (run: Action['run'], works: RegExp): Action => ({
  subject: async () => NOTHING(),
  run,
  works: says(works),
  everywhere: true,
});

const sendingIs =
  (state: string): Action['works'] =>
  async ({ grounds, subject }) =>
    (await grounds.bot.summaries.find(grounds.schoolId, subject.summaryId))?.summary.sending.state === state;

const PLANNED = { state: 'planned', on: '2027-01-20' } as const;
const HELD = { state: 'held', on: '2027-01-20', at: NOVEMBER, by: idOf('H') } as const;

/** Nothing is chosen any more, so that the channel and the chat are those of the profile. */
async function unchoose({ schoolId }: Grounds): Promise<void> {
  const client = TableClient.fromConnectionString(inject('storage'), 'Directory', { allowInsecureConnection: true });
  for (const row of ['channel~headteacher', 'chat~governors'])
    await client.deleteEntity(schoolId, row).catch(() => undefined);
}

const teamEvent =
  (activity: (grounds: Grounds) => object): Action['run'] =>
  (grounds, letter, place) =>
    grounds.event(letter, place, activity(grounds));

/** By the names that the table gives them; of a button the verb comes first. */
export const ACTIONS: Readonly<Record<string, Action>> = {
  'case.open': onCase('case.open', {}, happened('opened')),
  'case.acknowledge': onCase('case.acknowledge', {}, happened('acknowledged')),
  // T, who has it already, is shown it.
  'case.assign_me': onCase('case.assign_me', {}, async (done) =>
    done.letter === 'T' ? names(done) || happened('opened')(done) : happened('assigned')(done),
  ),
  ...Object.fromEntries(FORM_NAMES.map((form) => [`case.form ${form}`, formOf(form)])),
  ...Object.fromEntries(FORM_NAMES.map((form) => [`case.act ${form}`, filled(form)])),
  'case.act same_post': {
    ...filled('link'),
    run: press('case.act', ({ reference, other }) => ({ reference, seen: QUESTION, do: 'same_post', to: other })),
  },
  'case.act refresh': onCase('case.act', { do: 'refresh' }, happened('opened')),
  'case.act cancel': onCase('case.act', { do: 'cancel' }, both(names, says(/Nothing has been changed/u))),

  'case.mine': { subject: ownCaseOf, run: press('case.mine', () => ({})), works: names },
  'case.own': ownReport('case.own', {}, both(names, says(/wombat/u))),
  'case.add': ownReport('case.add', { words: 'More' }, both(names, says(/wombat/u))),
  'case.words': ownReport('case.words', { words: 'More' }, happened('words_added')),
  'case.withdraw': ownReport('case.withdraw', { reason: 'It was a joke' }, happened('withdrawn')),
  'case.question': ownReport('case.question', { question: QUESTION }, says(/Who is Xyla/u)),
  'case.answer': ownReport('case.answer', { question: QUESTION, words: 'A parent' }, happened('question_answered')),

  'report.next': ofDraft('report.next', () => ({ step: 'words', words: 'More of the wombat' }), says(/of 5/u)),
  'report.back': ofDraft('report.back', () => ({ step: 'words' }), says(/of 5/u)),
  'report.edit': ofDraft('report.edit', () => ({ step: 'words', to: 'what' }), says(/of 5/u)),
  'report.show': ofDraft('report.show', () => ({}), says(/wombat/u)),
  'report.resume': ofDraft('report.resume', () => ({}), says(/wombat/u)),
  'report.save': ofDraft('report.save', () => ({ step: 'words', words: 'More' }), says(/Saved for later/u)),
  'report.discard': ofDraft('report.discard', () => ({}), says(/Discard this report/u)),
  'report.discarded': ofDraft(
    'report.discarded',
    () => ({}),
    async ({ grounds }) => {
      return (await grounds.bot.reports.drafts.open(reporterIn(grounds))) === undefined;
    },
  ),
  'report.remove': ofDraft(
    'report.remove',
    ({ evidenceId }) => ({ evidenceId }),
    async ({ grounds }) => {
      return (await grounds.bot.reports.drafts.open(reporterIn(grounds)))?.evidence.length === 0;
    },
  ),
  'report.start': forAll(submit('report.start', {}), /of 5|not sent yet|in our own chat/u),

  'enquiry.form': {
    ...forAll(
      press('enquiry.form', () => ({ questionId: '' })),
      /enquiry\.send/u,
    ),
    subject: async () => NOTHING(),
  },
  'enquiry.send': {
    subject: async () => NOTHING(),
    run: press('enquiry.send', ({ form }) => ({ form, question: 'May I keep a zebra?', name: 'without' })),
    works: says(/Q-[0-9A-Z]{8}/u),
    once: true,
  },
  'enquiry.cancel': forAll(
    press('enquiry.cancel', ({ form }) => ({ form })),
    /Nothing has been sent/u,
  ),
  'enquiry.answer': {
    subject: enquiryOf,
    run: press('enquiry.answer', ({ reference }) => ({ reference, answer: 'No.', keep: 'false' })),
    works: async ({ grounds, subject, letter }) => {
      const stored = await grounds.bot.enquiries.find(grounds.schoolId, subject.reference);
      return stored?.enquiry.answered?.by.personId === idOf(letter);
    },
    ...{ logs: 'enquiry.refused', once: true },
  },

  'summary.show': onSummary('summary.show', {}, PLANNED, says(/Autumn 2026, first half/u)),
  'summary.files': onSummary('summary.files', {}, SENT, says(/\/summary\/sealed/u)),
  'summary.comment': onSummary('summary.comment', { comment: 'A calm term' }, PLANNED, async ({ grounds, subject }) => {
    const stored = await grounds.bot.summaries.find(grounds.schoolId, subject.summaryId);
    return stored?.summary.comment?.words === 'A calm term';
  }),
  'summary.hold': onSummary('summary.hold', {}, PLANNED, sendingIs('held')),
  'summary.release': onSummary('summary.release', {}, HELD, sendingIs('planned')),

  'ask.rate': forAll(
    press('ask.rate', () => ({ questionId: 'x', helpful: true })),
    /Thank you/u,
  ),
  'ask.example': forAll(submit('ask.example', { question: 'may i ring a parent from my own phone' }), /school phone/u),
  'button no longer known': forAll(submit('no.such', {}), /older card/u),

  'open cases': {
    subject: caseOf,
    run: say(() => 'open cases'),
    works: names,
    logs: 'triage.refused',
    mayAsk: ['C', 'U'],
  },
  overdue: { subject: caseOf, run: say(() => 'overdue'), works: names, logs: 'triage.refused', mayAsk: ['C', 'U'] },
  mine: {
    subject: caseOf,
    run: say(() => 'mine'),
    works: names,
    logs: 'triage.refused',
    mayAsk: ['H', 'D', 'L', 'C', 'U'],
  },
  'a reference': {
    subject: caseOf,
    run: say(({ reference }) => reference),
    works: both(names, says(/School day|school day|wombat/u)),
    logs: 'triage.refused',
  },
  'my reports': { subject: ownCaseOf, run: say(() => 'my reports'), works: names },
  report: forAll(
    say(() => 'report'),
    /of 5|not sent yet|in our own chat/u,
  ),
  'a file': forAll(async (grounds, letter, place) => {
    const mention = '<at>Policy Desk</at>';
    const entities = [{ type: 'mention', text: mention, mentioned: { id: '28:policy-desk' } }];
    const attachments = [{ contentType: 'image/png', contentUrl: 'http://127.0.0.1:9/picture' }];
    return grounds.event(letter, place, { type: 'message', text: mention, entities, attachments });
  }, /taken|fetched|Teams/u),
  summary: {
    ...onSummary('', {}, PLANNED, says(/Autumn 2026, first half/u)),
    run: say(() => 'summary'),
  },
  gaps: {
    ...forAll(
      say(() => 'gaps'),
      /What our policy is missing/u,
    ),
    logs: 'gaps.refused',
  },
  status: {
    ...forAll(
      say(() => 'status'),
      /Storage answers/u,
    ),
    logs: 'status.refused',
  },
  'channel for reports': {
    ...forAll(
      say(() => 'use this channel for reports'),
      /This channel (?:now )?takes reports/u,
    ),
    ...{ logs: 'setup.refused', undo: unchoose },
  },
  'chat for governors': {
    ...forAll(
      say(() => 'use this chat for governors’ summaries'),
      /This chat (?:now )?gets the governors/u,
    ),
    ...{ logs: 'setup.refused', undo: unchoose },
  },
  help: forAll(
    say(() => 'help'),
    /What I can do/u,
  ),
  'a question': forAll(
    say(() => 'may i ring a parent from my own phone'),
    /school phone/u,
  ),

  findCase: {
    subject: caseOf,
    run: (grounds, letter, place) => grounds.search(letter, place, 'findCase', 'open'),
    ...{ works: names, logs: 'triage.refused', mayAsk: ['C', 'U'] },
  },
  searchPolicy: forAll(
    (grounds, letter, place) => grounds.search(letter, place, 'searchPolicy', 'school phone'),
    /school phone/u,
  ),

  installed: forAll(
    teamEvent(() => ({ type: 'installationUpdate', action: 'add' })),
    /AdaptiveCard/u,
  ),
  'channel deleted': {
    subject: async () => NOTHING(),
    run: (grounds, letter, place) => {
      const { teamId, headteacherChannel } = grounds.school.profile.teams;
      const tenant = { id: PEOPLE[letter].tenantId };
      const inTeam = {
        tenant,
        team: { id: teamId },
        channel: { id: headteacherChannel.id },
        eventType: 'channelDeleted',
      };
      const activity = { type: 'conversationUpdate', membersAdded: [], membersRemoved: [] };
      return grounds.event(letter, place, place === 'channel' ? { ...activity, channelData: inTeam } : activity);
    },
    works: async ({ grounds }) =>
      (await grounds.bot.parts.setup.health.find(grounds.schoolId))?.health.state === 'lost',
    undo: ({ bot, school }) => bot.parts.setup.watch.back(school),
  },
};
