import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DRAFT_LIVES_MS, WARNED_BEFORE_MS } from '../../src/teams/draft-sweep.js';
import { cardText, type Reply } from '../support/bot.js';
import { aPicture } from '../support/pictures.js';
import { ALEX, BETH, type Chat, Staffroom, TYPED } from '../support/staff.js';
import { until } from '../support/until.js';

const DAY = 24 * 60 * 60_000;
let room: Staffroom;
let alex: Chat;
/** How far the clock that is handed in is ahead. */
let ahead = 0;
beforeEach(async () => {
  ahead = 0;
  room = await Staffroom.open({ now: () => new Date(Date.now() + ahead) });
  room.bot.deliveries.start();
  alex = room.chatOf(ALEX);
});
afterEach(async () => {
  await room.settled();
  expect(JSON.stringify(room.bot.logged)).not.toMatch(/Morgan|0d3c6a51|wombat/iu);
  await room.close();
});

const owner = () => ({ schoolId: room.school.profile.id, personId: ALEX.id });
const later = async (days: number) => {
  ahead += days * DAY;
  await room.sweep(0);
};
const isThere = async () => (await room.bot.reports.drafts.open(owner())) !== undefined;
const warnings = async (): Promise<Reply[]> => {
  await room.settled();
  return alex.received.filter((card) => cardText(card).includes('is deleted in two days'));
};
async function begin(): Promise<Reply> {
  const [what] = await alex.say('report');
  return alex.press(what, 'Next', TYPED.what);
}

describe('a draft that nobody touches', () => {
  it('is warned of two days before, and deleted after 14 days with its files', async () => {
    expect([DRAFT_LIVES_MS, WARNED_BEFORE_MS]).toEqual([14 * DAY, 2 * DAY]);
    await begin();
    const { draft } = await room.openDraft();
    const bytes = await aPicture(51).png().toBuffer();
    const target = { kind: 'draft', draftId: draft.id } as const;
    const taken = await room.bot.reports.intake.take({ owner: owner(), target, bytes, way: 'upload_page' });
    const evidenceId = taken.kind === 'added' ? taken.evidence.id : '';
    const place = { schoolId: draft.schoolId, reference: draft.reference, evidenceId };
    expect(await room.bot.reports.files.original(place)).toBeDefined();

    await later(11.9);
    expect(await warnings()).toEqual([]);
    await later(0.2);
    const [warning] = await warnings();
    expect(cardText(warning)).toContain('not sent yet');
    expect(cardText(warning)).not.toMatch(/wombat|Facebook|PD-/u);
    await later(1.8);
    expect(await isThere()).toBe(true);
    await later(0.3);
    expect(await isThere()).toBe(false);
    expect(await warnings()).toHaveLength(1);
    expect(await room.bot.reports.files.original(place)).toBeUndefined();
    expect(await room.bot.reports.files.viewing(place)).toBeUndefined();
    expect(room.bot.logged).toContainEqual(expect.objectContaining({ event: 'draft.expired', level: 'info' }));
    expect(cardText(await alex.press(warning, 'Go on with it'))).toContain('Nothing was sent to anyone');
    expect(cardText((await alex.say('report'))[0])).toContain('Card 1 of 5');
  });

  it('is warned of once, however many sweeps there are at once', async () => {
    await begin();
    ahead += 12.5 * DAY;
    await Promise.all([room.sweep(0), room.sweep(0), room.sweep(0)]);
    await room.sweep(0);
    expect(await warnings()).toHaveLength(1);
  });

  it('has its two days after a late warning too, as after a stop', async () => {
    await begin();
    await later(30);
    expect(await warnings()).toHaveLength(1);
    await later(1.9);
    expect(await isThere()).toBe(true);
    await later(0.2);
    expect(await isThere()).toBe(false);
  });

  it('has its two days from when the warning has come, not from when it was owed', async () => {
    await begin();
    await room.bot.deliveries.stop();
    await later(12.5);
    await later(3);
    expect(await isThere()).toBe(true);
    const { outbox, reports } = room.bot;
    const place = reports.drafts.placeOf(owner());
    const [stored] = (await outbox.read(place)).slice(-1);
    if (!stored) throw new Error('Nothing is owed.');
    const message = { conversationId: 'a:chat', activityId: null };
    const progress = { state: 'sent', at: new Date(Date.now() + ahead), message } as const;
    await outbox.save(place, { ...stored.delivery, progress }, stored.version);
    await later(1.9);
    expect(await isThere()).toBe(true);
    await later(0.2);
    expect(await isThere()).toBe(false);
  });

  it('is neither deleted nor left unwarned when the clock was a year ahead for a while', async () => {
    await begin();
    await later(365);
    expect(await warnings()).toHaveLength(1);
    await later(-364);
    expect(await isThere()).toBe(true);
    await later(11.5);
    expect(await warnings()).toHaveLength(2);
    await later(1.9);
    expect(await isThere()).toBe(true);
    await later(0.2);
    expect(await isThere()).toBe(false);
  });

  it('is deleted by one sweep of several at once, and told so once', async () => {
    await begin();
    await later(13);
    expect(await warnings()).toHaveLength(1);
    ahead += 3 * DAY;
    await Promise.all([room.sweep(0), room.sweep(0)]);
    expect(await isThere()).toBe(false);
    expect(room.bot.logged.filter(({ event }) => event === 'draft.expired')).toHaveLength(1);
  });
});

