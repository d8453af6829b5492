import type { Readable } from 'node:stream';
import type { CaseEvent, Happening } from '../reports/case.js';
import { type CaseCopy, clausesConcerned, policyInWords } from '../reports/case-record.js';
import { acknowledgeBy } from '../reports/due.js';
import { caseInWords } from '../reports/in-words.js';
import { keptInWords } from '../reports/kept-in-words.js';
import { CATEGORY, SEVERITY, STATE } from '../reports/labels.js';
import { logInWords } from '../reports/log-in-words.js';
import { faultOf } from '../reports/originals.js';
import { actionsInWords, nameOf, outcomeInWords, reporterName } from '../reports/paste-text.js';
import { listInWords } from '../reports/receipt.js';
import { type Standing, standingOf } from '../reports/standing.js';
import { hasHashes, WITHHELD_SENTENCE, withoutReporter } from '../reports/withheld.js';
import { dayInWords } from '../schools/calendar.js';
import { timeAt } from '../schools/time.js';
import { drawEvidence, type ReadViewing } from './evidence-on-paper.js';
import { Paper } from './paper.js';

/** What is only looked at or sent round is in the whole log, and no part of what happened. */
const NOTICED: ReadonlySet<Happening['kind']> = new Set<Happening['kind']>([
  ...(['opened', 'evidence_viewed', 'exported', 'subject_copied', 'deletion_announced'] as const),
]);

/** What a clause takes at least, with its own heading, in points. */
const CLAUSE_HEIGHT = 80;
/** Of most entries, in points. */
const LOG_ENTRY_HEIGHT = 36;

