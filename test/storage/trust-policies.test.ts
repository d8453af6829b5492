import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../../src/log.js';
import { sourceOf } from '../../src/policies/citation.js';
import { listSchools, readSchools } from '../../src/storage/school-folder.js';
import { SchoolWatch } from '../../src/storage/school-watch.js';
import { aMessage } from '../support/activities.js';
import { cardText, startBot } from '../support/bot.js';
import { SCHOOLS_DIR } from '../support/sample-school.js';

const now = () => new Date('2026-11-20T15:42:00Z');
const PHONES = '1. Staff must use a school phone to ring parents, and never their own phone.\n';
const ZEBRAS = '1. Zebras must be kept in the stable during lessons.\n';
const ASKED = 'can i ring a parent from my own phone';

describe('a trust’s policies', () => {
  let folder: string;
  const example = readFileSync(join(SCHOOLS_DIR, 'example-primary', 'school.yaml'), 'utf8');

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'policy-desk-trust-'));
    put('shared/policies/phones.txt', PHONES);
    put('shared/policies/animals.md', `---\ntitle: Animals in school\n---\n\n${ZEBRAS}`);
    for (const id of ['oak', 'ash']) put(`${id}/school.yaml`, example.replaceAll('example-primary', id));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function put(path: string, text: string): void {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }

  const open = () => SchoolWatch.open(folder, createLog('silent'), now);
  const sources = (watch: SchoolWatch, id: string) =>
    watch.schools
      .find(({ profile }) => profile.id === id)
      ?.policies.map(({ source, ofTrust }) => `${ofTrust ? 'trust' : 'own'} ${source}`);

  it('are part of every school, and the folder is no school', async () => {
    put('ash/policies/own.txt', '1. Staff must feed the goat.\n');
    expect(await listSchools(folder)).toEqual(['ash', 'oak']);
    const watch = await open();
    expect(sources(watch, 'oak')).toEqual(['trust animals.md', 'trust phones.txt']);
    expect(sources(watch, 'ash')).toEqual(['own own.txt', 'trust animals.md', 'trust phones.txt']);
  });

  it('give way to a school’s own of the same file name or the same title, there alone', async () => {
    put('ash/policies/Phones.MD', '# Ringing parents\n\n1. Staff may ring parents from any phone.\n');
    put('ash/policies/goats.md', '---\ntitle: ANIMALS  in school\n---\n\n1. Goats must be kept in the stable.\n');
    const watch = await open();
    expect(sources(watch, 'ash')).toEqual(['own Phones.MD', 'own goats.md']);
    expect(sources(watch, 'oak')).toEqual(['trust animals.md', 'trust phones.txt']);
    const [ash] = watch.schools;
    expect(ash?.index.find(ASKED)[0]?.clause.text).toBe('Staff may ring parents from any phone.');
  });

  it('are quoted as the trust’s on the card, and a school’s own as its own', async () => {
    put('oak/policies/own.txt', '1. Staff must feed the goat.\n');
    const watch = await open();
    const bot = await startBot({ schools: watch.schools.filter(({ profile }) => profile.id === 'oak') });
    try {
      const card = cardText((await bot.replies(aMessage(ASKED))).at(-1));
      expect(card).toContain('never their own phone');
      expect(card).toContain('Phones · the trust’s policy · no version stated');
    } finally {
      await bot.stop();
    }
    const own = watch.schools[1]?.policies.find(({ ofTrust }) => !ofTrust);
    expect(own && sourceOf(own)).toBe('Own · no version stated · no date of approval stated');
  });

  it('that change are taken over for every school, and stay as they were while one cannot be read', async () => {
    const watch = await open();
    const quoted = () => watch.schools.map(({ index }) => index.find(ASKED)[0]?.clause.text);
    put(
      'shared/policies/phones.txt',
      '1. Staff must ring parents from the office phone alone, never their own phone.\n',
    );
    await watch.look();
    expect(quoted()[0]).toContain('a school phone');
    await watch.look();
    expect(quoted()).toEqual([expect.stringContaining('office'), expect.stringContaining('office')]);
    writeFileSync(join(folder, 'shared/policies/phones.txt'), Buffer.from([0xff, 0xfe, 0xff, 0x00]));
    for (let looks = 0; looks < 3; looks += 1) await watch.look();
    expect(quoted()).toEqual([expect.stringContaining('office'), expect.stringContaining('office')]);
    expect(watch.faults().map(({ schoolId, code }) => `${schoolId} ${code}`)).toEqual([
      'ash policy_unreadable',
      'oak policy_unreadable',
    ]);
    put('shared/policies/phones.txt', PHONES);
    for (let looks = 0; looks < 3; looks += 1) await watch.look();
    expect(quoted()[1]).toContain('a school phone');
    expect(watch.faults()).toEqual([]);
    renameSync(join(folder, 'shared'), join(folder, '.gone'));
    for (let looks = 0; looks < 10; looks += 1) await watch.look();
    expect(quoted()[1]).toContain('a school phone');
    expect(watch.faults()).toHaveLength(2);
    put('ash/policies/own.txt', '1. Staff must feed the goat.\n');
    for (let looks = 0; looks < 30; looks += 1) await watch.look();
    // A minute later they are taken for removed; a school without any other stays as it was.
    expect(sources(watch, 'ash')).toEqual(['own own.txt']);
    expect(quoted()[1]).toContain('a school phone');
  });

  it('are told by a school that has none at all', async () => {
    rmSync(join(folder, 'shared'), { recursive: true });
    await expect(readSchools(folder)).rejects.toThrow(/There is no policy in ".*ash.policies"/u);
  });
});

describe('schools at the start', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'policy-desk-start-'));
    for (const id of ['oak', 'ash', 'elm'])
      cpSync(join(SCHOOLS_DIR, 'example-primary'), join(folder, id), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function setUp(id: string, change: (yaml: string) => string): void {
    const file = join(folder, id, 'school.yaml');
    writeFileSync(file, change(readFileSync(file, 'utf8').replaceAll('19:example-primary', `19:${id}`)));
  }
  const ids = async () => {
    const watch = await SchoolWatch.open(folder, createLog('silent'), now);
    return [watch.schools.map(({ profile }) => profile.id), watch.faults().map(({ schoolId }) => schoolId)];
  };

  it('are served although another cannot be read, as long as nobody is taken for another school’s', async () => {
    for (const id of ['oak', 'ash']) setUp(id, (yaml) => yaml);
    setUp('elm', () => 'name: [');
    expect(await ids()).toEqual([['ash', 'oak'], ['elm']]);
    // One alone in its tenant takes everybody there for its own, and elm may be of that tenant.
    setUp('ash', () => 'name: [');
    await expect(ids()).rejects.toThrow(/school\.yaml" cannot be read as YAML/u);
    setUp('oak', (yaml) => yaml.replace('tenantIsShared: false', 'tenantIsShared: true'));
    expect(await ids()).toEqual([['oak'], ['ash', 'elm']]);
    setUp('oak', () => 'name: [');
    await expect(ids()).rejects.toThrow(/school\.yaml" cannot be read as YAML/u);
  });

  it('with the same team are both left out', async () => {
    for (const id of ['oak', 'ash']) setUp(id, (yaml) => yaml.replaceAll('19:ash', '19:oak'));
    const other = '99999999-3b62-4d18-9a47-0c2d8e6b1f34';
    setUp('elm', (yaml) => yaml.replace(/tenantId: .*/u, `tenantId: ${other}`));
    expect(await ids()).toEqual([['elm'], ['ash', 'oak']]);
  });
});
