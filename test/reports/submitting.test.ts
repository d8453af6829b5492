import { describe, expect, inject, it } from 'vitest';
import type { Draft, StoredDraft } from '../../src/reports/draft.js';
import type { CaseStore, DraftStore } from '../../src/reports/stores.js';
import { oweReceipt, submitDraft } from '../../src/reports/submitting.js';
import { CASE_TABLE, caseTable } from '../../src/storage/case-table.js';
import { draftTable } from '../../src/storage/draft-table.js';
import { tableOutbox } from '../../src/storage/outbox.js';
import { openTables } from '../../src/storage/tables.js';
import { hex, newPerson, newReference } from '../support/reports.js';
import { aNewDraft, aPiece, aProfile, filled, NOW } from './examples.js';

const PROFILE = aProfile();
const tables = openTables({ connectionString: inject('storage') });
const [drafts, cases, outbox] = [draftTable(tables), caseTable(tables), tableOutbox(tables, [CASE_TABLE])];
const parts = { drafts, cases, now: () => NOW };
const plain = { profile: PROFILE, clauses: ['policy/4'], receiptByMessage: false };

/** A complete draft in storage. */
async function written(change: Partial<Draft> = {}): Promise<StoredDraft> {
  const start = { id: hex(24), reference: newReference(), personId: newPerson() };
  const stored = await drafts.create({ ...filled(aNewDraft(start), PROFILE), ...change });
  if (!stored) throw new Error('It could not be created.');
  return stored;
}
const caseOf = async ({ draft }: StoredDraft) => (await cases.find(draft.schoolId, draft.reference))?.case;
const owedIn = async ({ draft }: StoredDraft) =>
  (await outbox.read({ table: CASE_TABLE, partition: `${draft.schoolId}~${draft.reference}` })).map(
    ({ delivery }) => delivery.kind,
  );
/** A store of which one method fails once it has done its work, as when a process dies. */
function dyingAfter<Store extends CaseStore | DraftStore>(store: Store, method: keyof Store): Store {
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      if (name !== method) return value.bind(target);
      return async (...args: unknown[]) => {
        await value.apply(target, args);
        throw new Error('The process has died.');
      };
    },
  });
}

describe('submitting a draft', () => {
  it('makes the case with its evidence and its deliveries, and closes the draft', async () => {
    const begun = await written();
    await drafts.addEvidence(begun.draft, begun.draft.id, aPiece(hex(16)));
    const stored = (await drafts.open(begun.draft)) as StoredDraft;
    const submitted = await submitDraft(parts, stored, plain);
    expect(submitted?.case.report.reference).toBe(stored.draft.reference);
    expect(submitted?.case.evidence).toHaveLength(1);
    expect(await owedIn(stored)).toEqual(['case.new']);
    expect(await drafts.open(stored.draft)).toBeUndefined();
    expect(await drafts.finished(stored.draft, stored.draft.id)).toMatchObject({ reference: stored.draft.reference });
  });

  it('that was changed since it was read does nothing', async () => {
    const stored = await written();
    await drafts.save(stored, { ...stored.draft, step: 'words' });
    expect(await submitDraft(parts, stored, plain)).toBeUndefined();
    expect(await caseOf(stored)).toBeUndefined();
    expect((await drafts.open(stored.draft))?.draft.state).toBe('writing');
  });

  it.each([
    ['marked', { drafts: dyingAfter(drafts, 'save') }],
    ['committed', { cases: dyingAfter(cases, 'create') }],
    ['closed', { drafts: dyingAfter(drafts, 'finish') }],
  ])(
    'and dying once it is %s ends, when it is taken up again, in one case with one card owed',
    async (_name, dying) => {
      const stored = await written();
      await expect(submitDraft({ ...parts, ...dying }, stored, plain)).rejects.toThrow('has died');
      const left = await drafts.open(stored.draft);
      if (left) await submitDraft(parts, left, { ...plain, receiptByMessage: true });
      expect((await caseOf(stored))?.log.map(({ what }) => what.kind)).toEqual(['submitted']);
      expect(await owedIn(stored)).toEqual(left ? ['case.new', 'case.receipt'] : ['case.new']);
      expect(await drafts.open(stored.draft)).toBeUndefined();
      expect(await drafts.submittedBy(stored.draft)).toHaveLength(1);
    },
  );

  it('and failing again and again on the way owes one receipt', async () => {
    const stored = await written();
    const failing = { ...parts, drafts: dyingAfter(drafts, 'open'), cases: dyingAfter(cases, 'create') };
    const byMessage = { ...plain, receiptByMessage: true };
    await expect(submitDraft(failing, stored, byMessage)).rejects.toThrow('has died');
    const left = (await drafts.open(stored.draft)) as StoredDraft;
    const again = { ...parts, drafts: dyingAfter(drafts, 'finish') };
    await expect(submitDraft(again, left, byMessage)).rejects.toThrow('has died');
    await oweReceipt(parts, stored.draft, stored.draft.reference);
    expect(await owedIn(stored)).toEqual(['case.new', 'case.receipt']);
  });

  it('from several processes at once is one case, and each has it', async () => {
    const stored = await written();
    const submitting = await drafts.save(stored, { ...stored.draft, state: 'submitting' });
    if (!submitting) throw new Error('It was not saved.');
    const all = await Promise.all([1, 2, 3].map(() => submitDraft(parts, submitting, plain)));
    for (const one of all) expect(one?.case.report.reference).toBe(stored.draft.reference);
    expect(await owedIn(stored)).toEqual(['case.new']);
  });

  it('that cannot be a case leaves none', async () => {
    const stored = await written();
    const empty = await drafts.save(stored, { ...stored.draft, answers: { ...stored.draft.answers, category: null } });
    if (!empty) throw new Error('It was not saved.');
    await expect(submitDraft(parts, empty, plain)).rejects.toThrow('without a category');
    expect(await caseOf(stored)).toBeUndefined();
  });
});

describe('a receipt by message', () => {
  it('is owed with the case, or later, and once however often it is asked for', async () => {
    const stored = await written();
    await submitDraft(parts, stored, { ...plain, receiptByMessage: true });
    expect(await owedIn(stored)).toEqual(['case.new', 'case.receipt']);
    const place = await oweReceipt(parts, stored.draft, stored.draft.reference);
    expect(place?.partition).toContain(stored.draft.reference);
    expect(await owedIn(stored)).toEqual(['case.new', 'case.receipt']);
    const later = await written();
    await submitDraft(parts, later, plain);
    await Promise.all([1, 2, 3].map(() => oweReceipt(parts, later.draft, later.draft.reference)));
    expect(await owedIn(later)).toEqual(['case.new', 'case.receipt']);
    expect(await oweReceipt(parts, stored.draft, 'PD-00000000')).toBeUndefined();
  });
});
