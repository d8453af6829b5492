import { buffer } from 'node:stream/consumers';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caseExport } from '../../src/export/case-export.js';
import { textOf } from '../../src/export/summary-text.js';
import type { Case, Happening } from '../../src/reports/case.js';
import { changed } from '../../src/reports/case-change.js';
import { digestDeliveries } from '../../src/reports/digest.js';
import type { Draft } from '../../src/reports/draft.js';
import { asKnownTo } from '../../src/reports/known-links.js';
import { openCase } from '../../src/reports/opening.js';
import { hasHashes } from '../../src/reports/withheld.js';
import type { Delivery, Target } from '../../src/schools/delivery.js';
import type { Role } from '../../src/schools/profile.js';
import { layOut } from '../../src/summaries/lay-out.js';
import { periodsOf } from '../../src/summaries/periods.js';
import { caseRenderers } from '../../src/teams/case-renderers.js';
import { reminderRenderers } from '../../src/teams/reminder-renderers.js';
import { unzipped } from '../export/reading.js';
import { Grounds, idOf, LETTERS, type Letter, PEOPLE, type Place, type Shown } from '../support/authority.js';
import { linksTo } from '../support/links.js';
import { aDraft, anAnswers, hex, someEvidence } from '../support/reports.js';
import { digestOfStore } from '../support/store-digest.js';
import { isFull, times } from '../support/thoroughness.js';
import { NOVEMBER, SECRETS } from './subjects.js';

/** What a report says of whom it is about. */
interface About {
  readonly answers?: Partial<Draft['answers']>;
  readonly dangers?: Draft['dangers'];
  readonly reporter?: Letter;
  /** What people are by the time that somebody looks. */
  readonly later?: Partial<Record<Letter, readonly Role[]>>;
}

/**
 * Who reads which case, in their own chat; by every other way nobody else learns of it either. Letters as in the table of actions:
 * H Headteacher, D deputy, L safeguarding lead, T triager, C chair, U trust, R whoever reports.
 */
const CASES: readonly (readonly [
  what: string,
  readers: string,
  channel: 'in the channel' | 'not in the channel',
  About,
])[] = [
  ['an ordinary one', 'H D L T', 'in the channel', {}],
  ['about the Headteacher by name', 'C', 'not in the channel', { answers: { involved: [idOf('H')] } }],
  ['about the Headteacher as such', 'C', 'not in the channel', { answers: { about: 'headteacher' } }],
  ['posted by the Headteacher', 'C', 'not in the channel', { answers: { postedBy: 'headteacher' } }],
  [
    'about the Headteacher and the chair',
    ...(['U', 'not in the channel', { answers: { about: 'headteacher', involved: [idOf('C')] } }] as const),
  ],
  ['about the chair as such', 'H D L T', 'in the channel', { answers: { about: 'chair_of_governors' } }],
  ['about a triager', 'H', 'not in the channel', { answers: { involved: [idOf('T')] } }],
  ['about a safeguarding lead', 'H', 'not in the channel', { answers: { involved: [idOf('L')] } }],
  ['about its reporter, a triager', 'H', 'not in the channel', { answers: { about: 'reporter' }, reporter: 'T' }],
  ['about its reporter, the Headteacher', 'C', 'not in the channel', { answers: { about: 'reporter' }, reporter: 'H' }],
  ['about a child’s safety', 'H D L', 'in the channel', { dangers: ['threat'] }],
  [
    'about a child’s safety and the Headteacher',
    ...(['L C', 'not in the channel', { dangers: ['threat'], answers: { involved: [idOf('H')] } }] as const),
  ],
  [
    'about a deputy who becomes Headteacher',
    ...([
      'C',
      'not in the channel',
      { answers: { involved: [idOf('D')] }, later: { D: ['headteacher'], H: ['staff'] } },
    ] as const),
  ],
  [
    'about one of the staff who becomes Headteacher',
    ...([
      'D L T',
      'not in the channel',
      { answers: { involved: [idOf('S')] }, later: { S: ['headteacher'], H: ['staff'] } },
    ] as const),
  ],
  [
    'about the Headteacher, who becomes chair',
    ...([
      'C',
      'not in the channel',
      { answers: { involved: [idOf('H')] }, later: { H: ['chair_of_governors'] } },
    ] as const),
  ],
  [
    'about the Headteacher, whose deputy takes over',
    ...([
      'C',
      'not in the channel',
      { answers: { about: 'headteacher' }, later: { D: ['headteacher'], H: ['staff'] } },
    ] as const),
  ],
];

