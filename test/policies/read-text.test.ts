import { describe, expect, it } from 'vitest';
import { readTextPolicy } from '../../src/policies/read-policy.js';

const read = (...lines: string[]) => readTextPolicy('policy.txt', new TextEncoder().encode(lines.join('\n')));
const clauses = (...lines: string[]) =>
  read(...lines).clauses.map(({ label, leadIn, text }) => ({ label, leadIn, text }));
const outline = (...lines: string[]) =>
  read(...lines).passages.flatMap((one) =>
    one.kind === 'heading' ? [`${one.heading.level} ${one.heading.text}`] : [],
  );

describe('sentences that a page break tore apart', () => {
  it('are one clause again', () => {
    expect(
      clauses('Scope', '', 'Concerns must be taken to', '', '', 'the office without delay.', '', 'Nobody is exempt.'),
    ).toEqual([
      { label: null, leadIn: null, text: 'Concerns must be taken to the office without delay.' },
      { label: null, leadIn: null, text: 'Nobody is exempt.' },
    ]);
  });

  it('are left apart where the first ends as a sentence', () => {
    expect(clauses('Staff ask first.', '', 'iPads are kept in school.')).toHaveLength(2);
  });
});

describe('list items', () => {
  it('carry the sentence that announces them, and nothing before it', () => {
    const [, second, third] = clauses(
      'Posts reflect on us all. Staff must never:',
      '- a) mock a colleague;',
      '- b) name a pupil.',
    );
    expect(second).toEqual({ label: '(a)', leadIn: 'Staff must never:', text: 'mock a colleague;' });
    expect(third).toEqual({ label: '(b)', leadIn: 'Staff must never:', text: 'name a pupil.' });
  });

  it('go on after a page break, and end with the next paragraph', () => {
    const read = clauses(
      'Staff must never:',
      '- i. mock;',
      '',
      '',
      '- ii. shout.',
      '',
      'Visitors must sign in at the office.',
    );
    expect(read.map(({ label }) => label)).toEqual([null, '(i)', '(ii)', null]);
    expect(read[3]?.leadIn).toBeNull();
  });

  it('take the number of the clause above', () => {
    const read = clauses(
      '12. Before posting, staff must:',
      ' - ask;',
      '- wait.',
      '13. Then they may post it.',
      '(a) not so',
    );
    expect(read.map(({ label }) => label)).toEqual(['12', '12', '12', '13', '13(a)']);
  });

  it('keep a letter i after h, and read i. as a Roman numeral elsewhere', () => {
    const letters = read('Never:', ...'abcdefghij'.split('').map((letter) => `- ${letter}) do thing ${letter}.`));
    expect(
      letters.passages.flatMap((one) => (one.kind === 'clause' && one.clause.leadIn ? [one.clause.label] : [])),
    ).toEqual('abcdefghij'.split('').map((letter) => `(${letter})`));
  });

  it('nest: the inner list keeps both sentences', () => {
    const inner = clauses(
      'Staff must:',
      '- (a) check, before a post:',
      '- (i) the names;',
      '- (ii) the consent.',
      '- (b) wait.',
    );
    expect(inner.map(({ label }) => label)).toEqual([null, '(a)', '(a)(i)', '(a)(ii)', '(b)']);
    expect(inner[2]?.leadIn).toBe('Staff must: check, before a post:');
    expect(inner[4]?.leadIn).toBe('Staff must:');
  });

  it('are found without bullets after a colon', () => {
    const read = clauses(
      'This policy:',
      '',
      'Applies to everyone on site.',
      '',
      'Covers the holidays too',
      '',
      'The school is open. It listens.',
    );
    expect(read.map(({ leadIn }) => leadIn)).toEqual([null, 'This policy:', 'This policy:', null]);
  });

  it('join their bold opening words with the text below', () => {
    const [, item] = clauses(
      'The rules are:',
      '- **Be kind**',
      '',
      'Think of the reader.',
      '',
      '- **Be brief**',
      'Few words do.',
    );
    expect(item).toEqual({ label: null, leadIn: 'The rules are:', text: 'Be kind\nThink of the reader.' });
  });
});

