import { BlobServiceClient } from '@azure/storage-blob';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type AddedEvidence, evidenceIntake, type IntakeParts } from '../../src/evidence/intake.js';
import { hashOf } from '../../src/reports/case-log.js';
import type { Draft } from '../../src/reports/draft.js';
import { type Evidence, MOST_FILES } from '../../src/reports/evidence.js';
import type { EvidenceTarget, IncomingFile } from '../../src/reports/evidence-intake.js';
import type { Report } from '../../src/reports/report.js';
import type { DraftOwner } from '../../src/reports/stores.js';
import type { OutboxPlace } from '../../src/schools/delivery.js';
import { openBlobs } from '../../src/storage/blobs.js';
import { caseTable } from '../../src/storage/case-table.js';
import { draftTable } from '../../src/storage/draft-table.js';
import { evidenceBlobs } from '../../src/storage/evidence-blobs.js';
import { openTables } from '../../src/storage/tables.js';
import { at, onePage } from '../support/pdf.js';
import { anAnimation, aPhotograph, aPicture } from '../support/pictures.js';
import { aDraft, aReport, evidenceAdded, further, hex, newPerson, sha256, submitted } from '../support/reports.js';
import { StorageProxy } from '../support/storage-proxy.js';

const schoolId = `intake-${process.pid}`;
const storage = inject('storage');
const tables = openTables({ connectionString: storage });
const drafts = draftTable(tables);
const cases = caseTable(tables);
const files = evidenceBlobs(openBlobs({ connectionString: storage }));
const NOW = new Date('2026-11-20T15:50:00Z');

const added: AddedEvidence[] = [];
const noticed: OutboxPlace[] = [];
const parts: IntakeParts = {
  drafts,
  cases,
  files,
  addToCase: (current, evidence) =>
    further({ case: current, version: '', deliveries: 0 }, evidenceAdded(evidence), [evidence]),
  deliveries: {
    async committed(place) {
      noticed.push(place);
    },
  },
  now: () => NOW,
  newId: () => hex(16),
  onAdded: (one) => added.push(one),
};
const intake = evidenceIntake(parts);

let pictures: Buffer[];
const picture = (at: number): Buffer => pictures[at] ?? Buffer.alloc(0);
beforeAll(async () => {
  pictures = await Promise.all(
    Array.from({ length: 14 }, (_, seed) =>
      aPicture(seed + 1, 30, 20)
        .png()
        .toBuffer(),
    ),
  );
});

async function begun(change: Partial<Draft> = {}): Promise<Draft> {
  const stored = await drafts.create(aDraft(schoolId, change));
  if (!stored) throw new Error('It was there already.');
  return stored.draft;
}
/** Makes a draft a case, as submitting does. */
async function submit({ reference, personId, id }: Draft): Promise<void> {
  const stored = await drafts.open({ schoolId, personId });
  if (stored?.draft.id !== id) throw new Error('It is not open.');
  const report = aReport(schoolId, { reference, reporter: { personId, name: null } });
  await cases.create(submitted(report, stored.evidence));
  await drafts.finish(stored, reference, NOW);
}
async function aCase(change: Partial<Report> = {}): Promise<Report> {
  const report = aReport(schoolId, change);
  await cases.create(submitted(report));
  return report;
}

const inDraft = ({ id }: Draft): EvidenceTarget => ({ kind: 'draft', draftId: id });
const inCase = ({ reference }: { reference: string }): EvidenceTarget => ({ kind: 'case', reference });
const file = (owner: DraftOwner, target: EvidenceTarget, bytes: Uint8Array): IncomingFile => ({
  owner: { schoolId: owner.schoolId, personId: owner.personId },
  target,
  bytes,
  way: 'chat_picture',
});
const evidenceOf = async (draft: Draft): Promise<readonly Evidence[]> => (await drafts.open(draft))?.evidence ?? [];

/** Everything that is kept below a reference. */
async function blobsOf({ reference }: { reference: string }): Promise<string[]> {
  const container = BlobServiceClient.fromConnectionString(storage).getContainerClient('evidence');
  const names: string[] = [];
  if (!(await container.exists())) return names;
  const prefix = `${schoolId}/${reference}/`;
  for await (const { name } of container.listBlobsFlat({ prefix })) names.push(name.slice(prefix.length));
  return names;
}
const blobsFor = (evidence: readonly Evidence[]): string[] =>
  evidence.flatMap(({ id, viewing }) => (viewing ? [id, `${id}.view`] : [id])).toSorted();

