import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { schoolYaml } from '../../src/cli/school/school-yaml.js';
import { parseProfile } from '../../src/schools/profile.js';
import { readProfile } from '../../src/storage/school-folder.js';
import { parseYaml } from '../../src/yaml.js';
import { programOf } from '../support/built.js';
import { SCHOOLS_DIR } from '../support/sample-school.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const id = (last: string) => `1d3c6a51-7b1e-4f0a-8c55-1e9a2b7d4c${last}`;
const TENANT = '8e5f1c9a-3b62-4d18-9a47-0c2d8e6b1f34';
const PEOPLE = [
  ...['--headteacher-name', 'Helen Achebe', '--headteacher-id', id('02'), '--headteacher-phone', '01752 123 456'],
  ...['--dsl-name', 'Daniel Hughes', '--dsl-id', id('03'), '--dsl-phone', '01752 123 457'],
  ...['--deputy-name', 'Daniel Hughes', '--deputy-id', id('03')],
  ...['--chair-name', 'Ruth “Chair”: Castellan', '--chair-id', id('04'), '--chair-email', 'ruth@oak.sch.uk'],
  ...['--lado-name', 'LADO', '--lado-phone', '01752 123 458'],
];
const ALL = [
  ...['--id', 'oak', '--name', 'Oak Primary', '--tenant', TENANT, ...PEOPLE],
  ...['--term', 'Autumn 2026, 2026-09-02, 2026-12-18', '--holiday', 'Half-term, 2026-10-26, 2026-10-30'],
];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'policy-desk-school-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function school(args: readonly string[], input = ''): Promise<{ code: number | null; out: string; err: string }> {
  const env = { ...process.env, SCHOOLS_DIR: folder };
  const child = spawn(process.execPath, [...programOf('src/cli/school.ts'), ...args], {
    cwd: ROOT,
    env,
  });
  const written = { out: '', err: '' };
  child.stdout.on('data', (data) => (written.out += data));
  child.stderr.on('data', (data) => (written.err += data));
  child.stdin.end(input);
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...written })));
}