describe('lists that carry a prohibition', () => {
  it('keep it, whatever their numbers and however they are announced', () => {
    const quotes = (...lines: string[]) =>
      read(...lines)
        .clauses.map(({ quote }) => quote)
        .join('\n\n');
    const bare = /(?:^|\n\n)(?:[12b•.)(\s-]*)?(?:post|share|use) /u;
    for (const lines of [
      [
        '3. Staff must not:',
        '1. accept requests from pupils;',
        '2. post photographs of pupils on personal accounts;',
        '4. Staff may use LinkedIn.',
      ],
      [
        'Staff must not:',
        '1) accept requests from pupils, wherever they come from and whoever they are in the end;',
        '2) post photographs.',
      ],
      ['AND SHOULD NOT:', '• accept requests from pupils;', '• share photographs of pupils;'],
      ['Staff shall not –', '(a) accept requests from pupils;', '(b) use the name or logo of the school; or'],
    ]) {
      expect(quotes(...lines)).not.toMatch(bare);
    }
  });

  it('are numbered clauses again where the numbers go on', () => {
    const read = clauses(
      '3. Staff must not:',
      '1. accept requests;',
      '2. post photographs.',
      '3. shout.',
      '4. Staff may use LinkedIn.',
    );
    expect(read.map(({ label }) => label)).toEqual(['3', '3(1)', '3(2)', '3(3)', '4']);
    expect(read[4]?.leadIn).toBeNull();
  });

  it('have no passage that only announces', () => {
    const items = Array.from(
      { length: 12 },
      (_, at) => `- ${'abcdefghijkl'[at]}) ${'not this, that or the other '.repeat(5)}${at};`,
    );
    const [lead] = read('Staff must not do:', ...items).clauses;
    expect(lead?.quote).toContain('\na) not this');
    expect(lead?.quote.length).toBeLessThan(1_400);
    expect(lead?.quote).toMatch(/\[…\]$/u);
  });

  it('show nested items in a short list', () => {
    const [lead] = read(
      'The head will:',
      '- (a) listen;',
      '- (b) record, with:',
      '- (i) the date;',
      '- (ii) the place;',
      '- (c) reply.',
    ).clauses;
    expect(lead?.quote).toBe(
      'The head will:\n(a) listen;\n(b) record, with:\n(i) the date;\n(ii) the place;\n(c) reply.',
    );
  });
});

describe('what every page repeats', () => {
  it.each(['Members of this group must not share passwords', 'Keep the evidence and tell the Headteacher'])(
    'is not a rule that stands for each group of people: %s',
    (rule) => {
      const { clauses } = read(
        'Staff',
        rule,
        '',
        'Governors',
        rule,
        '',
        'Volunteers',
        rule,
        '',
        'Everyone is welcome to ask.',
      );
      expect(clauses.filter(({ text }) => text === rule)).toHaveLength(3);
    },
  );

  it('is kept apart from the sentences, and not quoted', () => {
    const page = (number: number) => ['', 'Hillside Academy Trust – Conduct Policy', `Page ${number} of 3`, ''];
    const policy = read(
      'Staff ask before they post.',
      ...page(1),
      'Pupils do not post.',
      ...page(2),
      'Visitors sign in.',
      ...page(3),
    );
    expect(policy.clauses.map(({ text }) => text)).toEqual([
      'Staff ask before they post.',
      'Pupils do not post.',
      'Visitors sign in.',
    ]);
    expect(policy.clauses.every(({ heading }) => heading.length === 0)).toBe(true);
  });
});

describe('quotations', () => {
  it('show a short list whole, and an item of a long one with its lead-in alone', () => {
    const short = read('Posts should be:', '- kind', '- brief', '- true');
    expect(new Set(short.clauses.map(({ quote }) => quote))).toEqual(
      new Set(['Posts should be:\n- kind\n- brief\n- true']),
    );
    const long = read(
      'Staff must never:',
      `- a) ${'mock '.repeat(40)}anyone;`,
      `- b) ${'shout '.repeat(40)}at anyone.`,
    );
    expect(long.clauses[2]?.quote).toBe(`Staff must never:\nb) ${'shout '.repeat(40)}at anyone.`);
    expect(long.clauses[0]?.quote).toContain('\na) mock');
  });
});