describe('touching a draft', () => {
  it('after the warning begins the 14 days anew, with a warning of their own', async () => {
    await begin();
    await later(12.5);
    const [warning] = await warnings();
    const card = await alex.press(warning, 'Go on with it');
    expect(cardText(card)).toContain('Card 2 of 5');
    await later(11);
    expect(await isThere()).toBe(true);
    expect(await warnings()).toHaveLength(1);
    await later(1.5);
    expect(await warnings()).toHaveLength(2);
    await later(1);
    expect(await isThere()).toBe(true);
    await later(1.1);
    expect(await isThere()).toBe(false);
  });

  it('by a file from the upload page counts too: it is not deleted without a warning after that', async () => {
    await begin();
    const { draft } = await room.openDraft();
    await later(12.5);
    expect(await warnings()).toHaveLength(1);
    ahead += DAY;
    const bytes = await aPicture(52).png().toBuffer();
    const target = { kind: 'draft', draftId: draft.id } as const;
    await room.bot.reports.intake.take({ owner: owner(), target, bytes, way: 'upload_page' });
    await later(14.5);
    expect(await isThere()).toBe(true);
    expect(await warnings()).toHaveLength(2);
    await later(2.1);
    expect(await isThere()).toBe(false);
  });
});

describe('a sweep', () => {
  it('goes on after a draft that it cannot bring to its end', async () => {
    const beth = room.chatOf(BETH);
    await beth.say('report');
    // Never complete, so that it cannot become a case.
    const stored = await room.openDraft(BETH);
    await room.bot.reports.drafts.save(stored, { ...stored.draft, state: 'submitting' });
    ahead += 1_000;
    await begin();
    await later(12.5);
    expect(await warnings()).toHaveLength(1);
    expect(room.bot.logged).toContainEqual(expect.objectContaining({ event: 'draft.sweep_failed', level: 'warn' }));
  });

  it('leaves alone what is being submitted just now, and takes what was left', async () => {
    const review = await alex.toLastCard();
    expect(cardText(review)).toContain('Card 5 of 5');
    const stored = await room.openDraft();
    const answers = { ...stored.draft.answers, nameFor: 'recipient' as const };
    await room.bot.reports.drafts.save(stored, { ...stored.draft, answers, state: 'submitting' });
    await room.sweep(60_000);
    expect(await room.cases()).toEqual([]);
    ahead += 61_000;
    await room.sweep(60_000);
    await until(async () => (await room.cases()).length === 1);
    expect(await room.faults()).toEqual([]);
  });
});
