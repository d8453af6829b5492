import { placeOf, sourceOf } from '../policies/citation.js';
import { mayBeNamedTo, mayHold, mayKnowReporter, readersOf } from '../reports/access.js';
import { adviceFor } from '../reports/advice.js';
import type { Case } from '../reports/case.js';
import { sameId } from '../reports/case-change.js';
import type { Evidence } from '../reports/evidence.js';
import { caseInWords, evidenceInWords, seenInWords } from '../reports/in-words.js';
import { asKnownTo } from '../reports/known-links.js';
import { ACTION_TAKEN, POST_MARK } from '../reports/labels.js';
import { logInWords } from '../reports/log-in-words.js';
import { samePost } from '../reports/same-post.js';
import { all, isUnfinished, standingOf } from '../reports/standing.js';
import { type CaseStore, readable } from '../reports/stores.js';
import { ALLOWED } from '../reports/triage.js';
import { dayInWords } from '../schools/calendar.js';
import { contactInWords } from '../schools/people.js';
import type { School } from '../schools/school.js';
import { timeAt } from '../schools/time.js';
import type { ReportParts } from './bot.js';
import { beginningOf } from './cards/fitting.js';
import type { Card } from './cards/template.js';
import {
  type Button,
  type EvidenceView,
  type Notice,
  type QuotedClause,
  readingCard,
  type StressedPart,
} from './cards/triage-views.js';
import { ACKNOWLEDGE, ASSIGN_TO_ME, factsOf, headOf, nameOf, whoAndWhen } from './triage-drawing.js';
import { FORMS, type FormName, verbOf } from './triage-forms.js';

/** What drawing all of a case needs. */
export type ReadingParts = Pick<ReportParts, 'links'> & { readonly cases: Pick<CaseStore, 'all' | 'find'> };

/**
 * All of a case for the own chat of one person, who has been found to be allowed to read it. Its links are that person's own.
 *
 * @param personId Entra object id.
 */
export async function readingCardFor(
  reports: ReadingParts,
  current: Case,
  school: School,
  personId: string,
  now: Date,
  notice: Notice | null = null,
): Promise<Card> {
  const { profile } = school;
  const { reference } = current.report;
  const knows = mayKnowReporter(current, profile, personId);
  const person = { schoolId: profile.id, personId };
  const [files, same, shown, exportUrl] = await Promise.all([
    Promise.all(current.evidence.map((piece, at) => evidenceView(reports, current, school, person, knows, piece, at))),
    sameAs(reports, current, school),
    asKnownTo(current, profile, personId, reports.cases),
    reports.links?.exportLink({ ...person, reference }),
  ]);
  return readingCard({
    ...headOf(current, profile, now),
    ...{ notice, files, same, exportUrl: exportUrl ?? null },
    facts: factsOf(current, profile, now, 'person'),
    note: 'Please do not forward this. The files are kept in Policy Desk, just as they came.',
    parts: reported(current, school, knows),
    clauses: clausesOf(current, school),
    later: dealtWith(shown, school),
    log: logInWords(shown, profile, knows).toReversed().map(shortEntry),
    ...buttonsFor(current, profile, personId),
  });
}

function reported(current: Case, { profile }: School, knows: boolean): readonly StressedPart[] {
  const { lado } = standingOf(current).route;
  const ladoFirst = `Ask the LADO for advice before anything is looked into: ${contactInWords(profile.contacts.lado)}.`;
  return [
    // Of the conduct of staff with children, nothing is looked into before the LADO's advice (morley-victoria).
    ...(lado ? [{ part: 'First', lines: [ladoFirst], stressed: true }] : []),
    { part: 'Reported by', lines: [reporterIn(current, knows)] },
    ...caseInWords(current, profile).filter(({ part }) => part !== 'Evidence'),
  ];
}

const reporterIn = ({ report: { reporter } }: Case, knows: boolean): string =>
  knows
    ? (reporter.name ?? 'A member of staff')
    : 'Name withheld: whoever reported it wants only the Headteacher, or whoever stands in, to see it.';

/** The clauses that it was found to concern when it was sent; one that the policy no longer has is not shown. */
const clausesOf = ({ log }: Case, { index }: School): readonly QuotedClause[] =>
  log
    .flatMap(({ what }) => (what.kind === 'submitted' ? what.clauses : []))
    .flatMap((key) => index.clauses.get(key) ?? [])
    .map(({ clause, policy }) => ({
      ...{ lines: clause.quote.split('\n'), place: placeOf(clause), source: sourceOf(policy) },
    }));

/** In bytes; what was typed stands above in full, and a hash without a space is wider than a phone. */
const MOST_ENTRY = 400;

function shortEntry(entry: string): string {
  const shown = beginningOf(entry, MOST_ENTRY);
  return (shown === entry ? entry : `${shown} […]`).replace(/\b([0-9a-f]{32})(?=[0-9a-f]{32}\b)/gu, '$1 ');
}