describe('school new', () => {
  it('writes from flags what the bot reads, and never overwrites it', async () => {
    const policy = join(SCHOOLS_DIR, 'example-primary', 'policies', 'social-media-policy.md');
    const { code, out, err } = await school(['new', ...ALL, '--policy', policy]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('npm run school -- check oak');
    expect(readdirSync(folder)).toEqual(['oak']);
    expect(readdirSync(join(folder, 'oak', 'policies'))).toEqual(['social-media-policy.md']);
    const profile = await readProfile(folder, 'oak');
    expect(profile.people).toEqual([
      { id: id('02'), name: 'Helen Achebe', roles: ['headteacher'] },
      { id: id('03'), name: 'Daniel Hughes', roles: ['deputy_headteacher', 'dsl'] },
      { id: id('04'), name: 'Ruth “Chair”: Castellan', roles: ['chair_of_governors', 'governor'] },
    ]);
    expect(profile).toMatchObject({ tenantId: TENANT, tenantIsShared: false, timeZone: 'Europe/London' });
    const before = readFileSync(join(folder, 'oak', 'school.yaml'), 'utf8');
    const again = await school(['new', ...ALL]);
    expect([again.code, again.err]).toEqual([2, expect.stringMatching(/There is a school "oak" already/u)]);
    expect(readFileSync(join(folder, 'oak', 'school.yaml'), 'utf8')).toBe(before);
  });

  it('asks line by line, says at once what is wrong with an answer, and keeps what came before it', async () => {
    const users = join(folder, 'staff.csv');
    writeFileSync(
      users,
      `id,displayName,accountEnabled\n${id('07')},"Larkin, Beth",true\n${id('08')},Gone Away,false\n`,
    );
    const lines = ['Oak Primary', 'shared', 'oak', 'Oak "Primary": a school', TENANT.slice(1), TENANT, 'maybe', 'yes'];
    const team = 'https://teams.microsoft.com/l/team/19%3Aabc%40thread.tacv2/conversations?groupId=1';
    const channel = 'https://teams.microsoft.com/l/channel/19%3Adef%40thread.tacv2/Head%20%26%20SLT?groupId=1';
    const rest = [
      '',
      '',
      `Sam Okafor ${id('06')}`,
      'Sam',
      '',
      '',
      users,
      'Autumn',
      'Autumn 2026, 2026-09-02, 2026-12-18',
      '',
      '',
    ];
    const input = [...lines, ...rest, team, '', 'http://teams.example.org/x', channel, ''].join('\n');
    const { code, out } = await school(
      ['new', ...PEOPLE, '--headteacher-email', 'h@oak.sch.uk', ...phones],
      `${input}\n`,
    );
    expect(out).toContain('The short name may only have lower-case letters');
    expect(out).toContain('"shared" is the folder of a trust’s own policies');
    expect(out).toContain('A tenant id looks like');
    expect(out).toContain('Answer yes or no.');
    expect(out).toContain('Write the name and the object id');
    expect(out).toContain('Write the name, the first and the last day');
    expect(out).toContain('That is not a link of Teams');
    expect(code).toBe(0);
    const profile = await readProfile(folder, 'oak');
    expect(profile).toMatchObject({ name: 'Oak "Primary": a school', tenantIsShared: true });
    expect(profile.people.map(({ name, roles }) => `${name}: ${roles}`).slice(3)).toEqual([
      'Sam Okafor: triager',
      'Larkin, Beth: staff',
    ]);
    expect(profile.teams).toMatchObject({
      teamId: '19:abc@thread.tacv2',
      headteacherChannel: { id: '19:def@thread.tacv2', name: 'Head & SLT' },
      governorsChat: { id: expect.stringContaining('choose-in-teams') },
    });
  });

  it('writes nothing when answers are missing, and says how to go on', async () => {
    const { code, out } = await school(['new', '--name', 'Oak Primary'], 'oak\n');
    expect(code).toBe(1);
    expect(out).toContain('Nothing was written. Still needed: --tenant, --headteacher-name');
    expect(out).toContain('npm run school -- new --id "oak" --name "Oak Primary"');
    expect(readdirSync(folder)).toEqual([]);
    const wrong = await school(['new', '--tenant', 'oak.sch.uk']);
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringMatching(/^--tenant: A tenant id looks like/u)]);
    expect(existsSync(join(folder, 'oak'))).toBe(false);
  });

  it('keeps what was answered when a file cannot be read in the end, and overwrites no policy by another', async () => {
    const lost = await school(['new', ...ALL, '--staff', join(folder, 'nowhere.csv')], '\n'.repeat(40));
    expect([lost.code, lost.err]).toEqual([2, expect.stringContaining('nowhere.csv", cannot be read')]);
    expect(lost.out).toContain('What was answered is not lost; go on with:\n  npm run school -- new --id "oak"');
    const policies = ['a', 'b'].map((name) => {
      mkdirSync(join(folder, `.${name}`));
      writeFileSync(join(folder, `.${name}`, 'phones.txt'), '1. Staff must use a school phone.\n');
      return join(folder, `.${name}`, 'phones.txt');
    });
    const twice = await school(['new', ...ALL, ...policies.flatMap((file) => ['--policy', file])], '\n'.repeat(40));
    expect([twice.code, twice.err]).toEqual([2, expect.stringContaining('so nothing was')]);
    expect(existsSync(join(folder, 'oak'))).toBe(false);
  });

  it.each(['../oak', 'oak/ash', '.oak', 'oak\nash', 'Oak', ''])('takes no %j for a folder', async (name) => {
    const { code } = await school(['new', ...ALL.slice(2), '--id', name]);
    expect(code).toBeGreaterThan(0);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('writes names of any signs so that they are read as they were typed', async () => {
    const names = [
      'Oak: # {x}',
      "O'Neil",
      '- a',
      '"q" \\',
      'null',
      'Yes',
      '2026',
      'a\nroles: [headteacher]',
      'x }, y: {',
      '&a',
      '!x',
      '%',
    ];
    for (const [at, name] of names.entries()) {
      const text = schoolYaml(
        {
          ...{ id: ['oak'], name: [name], tenant: [TENANT], 'time-zone': ['Europe/London'], 'shared-tenant': ['no'] },
          ...{ 'headteacher-name': [name], 'headteacher-id': [id('02')], 'team-name': [name] },
          ...{ 'dsl-name': [name], 'dsl-id': [id('03')], 'chair-name': [name], 'chair-id': [id('04')] },
          ...{ 'lado-name': [name], term: [`${name.replaceAll('\n', ' ')}, 2026-09-02, 2026-12-18`] },
        },
        [{ id: id('05'), name, enabled: true }],
      );
      const profile = parseProfile('oak', parseYaml(text));
      expect([profile.name, profile.teams.teamName, profile.contacts.lado.name], String(at)).toEqual([
        name,
        name,
        name,
      ]);
      expect(profile.people.map((one) => [one.name, one.roles[0]])).toEqual([
        [name, 'headteacher'],
        [name, 'dsl'],
        [name, 'chair_of_governors'],
        [name, 'staff'],
      ]);
    }
  });
});

const phones = ['--dsl-email', 'd@oak.sch.uk', '--chair-phone', '01752 123 459', '--lado-email', 'l@oak.sch.uk'];

describe('school check', () => {
  it('tells of every school and of the trust’s policies, worst first, with exit codes', async () => {
    cpSync(join(SCHOOLS_DIR, 'example-primary'), join(folder, 'oak'), { recursive: true });
    const file = join(folder, 'oak', 'school.yaml');
    const yaml = readFileSync(file, 'utf8')
      .replaceAll('0d3c6a51', '1d3c6a51')
      .replace(/tenantId: .*/u, `tenantId: ${TENANT}`);
    writeFileSync(file, yaml.replaceAll('19:example-primary', '19:oak'));
    mkdirSync(join(folder, 'shared', 'policies'), { recursive: true });
    writeFileSync(join(folder, 'shared', 'policies', 'phones.md'), '# Phones\n\n1. Staff must switch phones off.\n');
    writeFileSync(join(folder, 'shared', 'policies', 'old.doc'), 'x');
    const good = await school(['check', '--on', '2026-11-20', '--json']);
    const found = JSON.parse(good.out).schools as { id: string; findings: { severity: string; code: string }[] }[];
    expect(good.code).toBe(0);
    expect(found.map(({ id: name, findings }) => [name, ...findings.map(({ code }) => code)])).toEqual([
      ['oak', 'example_phone', 'example_email'],
      ['shared', 'not_a_policy', 'no_review_date', 'not_approved', 'no_version'],
    ]);
    mkdirSync(join(folder, 'ash'));
    writeFileSync(join(folder, 'ash', 'school.yaml'), 'name: Ash\n');
    const users = join(folder, 'users.csv');
    writeFileSync(
      users,
      `\uFEFFUser principal name,Display name,Object Id,Account enabled\nx,Helen Achebe,${id('02')},False\n`,
    );
    const bad = await school(['check', '--on', '2028-01-01', '--users', users]);
    expect(bad.code).toBe(1);
    expect(bad.out).toMatch(/^ash \(ash\): \d+ errors\n {2}ERROR {4}In school\.yaml, tenantId: is missing\./u);
    expect(bad.out).toContain('The term dates have run out: the last term ended on Wed 21 Jul 2027.');
    expect(bad.out).toContain('The account of Helen Achebe (headteacher, triager) is blocked.');
    expect(bad.out).toContain(
      `Ruth Castellan (chair_of_governors, governor) is not among the accounts: no account has the id ${id('04')}.`,
    );
    expect(bad.out).toMatch(/was to be reviewed by/u);
    const source = readFileSync(join(folder, 'oak', 'school.yaml'), 'utf8');
    mkdirSync(join(folder, 'fir'));
    writeFileSync(join(folder, 'fir', 'school.yaml'), source.replace(/^tenantId: .+$/mu, `tenantId: ${id('99')}`));
    const both = await school(['check', '--users', users]);
    expect([both.code, both.err]).toEqual([
      2,
      'A list of accounts is of one tenant, and these schools are of several. Name one school: npm run school -- check ID --users FILE.csv\n',
    ]);
    expect((await school(['check', 'oak', '--users', users])).out).toContain('is not among the accounts');
    const none = await school(['check', 'elm']);
    expect([none.code, none.err]).toEqual([2, 'There is no school "elm".\n']);
  });
});
