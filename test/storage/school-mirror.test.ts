import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { createLog } from '../../src/log.js';
import { openBlobs } from '../../src/storage/blobs.js';
import { swap } from '../../src/storage/mirrored-folder.js';
import { groupSchoolBlobs } from '../../src/storage/school-blobs.js';
import { SchoolMirror } from '../../src/storage/school-mirror.js';
import { SchoolWatch } from '../../src/storage/school-watch.js';
import { freePorts } from '../support/ports.js';
import { SCHOOLS_DIR } from '../support/sample-school.js';

const PHONES = '1. Staff must use a school phone to ring parents, and never their own phone.\n';
const QUICK = { firstWithin: 2_000, firstEvery: 20 };

describe('a folder of schools kept as a container is', () => {
  const yaml = (id: string) =>
    readFileSync(join(SCHOOLS_DIR, 'example-primary', 'school.yaml'), 'utf8').replaceAll('example-primary', id);
  let folder: string;
  let client: ContainerClient;
  let logged: Record<string, unknown>[];
  let mirror: SchoolMirror;

  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'policy-desk-mirror-')), 'schools');
    const name = `schools-${randomUUID().slice(0, 8)}`;
    client = BlobServiceClient.fromConnectionString(inject('storage')).getContainerClient(name);
    logged = [];
    mirror = mirrorOf(name);
  });
  afterEach(async () => {
    rmSync(join(folder, '..'), { recursive: true, force: true });
    await client.deleteIfExists();
  });

  function mirrorOf(name = client.containerName, connectionString = inject('storage')): SchoolMirror {
    const lines = new Writable({
      write(line, _encoding, done) {
        logged.push(JSON.parse(String(line)));
        done();
      },
    });
    const container = openBlobs({ connectionString }).container(name);
    return new SchoolMirror({ container, folder, log: createLog('debug', lines), times: QUICK });
  }

  async function put(path: string, text: string | Buffer): Promise<void> {
    await client.createIfNotExists();
    const bytes = Buffer.from(text);
    const blobContentMD5 = createHash('md5').update(bytes).digest();
    await client.getBlockBlobClient(path).upload(bytes, bytes.length, { blobHTTPHeaders: { blobContentMD5 } });
  }
  const remove = (path: string) => client.getBlockBlobClient(path).delete();
  const upload = async (id: string) => {
    await put(`${id}/school.yaml`, yaml(id));
    await put(`${id}/policies/phones.txt`, PHONES);
  };
  async function look(times: number): Promise<void> {
    for (let at = 0; at < times; at += 1) await mirror.look();
  }
  const files = () =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .toSorted();
  const text = (path: string) => readFileSync(join(folder, path), 'utf8');
  const events = () =>
    logged.map(({ event, schoolId, outcome }) => [event, schoolId, outcome].filter(Boolean).join(' '));

  it('is filled before the start, byte for byte, and read by those who watch it', async () => {
    await upload('oak');
    await put('shared/policies/animals.txt', '1. Zebras must be kept in the stable during lessons.\n');
    await mirror.first();
    expect(files()).toEqual(['oak/policies/phones.txt', 'oak/school.yaml', 'shared/policies/animals.txt']);
    expect(text('oak/school.yaml')).toBe(yaml('oak'));
    const watch = await SchoolWatch.open(folder, createLog('silent'), () => new Date());
    expect(watch.schools[0]?.policies.map(({ source }) => source)).toEqual(['phones.txt', 'animals.txt']);
  });

  it('changes with it as a whole: what still changes is not taken, and what is the same is not written again', async () => {
    await upload('oak');
    await upload('ash');
    await mirror.first();
    const before = statSync(join(folder, 'ash/school.yaml')).ino;
    await put('oak/policies/phones.txt', '2. Never.\n');
    await look(1);
    expect(text('oak/policies/phones.txt')).toBe(PHONES);
    await put('oak/policies/more.md', '1. More of it.\n');
    await look(1);
    expect(files()).not.toContain('oak/policies/more.md');
    await look(1);
    expect(text('oak/policies/phones.txt')).toBe('2. Never.\n');
    expect(text('oak/policies/more.md')).toBe('1. More of it.\n');
    expect(statSync(join(folder, 'ash/school.yaml')).ino).toBe(before);
    expect(events()).toEqual(['school.mirrored ash', 'school.mirrored oak', 'school.mirrored oak']);
  });

  it('is not fetched again by a process that starts with what it has', async () => {
    await upload('oak');
    await mirror.first();
    const before = statSync(join(folder, 'oak')).ino;
    mirror = mirrorOf();
    await mirror.first();
    await look(3);
    expect(statSync(join(folder, 'oak')).ino).toBe(before);
    expect(events()).toEqual(['school.mirrored oak']);
  });

  it('loses what was deleted, once it is missing twice, and never its last school', async () => {
    await upload('oak');
    await upload('ash');
    await put('oak/policies/more.md', '1. More of it.\n');
    await mirror.first();
    await remove('oak/policies/more.md');
    await remove('ash/school.yaml');
    await remove('ash/policies/phones.txt');
    await look(1);
    expect(files()).toHaveLength(5);
    await look(1);
    expect(files()).toEqual(['oak/policies/phones.txt', 'oak/school.yaml']);
    for (const path of ['oak/school.yaml', 'oak/policies/phones.txt']) await remove(path);
    await look(4);
    expect(files()).toEqual(['oak/policies/phones.txt', 'oak/school.yaml']);
    expect(events().slice(-2)).toEqual(['school.mirror_removed ash', 'schools.not_mirrored empty']);
  });

  it('keeps a school whose school.yaml is gone, or whose files are too large, and says so', async () => {
    await upload('oak');
    await upload('ash');
    await mirror.first();
    await remove('oak/school.yaml');
    await put('ash/school.yaml', Buffer.alloc(300_000, '#'));
    await look(3);
    expect([text('oak/school.yaml'), text('ash/school.yaml')]).toEqual([yaml('oak'), yaml('ash')]);
    expect(mirror.isBehind).toBe(true);
    expect(events().slice(2).toSorted()).toEqual([
      'school.not_mirrored ash too_large',
      'school.not_mirrored oak incomplete',
    ]);
    await upload('oak');
    await upload('ash');
    await look(3);
    expect(mirror.isBehind).toBe(false);
  });

  it('tells of a school that it could not fetch, so that nobody takes its people for another’s', async () => {
    await upload('oak');
    await put('ash/policies/phones.txt', PHONES);
    await mirror.first();
    expect(readdirSync(folder)).toEqual(['ash', 'oak']);
    const open = () => SchoolWatch.open(folder, createLog('silent'), () => new Date());
    await expect(open()).rejects.toThrow(/ash.school\.yaml" cannot be read[\s\S]*No other school is used either/u);
    await put('oak/school.yaml', yaml('oak').replace('tenantIsShared: false', 'tenantIsShared: true'));
    await look(2);
    const watch = await open();
    expect(watch.schools.map(({ profile }) => profile.id)).toEqual(['oak']);
    expect(watch.waiting()).toEqual([{ id: 'ash', profile: undefined }]);
    await put('ash/school.yaml', yaml('ash'));
    await look(2);
    for (let looks = 0; looks < 3; looks += 1) await watch.look();
    expect(watch.schools.map(({ profile }) => profile.id)).toEqual(['ash', 'oak']);
  });

  it('says where to look when no school of the container can be used', async () => {
    await put('ash/policies/phones.txt', PHONES);
    await expect(mirror.first()).rejects.toThrow(/No school of the container .* The lines school\.not_mirrored/u);
  });

  it('stays as it is while storage is away, and a start makes do with what there is', async () => {
    await upload('oak');
    await mirror.first();
    const port = await freePorts(1);
    const away = inject('storage').replace(/127\.0\.0\.1:\d+/gu, `127.0.0.1:${port}`);
    mirror = mirrorOf(client.containerName, away);
    await mirror.first();
    expect(text('oak/school.yaml')).toBe(yaml('oak'));
    expect(mirror.isBehind).toBe(true);
    rmSync(join(folder, 'oak'), { recursive: true });
    await expect(mirror.first()).rejects.toThrow(/storage does not answer, or refuses/u);
    expect(events().slice(1)).toEqual(['schools.not_mirrored']);
  });

  it('says that the container is empty, when it stays so', async () => {
    await expect(mirror.first()).rejects.toThrow(/no school in the container that SCHOOLS_CONTAINER names/u);
  });

  it('is mended after a process that was killed between two moves', async () => {
    mkdirSync(join(folder, '.mirror-old-oak/policies'), { recursive: true });
    writeFileSync(join(folder, '.mirror-old-oak/school.yaml'), yaml('oak'));
    mkdirSync(join(folder, '.mirror-half'), { recursive: true });
    await client.createIfNotExists();
    await mirror.first();
    expect(readdirSync(folder)).toEqual(['oak']);
  });

  it('is left alone by names that are none of a school’s files, and nothing is written outside', async () => {
    await upload('oak');
    for (const name of ['oak/policies/sub/deep.md', 'oak/notes.md', 'OAK/school.yaml']) await put(name, 'x');
    await mirror.first();
    expect(files()).toEqual(['oak/policies/phones.txt', 'oak/school.yaml']);
    expect(readdirSync(join(folder, '..'))).toEqual(['schools']);
    expect(logged.some(({ event }) => event === 'schools.blobs_ignored')).toBe(true);
    expect(JSON.stringify(logged)).not.toMatch(/deep|notes/u);
  });
});

