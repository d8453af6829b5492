import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { StoredDraft } from '../../src/reports/draft.js';
import { MOST_FILES } from '../../src/reports/evidence.js';
import { DRAFT_TABLE, draftTable } from '../../src/storage/draft-table.js';
import { tableOutbox } from '../../src/storage/outbox.js';
import { openTables } from '../../src/storage/tables.js';
import { AWKWARD, aDelivery, aDraft, anAnswers, hex, someEvidence } from '../support/reports.js';
import { StorageProxy } from '../support/storage-proxy.js';

const schoolId = `drafts-${process.pid}`;
const tables = openTables({ connectionString: inject('storage') });
const drafts = draftTable(tables);
const times = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));
const evidence = (text: string) => someEvidence(Buffer.from(text));

async function begun(change: Parameters<typeof aDraft>[1] = {}): Promise<StoredDraft> {
  const stored = await drafts.create(aDraft(schoolId, change));
  if (!stored) throw new Error('It was there already.');
  return stored;
}

describe('a draft', () => {
  it('is read back as it was kept: dates, nothing answered, and texts of any length and kind', async () => {
    for (const change of [
      {},
      { dangers: null, personName: null, done: [], warnedAt: new Date('2026-12-02T00:00:00.001Z') },
      { card: { conversationId: 'a:1', activityId: '17' }, dangers: ['threat' as const] },
      { answers: anAnswers({ words: AWKWARD, wish: 'x'.repeat(31_990), support: '😀'.repeat(32_001), told: '' }) },
    ]) {
      const draft = aDraft(schoolId, change);
      const created = await drafts.create(draft);
      expect(created).toEqual({ draft, evidence: [], version: created?.version });
      expect(await drafts.open(draft)).toEqual(created);
    }
  });
});
