import { describe, expect, it } from 'vitest';
import { othersMasked } from '../../src/reports/mask-others.js';
import { searchFor } from '../../src/reports/subject-names.js';

const jane = searchFor(['Jane Smith']);
const asOf = (text: string, search = jane) => search(text).found.map(({ as }) => as);

describe('a person is found by name', () => {
  it.each([
    'Jane Smith',
    'JANE SMITH',
    'jane smith',
    'Smith, Jane',
    'J. Smith',
    'J Smith was there',
    'Jane S. was there',
    'Jané Smïth',
    'jane.smith@example.org',
    '@jsmith7',
    'janesmith99',
    'jane_smith',
    'Jane Smith’s class',
  ])('in whole: %s', (text) => {
    expect(asOf(text)).toEqual(['whole']);
  });

  it.each([
    'Mrs Smith',
    'Miss Jane',
    'Mr. Smith',
    'jane posted it',
    'JANE POSTED IT',
    'smiths class',
    'I saw Jane. Tom said no',
    'Smith!',
    'Smith-Jones',
    'Anne-Jane',
  ])('in part: %s', (text) => {
    expect(asOf(text)).toEqual(['part']);
  });

  it.each(['Tom Smith', 'T. Smith', 'Mr T Smith', 'Jane Brown', 'Jane B. was there'])(
    'not where it is another’s name, but counted: %s',
    (text) => {
      expect(jane(text)).toEqual({ found: [], doubtful: 1 });
    },
  );

  it.each(['Smithers', 'Janet', 'blacksmith', 'a s', 'J.', ''])('not in %j', (text) => {
    expect(jane(text)).toEqual({ found: [], doubtful: 0 });
  });

  it('whose name is an everyday word only where it is meant as a name', () => {
    const will = searchFor(['Will Young']);
    expect(asOf('I saw Will today. Mr Young too', will)).toEqual(['part', 'part']);
    expect(asOf('will young was there', will)).toEqual(['whole']);
    expect(will('will it be allowed for young people? Will you help?')).toEqual({ found: [], doubtful: 3 });
  });

  it('of several words, or by a nickname', () => {
    const search = searchFor(['Dr Zoë van der Berg-O’Hara', 'Zozo']);
    expect(asOf('ZOE VAN DER BERG came', search)).toEqual(['whole']);
    expect(asOf('Ms OHara came', search)).toEqual(['part']);
    expect(asOf('zozo came. The dr came, van and all', search)).toEqual(['part']);
  });
});

describe('everybody else is masked', () => {
  const masked = (text: string, beside: readonly string[] = []) =>
    othersMasked({ stays: jane, names: ['Helen Achebe', 'Grace Lee', 'Tom Smith'], beside })(text);

  it.each([
    ['Jane Smith and Tom Smith rang Mrs Larkin', 'Jane Smith and [another person] rang [another person]'],
    [
      'helen told jane; Grace came with grace',
      '[another person] told jane; [another person] came with [another person]',
    ],
    ['Ring 01632 960 101 or 960104', 'Ring [another person: number] or [another person: number]'],
    ['On 2026-11-20, 20/11/2026 at 15:42, year 4', 'On 2026-11-20, 20/11/2026 at 15:42, year 4'],
    [
      'Mail jane.smith@example.org, tom@example.org or @tommy, https://x.example/tom',
      'Mail jane.smith@example.org, [another person: address, account or link] or [another person: address, account or link], [another person: address, account or link]',
    ],
    ['It is on facebook.com/some.mum.', 'It is on [another person: address, account or link]'],
    [
      'On Friday the Headteacher and the LADO saw it on Facebook',
      'On Friday the Headteacher and the LADO saw it on Facebook',
    ],
    ['Zlatan Ibn-Xyla said so', '[another person] said so'],
  ])('%s', (text, expected) => {
    expect(masked(text)).toBe(expected);
  });

  it('also in small letters, where another text of the matter writes it as a name', () => {
    expect(masked('xyla said so', ['It was Xyla.'])).toBe('[another person] said so');
    expect(masked('it came out yesterday', ['Yesterday it was.'])).toBe('it came out yesterday');
  });
});