describe('a school that takes another’s place', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'policy-desk-swap-'));
    for (const name of ['oak', '.mirror-old-oak']) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'school.yaml'), name);
    }
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const now = () => readFileSync(join(folder, 'oak/school.yaml'), 'utf8');

  it('is not kept from it by what an earlier one left, and leaves nothing', async () => {
    mkdirSync(join(folder, '.mirror-new'));
    writeFileSync(join(folder, '.mirror-new/school.yaml'), 'new');
    await swap(folder, join(folder, '.mirror-new'), 'oak');
    expect(now()).toBe('new');
    expect(readdirSync(folder)).toEqual(['oak']);
  });

  it('gives it back when it cannot take it', async () => {
    await expect(swap(folder, join(folder, '.mirror-nowhere'), 'oak')).rejects.toThrow(/ENOENT/u);
    expect(now()).toBe('oak');
  });
});

describe('names of blobs', () => {
  const blob = (name: string, size = 10) => ({ name, path: '', size, etag: '"1"', md5: null, changedAt: new Date(0) });
  const taken = (...names: string[]) =>
    [...groupSchoolBlobs(names.map((name) => blob(name))).schools].flatMap(([id, all]) =>
      all.map(({ path }) => `${id}: ${path}`),
    );

  it('are those of school.yaml and of policies', () => {
    expect(taken('oak/school.yaml', 'oak/policies/A policy, 2nd ed. (final).DOCX', 'shared/policies/é.md')).toEqual([
      'oak: policies/A policy, 2nd ed. (final).DOCX',
      'oak: school.yaml',
      'shared: policies/é.md',
    ]);
  });

  it.each([
    'school.yaml',
    'oak/School.yaml',
    'oak/school.yaml/x.md',
    'shared/school.yaml',
    '/oak/school.yaml',
    '//school.yaml',
    '../school.yaml',
    './school.yaml',
    '.git/policies/a.md',
    'oak/../ash/policies/a.md',
    'oak/policies/..',
    'oak/policies/../a.md',
    'oak/policies//a.md',
    'oak/policies/.hidden.md',
    'oak/policies/~$a.docx',
    'oak/policies/a\\..\\b.md',
    'oak/policies/C:a.md',
    'oak/policies/a\u0000.md',
    'oak/policies/a\n.md',
    'oak/policies/\u202edm.a.md',
    'oak/policies/a.exe',
    'oak/policies/a.md/',
    'oak/policies\\a.md',
    'oak\\policies\\a.md',
    'oak/Policies/a.md',
    `oak/policies/${'a'.repeat(200)}.md`,
    `oak/policies/${'漢'.repeat(90)}.md`,
    `${'a'.repeat(64)}/school.yaml`,
    'oak school/school.yaml',
    '__proto__/school.yaml',
  ])('refuse %j', (name) => {
    expect(taken(name)).toEqual([]);
  });

  it('do not make a school of more than any school has', () => {
    const many = Array.from({ length: 201 }, (_, at) => blob(`oak/policies/${at}.md`));
    expect(groupSchoolBlobs([...many, blob('ash/school.yaml')]).tooLarge).toEqual(new Set(['oak']));
    expect(groupSchoolBlobs([blob('oak/policies/a.pdf', 20 * 1024 * 1024 + 1)]).tooLarge).toEqual(new Set(['oak']));
    const large = Array.from({ length: 11 }, (_, at) => blob(`oak/policies/${at}.pdf`, 20 * 1024 * 1024));
    expect(groupSchoolBlobs(large).tooLarge).toEqual(new Set(['oak']));
  });
});