function dealtWith(current: Case, { profile }: School): readonly StressedPart[] {
  const { questions, actions, post, links, recordedAs } = standingOf(current);
  const when = (at: Date) => timeAt(at, profile.timeZone);
  const asked = questions
    .toReversed()
    .flatMap(({ words, answers, ...question }) => [
      `${whoAndWhen(question, profile)}: ${words}`,
      ...(answers.length === 0 ? ['Not answered yet.'] : []),
      ...answers.map((answer) => `Answer, ${when(answer.at)}: ${answer.words}`),
    ]);
  const done = actions.toReversed().map(({ what, ...event }) => {
    const who = what.who === '' ? '' : `, with ${what.who}`;
    const note = what.words === '' ? '' : ` ${what.words}`;
    return `${dayInWords(what.on)}: ${ACTION_TAKEN[what.action]}${who}.${note} (${whoAndWhen(event, profile)})`;
  });
  const notes = all(current.log, 'note_added')
    .toReversed()
    .map(({ what, ...event }) => `${whoAndWhen(event, profile)}: ${what.words}`);
  const parts = [
    { part: 'What is expected', lines: adviceFor(current, profile).map(({ sentence }) => sentence) },
    { part: 'Questions to the reporter', lines: asked },
    { part: 'Actions taken', lines: done },
    { part: 'Notes, for those who deal with it only', lines: notes },
    {
      part: 'The post',
      lines: post ? [`${POST_MARK[post.what.as]}, ${dayInWords(post.what.on)} (${whoAndWhen(post, profile)})`] : [],
    },
    { part: 'Linked cases', lines: links.length > 0 ? [links.join(', ')] : [] },
    { part: 'In the safeguarding system', lines: recordedAs === null ? [] : [recordedAs] },
  ];
  return parts.filter(({ lines }) => lines.length > 0);
}

async function evidenceView(
  { links }: ReadingParts,
  current: Case,
  { profile }: School,
  person: { readonly schoolId: string; readonly personId: string },
  knows: boolean,
  piece: Evidence,
  at: number,
): Promise<EvidenceView> {
  const { reference, reporter } = current.report;
  const byReporter = sameId(piece.addedBy, reporter.personId);
  const by = byReporter ? (knows && reporter.name) || 'whoever reported it' : nameOf(profile, piece.addedBy);
  const seen = [`added by ${by}`, seenInWords(piece)].filter(Boolean).join('; ');
  return {
    line: evidenceInWords(piece, at, profile),
    seen: seen.replace(/^a/u, 'A'),
    sha256: piece.sha256,
    url: (await links?.evidenceLink({ ...person, reference, evidenceId: piece.id })) ?? null,
  };
}

const SAME = {
  link: 'gives the same link. Is it about the same post?',
  picture: 'shows the same picture. Is it about the same post?',
} as const;
/** It is an offer: a card waits no longer for it, as Teams waits ten seconds for one, and a school may have very many cases. */
const MOST_LOOKING_MS = 2_000;

/** Other cases about the same post, of those that everyone may read who reads this one; looked for while somebody is dealing with it. */
async function sameAs({ cases }: ReadingParts, current: Case, { profile }: School) {
  if (!isUnfinished(current)) return [];
  const readers = readersOf(current, profile);
  const others: Case[] = [];
  const until = performance.now() + MOST_LOOKING_MS;
  for await (const { case: other } of readable(cases.all(profile.id))) {
    if (mayBeNamedTo(other, readers, profile)) others.push(other);
    if (performance.now() > until) break;
  }
  return samePost(current, others).map(({ reference, because }) => ({
    to: reference,
    line: `${reference} ${SAME[because]}`,
  }));
}

/** First what comes next; behind "More…" the rest, in groups. Teams shows six at most in one row. */
function buttonsFor(current: Case, profile: School['profile'], personId: string) {
  const { state, hold } = standingOf(current);
  const holding: readonly FormName[] = mayHold(current, profile, personId) ? [hold ? 'release_hold' : 'hold'] : [];
  const can = (name: FormName) => ALLOWED[state].includes(verbOf(name));
  const forms = (...names: readonly FormName[]): readonly Button[] =>
    names.filter(can).map((name) => ({ title: FORMS[name].button, verb: 'case.form', data: { form: name } }));
  const primary: readonly Button[] = [
    ...(ALLOWED[state].includes('acknowledge') ? [ACKNOWLEDGE] : []),
    ...(can('assign') ? [ASSIGN_TO_ME] : []),
    ...forms('ask', 'record', 'reopen', 'close'),
  ];
  const groups = [
    { group: 'Who and what', buttons: forms('assign', 'category', 'severity') },
    { group: 'For the record', buttons: forms('note', 'post', 'link', 'elsewhere', ...holding) },
  ];
  return { primary, groups: groups.filter(({ buttons }) => buttons.length > 0) };
}
