import { expect } from 'vitest';
import type { Case } from '../../src/reports/case.js';
import type { BusyStaff, Shown } from '../support/busy-staff.js';
import { RUTH } from '../support/staff.js';
import { SCHOOL, type WholeDesk } from '../support/whole-desk.js';

/** What became of everything that staff were told is kept. */
export interface Verdict {
  readonly reports: number;
  /** Receipts seen; who pressed again saw another. */
  readonly receipts: number;
  readonly files: number;
  /** Reports whose receipt was seen and of which anything is not in the store. */
  readonly lost: number;
  readonly cards: number;
  /** Cases without a card where they were sent. */
  readonly missing: number;
  /** Cards too many, but for those below. */
  readonly doubled: number;
  /** Sent again because nobody could know whether Teams had the first: it had, and the process died before it noted so. */
  readonly doubledInDoubt: number;
}

/** @param inDoubt how often it is known that a message had been taken and could not be noted, by {@link cardKey}. */
export async function judge(
  office: WholeDesk,
  staff: readonly BusyStaff[],
  inDoubt: ReadonlyMap<string, number> = new Map(),
): Promise<Verdict> {
  const sent = staff.flatMap(({ shown }) => shown).filter(({ receipts }) => receipts.length > 0);
  const cases = await office.allCases();
  // One case for each report, whatever was pressed again, and the same reference each time.
  expect(cases).toHaveLength(sent.length);
  for (const { receipts } of sent) expect(new Set(receipts).size).toBe(1);
  expect(await office.faults()).toEqual([]);
  const lost = await Promise.all(sent.map((one) => isLost(office, one, cases)));
  return {
    reports: sent.length,
    receipts: sent.flatMap(({ receipts }) => receipts).length,
    files: sent.flatMap(({ files }) => files).length,
    lost: lost.filter(Boolean).length,
    ...cardsOf(office, cases, inDoubt),
  };
}

async function isLost(office: WholeDesk, one: Shown, cases: readonly Case[]): Promise<boolean> {
  const found = cases.find(({ report }) => report.reference === one.receipts[0]);
  if (found?.report.reporter.personId !== one.personId || found.report.answers.words !== one.words) return true;
  if (found.report.answers.wish === '' || found.evidence.length !== one.files.length) return true;
  for (const { sha256, bytes } of one.files) {
    const piece = found.evidence.find((each) => each.sha256 === sha256);
    const place = { schoolId: SCHOOL, reference: found.report.reference, evidenceId: piece?.id ?? '' };
    if (!piece || !Buffer.from((await office.files.original(place)) ?? []).equals(bytes)) return true;
  }
  return false;
}

export const cardKey = (reference: string, conversation: string): string => `${reference} ${conversation}`;

/** A case about the Headteacher goes to the chair of governors' own chat and never to the channel; all others to the channel. */
function cardsOf(office: WholeDesk, cases: readonly Case[], inDoubt: ReadonlyMap<string, number>) {
  const counts = { cards: 0, missing: 0, doubled: 0, doubledInDoubt: 0 };
  for (const { report } of cases) {
    const { reference } = report;
    const inChannel = office.cardsOf(reference, { to: 'headteacher_channel' }).length;
    const withChair = office.cardsOf(reference, { to: 'person', personId: RUTH.id }).length;
    const isAboutHead = report.answers.about === 'headteacher';
    const [found, elsewhere] = isAboutHead ? [withChair, inChannel] : [inChannel, withChair];
    const known = inDoubt.get(cardKey(reference, isAboutHead ? `user~${RUTH.id}` : 'channel~headteacher')) ?? 0;
    const tooMany = Math.max(0, found - 1);
    counts.cards += found;
    counts.missing += found === 0 ? 1 : 0;
    counts.doubledInDoubt += Math.min(known, tooMany);
    counts.doubled += Math.max(0, tooMany - known) + elsewhere;
  }
  return counts;
}

/** What was said to be kept of the report that somebody left open. */
export async function expectDraft(office: WholeDesk, one: BusyStaff): Promise<void> {
  const last = one.shown.at(-1);
  const stored = await office.drafts.open({ schoolId: SCHOOL, personId: one.id });
  expect(stored?.draft).toMatchObject({ id: last?.draftId, state: 'writing', step: 'evidence' });
  expect(stored?.draft.answers).toMatchObject({
    ...{ words: last?.words, place: 'Year 4 parents', category: 'disparaging_post' },
  });
  expect(new Set(stored?.evidence.map(({ sha256 }) => sha256))).toEqual(
    new Set(last?.files.map(({ sha256 }) => sha256)),
  );
}
