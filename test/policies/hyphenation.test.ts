import { describe, expect, it } from 'vitest';
import { joinLines, knownWords } from '../../src/policies/read/hyphenation.js';
import { readTextPolicy } from '../../src/policies/read-policy.js';

const known = knownWords([
  'All of the members of the wrap-around club must tell a trained first aider, who may well be a teacher.',
]);

describe('two lines become one', () => {
  it.each([
    ['ask the', 'Headteacher first', 'ask the Headteacher first'],
    ['personal infor-', 'mation is kept', 'personal information is kept'],
    ['a safe-', 'guarding lead', 'a safeguarding lead'],
    ['rude or un-', 'kind posts', 'rude or unkind posts'],
    ['our e-', 'safety rules', 'our e-safety rules'],
    ['a password-', 'protected page', 'a password-protected page'],
    ['the wrap-', 'around club', 'the wrap-around club'],
    ['all non-', 'teaching members', 'all non-teaching members'],
    ['the Anglo-', 'Saxon week', 'the Anglo-Saxon week'],
    ['co\u00AD', 'operate', 'cooperate'],
    ['a first-', 'aider', 'a first-aider'],
    ['in 2026-', '27 only', 'in 2026-27 only'],
    ['either -', 'or not', 'either - or not'],
  ])('%s | %s', (upper, lower, joined) => {
    expect(joinLines(upper, lower, known)).toBe(joined);
  });
});

describe('a text wrapped by hand', () => {
  const read = (...lines: string[]) => readTextPolicy('policy.txt', new TextEncoder().encode(lines.join('\n')));

  it('has torn words mended, and hyphens kept', () => {
    const { clauses } = read(
      '3. Phones',
      '',
      'Staff keep their phones in the locker of the staff room and follow the e-',
      'safety rules while there are pupils in the building; they keep all infor-',
      'mation confidential and ring parents from the office telephone, not their',
      'own.',
    );
    expect(clauses.map(({ text }) => text)).toEqual([
      'Staff keep their phones in the locker of the staff room and follow the e-safety rules while there are pupils in the building; they keep all information confidential and ring parents from the office telephone, not their own.',
    ]);
  });

  it('has whole sentences where a running line stood in their middle', () => {
    const page = (number: number) => ['', `Oak School online policy, page ${number}`, ''];
    const { clauses, dropped } = read(
      'Staff keep their phones in the locker of the staff room and must tell the',
      ...page(1),
      'Headteacher when they need one in class, for example to receive a call that',
      ...page(2),
      'cannot wait. Phones of pupils stay at home or are kept in the school office',
      ...page(3),
      'until home time.',
    );
    expect(clauses.map(({ text }) => text)).toEqual([
      'Staff keep their phones in the locker of the staff room and must tell the Headteacher when they need one in class, for example to receive a call that cannot wait. Phones of pupils stay at home or are kept in the school office until home time.',
    ]);
    expect(dropped.map(({ text, line }) => [text, line])).toEqual([
      ['Oak School online policy, page 1', 3],
      ['Oak School online policy, page 2', 7],
      ['Oak School online policy, page 3', 11],
    ]);
  });
});