describe('headings', () => {
  it('are known by numbers, capitals, capital letters, bold and colons', () => {
    expect(outline('1. Who it is for:', '', 'Everyone here.', '', '2. Phones', 'They stay off.')).toEqual([
      '1 Who it is for:',
      '1 Phones',
    ]);
    expect(
      outline('ONLINE CONDUCT POLICY', '', 'WHO IT IS FOR', 'Everyone here.', '', 'PHONES', 'They stay off.'),
    ).toEqual(['0 ONLINE CONDUCT POLICY', '1 WHO IT IS FOR', '1 PHONES']);
    expect(outline('Who Is This For?', 'Everyone here.', '', '**About phones**', 'They stay off.')).toEqual([
      '1 Who Is This For?',
      '1 About phones',
    ]);
    expect(
      outline('Phones and Cameras', 'They stay off.', 'Taking pictures in class:', 'Ask the parents first.'),
    ).toEqual(['1 Phones and Cameras', '2 Taking pictures in class:']);
  });

  it('nest where one stands right below another, and where they name a group of people', () => {
    const lines = [
      'Tasks at a glance',
      '',
      'Tasks & Duties',
      '',
      'SLT',
      'Approve accounts',
      'Staff',
      'Read this text.',
      '',
      'How we post',
      '',
      'We post kindly.',
    ];
    expect(outline(...lines)).toEqual(['1 Tasks at a glance', '2 Tasks & Duties', '3 SLT', '3 Staff', '1 How we post']);
  });

  it('are not duties, sentences, dates or the last line', () => {
    expect(
      outline(
        'Duties',
        '',
        'Approve new accounts',
        '',
        'Keep the passwords',
        '',
        'Staff are asked to read this.',
        '',
        'Page One',
      ),
    ).toEqual(['1 Duties']);
    expect(
      outline('1. The school is committed to good use of technology in class', '2. The school has a page of its own'),
    ).toEqual([]);
  });
});

describe('what belongs to the paper', () => {
  it('is kept, but not quotable', () => {
    const { passages, clauses, version, approved } = read(
      'Signature:\tDate:',
      'Version\tWhat changed\tReleased',
      '1\tFirst issue\t06.05.18',
      '2\tSpelling\t',
      '3\tNew platforms\t19.08.21',
      'Staff must ask before they post.',
      '4',
      'picture1.jpeg',
    );
    expect(clauses.map(({ text }) => text)).not.toContain('picture1.jpeg');
    expect(passages).toHaveLength(7);
    expect({ version, approved }).toEqual({ version: '3', approved: '2021-08-19' });
  });
});

describe('a text wrapped by hand', () => {
  it('has whole sentences', () => {
    const wrapped = [
      '3. Phones',
      '',
      'Staff keep their phones in the locker of the staff room while there are',
      'pupils in the building, and ring parents from the office.',
    ];
    expect(clauses(...wrapped).map(({ text }) => text)).toEqual([
      'Staff keep their phones in the locker of the staff room while there are pupils in the building, and ring parents from the office.',
    ]);
  });
});

describe('what cannot be read', () => {
  it.each([
    ['policy.odt', 'words', /not a type of policy/],
    ['policy.txt', ' \n\n ', /no wording/],
    ['policy.md', '---\n- a list\n---\n\nWords of a policy.', /lines between/],
  ])('%s is refused in one sentence', (name, text, words) => {
    expect(() => readTextPolicy(name, new TextEncoder().encode(text))).toThrow(
      expect.objectContaining({ code: 'policy_unreadable', message: expect.stringMatching(words) }),
    );
  });

  it('is refused when it is not UTF-8', () => {
    expect(() => readTextPolicy('policy.txt', new Uint8Array([0x63, 0xe9, 0x20, 0xff]))).toThrow(/not UTF-8/);
  });
});
