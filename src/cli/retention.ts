import { parseArgs } from 'node:util';
import { processEnvironment, readSchoolsDir } from '../config.js';
import { AppError } from '../errors.js';
import { carryOn, type DeletingParts, deleteCase } from '../reports/deleting.js';
import type { DeletionStore, StoredDeletion } from '../reports/deletion.js';
import { announcedIn, answerableFor, keptUntil } from '../reports/retention.js';
import { isUnfinished, standingOf } from '../reports/standing.js';
import { type CaseStore, readable, type StoredCase } from '../reports/stores.js';
import { counted } from '../reports/verify.js';
import { dayInWords } from '../schools/calendar.js';
import type { SchoolProfile } from '../schools/profile.js';
import { timeAt } from '../schools/time.js';
import { caseTable } from '../storage/case-table.js';
import { deletionTable } from '../storage/deletion-table.js';
import { draftTable } from '../storage/draft-table.js';
import { evidenceBlobs } from '../storage/evidence-blobs.js';
import { listSchools, readProfile } from '../storage/school-folder.js';
import { explained, reachStorage } from './storage.js';

const USAGE = `Says until when cases are kept, and what was deleted: references and dates, no words and no names.

  npm run --silent retention                                           every school
  npm run --silent retention -- --school ID                            one school
  npm run --silent retention -- --delete PD-7K3MZ0QX --school ID       deletes a case that has ended before its time is over
  npm run --silent retention -- --certificate PD-7K3MZ0QX [--school ID]  prints what is left of one as JSON

A case that goes on, or is on legal hold, is not deleted. One that is deleted is gone at once and for good; its messages in Teams
become short notes, and its reporter is told, once the bot runs. No summary is made any more of periods in which it came in.

The storage is the one that STORAGE_CONNECTION_STRING or STORAGE_ACCOUNT names, in the environment or in .env; where neither
is set, that of a running "npm run dev". For one that was started with --storage-port, add --storage-port.

Ends with code 0 when that was done, else with 1.`;

const REFERENCE = /^PD-[0-9A-HJKMNP-TV-Z]{8}$/u;
/** How often it is tried again when others change the case at the same time. */
const MOST_TRIES = 5;

interface Stores extends DeletingParts {
  readonly cases: CaseStore;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(
    `${explained(error, 'Not everything was done: storage stopped answering. Please try again.')}\n`,
  );
  process.exitCode = 1;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      school: { type: 'string' },
      delete: { type: 'string' },
      certificate: { type: 'string' },
      'storage-port': { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return say(USAGE);
  const schoolId = values.school?.trim();
  if (values.delete !== undefined && !schoolId)
    throw refusal('Please name the school as well, such as --school example-primary.');
  const [toDelete, toPrint] = [referenceFrom(values.delete), referenceFrom(values.certificate)];
  const { tables, blobs } = await reachStorage(values['storage-port'], 'Nothing was done');
  const stores: Stores = {
    ...{ cases: caseTable(tables), deletions: deletionTable(tables) },
    ...{ drafts: draftTable(tables), files: evidenceBlobs(blobs) },
    // The bot's worker sweeps for what is owed.
    owed: async () => undefined,
    now: tables.now,
  };
  if (toPrint !== undefined) return certificate(stores.deletions, toPrint, schoolId);
  if (toDelete !== undefined && schoolId) return remove(stores, schoolId, toDelete);
  return list(stores, schoolId);
}

function refusal(words: string): AppError {
  return new AppError('bad_arguments', words);
}

function referenceFrom(typed: string | undefined): string | undefined {
  const reference = typed?.trim().toUpperCase();
  if (reference === undefined || REFERENCE.test(reference)) return reference;
  throw refusal(`"${typed}" is not the reference of a case, such as PD-7K3MZ0QX.`);
}

async function list({ cases, deletions }: Stores, schoolId: string | undefined): Promise<number> {
  const folder = readSchoolsDir(processEnvironment());
  for (const id of schoolId === undefined ? await listSchools(folder) : [schoolId]) {
    const profile = await readProfile(folder, id);
    say(`${profile.name} (${id})`);
    let [goOn, unreadable] = [0, 0];
    const all = readable(cases.all(id), (count) => {
      unreadable = count;
    });
    for await (const stored of all) {
      if (isUnfinished(stored.case)) goOn += 1;
      const line = keptLine(stored, profile);
      if (line) say(`  ${line}`);
    }
    say(`  ${counted(goOn, 'case')} ${goOn === 1 ? 'goes' : 'go'} on`);
    if (unreadable > 0) say(`  ${counted(unreadable, 'case')} cannot be read: npm run verify names them`);
    for await (const deletion of deletions.all(id)) say(`  ${deletedLine(deletion, profile)}`);
  }
  return 0;
}

/** "PD-7K3MZ0QX  kept until Sat 20 Nov 2032, on legal hold"; nothing of one that goes on and is not held. */
function keptLine({ case: current }: StoredCase, profile: SchoolProfile): string | undefined {
  const { reference } = current.report;
  const { hold } = standingOf(current);
  const held = hold && `on legal hold since ${timeAt(hold.at, profile.timeZone)}`;
  const kept = keptUntil(current, profile);
  if (!kept) return held ? `${reference}  goes on, ${held}` : undefined;
  const announced = announcedIn(current);
  const nobody = answerableFor(current, profile).length === 0;
  const more =
    held ??
    (announced && `its deletion from ${dayInWords(announced.what.on)} on is announced`) ??
    (nobody && 'and after that: nobody is left who could be told of its deletion');
  return [`${reference}  kept until ${dayInWords(kept.until)}`, more].filter(Boolean).join(', ');
}

/** "PD-7K3MZ0QX  deleted on Sat 20 Nov 2032, 08:00". */
function deletedLine(
  { certificate: { reference, deletedAt, reason }, complete }: StoredDeletion,
  profile: SchoolProfile,
) {
  const why = reason === 'early' ? ', before its time was over' : '';
  const rest = complete ? '' : '; the bot has yet to remove the last of it';
  return `${reference}  deleted on ${timeAt(deletedAt, profile.timeZone)}${why}${rest}`;
}

async function certificate(deletions: DeletionStore, reference: string, schoolId: string | undefined): Promise<number> {
  const found: StoredDeletion[] = [];
  for await (const one of deletions.all(schoolId)) if (one.certificate.reference === reference) found.push(one);
  if (found.length === 0) throw refusal(`${reference}: no case of that reference was deleted.`);
  return say(found.map((one) => JSON.stringify(one, null, 2)).join('\n'));
}

async function remove(stores: Stores, schoolId: string, reference: string): Promise<number> {
  const profile = await readProfile(readSchoolsDir(processEnvironment()), schoolId);
  for (let left = MOST_TRIES; left > 0; left -= 1) {
    const stored = await stores.cases.find(schoolId, reference);
    if (!stored) {
      const before = await stores.deletions.find(schoolId, reference);
      if (before) return say(deletedLine(before, profile));
      throw refusal(`${reference}: the school ${schoolId} has no such case.`);
    }
    if (isUnfinished(stored.case))
      throw refusal(`${reference} goes on, so it is not deleted: it is to be closed first.`);
    if (standingOf(stored.case).hold) throw refusal(`${reference} is on legal hold, so it is not deleted.`);
    const deleted = await deleteCase(stores, stored, 'early');
    if (!deleted) continue;
    say(deletedLine(deleted, profile));
    await carryOn(stores, deleted);
    return 0;
  }
  throw refusal(`${reference} is being changed by others just now. Please try again.`);
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}
