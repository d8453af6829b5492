import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLog } from '../../src/log.js';
import { certificateHash, type StoredDeletion } from '../../src/reports/deletion.js';
import { openBlobs } from '../../src/storage/blobs.js';
import { caseTable } from '../../src/storage/case-table.js';
import { deletionTable } from '../../src/storage/deletion-table.js';
import { draftTable } from '../../src/storage/draft-table.js';
import { enquiryTable } from '../../src/storage/enquiry-table.js';
import { evidenceBlobs } from '../../src/storage/evidence-blobs.js';
import { jobTable } from '../../src/storage/job-table.js';
import { oldQuestions } from '../../src/storage/old-questions.js';
import { openTables } from '../../src/storage/tables.js';
import { RetentionSweep } from '../../src/teams/retention-sweep.js';
import { OwnAzurite } from '../support/azurite-process.js';
import { leaksIn, namesInStorage } from '../support/marks.js';
import { aPicture } from '../support/pictures.js';
import { BETH, type Chat, DANIEL, HELEN, referenceIn, SECRETS, Staffroom, TYPED, wholeOf } from '../support/staff.js';
import { type Life, StorageProxies } from '../support/storage-proxy.js';
import { times } from '../support/thoroughness.js';
import { act, channelCardOf, pressInChannel, readingOf } from '../support/triaging.js';
import { until } from '../support/until.js';

let azurite: OwnAzurite;
/** Looks of processes that were killed: they come to nothing, in their own time. */
const zombies: Promise<void>[] = [];
let room: Staffroom;
let beth: Chat;
/** How far the clock that is handed in is ahead; it goes on by itself, as clocks do. */
let ahead = 0;
const now = () => new Date(Date.now() + ahead);
const begin = (time: string) => {
  ahead = Date.parse(time) - Date.now();
};

beforeAll(async () => {
  begin('2026-11-20T09:00:00Z');
  azurite = await OwnAzurite.start();
  const quick = { pollMs: 50, sweepMs: 500 };
  room = await Staffroom.open({ now, random: () => 0, storage: azurite.connection, times: quick });
  room.bot.deliveries.start();
  beth = room.chatOf(BETH);
});
afterAll(async () => {
  await room.close();
  await Promise.all(zombies);
  await azurite.cleanUp();
});

/** A process that looks at what is kept, over its own way to storage. What it owes, the bot finds by itself. */
function aSweep(connectionString = azurite.connection): RetentionSweep {
  const address = { connectionString };
  const tables = openTables(address);
  return new RetentionSweep({
    ...{ schools: [room.school], cases: caseTable(tables), deletions: deletionTable(tables), now },
    ...{ drafts: draftTable(tables), files: evidenceBlobs(openBlobs(address)), enquiries: enquiryTable(tables) },
    ...{ oldQuestions: oldQuestions(tables), jobs: jobTable(tables), log: createLog('silent') },
    deliveries: { committed: async () => undefined },
  });
}

/** A process that looks once and is killed after so many changes. @returns whether it had anything left to change then. */
async function killedAfter(changesLeft: number, hearsOfLast: boolean): Promise<boolean> {
  const proxies = await StorageProxies.start(azurite.connection);
  const life: Life = { changesLeft, hearsOfLast };
  proxies.life = life;
  const look = aSweep(proxies.through(azurite.connection)).look();
  zombies.push(look);
  await Promise.race([look, until(() => life.changesLeft < 0)]);
  await proxies.stop();
  return life.changesLeft < 0;
}

/** Lets processes begin one after the other, each of which dies after one more change, until nothing is left to do. */
async function killedAllAlong(changes: number): Promise<number> {
  for (let kills = 0; ; kills += 1) if (!(await killedAfter(changes, kills % 2 === 0))) return kills;
}

