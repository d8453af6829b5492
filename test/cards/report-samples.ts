import type { Draft, Step, StoredDraft } from '../../src/reports/draft.js';
import { type Fault, fill, goTo, newDraft, personKey } from '../../src/reports/draft-steps.js';
import type { Evidence } from '../../src/reports/evidence.js';
import { receivers } from '../../src/schools/people.js';
import type { SchoolProfile } from '../../src/schools/profile.js';
import type { School } from '../../src/schools/school.js';
import type { Card } from '../../src/teams/cards/template.js';
import { drawDraft } from '../../src/teams/report-drawing.js';
import * as offers from '../../src/teams/report-offers.js';
import { linksTo } from '../support/links.js';

export const NOW = new Date('2026-11-20T15:42:00Z');
export const REPORTER = '0d3c6a51-7b1e-4f0a-8c55-1e9a2b7d4c06';
/** As long as a signed link gets. */
export const UPLOAD_URL = `https://policy-desk.example.org/evidence?t=${'eyJhbGciOiJkaXIifQ'.repeat(30)}`;
const links = { ...linksTo(), uploadLink: async () => UPLOAD_URL };

/** The most that can be typed, in characters that cost three bytes each; now and then a line ends. */
export const longest = (characters: number) =>
  `${'“漢字漢字…”漢字漢字 '.repeat(12)}\n\n`.repeat(characters).slice(0, characters);

export type Typed = Partial<Record<Step, Readonly<Record<string, string>>>>;

export const BULLYING: Typed = {
  what: { dangers: 'none', category: 'online_bullying', postedBy: 'parent', about: 'reporter' },
  where: {
    platform: 'facebook',
    place: 'https://www.facebook.com/groups/year4parents/posts/1029384756',
    account: '@year4_parents',
    postedDay: '2026-11-19',
    postedTime: '21:05',
    seenDay: '2026-11-20',
    seenTime: '07:40',
    stillThere: 'yes',
  },
  words: {
    words:
      'A mum is slagging me off in the Year 4 group. She says *I should not be let near a classroom*.\nTen others have liked it.',
    whoSaw: 'Two colleagues have told me about it',
    goesOn: 'yes',
    howTheyAre: 'I did not sleep.',
  },
  wishes: {
    wish: 'I want it taken down, and somebody to talk to her.',
    nameFor: 'recipient',
    police: 'undecided',
    support: 'A word with somebody before parents’ evening',
  },
};
export const TOLD: Typed = {
  what: { dangers: 'threat' },
  told: {
    words: 'A pupil showed me messages in which a man threatens to come to the school gate.',
    told: 'The safeguarding lead, in person, at 10:15',
    staffConduct: 'no',
  },
};

export const SCREENSHOT: Evidence = {
  id: '0a1b2c3d4e5f6071',
  sha256: 'ab'.repeat(32),
  bytes: 245_760,
  type: 'image/png',
  viewing: null,
  way: 'upload_page',
  addedBy: REPORTER,
  receivedAt: new Date('2026-11-20T15:45:00Z'),
  seenOn: '2026-11-20',
  seenTime: '07:40',
  seenWhere: 'Facebook, Year 4 parents',
};
const NOT_SEEN: Evidence = { ...SCREENSHOT, id: '1a1b2c3d4e5f6071', seenOn: '', seenTime: '', seenWhere: '' };
export const TEN_FILES = Array.from({ length: 10 }, (_, at) => ({
  ...SCREENSHOT,
  id: `${at}a1b2c3d4e5f6071`,
  bytes: 10 * 1024 * 1024,
  seenWhere: longest(300).replaceAll('\n', ' '),
}));

/** The cards of a report that is being written, or has been put by, as people may see them. */
export async function reportCards(school: School): Promise<Record<string, Card>> {
  return { ...(await stepCards(school)), ...savedCards(school) };
}

/** A draft with what was typed on its cards, at one of them. */
export function draftAt(profile: SchoolProfile, step: Step, typed: Typed): { draft: Draft; faults: readonly Fault[] } {
  const words = 'a mum is slagging me off on facebook';
  const start = { id: 'c0ffee'.repeat(4), reference: 'PD-7K3MZ0QX', schoolId: profile.id, personId: REPORTER };
  let draft = newDraft({ ...start, personName: 'Beth Larkin', now: NOW, words, category: 'disparaging_post' });
  for (const [one, answers] of Object.entries(typed) as [Step, Record<string, string>][])
    draft = fill(draft, one, answers, { now: NOW, profile }).draft;
  const { faults } = fill(draft, step, {}, { now: NOW, profile });
  return { draft: { ...goTo(draft, step), step }, faults };
}

