import { beforeAll, describe, expect, it } from 'vitest';
import { answerQuestion, respond } from '../../src/policies/answer.js';
import { buildClauseIndex, type ClauseIndex } from '../../src/policies/clause-index.js';
import { readTextPolicy } from '../../src/policies/read-policy.js';
import { sampleSchool } from '../support/sample-school.js';

const policy = (text: string, name = 'policy.md') => readTextPolicy(name, new TextEncoder().encode(text));

describe('the sample school’s policy', () => {
  let index: ClauseIndex;
  beforeAll(async () => {
    index = (await sampleSchool()).index;
  });

  it.each([
    ['Can I accept a friend request from a pupil?', '5.1'],
    ['Can I ring a parent from my own phone?', '6.2'],
    ['When must we reply to a comment or complaint?', '10.1'],
    ['Can I put the school logo on my own page?', '4.9'],
    ['What happens when a parent posts something abusive?', '15.3'],
    ['can staff edit the school wikipedia page', '4.10'],
    ['do i need to withhold my number when i ring parents', '6.2'],
    ['how soon must account holders reply to a comment', '10.1'],
    ['who keeps the list of children who must not appear', '9.3'],
    ['what if consent for a picture is withdrawn', '9.4'],
    ['a journalist wants a quote from me, can i talk to them', '12.6'],
    ['can I write a reference for a colleague on LinkedIn', '12.7'],
  ])('answers "%s" among its first three clauses from %s', (question, label) => {
    const answer = answerQuestion(index, question);
    expect(answer.kind).toBe('answered');
    const labels =
      answer.kind === 'answered' ? answer.clauses.map(({ clause }) => clause.label?.replace(/\(.*/u, '')) : [];
    expect(labels).toContain(label);
  });

  it.each([
    'how do I book a day off for a wedding',
    'what time is assembly',
    'the printer is jammed again',
    'is the hall free on Wednesday',
  ])('says that it does not cover "%s"', (question) => {
    expect(answerQuestion(index, question).kind).toBe('not_covered');
  });

  it('shows at most three clauses, each once, best first', () => {
    const matches = index.find('official account holders must sign off posts');
    expect(matches).toHaveLength(3);
    expect(new Set(matches.map(({ clause }) => clause.quote)).size).toBe(3);
    expect(index.find('official account', 10)).toHaveLength(10);
  });

  it('finds words spelt wrongly', () => {
    expect(index.find('disclamer', 1)[0]?.clause.label).toBe(index.find('disclaimer', 1)[0]?.clause.label);
  });
});

describe('answers', () => {
  it('are not covered when no word of the question is in any clause', () => {
    const index = buildClauseIndex([
      policy('Staff must not post pictures of pupils.\n\nStaff must use a school phone.'),
    ]);
    expect(answerQuestion(index, 'xylophone zebra')).toEqual({ kind: 'not_covered', nearest: [] });
    expect(answerQuestion(index, '')).toEqual({ kind: 'not_covered', nearest: [] });
  });

  it('come from every policy of a school', () => {
    const index = buildClauseIndex([
      policy('Staff must not post pictures of pupils.', 'one.md'),
      policy('Phones stay in lockers.', 'two.md'),
    ]);
    expect(index.find('lockers', 1)[0]?.policy.id).toBe('two');
  });

  it('leave a very long message answerable', () => {
    const index = buildClauseIndex([
      policy('Staff must not post pictures of pupils.\n\nStaff must use a school phone.'),
    ]);
    expect(answerQuestion(index, `pictures of pupils ${'and so on '.repeat(20_000)}`).kind).toBe('answered');
  });

  it('are given to questions only', () => {
    const index = buildClauseIndex([policy('Staff must not bully anyone online.')]);
    expect(respond(index, 'a parent keeps bullying me online')).toEqual({
      intent: { kind: 'report', category: 'online_bullying' },
    });
    expect(respond(index, 'hello')).toEqual({ intent: { kind: 'smalltalk' } });
  });
});
