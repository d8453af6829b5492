import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/reports/case-log.js';
import { type Draft, STEPS, type Step } from '../../src/reports/draft.js';
import {
  asked,
  back,
  faultsOf,
  fill,
  goTo,
  isReview,
  newDraft,
  next,
  personKey,
} from '../../src/reports/draft-steps.js';
import { linkIn } from '../../src/reports/faults.js';
import { FIELDS } from '../../src/reports/fields.js';
import { reportOf } from '../../src/reports/opening.js';
import { aNewDraft, aProfile, filled, ID, NOW, TYPED } from './examples.js';

const profile = aProfile();
const context = { now: NOW, profile };
const faultsAt = (step: Step, typed: Readonly<Record<string, string>>, draft = aNewDraft()) =>
  fill(draft, step, { ...TYPED[step], ...typed }, context).faults;

describe('a new draft', () => {
  it('begins with what was typed, at the first card', () => {
    const draft = newDraft({
      ...aNewDraft(),
      now: NOW,
      words: '  a mum is slagging me off\r\non facebook ',
      category: 'disparaging_post',
    });
    expect(draft).toMatchObject({
      step: 'what',
      state: 'writing',
      dangers: null,
      done: [],
      warnedAt: null,
      card: null,
    });
    expect(draft.answers).toMatchObject({
      words: 'a mum is slagging me off\non facebook',
      category: 'disparaging_post',
      involved: [],
    });
  });

  it('answers nothing for the person about a child’s safety: that is asked', () => {
    const draft = aNewDraft({ category: 'child_safety' });
    expect(draft.answers.category).toBeNull();
    expect(draft.dangers).toBeNull();
  });
});

describe('the cards', () => {
  it('ask only what the category needs', () => {
    const all = (changed: Partial<Draft['answers']>) => {
      const draft = { ...aNewDraft(), answers: { ...aNewDraft().answers, ...changed } };
      return STEPS.flatMap((step) => asked(step, draft));
    };
    const always = STEPS.flatMap((step) => FIELDS[step]).filter(
      (field) => !['breachKind', 'goesOn', 'howTheyAre', 'police', 'support'].includes(field),
    );
    expect(all({ category: 'disparaging_post' })).toEqual(always);
    expect(all({ category: null })).toEqual(always);
    expect(new Set(all({ category: 'other_breach' }))).toEqual(new Set([...always, 'breachKind']));
    expect(new Set(all({ category: 'online_bullying' }))).toEqual(
      new Set([...always, 'goesOn', 'howTheyAre', 'police', 'support']),
    );
  });

  it('are five from start to review, and Back goes back through them', () => {
    let draft = aNewDraft();
    const seen: Step[] = [];
    for (const step of STEPS) {
      expect(draft.step).toBe(step);
      seen.push(draft.step);
      draft = next(fill(draft, step, TYPED[step], context).draft);
    }
    expect(seen).toHaveLength(5);
    expect(isReview(draft)).toBe(true);
    expect(faultsOf(draft, 0, context)).toEqual([]);
    draft = back(draft);
    expect(draft.step).toBe('wishes');
    expect(isReview(draft)).toBe(false);
    const way = ['evidence', 'words', 'where', 'what', 'what'].map(() => {
      draft = back(draft);
      return draft.step;
    });
    expect(way).toEqual(['evidence', 'words', 'where', 'what', 'what']);
  });

  it('are edited from the review, which comes next again', () => {
    const review = filled(aNewDraft(), profile);
    const editing = goTo(review, 'where');
    expect(editing.step).toBe('where');
    expect(isReview(next(fill(editing, 'where', { place: 'the school gate' }, context).draft))).toBe(true);
    expect(isReview(goTo(review, 'wishes'))).toBe(false);
    expect(goTo(review, 'told')).toBe(review);
  });

  it('stay the same when one is at fault, with what was typed', () => {
    const { draft, faults } = fill(filled(aNewDraft(), profile), 'where', { postedDay: '2027-01-01' }, context);
    expect(faults.map(({ field }) => field)).toEqual(['postedDay']);
    expect(draft).toMatchObject({ step: 'where', answers: { postedAt: { day: '2027-01-01', time: '21:05' } } });
    expect(draft.done).not.toContain('where');
    expect(faultsOf(draft, 0, context)).toEqual(faults);
  });
});

