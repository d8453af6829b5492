import { unlink } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { processEnvironment, readSchoolsDir } from '../config.js';
import { AppError } from '../errors.js';
import { createLog } from '../log.js';
import { copiedForSubject } from '../reports/operator-copy.js';
import { type CaseStore, readable } from '../reports/stores.js';
import { type Finding, type Search, searchIn } from '../reports/subject-access.js';
import * as elsewhere from '../reports/subject-elsewhere.js';
import { findInCase } from '../reports/subject-in-case.js';
import { endOfText, findingInText, headOfText, type Looked } from '../reports/subject-text.js';
import { caseTable } from '../storage/case-table.js';
import { draftTable } from '../storage/draft-table.js';
import { questionHistory } from '../storage/question-history.js';
import { readProfile } from '../storage/school-folder.js';
import { subjectRecords } from '../storage/subject-records.js';
import { summaryTable } from '../storage/summary-table.js';
import type { Tables } from '../storage/tables.js';
import { fileInWords, newFile } from './new-file.js';
import { explained, reachStorage } from './storage.js';

const USAGE = `Finds what is held on a person, for a subject access request, with everybody else masked. What it writes is a draft: a person
has to read every line before anything of it is disclosed. Each case that is found notes in its log that it was, not for whom.

  npm run --silent subject -- --school ID --name "Jane Smith" --out FILE.txt
  npm run --silent subject -- --school ID --name "Jane Smith" --also Janey --also "Jane Brown" --also jane_b7
  npm run --silent subject -- --school ID --name "Jane Smith" --id PERSON     their object id in Entra: what it finds is certain
  npm run --silent subject -- --school ID --name "Jane Smith" --json

What is found by name alone is marked as possible: others may have that name. Without --out it is printed.

The storage is the one that STORAGE_CONNECTION_STRING or STORAGE_ACCOUNT names, in the environment or in .env; where neither
is set, that of a running "npm run dev". For one that was started with --storage-port, add --storage-port.

It overwrites nothing. Ends with code 0 when all was searched, else with 1.`;

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu;
/** How often the note is tried again when others change the case at the same time. */
const MOST_TRIES = 5;
/** Questions asked while it is searched are found, whatever the clocks say. */
const A_DAY_MS = 24 * 60 * 60 * 1000;