const everyoneIn = (profile: SchoolProfile): string =>
  receivers(profile)
    .map(({ id }) => personKey(profile.id, id))
    .join(',');

/** Everything as long as it is kept while it is too long. */
export function endless(profile: SchoolProfile, times: number): Typed {
  const text = longest(500 * times);
  return {
    what: { ...BULLYING.what, involved: everyoneIn(profile) },
    where: { ...BULLYING.where, place: text, account: text, postedDay: '2026-12-24', postedTime: '25:00', seenDay: '' },
    words: { ...BULLYING.words, words: longest(4_000 * times), whoSaw: text, doneSoFar: text, howTheyAre: text },
    wishes: { ...BULLYING.wishes, wish: text, support: text },
  };
}

async function stepCards(school: School): Promise<Record<string, Card>> {
  const { profile } = school;
  const draw = (step: Step, typed: Typed, evidence: readonly Evidence[] = [], faulty = false, reports = { links }) => {
    const { draft, faults } = draftAt(profile, step, typed);
    return drawDraft(
      reports as Parameters<typeof drawDraft>[0],
      school,
      { draft, evidence, version: '1', deliveries: 0 },
      faulty ? faults : [],
    );
  };
  const about = (change: Record<string, string>): Typed => ({ ...BULLYING, what: { ...BULLYING.what, ...change } });
  const conduct: Typed = { what: { dangers: 'other_concern' }, told: { ...TOLD.told, staffConduct: 'yes' } };
  const tooLong = endless(profile, 1.5);
  const long = endless(profile, 1);
  const urgent = { what: { ...long.what, dangers: 'threat,indecent_image' }, told: { told: longest(500) } };
  return {
    'report-step-what': await draw('what', {}),
    'report-step-what-filled': await draw('what', about({ category: 'other_breach', breachKind: 'privacy' })),
    'report-step-what-faults': await draw('what', {}, [], true),
    'report-step-what-all-involved': await draw('what', long),
    'report-step-where': await draw('where', { what: BULLYING.what ?? {} }),
    'report-step-where-filled': await draw('where', about({ about: 'headteacher' })),
    'report-step-where-faults': await draw('where', tooLong, [], true),
    'report-step-words': await draw('words', about({ category: 'disparaging_post' })),
    'report-step-words-bullying': await draw('words', BULLYING),
    'report-step-words-longest': await draw('words', long),
    'report-step-words-faults': await draw('words', tooLong, [], true),
    'report-step-evidence': await draw('evidence', BULLYING),
    'report-step-evidence-two': await draw('evidence', BULLYING, [SCREENSHOT, NOT_SEEN]),
    'report-step-evidence-ten': await draw('evidence', BULLYING, TEN_FILES),
    'report-step-evidence-no-link': await draw('evidence', BULLYING, [], false, { links: undefined as never }),
    'report-step-wishes': await draw('wishes', { ...BULLYING, wishes: {} }, [SCREENSHOT]),
    'report-step-wishes-filled': await draw('wishes', BULLYING, [SCREENSHOT, NOT_SEEN]),
    'report-step-wishes-faults': await draw(
      'wishes',
      { ...tooLong, wishes: { ...tooLong.wishes, nameFor: '' } },
      [],
      true,
    ),
    'report-step-wishes-longest': await draw('wishes', long, TEN_FILES),
    'report-step-wishes-headteacher': await draw(
      'wishes',
      about({ about: 'headteacher', category: 'disparaging_post' }),
    ),
    'report-step-told': await draw('told', { what: { dangers: 'other_concern' } }),
    'report-step-told-filled': await draw('told', TOLD),
    'report-step-told-staff-conduct': await draw('told', conduct),
    'report-step-told-faults': await draw('told', { what: { dangers: 'threat' } }, [], true),
    'report-step-told-longest': await draw('told', { ...tooLong, ...urgent }, [], true),
  };
}

function savedCards(school: School): Record<string, Card> {
  const stored: StoredDraft = {
    draft: draftAt(school.profile, 'words', BULLYING).draft,
    evidence: [],
    version: '1',
    deliveries: 0,
  };
  return {
    'report-saved': offers.keptCard(stored, school),
    'report-saved-offer': offers.offerCard(stored, school, { urgent: false, words: false }),
    'report-saved-offer-urgent': offers.offerCard(stored, school, { urgent: true, words: true }),
    'report-saved-confirm': offers.discardCard({ ...stored, evidence: [SCREENSHOT] }),
    'report-saved-gone': offers.goneCard(),
    'report-saved-discarded': offers.discardedCard(),
    'report-saved-expiring': offers.expiringCard(stored),
  };
}