describe('a file for a draft', () => {
  it('is kept to the byte, with a copy for looking at, and named after that', async () => {
    const draft = await begun();
    const bytes = await aPhotograph().jpeg().toBuffer();
    const seen = { seenOn: '2026-11-20', seenTime: '15:40', seenWhere: 'Facebook' };
    const outcome = await intake.take({ ...file(draft, inDraft(draft), bytes), seen });
    const evidence = await evidenceOf(draft);
    expect(outcome).toEqual({ kind: 'added', evidence: evidence[0], count: 1 });
    expect(evidence).toMatchObject([
      { sha256: sha256(bytes), bytes: bytes.length, type: 'image/jpeg', way: 'chat_picture', ...seen },
    ]);
    expect(evidence).toMatchObject([{ addedBy: draft.personId, receivedAt: NOW, viewing: { type: 'image/jpeg' } }]);
    const place = { schoolId, reference: draft.reference, evidenceId: evidence[0]?.id ?? '' };
    expect(await files.original(place)).toEqual(bytes);
    const viewing = (await files.viewing(place)) ?? Buffer.alloc(0);
    expect(sha256(viewing)).toBe(evidence[0]?.viewing?.sha256);
    expect(await sharp(viewing).metadata()).toMatchObject({ width: 90, height: 120 });
    expect(added.at(-1)).toMatchObject({ target: inDraft(draft), count: 1, owner: { personId: draft.personId } });
  });

  it('has no copy when it is a PDF', async () => {
    const draft = await begun();
    const outcome = await intake.take(file(draft, inDraft(draft), onePage(at(70, 700, 'Seen'))));
    expect(outcome).toMatchObject({ kind: 'added', evidence: { type: 'application/pdf', viewing: null } });
    expect(await blobsOf(draft)).toEqual(blobsFor(await evidenceOf(draft)));
  });

  it('is one piece of evidence however often it comes, and kept once', async () => {
    const draft = await begun();
    const take = () => intake.take(file(draft, inDraft(draft), picture(0)));
    const atOnce = await Promise.all([take(), take(), take()]);
    expect(atOnce.map(({ kind }) => kind).toSorted()).toEqual(['added', 'same', 'same']);
    expect(await take()).toMatchObject({ kind: 'same', count: 1 });
    const evidence = await evidenceOf(draft);
    expect(evidence).toHaveLength(1);
    expect((await blobsOf(draft)).toSorted()).toEqual(blobsFor(evidence));
  });

  it('is refused when there are as many as a report takes, also when they come at once', async () => {
    const draft = await begun();
    const outcomes = await Promise.all(pictures.map((bytes) => intake.take(file(draft, inDraft(draft), bytes))));
    expect(outcomes.filter(({ kind }) => kind === 'added')).toHaveLength(MOST_FILES);
    expect(outcomes.filter((one) => one.kind === 'refused' && one.reason === 'too_many')).toHaveLength(4);
    expect(await intake.refusalFor(draft, inDraft(draft))).toBe('too_many');
    const evidence = await evidenceOf(draft);
    expect((await blobsOf(draft)).toSorted()).toEqual(blobsFor(evidence));
    const taken = pictures[outcomes.findIndex(({ kind }) => kind === 'added')] ?? Buffer.of();
    expect(await intake.take(file(draft, inDraft(draft), taken))).toMatchObject({ count: MOST_FILES });
  });

  it.each<[string, Partial<Draft>, string]>([
    ['is about a child’s safety', { dangers: ['indecent_image'] }, 'child_safety'],
    ['has not been asked about a child’s safety', { dangers: null }, 'safety_first'],
  ])('is neither kept nor looked at when the draft %s', async (_, change, reason) => {
    const draft = await begun(change);
    expect(await intake.refusalFor(draft, inDraft(draft))).toBe(reason);
    // Not even its size is checked: an empty file would be refused as empty.
    for (const bytes of [picture(0), new Uint8Array()])
      expect(await intake.take(file(draft, inDraft(draft), bytes))).toEqual({ kind: 'refused', reason });
    expect(await blobsOf(draft)).toEqual([]);
    expect(await evidenceOf(draft)).toEqual([]);
  });

  it('is not kept when it is none that is taken', async () => {
    const draft = await begun();
    for (const bytes of [Buffer.from('<svg/>'), picture(0).subarray(0, 300), new Uint8Array()])
      expect(await intake.take(file(draft, inDraft(draft), bytes))).toMatchObject({ kind: 'refused' });
    expect(await blobsOf(draft)).toEqual([]);
  });

  it('is taken from whoever the draft belongs to alone', async () => {
    const draft = await begun();
    const other = { schoolId, personId: newPerson() };
    const elsewhere = { schoolId: `${schoolId}-other`, personId: draft.personId };
    for (const owner of [other, elsewhere]) {
      const refused = { kind: 'refused', reason: 'no_draft' };
      expect(await intake.take(file(owner, inDraft(draft), picture(0)))).toEqual(refused);
      expect(await intake.refusalFor(owner, inDraft(draft))).toBe('no_draft');
    }
    const shouting = { schoolId, personId: draft.personId.toUpperCase() };
    expect(await intake.take(file(shouting, inDraft(draft), picture(0)))).toMatchObject({ kind: 'added' });
  });

  it('is no longer taken when the draft is discarded while it is kept', async () => {
    const draft = await begun();
    const discard = async () => {
      const stored = await drafts.open(draft);
      if (stored) await drafts.finish(stored, null, NOW);
      await files.removeAll(schoolId, draft.reference);
    };
    const slow = evidenceIntake({ ...parts, files: { ...files, keepOriginal: before(discard, files.keepOriginal) } });
    expect(await slow.take(file(draft, inDraft(draft), picture(0)))).toEqual({ kind: 'refused', reason: 'no_draft' });
    expect(await blobsOf(draft)).toEqual([]);
  });
});

