import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { AppError } from '../../src/errors.js';
import { acknowledgeBy } from '../../src/reports/due.js';
import { receivers } from '../../src/schools/people.js';
import type { SchoolProfile } from '../../src/schools/profile.js';
import { timeAt } from '../../src/schools/time.js';
import { readProfile } from '../../src/storage/school-folder.js';
import { SPANS } from '../../src/summaries/period.js';
import { periodsOf } from '../../src/summaries/periods.js';
import { welcomeCard } from '../../src/teams/cards/views.js';
import { breaks, broken, heldBytes, mutated, mutations, pollutedPrototypes, TOKEN, tell } from '../support/hostile.js';
import { SEED, times } from '../support/thoroughness.js';

const VALID = readFileSync(new URL('../../schools/example-primary/school.yaml', import.meta.url), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'policy-desk-hostile-yaml-'));
beforeAll(() => mkdirSync(join(folder, 'oak')));
let read = 0;
let accepted = 0;
afterAll(() => {
  rmSync(folder, { recursive: true });
  tell('school.yaml', { read, accepted });
});

/** What comes of a file: its profile, or the sentence that refuses it. @throws what is neither. */
async function outcome(source: string | Uint8Array): Promise<SchoolProfile | string> {
  read += 1;
  writeFileSync(join(folder, 'oak', 'school.yaml'), source);
  const profile = await readProfile(folder, 'oak').catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'school_unreadable') return error.message;
    throw error;
  });
  expect(pollutedPrototypes()).toEqual([]);
  if (typeof profile !== 'string') use(profile);
  else expect(profile).not.toMatch(/Invalid|expected|received|undefined|\bat .*:\d+:\d+|<b>/u);
  return profile;
}

/** A profile that was accepted is good for what reads it. */
function use(profile: SchoolProfile): void {
  accepted += 1;
  const now = new Date('2026-11-20T15:42:00Z');
  for (const span of SPANS) periodsOf(profile, span);
  receivers(profile);
  acknowledgeBy({ submittedAt: now }, profile);
  timeAt(now, profile.timeZone);
  welcomeCard(profile, { setsUp: true });
}

const with_ = (change: object): string => stringify({ ...(parse(VALID) as object), ...change });
const lines = (count: number, line: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => line(at)).join('\n');

describe('school.yaml', () => {
  it.each<[string, string | Uint8Array]>([
    ['nothing', ''],
    ['no mapping', '- a\n- b'],
    [
      'a billion laughs',
      `a: &a [${TOKEN}]\n${lines(30, (at) => `b${at}: &b${at} [*${at ? `b${at - 1}` : 'a'}, *${at ? `b${at - 1}` : 'a'}]`)}`,
    ],
    ['an alias of itself', 'name: &a [*a]'],
    ['lists in lists', '['.repeat(5_000) + ']'.repeat(5_000)],
    ['lists that never end', '['.repeat(100_000)],
    ['mappings in mappings', '{a: '.repeat(20_000)],
    ['items in items', '- '.repeat(3_000)],
    ['keys in keys', '? '.repeat(3_000)],
    ['indents within indents', lines(400, (at) => `${' '.repeat(at)}a:`)],
    ['quotes', '"'.repeat(100_000)],
    ['100,000 keys', lines(100_000, (at) => `k${at}: 1`)],
    ['5,000 keys', lines(5_000, (at) => `k${at}: 1`)],
    ['20 MB', Buffer.alloc(20 * 1024 * 1024, 'a: b\n')],
    ['binary', Buffer.from(Array.from({ length: 5_000 }, (_, at) => (at * 7_919) % 256))],
    ['UTF-16', Buffer.from(VALID, 'utf16le')],
    ['a tag that would run', 'name: !!js/function "function () { return 1 }"'],
    ['a tag of Python', '!!python/object/apply:os.system ["id"]'],
    ['keys twice', `${VALID}\nname: Another`],
    ['merge keys', `base: &base { name: x }\n<<: *base`],
    ['two documents', `${VALID}\n---\n${VALID}`],
    ['prototypes', `${VALID}\n__proto__: { polluted: true }\nconstructor: { prototype: { polluted: true } }`],
    [
      'one person twice',
      with_({
        people: [
          { id: '0d3c6a51-7b1e-4f0a-8c55-1e9a2b7d4c0a', name: 'A', roles: ['headteacher'] },
          { id: '0D3C6A51-7B1E-4F0A-8C55-1E9A2B7D4C0A', name: 'B', roles: ['staff'] },
        ],
      }),
    ],
    ['a time zone that is none', with_({ timeZone: '../../etc/passwd' })],
    ['a term of a century', with_({ terms: [{ name: 'x', from: '2000-01-01', to: '2099-12-31' }] })],
    [
      '10,000 terms',
      with_({ terms: Array.from({ length: 1_500 }, () => ({ name: 'x', from: '2026-01-01', to: '2026-01-01' })) }),
    ],
    ['a number that no computer counts to', with_({ limits: { schoolPerMinute: 1e21 } })],
    ['days that are none', with_({ holidays: [{ name: 'x', from: '2026-02-30', to: '2026-13-01' }] })],
  ])('is refused in plain words: %s', async (_name, source) => {
    expect(typeof (await outcome(source))).toBe('string');
  });

  it('tells every fault at once, each in plain words', async () => {
    const faults = await outcome(
      with_({
        name: 7,
        tenantId: 'x',
        people: [{ id: 'x', name: '', roles: ['king'] }],
        contacts: { dsl: { name: 'D', email: 'x' } },
        terms: 'none',
        colour: 1,
      }),
    );
    expect(String(faults).split('\n').slice(1)).toEqual([
      '  name: must be text; put it in quotes where it looks like a number or a date',
      '  tenantId: must be an id such as 7e5f1c9a-3b62-4d18-9a47-0c2d8e6b1f34',
      '  people.0.id: must be an id such as 7e5f1c9a-3b62-4d18-9a47-0c2d8e6b1f34',
      '  people.0.name: must not be empty',
      expect.stringContaining('  people.0.roles.0: must be one of headteacher, deputy_headteacher'),
      '  contacts.headteacher: is missing',
      '  contacts.dsl.email: must be an e-mail address',
      '  contacts.chairOfGovernors: is missing',
      '  contacts.lado: is missing',
      '  terms: must be a list',
      '  the file: has what is not known here: "colour"',
    ]);
  });

  it('is accepted or refused in plain words, however its values are changed', async () => {
    const valid = parse(VALID) as object;
    for (const list of fc.sample(mutations, { numRuns: times(250, 8_000), seed: SEED })) {
      const changed = mutated(valid, list);
      await outcome(
        Object.hasOwn(changed, 'toJSON')
          ? JSON.stringify(changed)
          : stringify(changed, { aliasDuplicateObjects: false }),
      );
    }
  }, 3_000_000);

  it('is accepted or refused, whatever becomes of its bytes, and nothing stays in memory', async () => {
    const bytes = Buffer.from(VALID);
    const before = await heldBytes();
    for (const list of fc.sample(breaks, { numRuns: times(250, 8_000), seed: SEED }))
      await outcome(broken(bytes, list));
    expect((await heldBytes()) - before).toBeLessThan(32 * 1024 * 1024);
  }, 3_000_000);
});