describe('what is typed', () => {
  it.each<[string, Step, Record<string, string>, string[], RegExp?]>([
    ['the safety question left out', 'what', { dangers: '' }, ['dangers'], /danger first/],
    ['the safety question with what is no choice', 'what', { dangers: 'none,meteor' }, ['dangers']],
    ['no category', 'what', { category: '' }, ['category']],
    ['a category that is none', 'what', { category: 'child_safety' }, ['category']],
    ['a breach without a kind', 'what', { category: 'other_breach' }, ['breachKind']],
    ['a breach with its kind', 'what', { category: 'other_breach', breachKind: 'privacy' }, []],
    ['roles that are none', 'what', { postedBy: 'mayor', about: '__proto__' }, ['postedBy', 'about']],
    ['a link', 'where', { place: 'https://www.facebook.com/groups/1?x=2#y' }, []],
    ['a link without its scheme', 'where', { place: 'www.tiktok.com/@oak' }, []],
    ['a link and words', 'where', { place: 'https://x.com/a the third reply' }, []],
    ['a place in words', 'where', { place: 'Year 6 parents’ group: third post' }, []],
    ['half a link', 'where', { place: 'https://' }, ['place'], /copy it again/],
    ['a link without a host', 'where', { place: 'http//facebook.com' }, ['place']],
    ['a link to a name that is none', 'where', { place: 'https://facebook' }, ['place']],
    ['an empty www', 'where', { place: 'www.' }, ['place']],
    ['a script', 'where', { place: 'javascript:alert(1)' }, ['place']],
    ['an app’s own link', 'where', { place: 'fb://group/1' }, ['place']],
    [
      'tomorrow',
      'where',
      { postedDay: '2026-11-21', seenDay: '2026-11-21' },
      ['postedDay', 'seenDay'],
      /in the future/,
    ],
    ['later today', 'where', { seenDay: '2026-11-20', seenTime: '17:00' }, ['seenTime'], /still to come/],
    ['now', 'where', { seenDay: '2026-11-20', seenTime: '15:42' }, []],
    ['now by a phone that is ahead', 'where', { seenDay: '2026-11-20', seenTime: '15:46' }, []],
    ['a time with seconds', 'where', { seenTime: '07:30:00' }, []],
    ['a day that is none', 'where', { postedDay: '2026-02-30' }, ['postedDay'], /not a day in the calendar/],
    ['a day typed otherwise', 'where', { seenDay: '19 November' }, ['seenDay']],
    ['a year mistyped', 'where', { seenDay: '0206-11-19' }, ['seenDay']],
    ['a time that is none', 'where', { postedTime: '25:00' }, ['postedTime'], /time of day/],
    ['a time without a day', 'where', { postedDay: '', seenDay: '' }, ['postedTime', 'seenTime'], /add the day/],
    ['neither days nor times', 'where', { postedDay: '', postedTime: '', seenDay: '', seenTime: '' }, []],
    ['nothing at all about where', 'where', { platform: '', place: '', account: '', stillThere: '' }, []],
    ['no words', 'words', { words: ' \n ' }, ['words']],
    ['words as long as may be', 'words', { words: 'x'.repeat(4_000), whoSaw: 'x'.repeat(500) }, []],
    ['words too long', 'words', { words: 'x'.repeat(4_001) }, ['words'], /4,000/],
    [
      'a text too long',
      'words',
      { whoSaw: 'x'.repeat(501), doneSoFar: 'y'.repeat(501) },
      ['whoSaw', 'doneSoFar'],
      /500/,
    ],
    ['what is not asked', 'words', { howTheyAre: 'x'.repeat(501) }, []],
    ['nothing about evidence', 'evidence', { noScreenshot: '' }, []],
    ['nobody for the name', 'wishes', { nameFor: 'everyone' }, ['nameFor']],
  ])('%s', (_name, step, typed, fields, sentence) => {
    const faults = faultsAt(step, typed);
    expect(faults.map(({ field }) => field)).toEqual(fields);
    for (const fault of faults) expect(fault.sentence).toMatch(/^[A-Z"][^.]+\.$/u);
    if (sentence) expect(faults[0]?.sentence).toMatch(sentence);
  });

  it('is a link only when it is a whole web address', () => {
    expect(linkIn('www.x.com/a and more')).toBe('https://www.x.com/a');
    expect(['the gate', 'javascript:alert(1)', 'https://x', 'ftp://x.org'].map(linkIn)).toEqual(
      Array(4).fill(undefined),
    );
  });

  it('is bounded, and without what cannot be shown', () => {
    const typed = { words: `a\u0000b\u0007c\ud800${'z'.repeat(99_999)}`, whoSaw: 'z'.repeat(99_999) };
    const { answers } = fill(aNewDraft(), 'words', typed, context).draft;
    expect(answers.words.slice(0, 4)).toBe('abc\ufffd');
    expect(answers.words).toHaveLength(6_000);
    expect(answers.whoSaw).toHaveLength(750);
    const all = Object.fromEntries(
      Object.values(FIELDS).flatMap((fields) => fields.map((field) => [field, '"'.repeat(99_999)])),
    );
    const full = [...STEPS, 'told' as const].reduce(
      (draft, step) => fill(draft, step, all, context).draft,
      aNewDraft(),
    );
    expect(JSON.stringify(full.answers).length * 2).toBeLessThan(64 * 1024);
  });

  it('names people by keys that give no id away, and only people to whom a report may go', () => {
    const keys = [ID.chair, ID.head, ID.teacher].map((id) => personKey('oak', id));
    expect(keys.join()).toMatch(/^[0-9a-f]{10},[0-9a-f]{10},[0-9a-f]{10}$/u);
    expect(personKey('oak', ID.head.toLowerCase())).toBe(keys[1]);
    expect(personKey('ash', ID.head)).not.toBe(keys[1]);
    const typed = { ...TYPED.what, involved: ` ${keys.join(' , ')},ffffffffff,${ID.dsl},` };
    const { draft } = fill(aNewDraft(), 'what', typed, context);
    expect(draft.answers.involved).toEqual([ID.head, ID.chair]);
    expect(fill(draft, 'what', {}, context).draft.answers.involved).toEqual([ID.head, ID.chair]);
    expect(fill(draft, 'what', { involved: '' }, context).draft.answers.involved).toEqual([]);
  });

  it('takes nothing from the prototype', () => {
    const typed = Object.create({ ...TYPED.what }) as Record<string, string>;
    expect(fill(aNewDraft(), 'what', typed, context).faults.map(({ field }) => field)).toContain('category');
  });
});

describe('a child’s safety', () => {
  it.each(['danger_now', 'indecent_image', 'threat', 'none,threat', 'threat,meteor', ' threat , danger_now '])(
    'comes first, whatever else was typed: %s',
    (dangers) => {
      const { draft, faults } = fill(aNewDraft(), 'what', { dangers, category: 'online_bullying' }, context);
      expect(faults).toEqual([]);
      expect(draft).toMatchObject({ step: 'told', answers: { category: null } });
      expect(next(draft).step).toBe('told');
      expect(back(draft).step).toBe('what');
    },
  );

  it('takes words, who was told and whether it concerns a member of staff, and nothing else', () => {
    const start = fill(aNewDraft({ words: '' }), 'what', { dangers: 'threat' }, context).draft;
    const { faults } = fill(start, 'told', {}, context);
    expect(faults.map(({ field }) => field)).toEqual(['words', 'told', 'staffConduct']);
    expect(faultsOf(start, 0, context)).not.toEqual([]);
    const { draft } = fill(start, 'told', TYPED.told, context);
    expect(faultsOf(draft, 0, context)).toEqual([]);
    expect(isReview(draft)).toBe(true);
    expect(reportOf(draft, NOW)).toMatchObject({ category: 'child_safety', dangers: ['threat'] });
  });

  it('keeps what is typed on a card that lies about still, and stays where it is', () => {
    const start = fill(aNewDraft(), 'what', { dangers: 'threat' }, context).draft;
    const late = fill(start, 'where', TYPED.where, context).draft;
    expect(late).toMatchObject({ step: 'told', answers: { account: 'Oak Mums' } });
    expect(fill(aNewDraft(), 'told', TYPED.told, context).draft).toMatchObject({
      step: 'what',
      answers: { told: 'The lead, at 15:00' },
    });
  });

  it('ends when the danger is taken back, and the category is asked', () => {
    const start = fill(aNewDraft(), 'what', { ...TYPED.what, dangers: 'threat' }, context).draft;
    const after = fill(start, 'what', { dangers: 'none' }, context);
    expect(after.draft.step).toBe('what');
    expect(after.faults.map(({ field }) => field)).toEqual(['category']);
  });
});

describe('submitting', () => {
  it('wants everything that must be said, in the order of the cards', () => {
    expect(faultsOf(aNewDraft({ words: '' }), 0, context).map(({ field }) => field)).toEqual([
      'dangers',
      'category',
      'postedBy',
      'about',
      'words',
      'noScreenshot',
      'nameFor',
    ]);
  });

  it('takes files, "no screenshot", or having gone past the card for evidence', () => {
    const without = { ...filled(aNewDraft(), profile, { ...TYPED, evidence: {} }), done: [] };
    expect(without.answers.noScreenshot).toBe(false);
    expect(faultsOf(without, 0, context)).not.toEqual([]);
    expect(faultsOf(without, 1, context)).toEqual([]);
    expect(faultsOf({ ...without, done: ['evidence'] }, 0, context)).toEqual([]);
    expect(faultsOf({ ...without, answers: { ...without.answers, noScreenshot: true } }, 0, context)).toEqual([]);
  });
});

describe('any order of filling, editing, going back, saving and resuming', () => {
  const value = fc.oneof(
    fc.constantFrom(
      '',
      'none',
      'threat',
      'online_bullying',
      'other_breach',
      'disparaging_post',
      'privacy',
      'parent',
      'headteacher',
    ),
    fc.constantFrom(
      'school',
      'reporter',
      'facebook',
      'https://',
      '2026-11-19',
      '2026-12-19',
      '12:00',
      '25:00',
      'yes',
      'true',
      'recipient',
    ),
    fc.constant(personKey('oak', ID.head)),
    fc.string({ unit: 'binary', maxLength: 30 }),
  );
  const typedFor = (step: Step) =>
    fc.record(Object.fromEntries(FIELDS[step].map((field) => [field, value])), { requiredKeys: [] });
  const anyStep = fc.constantFrom<Step>(...STEPS, 'told');
  const act = fc.oneof(
    anyStep.chain((step) =>
      typedFor(step).map(
        (typed) => (draft: Draft) => fill(draft, step, typed as Record<string, string>, context).draft,
      ),
    ),
    anyStep.map((step) => (draft: Draft) => goTo(draft, step)),
    fc.constantFrom(back, next, resumed),
  );
  const scripts = fc.array(act, { maxLength: 25 });
  const cards: readonly Step[] = [...STEPS, 'told'];
  const wholeSheet = fc.tuple(
    ...cards.map((step) => fc.record(Object.fromEntries(FIELDS[step].map((field) => [field, value])))),
  );
  const fillAll = (
    start: Draft,
    order: readonly Step[],
    sheet: readonly Readonly<Record<string, string | undefined>>[],
  ) =>
    order.reduce(
      (draft, step) => fill(draft, step, { ...sheet[cards.indexOf(step)] } as Record<string, string>, context).draft,
      start,
    );

  it('ends in the same answers, faults and report', () => {
    // The cards `words` and `what` share fields with `told`: whoever says it last has the last word on both ways.
    const orders = fc.shuffledSubarray([...STEPS], { minLength: 5 }).map((order): Step[] => [...order, 'told']);
    fc.assert(
      fc.property(scripts, wholeSheet, orders, (acts, sheet, order) => {
        const straight = fillAll(aNewDraft(), cards, sheet);
        const roundabout = fillAll(
          acts.reduce((draft, one) => one(draft), aNewDraft()),
          order,
          sheet,
        );
        expect(roundabout.answers).toEqual(straight.answers);
        expect(roundabout.dangers).toEqual(straight.dangers);
        expect(new Set(roundabout.done)).toEqual(new Set(straight.done));
        expect(faultsOf(roundabout, 1, context)).toEqual(faultsOf(straight, 1, context));
        if (faultsOf(straight, 1, context).length > 0) return;
        expect(digestOf(reportOf(roundabout, NOW))).toBe(digestOf(reportOf(straight, NOW)));
      }),
      { numRuns: 300 },
    );
  });

  it('ends in a good report when the last answers are good', () => {
    const straight = reportOf(filled(aNewDraft(), profile), NOW);
    const orders = fc.shuffledSubarray([...STEPS], { minLength: 5 });
    fc.assert(
      fc.property(scripts, orders, (acts, order) => {
        const sheet = cards.map((step) => TYPED[step]);
        const draft = fillAll(
          acts.reduce((before, one) => one(before), aNewDraft()),
          order,
          sheet,
        );
        expect(faultsOf(draft, 0, context)).toEqual([]);
        expect(digestOf(reportOf(resumed(draft), NOW))).toBe(digestOf(straight));
      }),
      { numRuns: 300 },
    );
  });

  it('is always at a card the draft has, and saving changes nothing', () => {
    fc.assert(
      fc.property(scripts, (acts) => {
        const draft = acts.reduce((before, one) => one(before), aNewDraft());
        expect(draft.dangers?.length ? ['what', 'told'] : STEPS).toContain(draft.step);
        expect(resumed(draft)).toEqual(draft);
        expect(new Set(draft.done).size).toBe(draft.done.length);
      }),
      { numRuns: 300 },
    );
  });
});

/** Saved and read again. */
function resumed(draft: Draft): Draft {
  const read = JSON.parse(JSON.stringify(draft)) as Draft;
  return { ...read, startedAt: new Date(read.startedAt), changedAt: new Date(read.changedAt) };
}