/** Something happens just before. */
const before =
  <A extends unknown[], T>(what: () => Promise<unknown>, then: (...given: A) => Promise<T>) =>
  async (...given: A): Promise<T> => {
    await what();
    return then(...given);
  };

describe('a file for a draft that is submitted meanwhile', () => {
  const caseWith = async ({ reference }: Draft) => (await cases.find(schoolId, reference))?.case;

  it('goes to its case', async () => {
    const draft = await begun();
    await intake.take(file(draft, inDraft(draft), picture(0)));
    await submit(draft);
    expect(await intake.take(file(draft, inDraft(draft), picture(1)))).toMatchObject({ kind: 'added', count: 2 });
    expect(await intake.take(file(draft, inDraft(draft), picture(0)))).toMatchObject({ kind: 'same', count: 2 });
    const found = await caseWith(draft);
    expect(found?.log.map(({ what }) => what.kind)).toEqual(['submitted', 'evidence_added', 'evidence_added']);
    expect((await blobsOf(draft)).toSorted()).toEqual(blobsFor(found?.evidence ?? []));
    expect(added.at(-1)).toMatchObject({ target: inCase(draft), count: 2 });
    expect(noticed.at(-1)?.partition).toBe(`${schoolId}~${draft.reference}`);
  });

  it('also when that happens between storing and naming it', async () => {
    const draft = await begun();
    const keepOriginal = before(() => submit(draft), files.keepOriginal);
    const slow = evidenceIntake({ ...parts, files: { ...files, keepOriginal } });
    expect(await slow.take(file(draft, inDraft(draft), picture(0)))).toMatchObject({ kind: 'added', count: 1 });
    const found = await caseWith(draft);
    expect(found?.evidence).toHaveLength(1);
    expect((await blobsOf(draft)).toSorted()).toEqual(blobsFor(found?.evidence ?? []));
  });

  it('also when the case is there and the draft has not been put away', async () => {
    const draft = await begun({ state: 'submitting' });
    await aCase({ reference: draft.reference, reporter: { personId: draft.personId, name: null } });
    expect(await intake.take(file(draft, inDraft(draft), picture(0)))).toMatchObject({ kind: 'added', count: 1 });
    expect((await caseWith(draft))?.evidence).toHaveLength(1);
  });

  it('waits for the case, and rejects when none comes; nothing is said to be kept', async () => {
    const draft = await begun({ state: 'submitting' });
    expect(await intake.refusalFor(draft, inDraft(draft))).toBeUndefined();
    const waiting = intake.take(file(draft, inDraft(draft), picture(0)));
    await submit(draft);
    expect(await waiting).toMatchObject({ kind: 'added', count: 1 });
    const stuck = await begun({ state: 'submitting' });
    await expect(intake.take(file(stuck, inDraft(stuck), picture(0)))).rejects.toThrow('submitted');
    expect(await blobsOf(stuck)).toEqual([]);
  });
});

