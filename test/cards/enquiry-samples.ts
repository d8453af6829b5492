import type { Citation } from '../../src/policies/citation.js';
import type { Enquiry } from '../../src/schools/enquiry.js';
import type { SchoolProfile } from '../../src/schools/profile.js';
import * as views from '../../src/teams/cards/enquiry-views.js';
import type { Card } from '../../src/teams/cards/template.js';
import { notCoveredCard } from '../../src/teams/cards/views.js';

const TYPED =
  'Can we write posts for the school page with AI?\n\nI *would* check them, [of course](https://x.example).';
const open: Enquiry = {
  reference: 'Q-7K3MZ0QX',
  schoolId: 'example-primary',
  form: '20261120154200000-0a1b2c3d',
  question: TYPED,
  asker: { personId: '0d3c6a51-7b1e-4f0a-8c55-1e9a2b7d4c06', name: 'Beth Larkin' },
  askedAt: new Date('2026-11-20T15:42:00Z'),
  clauses: [],
  answered: null,
};
const answered = {
  answer: 'Yes, if a person reads every word before it is posted.\nNever give it names or pictures of pupils.',
  by: { personId: '0d3c6a51-7b1e-4f0a-8c55-1e9a2b7d4c02', name: 'Helen Achebe' },
  at: new Date('2026-11-23T08:05:00Z'),
  keptAs: 'Can we write posts for the school page with AI?',
};
/** The most that can be typed, with as many lines as will fit. */
const longest = (characters: number) => 'Zwölf “Wörter”\n\n'.repeat(characters).slice(0, characters);

/** The cards of a question put to the Headteacher, as people may see them. */
export function enquiryCards(profile: SchoolProfile, clauses: readonly Citation[]): Record<string, Card> {
  const form = {
    channel: profile.teams.headteacherChannel.name,
    form: open.form,
    question: TYPED,
    name: 'Beth Larkin',
    withName: true,
    error: null,
  };
  const endless = { ...open, question: longest(1_000), asker: { ...open.asker, name: null } };
  const endlessAnswer = { ...answered, answer: longest(3_000), keptAs: longest(1_000) };
  const shown = { profile, urgent: false, asked: null, questionId: open.form, helpful: null, clauses };
  const kept = { question: answered.keptAs, answer: answered.answer, answeredAt: answered.at };
  return {
    'not-covered-kept': notCoveredCard(shown, { way: 'here', kept }),
    'not-covered-in-channel': notCoveredCard(shown, { way: 'in_chat', kept: null }),
    'ask-headteacher': views.askForm(form),
    'ask-headteacher-too-long': views.askForm({
      ...form,
      question: longest(5_000),
      withName: false,
      error: 'Your question has 5,000 characters; please shorten it to 1,000 or fewer.',
    }),
    'enquiry-sent': views.enquirySent(profile, open, false, false),
    'enquiry-sent-again': views.enquirySent(
      profile,
      { ...open, asker: { ...open.asker, name: null }, answered },
      true,
      true,
    ),
    enquiry: views.enquiryCard(profile, open, clauses),
    'enquiry-without-name': views.enquiryCard(profile, { ...open, asker: { ...open.asker, name: null } }, []),
    'enquiry-empty-answer': views.enquiryCard(profile, open, clauses, {
      form: { answer: '', keep: true, keptAs: TYPED, error: 'Please type your answer, then press Send again.' },
    }),
    'enquiry-too-long': views.enquiryCard(profile, endless, clauses, {
      form: { answer: longest(5_000), keep: true, keptAs: longest(5_000), error: 'Your answer has 5,000 characters.' },
    }),
    'enquiry-answered': views.enquiryCard(profile, { ...open, answered }, clauses),
    'enquiry-second': views.enquiryCard(profile, { ...endless, answered: endlessAnswer }, clauses, {
      unsent: longest(3_000),
    }),
    'headteacher-answer': views.headteacherAnswerCard(profile, open, answered),
    'headteacher-answer-longest': views.headteacherAnswerCard(profile, endless, endlessAnswer),
  };
}