/** In the short form those who deal with reports in some way, and whom the case names. */
const chosen = (others: readonly Letter[], { answers, later = {} }: About): readonly Letter[] =>
  others.filter(
    (letter) => isFull || 'HCT'.includes(letter) || letter in later || answers?.involved?.includes(idOf(letter)),
  );

const WHO = LETTERS.filter((letter) => PEOPLE[letter].id !== undefined);
const WORDS = 'Xyla says that I am a wombat.';
let checked = 0;
let grounds: Grounds;
beforeAll(async () => {
  grounds = await Grounds.open({ now: () => NOVEMBER, links: linksTo() });
});
afterAll(async () => {
  await grounds.close();
  process.stdout.write(`Authority: ${CASES.length} kinds of case, ${checked} ways to them checked.\n`);
});

/** Sends a report of its kind, with what it causes to be sent. */
async function sent(
  { answers, dangers = [], reporter = 'R' }: About,
  change: (current: Case) => Happening[] = () => [],
): Promise<Case> {
  const { profile } = grounds.school;
  const draft = aDraft(profile.id, {
    ...{ personId: idOf(reporter), personName: PEOPLE[reporter].name, dangers },
    answers: anAnswers({ words: WORDS, account: 'Xyla Quint', about: 'school', ...answers }),
  });
  const now = new Date('2026-09-14T10:00:00Z');
  const evidence =
    dangers?.length === 0 ? [someEvidence(Buffer.from(hex(32)), undefined, { addedBy: idOf(reporter) })] : [];
  const opening = openCase({ draft, evidence, profile, clauses: [], now });
  const more = changed(opening.case, { system: true }, now, change(opening.case), { deliveries: [] });
  await grounds.bot.reports.cases.create({ ...opening, case: more.case, events: more.case.log });
  return more.case;
}

/** Who is what at the school, from now on. */
function changeRoles(later: About['later'] = {}): () => void {
  const { school, schools } = grounds;
  const people = school.profile.people.map((one) => {
    const letter = WHO.find((other) => idOf(other) === one.id);
    return { ...one, roles: [...((letter && later[letter]) ?? one.roles)] };
  });
  schools[0] = { ...school, profile: { ...school.profile, people } };
  return () => {
    schools[0] = school;
  };
}

const theSchool = () => grounds.schools[0] ?? grounds.school;
const owed = (kind: string, current: Case, target: Target, more: Record<string, string> = {}) =>
  ({
    kind,
    target,
    schoolId: grounds.schoolId,
    refs: { reference: current.report.reference, ...more },
  }) as unknown as Delivery;