const OPTIONS = {
  school: { type: 'string' },
  name: { type: 'string' },
  id: { type: 'string' },
  also: { type: 'string', multiple: true },
  out: { type: 'string' },
  json: { type: 'boolean' },
  'storage-port': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${explained(error, 'Not everything was searched: storage stopped answering.')}\n`);
  process.exitCode = 1;
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const [schoolId, name, personId] = [values.school, values.name, values.id].map((value) => value?.trim() ?? '');
  if (!schoolId) throw refusal('Please name the school, such as --school example-primary.');
  if (!name || !/\p{L}{2}/u.test(name)) throw refusal('Please name the person, such as --name "Jane Smith".');
  if (personId && !ID.test(personId)) throw refusal(`"${personId}" is not an object id in Entra.`);
  const profile = await readProfile(readSchoolsDir(processEnvironment()), schoolId);
  const { tables } = await reachStorage(values['storage-port'], 'Nothing was searched');
  const search = searchIn(profile, { name, also: values.also ?? [], personId: personId || null });
  const count = await write(search, tables, { out: values.out, json: values.json ?? false });
  createLog('info', pino.destination(2)).info({ event: 'subject.searched', schoolId, count });
  return 0;
}

function refusal(words: string): AppError {
  return new AppError('bad_arguments', words);
}

interface Wanted {
  readonly out: string | undefined;
  readonly json: boolean;
}

/** Written while it is found. @returns how much was found. */
async function write(search: Search, tables: Tables, { out, json }: Wanted): Promise<number> {
  const file = out === undefined ? undefined : await newFile(out, '--out');
  const add = async (text: string) => {
    if (file) await file.appendFile(text);
    else process.stdout.write(text);
  };
  try {
    const count = await (json ? asJson : asText)(search, tables, add);
    await file?.close();
    if (out !== undefined) process.stdout.write(`${await fileInWords(out)}\n`);
    return count;
  } catch (error) {
    await file?.close().catch(() => undefined);
    if (out !== undefined) await unlink(out);
    throw error;
  }
}

type Add = (text: string) => Promise<void>;

async function asText(search: Search, tables: Tables, add: Add): Promise<number> {
  const looked = { cases: 0, questions: 0, unreadable: 0 };
  let count = 0;
  await add(headOfText(search, tables.now()));
  for await (const finding of findings(search, tables, looked)) {
    count += 1;
    await add(findingInText(finding, count));
  }
  await add(endOfText(search, count, looked));
  return count;
}

/** One object; what is found is written piece by piece. */
async function asJson(search: Search, tables: Tables, add: Add): Promise<number> {
  const looked = { cases: 0, questions: 0, unreadable: 0 };
  let count = 0;
  const about = { school: search.profile.id, searched: search.subject, made: tables.now(), draft: true };
  await add(`{"format":"Policy Desk subject access, 1","about":${JSON.stringify(about)},"found":[`);
  for await (const finding of findings(search, tables, looked)) {
    await add(`${count === 0 ? '' : ','}\n${JSON.stringify(finding)}`);
    count += 1;
  }
  const { doubtful } = search;
  await add(
    `\n],"looked":${JSON.stringify({ ...looked, doubtful })},"notes":${JSON.stringify(headOfText(search, about.made))}}\n`,
  );
  return count;
}

type Counting = { -readonly [Key in keyof Looked]: Looked[Key] };

async function* findings(search: Search, tables: Tables, looked: Counting): AsyncIterable<Finding> {
  yield* elsewhere.findInProfile(search);
  yield* inCases(search, tables, looked);
  const records = subjectRecords(tables, search.profile.id);
  yield* found(records.openDrafts(), (draft) => elsewhere.findInDraft(search, draft));
  yield* sentBy(search, tables);
  yield* found(records.enquiries(), (enquiry) => elsewhere.findInEnquiry(search, enquiry));
  const asked = questionHistory(tables).between(search.profile.id, { since: new Date(0), before: inADay() });
  yield* found(asked, (question) => {
    looked.questions += 1;
    return elsewhere.findInQuestion(search, question);
  });
  yield* inSummaries(search, tables);
  yield* found(records.directory(), (entry) => elsewhere.findInDirectory(search, entry));
  const messages = elsewhere.findMessages(search, await records.messagesTo(search.ids.map(({ id }) => id)));
  if (messages) yield messages;
}

function inADay(): Date {
  return new Date(Date.now() + A_DAY_MS);
}

async function* found<Record>(records: AsyncIterable<Record>, find: (record: Record) => Finding | undefined) {
  for await (const record of records) {
    const finding = find(record);
    if (finding) yield finding;
  }
}

/** One case after another; whatever is found notes it first. */
async function* inCases(search: Search, tables: Tables, looked: Counting): AsyncIterable<Finding> {
  const cases = caseTable(tables);
  const all = readable(cases.all(search.profile.id), (count) => {
    looked.unreadable = count;
  });
  for await (const stored of all) {
    looked.cases += 1;
    const finding = findInCase(search, stored.case);
    if (finding && (await note(cases, search.profile.id, stored.case.report.reference, tables.now))) yield finding;
  }
}

/** @returns `false` where the case has been deleted meanwhile. */
async function note(cases: CaseStore, schoolId: string, reference: string, now: Tables['now']): Promise<boolean> {
  for (let left = MOST_TRIES; left > 0; left -= 1) {
    const stored = await cases.find(schoolId, reference);
    if (!stored) return false;
    if ((await cases.change(stored, copiedForSubject(stored, now()))) !== undefined) return true;
  }
  throw refusal(`${reference} is being changed by others just now. Please try again.`);
}

async function* sentBy(search: Search, tables: Tables): AsyncIterable<Finding> {
  const drafts = draftTable(tables);
  for (const { id } of search.ids) {
    const sent = await drafts.submittedBy({ schoolId: search.profile.id, personId: id });
    const finding = elsewhere.findSent(search, id, sent);
    if (finding) yield finding;
  }
}

async function* inSummaries(search: Search, tables: Tables): AsyncIterable<Finding> {
  const summaries = summaryTable(tables);
  const schoolId = search.profile.id;
  for (const { summary } of await summaries.all(schoolId)) {
    const { id, comment, sending } = summary;
    const heldBy = sending.state === 'held' ? sending.by : null;
    const downloads = await summaries.downloads(schoolId, id);
    const finding = elsewhere.findInSummary(search, { id, comment, heldBy, downloads });
    if (finding) yield finding;
  }
}
