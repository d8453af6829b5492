import { unlink } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { processEnvironment, readSchoolsDir } from '../config.js';
import { AppError } from '../errors.js';
import { drawDocument } from '../export/summary-documents.js';
import { textOf } from '../export/summary-text.js';
import { dayInWords } from '../schools/calendar.js';
import { timeAt } from '../schools/time.js';
import type { Blobs } from '../storage/blobs.js';
import { caseTable } from '../storage/case-table.js';
import { deletionTable } from '../storage/deletion-table.js';
import { openQuestionTable } from '../storage/open-question-table.js';
import { questionHistory } from '../storage/question-history.js';
import { readSchool } from '../storage/school-folder.js';
import { summaryDocuments } from '../storage/summary-documents.js';
import { summaryTable } from '../storage/summary-table.js';
import type { Tables } from '../storage/tables.js';
import { layOut } from '../summaries/lay-out.js';
import { recount } from '../summaries/making.js';
import {
  DOCUMENT_FORMATS,
  EDITIONS,
  type Edition,
  RULE_VERSION,
  type Summary,
  type SummaryDocuments,
} from '../summaries/summary.js';
import { fileInWords, newFile } from './new-file.js';
import { explained, reachStorage } from './storage.js';

const USAGE = `Prints a summary again as it was made, byte for byte the same every time. It changes nothing.

  npm run --silent summary -- --school ID                                  lists what there is
  npm run --silent summary -- --school ID --period half_term-2026-08-31
  npm run --silent summary -- --school ID --period half_term-2026-08-31 --edition chair
  npm run --silent summary -- --school ID --period half_term-2026-08-31 --pdf FILE.pdf --csv FILE.csv

The edition is "governors" or, with how many reports are about the Headteacher, "chair". The files are those that were kept when the
summary was sent; of one that was not sent they are drawn. What was counted is then counted again, as the case logs had it at the
time, and standard error says whether that gives the same.

The storage is the one that STORAGE_CONNECTION_STRING or STORAGE_ACCOUNT names, in the environment or in .env; where neither
is set, that of a running "npm run dev". For one that was started with --storage-port, add --storage-port.

It overwrites nothing. Ends with code 0 when the summary is printed, else with 1.`;

interface Storage {
  readonly tables: Tables;
  readonly blobs: Blobs;
}

interface Wanted {
  readonly schoolId: string;
  readonly period: string | undefined;
  readonly edition: Edition;
  readonly files: { readonly pdf?: string | undefined; readonly csv?: string | undefined };
}

try {
  process.exitCode = await main();
} catch (error) {
  tell(explained(error, 'Not everything was done: storage stopped answering.'));
  process.exitCode = 1;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      school: { type: 'string' },
      period: { type: 'string' },
      edition: { type: 'string' },
      pdf: { type: 'string' },
      csv: { type: 'string' },
      'storage-port': { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return say(`${USAGE}\n`);
  const schoolId = values.school?.trim() ?? '';
  if (schoolId === '') throw refusal('Please name the school, such as --school example-primary.');
  const edition = EDITIONS.find((one) => one === (values.edition ?? 'governors'));
  if (!edition) throw refusal('Please choose --edition governors or --edition chair.');
  const storage = await reachStorage(values['storage-port'], 'Nothing was printed');
  const { pdf, csv } = values;
  return print(storage, { schoolId, period: values.period?.trim(), edition, files: { pdf, csv } });
}

function refusal(words: string): AppError {
  return new AppError('bad_arguments', words);
}

async function print(storage: Storage, wanted: Wanted): Promise<number> {
  const { schoolId, period, edition, files } = wanted;
  const summaries = summaryTable(storage.tables);
  const stored = period === undefined ? undefined : await summaries.find(schoolId, period);
  if (!stored) {
    const all = (await summaries.all(schoolId)).map(({ summary }) => summary);
    if (all.length === 0) throw refusal(`There is no summary of a school "${schoolId}" yet.`);
    if (period === undefined) return say(all.map(inOneLine).join(''));
    throw refusal(`There is no summary "${period}". There are: ${all.map(({ id }) => id).join(', ')}.`);
  }
  const documents = summaryDocuments(storage.blobs);
  for (const format of DOCUMENT_FORMATS) {
    const path = files[format];
    if (path !== undefined) tell(await write(path, `--${format}`, bytesOf(documents, stored.summary, edition, format)));
  }
  say(textOf(layOut(stored.summary, edition)));
  tell(await countedAgain(storage.tables, stored.summary));
  return 0;
}

/** "half_term-2026-08-31  Autumn 2026, first half (sent on Wed 4 Nov 2026, 08:00)". */
function inOneLine(summary: Summary): string {
  return `${summary.id}  ${summary.period.name} (${stateOf(summary)})\n`;
}

function stateOf({ sending, timeZone, madeAt }: Summary): string {
  switch (sending.state) {
    case 'none':
      return `made on ${timeAt(madeAt, timeZone)}`;
    case 'planned':
      return `goes to the governors on ${dayInWords(sending.on)}`;
    case 'held':
      return `held by the Headteacher on ${timeAt(sending.at, timeZone)}`;
    case 'sent':
      return `sent on ${timeAt(sending.at, timeZone)}`;
  }
}

/** What was kept when it was sent, to the byte. */
async function bytesOf(
  documents: SummaryDocuments,
  summary: Summary,
  edition: Edition,
  format: (typeof DOCUMENT_FORMATS)[number],
): Promise<Uint8Array> {
  const { schoolId, id, sending } = summary;
  const kept = sending.state === 'sent' ? await documents.read({ schoolId, id, edition, format }) : undefined;
  return kept ?? drawDocument(summary, edition, format);
}

/** @returns what was written, in words. */
async function write(path: string, option: string, drawn: Promise<Uint8Array>): Promise<string> {
  const bytes = await drawn;
  const file = await newFile(path, option);
  try {
    await file.writeFile(bytes);
  } catch (error) {
    await unlink(path);
    throw error;
  } finally {
    await file.close();
  }
  return fileInWords(path);
}

/** Whether the case logs still say what was counted. */
async function countedAgain(tables: Tables, summary: Summary): Promise<string> {
  const { schoolId, madeAt, timeZone, rule } = summary;
  const asAt = `Counted again from the case logs as they were on ${timeAt(madeAt, timeZone)}`;
  if (rule !== RULE_VERSION)
    return `Not counted again: it was made by version ${rule} of the rule, not ${RULE_VERSION}.`;
  const school = await readSchool(readSchoolsDir(processEnvironment()), schoolId);
  const questions = questionHistory(tables);
  const sources = {
    cases: caseTable(tables),
    summaries: summaryTable(tables),
    deletions: deletionTable(tables),
    questions,
    openQuestions: openQuestionTable(tables),
    pause: setImmediate,
  };
  const again = await recount(sources, school, summary, tables.now());
  if (!again)
    return 'Not counted again: cases or questions that were counted are kept no longer, as the school has decided. npm run retention lists what was deleted.';
  const { sameInputs, sameFigures } = again;
  if (!sameInputs)
    return `${asAt}: the cases or questions are not those that were counted. npm run verify checks the cases.`;
  return sameFigures
    ? `${asAt}: the same.`
    : `${asAt}: the same cases and questions, but other figures by the school's people, calendar and targets of today.`;
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}