/** Every way by which a case can come before somebody's eyes. Each gives all that is shown. */
const WAYS: Readonly<Record<string, (current: Case, letter: Letter) => Promise<string>>> = {
  'the card pressed in the own chat': (current, letter) =>
    inOwn(letter, 'case.act', { ...named(current), do: 'refresh' }),
  'the card pressed in the channel': (current, letter) =>
    pressed(letter, 'channel', 'case.acknowledge', named(current)),
  'a step of triage': (current, letter) => inOwn(letter, 'case.act', { ...named(current), do: 'note', words: 'x' }),
  'a form': (current, letter) => inOwn(letter, 'case.form', { ...named(current), form: 'elsewhere' }),
  'a link from another case': async ({ report }, letter) => {
    const data = { reference: await ordinary(), seen: 9, do: 'link', to: report.reference };
    // What was typed stays in the form.
    return (await inOwn(letter, 'case.act', data)).replaceAll(`"value":"${report.reference}"`, '');
  },
  'the reference typed': (current, letter) => typed(letter, 'own chat', current.report.reference),
  'the reference typed in the channel': (current, letter) => typed(letter, 'channel', current.report.reference),
  'open cases': (_, letter) => typed(letter, 'own chat', 'open cases'),
  'open cases in the channel': (_, letter) => typed(letter, 'channel', 'open cases'),
  overdue: (_, letter) => typed(letter, 'own chat', 'overdue'),
  'the search': async (_, letter) => (await grounds.search(letter, 'group', 'findCase', 'open')).text,
  'the search by its reference': async ({ report }, letter) =>
    (await grounds.search(letter, 'group', 'findCase', report.reference)).text,
  'the digest': async (current, letter) => {
    const { profile } = theSchool();
    const target: Target = { to: 'person', personId: idOf(letter) };
    const isOwed = digestDeliveries([current], profile, '2026-11-02').some(
      (one) => JSON.stringify(one.target) === JSON.stringify(target),
    );
    const drawn = isOwed && (await renderers()['case.digest']?.(owed('case.digest', current, target), theSchool()));
    return JSON.stringify(drawn ?? '');
  },
  'its messages': async (current, letter) => {
    const target: Target = { to: 'person', personId: idOf(letter) };
    const event = String(current.log.findIndex(({ what }) => what.kind === 'words_added') + 1);
    const kinds = ['case.new', 'case.changed', 'case.read', 'case.assigned', 'case.news'] as const;
    const drawn = kinds.map((kind) => renderers()[kind]?.(owed(kind, current, target, { event }), theSchool()));
    return JSON.stringify(await Promise.all(drawn));
  },
  'a copy of it': async (current, letter) => {
    const { files } = grounds.bot.reports;
    try {
      const zip = caseExport({ case: current, school: theSchool(), files, personId: idOf(letter), now: NOVEMBER });
      return `${(await buffer(zip)).length} bytes of ${current.report.reference}`;
    } catch {
      return 'refused';
    }
  },
};
/** What everyone who reads a case does not need to see by each of these ways. */
const NOT_FOR_ALL_READERS = /card pressed|overdue|link from another|in the channel|digest|messages/u;

const named = ({ report, log }: Case) => ({ reference: report.reference, seen: log.length });
const pressed = async (letter: Letter, place: Place, verb: string, data: object) =>
  (await grounds.press(letter, place, verb, data)).text;
const inOwn = (letter: Letter, verb: string, data: object) => pressed(letter, 'own chat', verb, data);
const typed = async (letter: Letter, place: Place, text: string) => (await grounds.say(letter, place, text)).text;
const renderers = () => {
  const { cases, drafts } = grounds.bot.reports;
  const parts = { cases, drafts, links: linksTo(), now: () => NOVEMBER };
  return { ...caseRenderers(parts), ...reminderRenderers(parts) } as ReturnType<typeof caseRenderers>;
};
let known: string | undefined;
const ordinary = async () => {
  known ??= (await sent({})).report.reference;
  return known;
};

describe.each(CASES)('a case %s', (_, letters, channel, about) => {
  const readers = LETTERS.filter((letter) => letters.split(' ').includes(letter));

  it(`is read by ${letters}, ${channel}, and by nobody else by any way`, async () => {
    await ordinary();
    const current = await sent(about, () => [{ kind: 'words_added', words: 'More of the wombat' }]);
    const back = changeRoles(about.later);
    const { reference } = current.report;
    try {
      const before = await digestOfStore(grounds.schoolId);
      const others = WHO.filter((letter) => !readers.includes(letter) && letter !== (about.reporter ?? 'R'));
      // Whoever deals with reports sees in the channel what stands there for all, that there is a case; of that message is kept where it is.
      const isThereForAll = (way: string, letter: Letter) =>
        letter === 'T' && channel === 'in the channel' && /typed in the channel|open cases in/u.test(way);
      for (const [way, look] of Object.entries(WAYS)) {
        const seen = await Promise.all(
          chosen(others, about)
            .filter((letter) => !isThereForAll(way, letter))
            .map(async (letter) => [letter, await look(current, letter)] as const),
        );
        checked += seen.length;
        expect(
          seen.filter(([, text]) => text.includes(reference) || SECRETS.test(text)),
          way,
        ).toEqual([]);
      }
      expect(await digestOfStore(grounds.schoolId)).toBe(before);
      for (const [way, look] of Object.entries(WAYS))
        for (const letter of others.filter((other) => isThereForAll(way, other)))
          expect(await look(current, letter)).not.toMatch(SECRETS);
      for (const [way, look] of Object.entries(WAYS))
        for (const letter of readers.slice(0, times(1, readers.length))) {
          checked += 1;
          const text = await look(current, letter);
          if (!NOT_FOR_ALL_READERS.test(way)) expect(text, `${letter} by ${way}`).toContain(reference);
        }
      const inChannel = await renderers()['case.changed']?.(
        owed('case.changed', current, { to: 'headteacher_channel' }),
        theSchool(),
      );
      expect(JSON.stringify(inChannel ?? '').includes(reference)).toBe(channel === 'in the channel');
    } finally {
      back();
    }
  });
});