describe('a file for a case', () => {
  it('is appended to its log, in order, however many come at once', async () => {
    const report = await aCase();
    const { personId } = report.reporter;
    const owner = { schoolId, personId };
    const outcomes = await Promise.all(
      pictures.slice(0, 4).map((bytes) => intake.take(file(owner, inCase(report), bytes))),
    );
    expect(outcomes.map(({ kind }) => kind)).toEqual(['added', 'added', 'added', 'added']);
    const { log = [], evidence = [] } = (await cases.find(schoolId, report.reference))?.case ?? {};
    expect(log.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
    for (const event of log) expect(hashOf(report, event)).toBe(event.hash);
    expect(evidence.map((one) => one.sha256).toSorted()).toEqual(pictures.slice(0, 4).map(sha256).toSorted());
    expect((await blobsOf(report)).toSorted()).toEqual(blobsFor(evidence));
  });

  it('is refused from anybody but the reporter, for no case, and for one on a child’s safety or taken back', async () => {
    const report = await aCase();
    const owner = { schoolId, personId: report.reporter.personId };
    const safety = await aCase({ category: 'child_safety', reporter: report.reporter });
    const back = await aCase({ reporter: report.reporter });
    const stored = await cases.find(schoolId, back.reference);
    if (stored) await cases.change(stored, further(stored, { kind: 'withdrawn', reason: 'Sorted out.' }));
    for (const [who, target, reason] of [
      [{ schoolId, personId: newPerson() }, inCase(report), 'no_draft'],
      [{ ...owner, schoolId: `${schoolId}-other` }, inCase(report), 'no_draft'],
      [owner, inCase({ reference: 'PD-00000000' }), 'no_draft'],
      [owner, inCase({ reference: '../x' }), 'no_draft'],
      [owner, inCase(back), 'no_draft'],
      [owner, inCase(safety), 'child_safety'],
    ] as const) {
      expect(await intake.take(file(who, target, picture(0)))).toEqual({ kind: 'refused', reason });
      expect(await intake.refusalFor(who, target)).toBe(reason);
    }
    for (const one of [report, safety, back]) expect(await blobsOf(one)).toEqual([]);
  });

  it('is refused when there are as many as a report takes, or its case does not take it', async () => {
    const report = await aCase();
    const owner = { schoolId, personId: report.reporter.personId };
    for (const bytes of pictures.slice(0, MOST_FILES)) await intake.take(file(owner, inCase(report), bytes));
    const outcome = await intake.take(file(owner, inCase(report), picture(MOST_FILES)));
    expect(outcome).toEqual({ kind: 'refused', reason: 'too_many' });
    expect(await intake.refusalFor(owner, inCase(report))).toBe('too_many');
    const another = await aCase({ reporter: report.reporter });
    const strict = evidenceIntake({ ...parts, addToCase: () => ({ refused: 'It has been closed.' }) });
    const refused = await strict.take(file(owner, inCase(another), picture(0)));
    expect(refused).toEqual({ kind: 'refused', reason: 'no_draft' });
    expect(await blobsOf(another)).toEqual([]);
  });
});

describe('when storage fails', () => {
  let proxy: StorageProxy;
  beforeAll(async () => {
    proxy = await StorageProxy.start(storage);
  });
  afterAll(() => proxy.stop());

  it('on the way, nothing is acknowledged, and the same file can be sent again', async () => {
    const draft = await begun();
    const shaky = draftTable(openTables({ connectionString: proxy.through(storage) }));
    const cut = async (...given: Parameters<typeof files.keepViewing>) => {
      await files.keepViewing(...given);
      proxy.weather = 'down';
    };
    const unlucky = evidenceIntake({ ...parts, drafts: shaky, files: { ...files, keepViewing: cut } });
    const count = added.length;
    const bytes = await anAnimation(2).gif().toBuffer();
    await expect(unlucky.take(file(draft, inDraft(draft), bytes))).rejects.toThrow();
    expect(await evidenceOf(draft)).toEqual([]);
    expect(added).toHaveLength(count);
    proxy.weather = 'fair';
    expect(await intake.take(file(draft, inDraft(draft), bytes))).toMatchObject({ kind: 'added', count: 1 });
    const kept = await evidenceOf(draft);
    expect(kept).toHaveLength(1);
    expect(await files.original({ schoolId, reference: draft.reference, evidenceId: kept[0]?.id ?? '' })).toEqual(
      bytes,
    );
  });
});
