import { describe, expect, it } from 'vitest';
import { fill } from '../../src/reports/draft-steps.js';
import { CHOICES, contactsFor, nameChoices, receiptOf, routeSentence } from '../../src/reports/labels.js';
import { reportOf, routeOfDraft } from '../../src/reports/opening.js';
import { type RouteQuestion, routeFor } from '../../src/reports/route.js';
import { aNewDraft, aProfile, filled, ID, NOW, rolesWithout, TYPED } from './examples.js';

const profile = aProfile();
const ask = (question: Partial<RouteQuestion>) =>
  routeFor(profile, {
    ...{ category: 'disparaging_post', postedBy: 'parent', about: 'school', involved: [] },
    ...{ reporterId: ID.teacher, unreachable: [] },
    ...question,
  });

describe('the choices of a card', () => {
  it('are taken by the field they are for, each with words of its own', () => {
    const context = { now: NOW, profile };
    for (const [field, choices] of Object.entries(CHOICES)) {
      expect(new Set(choices.map(({ title }) => title)).size).toBe(choices.length);
      for (const { title, value } of choices) {
        expect(title).toMatch(/^[A-Z]/u);
        const cards = (['what', 'where', 'words', 'wishes', 'told'] as const).map(
          (step) => fill(aNewDraft(), step, { [field]: value }, context).draft,
        );
        const kept = cards.some(
          (draft) => Object.values(draft.answers).includes(value) || draft.dangers?.includes(value as 'threat'),
        );
        expect(kept || (value === 'none' && cards[0]?.dangers?.length === 0)).toBe(true);
      }
    }
  });
});

describe('where a report goes and who sees the name', () => {
  it.each<[Partial<RouteQuestion>, Parameters<typeof routeSentence>[2], RegExp]>([
    [{}, null, /^This goes to the Headteacher’s channel.* You choose whether only the Headteacher sees/],
    [{}, 'recipient', /Only the Headteacher sees your name\.$/],
    [{}, 'triagers', /Everyone who deals with reports there can see your name\.$/],
    [
      { about: 'headteacher' },
      null,
      /^This goes to chair person \(chair of governors\) in their own chat; nothing .*channel\. Only that person sees your name\.$/,
    ],
    [{ about: 'headteacher' }, 'triagers', /That person sees your name, and whoever they ask to help\.$/],
    [{ involved: [ID.triager] }, 'recipient', /^This goes to head person \(Headteacher\) in their own chat/],
    [
      { category: 'child_safety' },
      null,
      /^This goes at once to head person \(Headteacher\) and dsl person \(designated safeguarding lead\), each .*only that there is an urgent report\. They see your name\.$/,
    ],
    [{ category: 'child_safety', about: 'headteacher' }, null, /nothing of it appears in the Headteacher’s channel/],
    [{ about: 'headteacher', unreachable: [ID.chair, ID.trust] }, null, /nobody at the school.* Please phone/],
  ])('is said: %j, %s', (question, nameFor, sentence) => {
    expect(routeSentence(ask(question), profile, nameFor)).toMatch(sentence);
  });

  it('is chosen between whoever fits the route', () => {
    expect(
      nameChoices(ask({}), profile)
        .map(({ title }) => title)
        .join(),
    ).toMatch(/channel,Only the Headteacher$/);
    expect(nameChoices(ask({ about: 'headteacher' }), profile).map(({ title }) => title)).toEqual([
      'chair person (chair of governors), and whoever they ask to help',
      'Only chair person (chair of governors)',
    ]);
  });
});

describe('whom a reporter is given to telephone', () => {
  const offices = (question: Partial<RouteQuestion>, school = profile) =>
    contactsFor(
      routeFor(school, {
        ...{
          category: 'child_safety',
          postedBy: 'pupil',
          about: 'pupil',
          involved: [],
          reporterId: ID.teacher,
          unreachable: [],
        },
        ...question,
      }),
      school,
    ).map(({ name }) => name);

  it('is nobody whom the report is about', () => {
    expect(offices({})).toEqual(['Lead', 'Head']);
    expect(offices({ about: 'headteacher' })).toEqual(['Lead']);
    expect(offices({ involved: [ID.dsl] })).toEqual(['Head', 'LADO']);
    expect(offices({ category: 'disparaging_post' })).toEqual([]);
    const everyone = Object.values(ID);
    expect(offices({ unreachable: everyone })).toEqual(['Lead', 'Head', 'Chair', 'Trust', 'LADO']);
    expect(offices({ postedBy: 'headteacher', about: 'chair_of_governors', unreachable: everyone })).toEqual([
      'Lead',
      'Trust',
      'LADO',
    ]);
    expect(offices({ postedBy: 'headteacher', about: 'chair_of_governors', involved: [ID.trust, ID.dsl] })).toEqual([
      'LADO',
    ]);
    expect(offices({ about: 'headteacher', unreachable: everyone }, aProfile(rolesWithout('head')))).toEqual([
      'Lead',
      'Chair',
      'Trust',
      'LADO',
    ]);
  });
});

describe('a receipt', () => {
  const receipt = (what: Record<string, string>, school = profile) => {
    const draft = filled(aNewDraft(), school, { ...TYPED, what: { ...TYPED.what, ...what } });
    return receiptOf(reportOf(draft, NOW), routeOfDraft(school, draft), school);
  };

  it('says the reference, when, where it goes, who sees the name, and by when in school days', () => {
    expect(receipt({})).toEqual({
      reference: 'PD-7K3MZ0QX',
      when: 'Fri 20 Nov 2026, 15:42',
      where: expect.stringContaining('Headteacher’s channel'),
      name: 'Only the Headteacher sees your name.',
      next: 'The Headteacher or a colleague who deals with reports reads it and answers you by Tue 24 Nov 2026.',
      by: 'Tue 24 Nov 2026',
      contacts: [],
      more: expect.stringContaining('My reports'),
    });
    expect(receipt({}, aProfile(undefined, { targets: { acknowledgeSchoolDays: 5 } })).by).toBe('Fri 27 Nov 2026');
    expect(receipt({ about: 'headteacher' }).next).toBe(
      'chair person (chair of governors) reads it and answers you by Tue 24 Nov 2026.',
    );
  });

  it('asks nobody to wait for an answer where a child is at risk or nobody was told', () => {
    const context = { now: NOW, profile };
    const draft = fill(
      fill(aNewDraft(), 'what', { dangers: 'threat' }, context).draft,
      'told',
      TYPED.told,
      context,
    ).draft;
    const urgent = receiptOf(reportOf(draft, NOW), routeOfDraft(profile, draft), profile);
    expect(urgent).toMatchObject({ by: null, next: expect.stringContaining('Do not wait for an answer') });
    expect(urgent.contacts.map(({ office }) => office)).toEqual(['Designated safeguarding lead', 'Headteacher']);
    const nobody = receipt({ about: 'headteacher' }, aProfile(rolesWithout('chair', 'trust')));
    expect(nobody).toMatchObject({ by: null, next: expect.stringContaining('Nobody has been told yet') });
    expect(nobody.contacts.map(({ name }) => name)).toEqual(['Lead', 'Trust', 'LADO']);
  });
});
