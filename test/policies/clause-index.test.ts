import { describe, expect, it } from 'vitest';
import { buildClauseIndex, keyOf } from '../../src/policies/clause-index.js';
import { readTextPolicy } from '../../src/policies/read-policy.js';

const policy = readTextPolicy(
  'policy.txt',
  new TextEncoder().encode(
    [
      '1. Staff must not accept a friend request from a pupil, or follow a pupil on social media.',
      '2. Pictures of pupils may be posted only where a parent has given written consent.',
      '3. The caretaker feeds the school tortoise.',
    ].join('\n\n'),
  ),
);
const index = buildClauseIndex([policy]);
const labelOf = (question: string) => index.find(question, 1)[0]?.clause.label;

describe('the clause index', () => {
  it.each([
    ['a lad in my class has added me on snap', '1'],
    ['can a pic of the kids go on our page', '2'],
    ['does anyone feed the tortoise', '3'],
  ])('finds the clause for "%s"', (question, label) => {
    expect(labelOf(question)).toBe(label);
  });

  it('finds it through a slip of the fingers', () => {
    expect(labelOf('who feeds the tortiose')).toBe('3');
  });

  it('tells which rules a clause is taken to state, the strongest first', () => {
    const [first, second, third] = policy.clauses.map((clause) => index.links(keyOf({ policy, clause })));
    expect(first?.map(({ rule }) => rule.id)).toContain('friend-requests-from-pupils');
    expect(second?.[0]?.rule.id).toBe('parental-consent-for-images');
    expect(third).toEqual([]);
    for (const links of [first, second]) {
      const strengths = links?.map(({ strength }) => strength) ?? [];
      expect(strengths).toEqual(strengths.toSorted((one, other) => other - one));
    }
    expect(index.links('policy/not-there')).toEqual([]);
  });

  it('tells how much of what a question speaks of a clause has', () => {
    expect(index.find('does the caretaker feed the tortoise', 1)[0]).toMatchObject({ sharedWords: 1, score: 1 });
    expect(index.find('tortoise pictures', 3).map(({ sharedWords }) => sharedWords > 0)).toContain(true);
  });

  it('gives the same answer whenever it is asked', () => {
    expect(index.find('can i add a pupil')).toEqual(index.find('can i add a pupil'));
  });
});
