import { placeOf, sourceOf } from '../policies/citation.js';
import type { Case } from '../reports/case.js';
import type { Draft, Step, StoredDraft } from '../reports/draft.js';
import type { Fault } from '../reports/draft-steps.js';
import type { EvidenceTarget } from '../reports/evidence-intake.js';
import { answersInWords, evidenceInWords, seenInWords } from '../reports/in-words.js';
import { CATEGORY, contactsFor, LADO, LEAD, type NamedContact, receiptOf, routeSentence } from '../reports/labels.js';
import { routeOf, routeOfDraft } from '../reports/opening.js';
import type { Route } from '../reports/route.js';
import type { DraftOwner } from '../reports/stores.js';
import { stateInWords } from '../reports/told.js';
import { contactInWords } from '../schools/people.js';
import type { SchoolProfile } from '../schools/profile.js';
import type { School } from '../schools/school.js';
import { timeAt } from '../schools/time.js';
import type { ReportParts } from './bot.js';
import { type Line, type ReviewPart, receiptCard, type StepCard, stepCard } from './cards/report-views.js';
import type { Card } from './cards/template.js';
import { shortened } from './cards/views.js';
import { inputsOf } from './report-fields.js';
import { discardedCard, goneCard } from './report-offers.js';

const TITLES: Readonly<Record<Step, string>> = {
  what: 'Report something: what happened',
  where: 'Where and when',
  words: 'In your own words',
  evidence: 'Evidence',
  wishes: 'Your wishes, and a last look',
  told: 'A child’s safety comes first: act now',
};
const CARD_NUMBER: Readonly<Record<Step, string>> = {
  what: 'Card 1 of 5, about two minutes in all',
  where: 'Card 2 of 5. Fill in what you know, and leave the rest empty',
  words: 'Card 3 of 5',
  evidence: 'Card 4 of 5',
  wishes: 'Card 5 of 5',
  told: '',
};
const ADVICE: Partial<Readonly<Record<Step, readonly Line[]>>> = {
  what: [{ lead: 'Delete nothing. ', line: 'Do not reply, share or forward.' }],
  evidence: [
    { line: 'Take a screen print that shows the account, the date and the address.' },
    { line: 'Delete nothing, do not reply, do not forward.' },
    {
      lead: 'Never an indecent image of a child. ',
      line: 'If there is one, stop, go back to the first card and say so there.',
    },
  ],
};
const EXCEPTIONS =
  'If it is about the Headteacher, it goes to the chair of governors instead. If it is about someone else who deals with reports, it never goes to that person.';

/** The card of a draft where it stands. @param faults what keeps its writer from going on. */
export async function drawDraft(
  reports: Pick<ReportParts, 'links'>,
  { profile }: School,
  { draft, evidence }: StoredDraft,
  faults: readonly Fault[] = [],
): Promise<Card> {
  const { step } = draft;
  const inputs = inputsOf(draft, step, profile, faults);
  const elsewhere = faults.filter(({ field }) => !inputs.some(({ id }) => id === field));
  const route = routeOfDraft(profile, draft);
  const takesFiles = step === 'evidence' && {
    uploadUrl: await uploadLinkFor(reports, draft, { kind: 'draft', draftId: draft.id }),
    files: evidence.map((piece, at) => ({
      evidenceId: piece.id,
      line: evidenceInWords(piece, at, profile),
      seen: seenInWords(piece).replace(/^s/u, 'S'),
    })),
  };
  const view: StepCard = {
    ...{ draftId: draft.id, step, title: TITLES[step], progress: CARD_NUMBER[step], fields: inputs },
    warning: step === 'told' ? safetyAdvice(draft, profile) : [],
    advice: ADVICE[step] ?? [],
    error: errorIn(faults, elsewhere),
    evidence: takesFiles || null,
    goesTo: step === 'evidence' || step === 'words' ? [] : goesTo(draft, profile, route),
    review: step === 'wishes' ? reviewOf(draft, evidence.length, profile) : [],
    next: step === 'wishes' ? 'Send the report' : step === 'told' ? 'Send at once' : 'Next',
    back: step !== 'what',
  };
  return stepCard(view);
}

function errorIn(faults: readonly Fault[], elsewhere: readonly Fault[]): string | null {
  if (elsewhere.length > 0) return elsewhere.map(({ sentence }) => sentence).join(' ');
  return faults.length > 0 ? 'Please look at what is marked below. Nothing you typed is lost.' : null;
}

function goesTo(draft: Draft, profile: SchoolProfile, route: Route): readonly Line[] {
  const sentence = { line: routeSentence(route, profile, draft.answers.nameFor) };
  if (route.way === 'nobody' && draft.step !== 'told') return [sentence, ...contactLines(contactsFor(route, profile))];
  return draft.step === 'what' && route.way === 'headteacher_channel' ? [sentence, { line: EXCEPTIONS }] : [sentence];
}

/** Advice before anything is looked into (morley-victoria). */
const LADO_FIRST =
  'It may be about a member of staff: ask the LADO for advice first. Look into nothing yourself, and do not speak to that person about it.';