/** A case with a file, which the Headteacher has read and closed. @returns its reference. */
let references = 0;
async function aLife(): Promise<string> {
  references += 1;
  const owner = { schoolId: room.school.profile.id, personId: BETH.id };
  const last = await beth.toLastCard();
  const { draft } = await room.openDraft(BETH);
  const taken = await room.bot.reports.intake.take({
    ...{
      owner,
      target: { kind: 'draft', draftId: draft.id },
      bytes: await aPicture(references).png().toBuffer(),
      way: 'chat_file',
    },
    seen: { seenOn: '2026-11-19', seenTime: '', seenWhere: 'Xyla Quint' },
  });
  expect(taken.kind).toBe('added');
  const receipt = wholeOf(await beth.press(last, 'Send the report', TYPED.wishes));
  const reference = referenceIn(receipt);
  await pressInChannel(room.chatOf(HELEN), await channelCardOf(room, reference), 'Open');
  await readingOf(room.chatOf(HELEN), reference);
  await act(room, reference, { do: 'acknowledge' });
  await act(room, reference, { do: 'note', words: 'A wombat indeed.' }, DANIEL);
  await act(room, reference, { do: 'ask', words: 'Is it a wombat?' });
  await act(room, reference, { do: 'close', outcome: 'resolved', message: 'The wombat is gone.' });
  await room.settled();
  return reference;
}

const deletions = async (): Promise<StoredDeletion[]> => {
  const all: StoredDeletion[] = [];
  for await (const one of deletionTable(openTables({ connectionString: azurite.connection })).all()) all.push(one);
  return all;
};

/** What is left in storage that a person, a word or a file of these cases could be told by. */
async function leftInStorage(references: readonly string[]): Promise<readonly string[]> {
  const { names, rows } = await namesInStorage(azurite.connection);
  // Where a chat with a person is found is nothing of their cases.
  const places = [
    ...names.filter(({ where }) => !/key of Directory/u.test(where)),
    ...rows.filter(({ where }) => where !== 'Directory'),
  ];
  const secrets = new RegExp(`${SECRETS.source}|${BETH.id}|beth larkin`, 'iu');
  const of = rows.filter(({ where, text }) => where === 'Cases' && references.some((one) => text.includes(one)));
  const blobs: string[] = [];
  for await (const { name } of BlobServiceClient.fromConnectionString(azurite.connection)
    .getContainerClient('evidence')
    .listBlobsFlat())
    blobs.push(name);
  expect(of).toHaveLength(references.length);
  return [...leaksIn(places, secrets), ...blobs];
}

/** The messages in Teams that still say something of a case, and the notes that it was deleted. */
function inTeams(reference: string) {
  const ofCase = room.connector.posted.filter(({ activity }) => JSON.stringify(activity).includes(reference));
  const isNote = (text: string) => text.includes(`${reference} was deleted`);
  const updates = room.connector.calls.filter(({ method, body }) => method === 'PUT' && isNote(JSON.stringify(body)));
  const told = ofCase.filter(({ activity }) => JSON.stringify(activity).includes('Your report has been deleted'));
  const notes = ofCase.filter(({ activity }) => isNote(JSON.stringify(activity)));
  return {
    updates: updates.length,
    told: told.length,
    notes: notes.length,
    other: ofCase.length - told.length - notes.length,
  };
}

describe('deleting', () => {
  it('comes to its end from wherever it was killed, once', async () => {
    const references: string[] = [];
    for (let left = times(2, 8); left > 0; left -= 1) references.push(await aLife());
    begin('2032-11-01T09:00:00Z');
    await Promise.all([aSweep().look(), aSweep().look()]);
    await room.settled();
    expect(await deletions()).toEqual([]);
    begin('2032-12-01T09:00:00Z');
    let kills = await killedAllAlong(1);
    await room.settled();
    ahead += 60 * 60_000;
    kills += await killedAllAlong(1);
    await Promise.all([aSweep().look(), aSweep().look(), aSweep().look()]);
    const all = await deletions();
    const found = references.map(inTeams);
    const doubled = found.filter(({ told, updates, notes }) => told > 1 || updates > notes).length;
    const complete = all.filter((one) => one.complete).length;
    process.stdout.write(
      `deletions: ${references.length}, killed ${kills} times, complete ${complete}, doubled ${doubled}\n`,
    );
    expect(all.map(({ certificate }) => certificate.reference).toSorted()).toEqual(references.toSorted());
    for (const { certificate, hash, complete } of all)
      expect([hash, complete]).toEqual([certificateHash(certificate), true]);
    for (const { told, updates, notes, other } of found) expect([told, updates, other]).toEqual([1, notes, 0]);
    expect(found.every(({ notes }) => notes > 2)).toBe(true);
    expect(await leftInStorage(references)).toEqual([]);
  }, 300_000);
});