/** All that somebody can ask about what there is, without naming it. */
const QUESTIONS = ['open cases', 'mine', 'overdue', 'status', 'gaps', 'my reports', 'help'] as const;

async function theWorldOf(letter: Letter): Promise<string> {
  const shown: Shown[] = [];
  for (const question of QUESTIONS)
    for (const place of ['own chat', 'channel'] as const) shown.push(await grounds.say(letter, place, question));
  for (const words of ['open', 'overdue', 'closed', 'post', 'child', 'mine'])
    shown.push(await grounds.search(letter, 'other channel', 'findCase', words));
  const first = await ordinary();
  shown.push(await grounds.press(letter, 'own chat', 'case.form', { reference: first, form: 'link', seen: 99 }));
  return shown.map(({ text }) => bare(text)).join('\n');
}

const bare = (text: string): string =>
  text.replace(/messageid=\d+|own-\d+|[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|"seen":\d+/gu, '');

/** The figures as the governors, and so the Headteacher, and as the chair gets them. */
async function figures(edition: 'governors' | 'chair'): Promise<string> {
  const { summaries } = grounds.bot.parts;
  const [period] = periodsOf(grounds.school.profile, 'half_term')
    .filter(({ to }) => to < '2026-11-02')
    .slice(-1);
  const made = period && (await summaries.make(theSchool(), period, NOVEMBER, { state: 'none' }));
  if (!made) throw new Error('There are no figures.');
  return textOf(layOut(made, edition));
}

describe('whoever a case names', () => {
  it.each([
    ['the Headteacher', 'H', { answers: { involved: [idOf('H')] } }],
    ['the Headteacher, with the chair', 'H', { answers: { about: 'headteacher', involved: [idOf('C')] } }],
    ['the chair, with the Headteacher', 'C', { answers: { about: 'headteacher', involved: [idOf('C')] } }],
    ['a triager', 'T', { answers: { involved: [idOf('T')] } }],
    ['a safeguarding lead', 'L', { answers: { involved: [idOf('L')] }, dangers: ['threat'] }],
    ['a deputy', 'D', { answers: { involved: [idOf('D')] } }],
    ['the administrator', 'A', { answers: { involved: [idOf('A'), idOf('H')] } }],
  ] as const satisfies readonly (readonly [string, Letter, About])[])(
    '%s finds the same whether there is such a case or not',
    async (_, letter, about) => {
      for (let left = 6; left > 0; left -= 1) await sent({});
      // Who presses a button of a case for the first time gets all of it.
      await inOwn(letter, 'case.form', { reference: await ordinary(), form: 'link', seen: 99 });
      const before = await theWorldOf(letter);
      await sent(about);
      checked += 1;
      expect(await theWorldOf(letter)).toBe(before);
    },
  );

  it('the Headteacher, or the chair where both are named, has the same figures', async () => {
    const governors = await figures('governors');
    await sent({ answers: { involved: [idOf('H')] } });
    await sent({ answers: { about: 'headteacher' }, dangers: ['threat'] });
    expect(await figures('governors')).toBe(governors);
    const chair = await figures('chair');
    await sent({ answers: { about: 'headteacher', involved: [idOf('C')] } });
    expect(await figures('chair')).toBe(chair);
    expect(await figures('governors')).toBe(governors);
  });

  it('is not warned by the check of their comment of names that only such a case has', async () => {
    await sent({ answers: { involved: [idOf('H')], account: 'Thaddeus Quibble' } });
    await grounds.say('H', 'own chat', 'summary');
    const [period] = periodsOf(grounds.school.profile, 'half_term')
      .filter(({ to }) => to < '2026-11-02')
      .slice(-1);
    const id = `half_term-${period?.from}`;
    const commented = (comment: string) => inOwn('H', 'summary.comment', { id, comment });
    expect(await commented('Xyla Quint was kind.')).toContain('may name people');
    expect(await commented('Thaddeus Quibble was kind.')).not.toContain('may name people');
  });
});

describe('the log of the process', () => {
  it('says of such a case no more than a reference, and who looked for what is not in it', async () => {
    const current = await sent({ answers: { involved: [idOf('H')] } });
    grounds.forgetLogs();
    for (const look of Object.values(WAYS)) await look(current, 'H');
    const lines = grounds.logged.map((line) => JSON.stringify(line));
    expect(lines.join('\n')).not.toMatch(SECRETS);
    for (const { name, id } of Object.values(PEOPLE))
      expect(lines.filter((line) => line.includes(name) || (id !== undefined && line.includes(id)))).toEqual([]);
    expect(grounds.logged.filter(({ event }) => event === 'triage.refused').length).toBeGreaterThan(3);
  });
});

describe('a link to a case that somebody may not know of', () => {
  it('is in no copy of the other, no text to paste and no card that they get', async () => {
    const hidden = await sent({ answers: { involved: [idOf('H')] } });
    const to = hidden.report.reference;
    const shown = await sent({}, () => [
      { kind: 'question_asked', words: 'Who?' },
      { kind: 'linked', to },
      { kind: 'question_asked', words: 'Where?' },
    ]);
    const { reference } = shown.report;
    const { cases, files } = grounds.bot.reports;
    const { profile } = grounds.school;
    // As the export page and the command take it for a person; nothing shows that something was left out.
    const [forHead, forChair] = await Promise.all(
      ['H', 'C'].map((one) => asKnownTo(shown, profile, idOf(one as Letter), cases)),
    );
    if (!forHead || !forChair) throw new Error('There is nothing to copy.');
    expect(forHead.log.map(({ number }) => number)).toEqual(forHead.log.map((_, at) => at + 1));
    expect(forChair).toBe(shown);
    expect([forHead, forChair].map(hasHashes)).toEqual([false, true]);
    const zip = caseExport({ case: forHead, school: theSchool(), files, personId: idOf('H'), now: NOVEMBER });
    const copy = await unzipped(zip);
    expect(copy.get('case.json')?.toString()).toContain('Where?');
    for (const [name, bytes] of copy) expect(bytes.toString('latin1'), name).not.toContain(to);
    await grounds.press('H', 'own chat', 'case.open', { reference, seen: 1 });
    const target: Target = { to: 'person', personId: idOf('H') };
    const card = JSON.stringify(await renderers()['case.read']?.(owed('case.read', shown, target), theSchool()));
    const form = await inOwn('H', 'case.form', { reference, seen: 9, form: 'elsewhere' });
    expect(card).toContain('Where?');
    expect(form).toContain('Copy the text');
    for (const text of [card, form]) expect(text).not.toContain(to);
  });
});

it('somebody of the staff who becomes a triager sees only what is not about them', async () => {
  const [ordinaryOne, theirs] = [await sent({}), await sent({ answers: { involved: [idOf('S')] } })];
  const back = changeRoles({ S: ['triager'] });
  const found = await Promise.all(
    [ordinaryOne, theirs].map(({ report: { reference } }) => grounds.search('S', 'own chat', 'findCase', reference)),
  );
  back();
  expect(found[0]?.text).toContain(ordinaryOne.report.reference);
  expect(found[1]?.text).not.toContain(theirs.report.reference);
});