/**
 * What comes before any report on a child's safety (morley-victoria, beechwood): 999, the police for indecent images, the
 * safeguarding lead in person; and for the conduct of staff the LADO's advice before anything is looked into.
 */
function safetyAdvice(draft: Draft, profile: SchoolProfile): readonly Line[] {
  const route = routeOfDraft(profile, { ...draft, dangers: draft.dangers?.length ? draft.dangers : ['other_concern'] });
  const contacts = contactsFor(route, profile);
  const lado = contacts.filter(({ office }) => office === LADO);
  const others = contacts.filter(({ office }) => office !== LADO);
  const lead = others.some(({ office }) => office === LEAD)
    ? 'the designated safeguarding lead'
    : 'one of these people';
  return [
    { lead: '1. ', line: 'Immediate danger: call 999.' },
    {
      lead: '2. ',
      line: 'An indecent image of a child: call the police. Don’t view, copy, share, save or send the image, and don’t delete anything.',
    },
    ...(others.length > 0 ? [{ lead: '3. ', line: `Tell ${lead} now, in person or by telephone.` }] : []),
    ...contactLines(others),
    ...(draft.answers.staffConduct === 'yes' || route.lado
      ? [
          {
            lead: others.length > 0 ? '4. ' : '3. ',
            line: LADO_FIRST,
          },
        ]
      : []),
    ...contactLines(lado),
    { line: 'This report takes words only. Please send no pictures.' },
  ];
}

const contactLines = (contacts: readonly NamedContact[]): readonly Line[] =>
  contacts.map(({ office, name, phone, email }) => ({
    lead: `${office}: `,
    line: contactInWords({ name, phone, email }),
  }));

function reviewOf({ answers, dangers }: Draft, files: number, profile: SchoolProfile): readonly ReviewPart[] {
  const words = answersInWords(answers, dangers ?? [], profile, 'reporter');
  const evidence = files === 0 ? 'No files' : files === 1 ? '1 file' : `${files} files`;
  return [
    { to: 'what', part: 'What happened', lines: words.what },
    { to: 'where', part: 'Where and when', lines: words.where.length > 0 ? words.where : ['Nothing said'] },
    { to: 'words', part: 'In your own words', lines: words.words },
    {
      to: 'evidence',
      part: 'Evidence',
      lines: [answers.noScreenshot ? `${evidence}; no screenshot to be had` : evidence],
    },
  ];
}

/** An upload page for one draft or one report; `null` where the bot has no address that a browser could open. */
export const uploadLinkFor = async (
  { links }: Pick<ReportParts, 'links'>,
  { schoolId, personId }: DraftOwner,
  target: EvidenceTarget,
): Promise<string | null> => links?.uploadLink({ schoolId, personId, target }) ?? null;

/** What has become of a draft whose card still lies in the chat. */
export async function closedCard(
  { drafts, cases }: Pick<ReportParts, 'drafts' | 'cases'>,
  school: School,
  owner: DraftOwner,
  draftId: string,
): Promise<Card> {
  const finished = await drafts.finished(owner, draftId);
  const sent = finished?.reference ? await cases.find(owner.schoolId, finished.reference) : undefined;
  if (sent) return caseReceipt(sent.case, school);
  return finished?.reference === null ? discardedCard() : goneCard();
}

/** What the reporter is told once the case is kept for good. */
export function caseReceipt(current: Case, { profile, index }: School): Card {
  const { report, log } = current;
  const route = routeOf(current);
  const receipt = receiptOf(report, route, profile);
  const urgent = route.way === 'safeguarding' || route.way === 'nobody';
  const contacts = contactLines(receipt.contacts);
  const [key] = log.flatMap(({ what }) => (what.kind === 'submitted' ? what.clauses : []));
  const concerned = key === undefined ? undefined : index.clauses.get(key);
  return receiptCard({
    reference: report.reference,
    title: route.way === 'nobody' ? 'Your report is kept, but nobody has it yet' : 'Your report is sent',
    warning: urgent ? [{ line: receipt.next }, ...(route.lado ? [{ line: LADO_FIRST }] : []), ...contacts] : [],
    lines: [
      { lead: route.way === 'nobody' ? 'Kept: ' : 'Sent: ', line: receipt.when },
      { line: `${receipt.where} ${receipt.name}` },
      ...(urgent ? [] : [{ lead: 'Next: ', line: receipt.next }]),
      { lead: 'Until then: ', line: 'Delete nothing. Leave the post and the pictures where they are.' },
      ...(urgent ? [] : contacts),
      { line: receipt.more },
    ],
    clause: concerned
      ? {
          lines: shortened(concerned.clause.quote, LONGEST_QUOTE).split('\n'),
          source: [placeOf(concerned.clause), sourceOf(concerned.policy)].filter(Boolean).join(' · '),
        }
      : null,
  });
}

const LONGEST_QUOTE = 2_000;

/** "A disparaging post, sent Fri 20 Nov 2026, 15:42: new". As its reporter reads it. */
export const stateSentence = (current: Case, { profile }: School): string =>
  `${CATEGORY[current.report.category]}, sent ${timeAt(current.report.submittedAt, profile.timeZone)}: ${stateInWords(current, profile)}`;
