import { describe, expect, it } from 'vitest';
import { ARCHETYPES, OUTSIDE } from '../../src/policies/bank.js';
import { nameKey, summaryAsked } from '../../src/teams/summary-words.js';

const NAMES = ['autumn 2026', 'autumn 2026 first half', 'school year 2026 27', '2026 27', 'michaelmas 2026'];
const asked = (message: string) => summaryAsked(message, (name) => NAMES.includes(name));

describe('which summary a message asks for', () => {
  it.each([
    'summary',
    'Summary.',
    '/summary',
    'summaries',
    'the summary please',
    'show me the summary',
    'please show me our summary!',
    "governors' summary",
    'the governors’ summary',
    'show the summary for governors',
    'latest summary',
    'can I see the summary?',
    'summary latest',
  ])('the latest: %s', (message) => {
    expect(asked(message)).toEqual({ which: 'latest' });
  });

  it.each([
    ['summary last term', 'term'],
    ['summary for last half-term', 'half_term'],
    ['summary of the last half term', 'half_term'],
    ['show me the governors’ summary for the previous school year', 'year'],
    ['summary last week', 'week'],
  ])('the last of a length: %s', (message, span) => {
    expect(asked(message)).toEqual({ which: 'last', span });
  });

  it.each([
    'summary so far',
    'summary this year',
    'summary for this half-term',
    'summary this term so far',
    'summary today',
  ])('of a time that goes on: %s', (message) => {
    expect(asked(message)).toEqual({ which: 'so_far' });
  });

  it('of a length of time that there is none for', () => {
    expect(asked('summary last month')).toEqual({ which: 'no_such' });
  });

  it.each([
    ['summary autumn 2026', 'autumn 2026'],
    ['summary for Autumn 2026, first half', 'autumn 2026 first half'],
    ['show me the summary of the autumn 2026 term', 'autumn 2026'],
    ['summary: school year 2026/27', 'school year 2026 27'],
    ['summary 2026/27', '2026 27'],
    ['Summary Michaelmas 2026', 'michaelmas 2026'],
  ])('by its name: %s', (message, name) => {
    expect(asked(message)).toEqual({ which: 'named', name });
  });

  it.each([
    'summary of the policy',
    'Can I post a summary of a meeting?',
    'summary of what I may post on facebook',
    'give me a summary of the social media policy',
    'summary spring 1999',
    'summarise the policy',
    'what is the summary of clause 5',
    'the summary says that I cannot',
    'summary dismissal',
    'my summary of the week',
  ])('is no such thing: %s', (message) => {
    expect(asked(message)).toBeUndefined();
  });

  it('is no question of the bank', () => {
    const questions = [...ARCHETYPES, ...OUTSIDE].flatMap(({ questions }) => questions);
    expect(questions.filter((question) => asked(question) !== undefined)).toEqual([]);
    expect(questions.length).toBeGreaterThan(500);
  });

  it('takes a name however it is written', () => {
    expect(nameKey(' Autumn 2026,  first half ')).toBe('autumn 2026 first half');
  });
});
