import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../../src/log.js';
import { SchoolWatch } from '../../src/storage/school-watch.js';
import { aMessage } from '../support/activities.js';
import { cardText, startBot, type TestBot } from '../support/bot.js';
import { SCHOOLS_DIR } from '../support/sample-school.js';

const OLD = '1. Staff must use a school phone to ring parents, and never their own phone.\n';
const NEW = '1. Staff must use a school phone to ring parents, and switch it off at six.\n';
const QUESTION = 'can i ring a parent from my own phone';
const now = () => new Date('2026-11-20T15:42:00Z');

describe('schools whose files change', () => {
  let folder: string;
  let logged: Record<string, unknown>[];
  let watch: SchoolWatch;
  let policy: string;
  const read = readFileSync(join(SCHOOLS_DIR, 'example-primary', 'school.yaml'), 'utf8');

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'policy-desk-schools-'));
    policy = addSchool('one', OLD);
    logged = [];
    const lines = new Writable({
      write(line, _encoding, done) {
        logged.push(JSON.parse(String(line)));
        done();
      },
    });
    watch = await SchoolWatch.open(folder, createLog('debug', lines), now);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function addSchool(id: string, text: string): string {
    mkdirSync(join(folder, id, 'policies'), { recursive: true });
    writeFileSync(join(folder, id, 'school.yaml'), read.replaceAll('example-primary', id));
    const file = join(folder, id, 'policies', 'policy.txt');
    writeFileSync(file, text);
    return file;
  }

  async function look(times: number): Promise<void> {
    for (let at = 0; at < times; at += 1) await watch.look();
  }

  const quoted = (id = 'one') =>
    watch.schools
      .find(({ profile }) => profile.id === id)
      ?.policies.flatMap(({ clauses }) => clauses.map(({ text }) => text));
  const events = () => logged.map(({ event, schoolId, code }) => [event, schoolId, code].filter(Boolean).join(' '));

  describe('and the bot that answers from them', () => {
    let bot: TestBot;
    beforeEach(async () => {
      bot = await startBot({ schools: watch.schools });
    });
    afterEach(() => bot.stop());
    const answer = async () => cardText((await bot.replies(aMessage(QUESTION))).at(-1));

    it('quotes the new wording without a restart, the last good one while a file is broken, and the mended one', async () => {
      expect(await answer()).toContain('never their own phone');
      writeFileSync(policy, NEW);
      await look(2);
      expect(await answer()).toContain('switch it off at six');

      writeFileSync(policy, Buffer.from([0xff, 0xfe, 0xff, 0x00]));
      await look(3);
      expect(await answer()).toContain('switch it off at six');
      expect(watch.faults()).toMatchObject([{ schoolId: 'one', code: 'policy_unreadable', since: now() }]);
      expect(watch.waiting()).toEqual([]);

      writeFileSync(policy, OLD);
      await look(2);
      expect(await answer()).toContain('never their own phone');
      expect(watch.faults()).toEqual([]);
    });

    it('lets a turn that has begun end with the school it began with', async () => {
      const [school] = watch.schools;
      writeFileSync(policy, NEW);
      await look(2);
      expect(school?.index.find(QUESTION)[0]?.clause.text).toContain('never their own phone');
    });
  });

  it('are read again only when they have changed, and only those', async () => {
    addSchool('two', OLD);
    await look(2);
    const [one, two] = watch.schools;
    await look(3);
    expect(watch.schools).toEqual([one, two]);
    writeFileSync(policy, NEW);
    await look(2);
    expect(watch.schools[0]).not.toBe(one);
    expect(watch.schools[1]).toBe(two);
    expect(events()).toEqual(['school.read two', 'school.read one']);
  });

  it('are not taken over while they still change: a file half copied is never answered from', async () => {
    writeFileSync(policy, '1. Staff must');
    await look(1);
    for (const word of [' never', ' ring', ' parents']) {
      appendFileSync(policy, word);
      await look(1);
      expect(quoted()).toEqual([expect.stringContaining('never their own phone')]);
    }
    appendFileSync(policy, ' at night.\n');
    await look(2);
    expect(quoted()).toEqual(['Staff must never ring parents at night.']);
  });

  it('may have several policies, some of them new, and files that are none', async () => {
    const beside = (name: string, text: string) => writeFileSync(join(folder, 'one', 'policies', name), text);
    beside('second.md', '# Zebras\n\nZebras must be kept in the stable.\n');
    beside('~$policy.txt', 'what a word processor leaves');
    beside('.hidden.txt', 'x');
    beside('notes.xyz', 'x');
    await look(2);
    expect(watch.schools[0]?.policies.map(({ source }) => source)).toEqual(['policy.txt', 'second.md']);
    rmSync(policy);
    await look(2);
    expect(watch.schools[0]?.policies.map(({ source }) => source)).toEqual(['second.md']);
  });

  it.each<[string, () => void, string]>([
    ['a policy without words', () => writeFileSync(policy, '\n'), 'policy_unreadable'],
    ['no policy left', () => rmSync(policy), 'school_unreadable'],
    [
      'a school.yaml that is no YAML',
      () => writeFileSync(join(folder, 'one', 'school.yaml'), ': ['),
      'school_unreadable',
    ],
    [
      'a school.yaml with faults',
      () => writeFileSync(join(folder, 'one', 'school.yaml'), 'name: X'),
      'school_unreadable',
    ],
    ['no school.yaml', () => rmSync(join(folder, 'one', 'school.yaml')), 'school_unreadable'],
  ])('stay as they were with %s, which is logged once and without a name', async (_name, spoil, code) => {
    spoil();
    await look(50);
    expect(quoted()).toEqual([expect.stringContaining('never their own phone')]);
    expect(logged).toEqual([
      { level: 'warn', time: expect.any(String), event: 'school.not_read', schoolId: 'one', code },
    ]);
    addSchool('one', NEW);
    await look(2);
    expect(quoted()).toEqual([expect.stringContaining('switch it off at six')]);
    expect(events()).toEqual([`school.not_read one ${code}`, 'school.read one']);
  });

  it('take in a new profile with the policies', async () => {
    writeFileSync(join(folder, 'one', 'school.yaml'), read.replace('Example Primary School', 'Another Name'));
    await look(2);
    expect(watch.schools.map(({ profile }) => profile.name)).toEqual(['Another Name']);
  });

  it('get company by a new folder, once it can be read', async () => {
    mkdirSync(join(folder, 'another'));
    await look(3);
    expect(watch.schools.map(({ profile }) => profile.id)).toEqual(['one']);
    addSchool('another', NEW);
    await look(2);
    expect(watch.schools.map(({ profile }) => profile.id)).toEqual(['another', 'one']);
    expect(events()).toEqual(['school.not_read another school_unreadable', 'school.read another']);
  });

  it('are not doubled by a copy of a folder that still names the same team', async () => {
    cpSync(join(folder, 'one'), join(folder, 'copy'), { recursive: true });
    await look(30);
    expect(watch.schools.map(({ profile }) => profile.id)).toEqual(['one']);
    expect(events()).toEqual(['school.not_read copy school_ambiguous']);
    addSchool('copy', NEW);
    await look(2);
    expect(watch.schools.map(({ profile }) => profile.id)).toEqual(['copy', 'one']);
  });

  it('go when their folder has been gone for a while, but not while it is being replaced', async () => {
    addSchool('two', OLD);
    await look(2);
    renameSync(join(folder, 'two'), `${folder}-aside`);
    await look(19);
    expect(watch.schools).toHaveLength(2);
    renameSync(`${folder}-aside`, join(folder, 'two'));
    await look(3);
    rmSync(join(folder, 'two'), { recursive: true });
    await look(20);
    expect(watch.schools.map(({ profile }) => profile.id)).toEqual(['one']);
    expect(events()).toEqual(['school.read two', 'school.removed two']);
  });

  it('stay when there is no folder at all, as when a share is gone, and are watched again when it is back', async () => {
    const aside = `${folder}-aside`;
    renameSync(folder, aside);
    await look(30);
    mkdirSync(folder);
    await look(30);
    expect(quoted()).toEqual([expect.stringContaining('never their own phone')]);
    rmSync(folder, { recursive: true });
    renameSync(aside, folder);
    writeFileSync(policy, NEW);
    await look(2);
    expect(quoted()).toEqual([expect.stringContaining('switch it off at six')]);
    expect(events()).toEqual(['schools.not_listed school_unreadable', 'school.read one']);
  });

  it('are looked at again and again by themselves, until told to stop', async () => {
    watch.start(5);
    writeFileSync(policy, NEW);
    while (!quoted()?.[0]?.includes('switch it off')) await new Promise((resolve) => setTimeout(resolve, 5));
    await watch.stop();
    writeFileSync(policy, OLD);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(quoted()).toEqual([expect.stringContaining('switch it off at six')]);
  });
});