/** A case as a document for people, drawn while it is read: one picture at a time. */
export function casePdf(copy: CaseCopy, readViewing: ReadViewing): Readable {
  const { profile } = copy.school;
  const { reference } = copy.case.report;
  const title = `Case ${reference}`;
  const paper = new Paper({
    title: `${title}, ${profile.name}`,
    subject: 'A case from Policy Desk, with its evidence and its log',
    running: `${title} · ${profile.name}`,
    footer: ['Confidential: it is about people who can be recognised.'],
    made: copy.made,
  });
  const shown = copy.knowsReporter ? copy : { ...copy, case: withoutReporter(copy.case) };
  draw(paper, shown, readViewing).then(
    () => paper.end(),
    (error: unknown) => paper.stream.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  return paper.stream;
}

/** @param copy without its reporter where they are withheld. */
async function draw(paper: Paper, copy: CaseCopy, readViewing: ReadViewing): Promise<void> {
  const words = logInWords(copy.case, copy.school.profile, copy.knowsReporter);
  drawHead(paper, copy);
  drawStanding(paper, copy);
  drawReport(paper, copy);
  await paper.drained();
  drawClauses(paper, copy);
  await paper.drained();
  paper.heading(2, 'Chronology');
  for (const [at, event] of copy.case.log.entries())
    if (!NOTICED.has(event.what.kind)) paper.paragraph(words[at] ?? '', { size: 9, after: 3 });
  drawDone(paper, copy);
  await drawEvidence(paper, copy, readViewing);
  await drawLog(paper, copy, words);
  if (paper.substituted)
    paper.paragraph(
      'What stands as a number, such as [U+1F600], is a character that cannot be printed here. The file case.json has it.',
      { size: 8 },
    );
}

function drawHead(
  paper: Paper,
  { case: { report }, school: { profile }, reader, knowsReporter, made, pieces }: CaseCopy,
) {
  paper.heading(1, `Case ${report.reference}`);
  const whom = reader === null ? 'whoever runs Policy Desk' : reader.name;
  paper.paragraph(
    `A copy of all of this case of ${profile.name}, made by Policy Desk for ${whom} on ${timeAt(made, profile.timeZone)}. ` +
      'Please keep it with the school’s safeguarding records, and do not forward it.',
  );
  if (!knowsReporter) paper.paragraph(WITHHELD_SENTENCE);
  const faults = pieces.flatMap(({ piece, found }) => faultOf(piece, found) ?? []);
  if (faults.length === 0) return;
  paper.heading(3, 'Not all of the evidence is as it came in');
  for (const fault of faults) paper.paragraph(fault);
}

function drawStanding(paper: Paper, { case: current, school: { profile } }: CaseCopy): void {
  const { report, evidence } = current;
  const standing = standingOf(current);
  const { state, category, severity, acknowledged, assignee, recordedAs, links } = standing;
  const was = category === report.category ? '' : ` (reported as: ${CATEGORY[report.category]})`;
  paper.heading(2, 'Where it stands');
  paper.fact('State', STATE[state]);
  paper.fact('Category', `${CATEGORY[category]}${was}`);
  paper.fact('How urgent', SEVERITY[severity]);
  paper.fact('Reported', `${timeAt(report.submittedAt, profile.timeZone)}, by ${reporterName(current)}`);
  paper.fact('Sent to', sentTo(standing, profile));
  paper.fact('To be acknowledged by', `The end of ${dayInWords(acknowledgeBy(report, profile))}`);
  paper.fact(
    'Acknowledged',
    acknowledged ? `${timeAt(acknowledged.at, profile.timeZone)}, by ${nameOf(acknowledged.by, profile)}` : 'Not yet',
  );
  paper.fact('Dealt with by', assignee === null ? 'Nobody in particular' : nameOf({ personId: assignee }, profile));
  paper.fact('Files', evidence.length === 0 ? 'None' : String(evidence.length));
  paper.fact('In the school’s safeguarding system', recordedAs ?? 'Not noted');
  if (links.length > 0) paper.fact('Cases about the same', links.join(', '));
  for (const { name, value } of keptInWords(current, profile)) paper.fact(name, value);
}

function sentTo({ route }: Standing, profile: CaseCopy['school']['profile']): string {
  const names = route.people.map((personId) => nameOf({ personId }, profile));
  const whom = [...(route.channel ? ['the Headteacher’s channel'] : []), ...names];
  return whom.length === 0 ? 'Nobody could be reached' : listInWords(whom).replace(/^the/u, 'The');
}

function drawReport(paper: Paper, { case: current, school: { profile } }: CaseCopy): void {
  for (const { part, lines } of caseInWords(current, profile)) {
    if (part === 'Evidence' || part === 'Added later') continue;
    paper.heading(2, part);
    for (const line of lines) paper.paragraph(line, { after: 3 });
  }
}

function drawClauses(paper: Paper, { case: current, school }: CaseCopy): void {
  const concerned = clausesConcerned(current, school);
  paper.heading(2, 'What the policy says', CLAUSE_HEIGHT);
  if (concerned.length === 0) paper.paragraph('No clause was found when this was reported.');
  for (const { key, policy, place, quote } of concerned) {
    if (policy === null) {
      paper.paragraph(`The clause noted then (${key}) is not in the school’s policies any more.`);
      continue;
    }
    paper.heading(3, place === '' ? policy.title : place);
    paper.quote(quote);
    paper.paragraph(`From: ${policyInWords(policy)}, as it is now.`, { size: 8.5 });
  }
}

function drawDone(paper: Paper, { case: current, school: { profile } }: CaseCopy): void {
  const lines = [...actionsInWords(current, profile), ...outcomeInWords(current, profile)];
  paper.heading(2, 'Actions taken and outcome');
  for (const line of lines.length > 0 ? lines : ['None recorded so far.']) paper.paragraph(line);
}

async function drawLog(
  paper: Paper,
  { case: current, knowsReporter }: CaseCopy,
  words: readonly string[],
): Promise<void> {
  paper.heading(2, 'The whole case log');
  const withHashes = hasHashes(current);
  paper.paragraph(
    withHashes
      ? 'Each entry holds the hash of the one before, so that nothing can be changed, left out or put in unnoticed. README.txt says how to check it.'
      : `Without its hashes${knowsReporter ? '' : ', because they would tell who reported it'}.`,
    { size: 8 },
  );
  for (const [at, event] of current.log.entries()) {
    paper.keep(LOG_ENTRY_HEIGHT);
    paper.paragraph(`${event.number}. ${words[at] ?? ''}`, { size: 7.5, after: 0 });
    paper.paragraph(exactly(event, withHashes), { font: 'mono', size: 6.5, indent: 14, after: 3 });
    await paper.drained();
  }
}

const exactly = ({ at, what, hash }: CaseEvent, withHash: boolean): string =>
  `${at.toISOString()} ${what.kind}${withHash ? ` ${hash}` : ''}`;
