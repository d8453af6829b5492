import { randomBytes } from 'node:crypto';
import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, describe, expect, inject, it } from 'vitest';
import type { EvidencePlace } from '../../src/reports/stores.js';
import { openBlobs } from '../../src/storage/blobs.js';
import { evidenceBlobs } from '../../src/storage/evidence-blobs.js';
import { OwnAzurite } from '../support/azurite-process.js';
import { freePorts } from '../support/ports.js';
import { hex, newReference } from '../support/reports.js';

const schoolId = `blobs-${process.pid}`;
const files = evidenceBlobs(openBlobs({ connectionString: inject('storage') }));
const container = BlobServiceClient.fromConnectionString(inject('storage')).getContainerClient('evidence');
const newPlace = (reference = newReference()): EvidencePlace => ({ schoolId, reference, evidenceId: hex(16) });
const nameOf = ({ reference, evidenceId }: EvidencePlace) => `${schoolId}/${reference}/${evidenceId}`;

describe('evidence', () => {
  it.each([1, 1_000, 10 * 1024 * 1024])('of %i bytes is read back to the byte', async (size) => {
    const place = newPlace();
    const whole = randomBytes(size + 2);
    const bytes = new Uint8Array(whole.buffer, whole.byteOffset + 1, size);
    await files.keepOriginal(place, bytes, 'image/png');
    expect(Buffer.compare((await files.original(place)) ?? Buffer.alloc(0), bytes)).toBe(0);
    expect(await files.viewing(place)).toBeUndefined();
  });

  it('is kept once: the same again is as good, another never takes its place', async () => {
    const place = newPlace();
    await files.keepOriginal(place, Buffer.from('first'), 'image/png');
    await files.keepOriginal(place, Buffer.from('first'), 'image/png');
    await expect(files.keepOriginal(place, Buffer.from('other'), 'image/png')).rejects.toThrow(/stays as it is/u);
    expect(await files.original(place)).toEqual(Buffer.from('first'));
    const racing = newPlace();
    const kept = await Promise.allSettled(
      ['a', 'b', 'c', 'd'].map((text) => files.keepOriginal(racing, Buffer.from(text), 'image/png')),
    );
    expect(kept.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('has a viewing copy beside it, and neither says more than its type', async () => {
    const place = newPlace();
    await files.keepOriginal(place, Buffer.from('original'), 'application/pdf');
    await files.keepViewing(place, Buffer.from('copy'), 'image/webp');
    await files.keepViewing(place, Buffer.from('copy 2'), 'image/webp');
    expect(await files.viewing(place)).toEqual(Buffer.from('copy 2'));
    for (const [name, type] of [
      [nameOf(place), 'application/pdf'],
      [`${nameOf(place)}.view`, 'image/webp'],
    ] as const) {
      const properties = await container.getBlobClient(name).getProperties();
      expect(properties).toMatchObject({ contentType: type, metadata: {} });
      expect(properties.contentDisposition).toBeUndefined();
    }
  });

  it('cannot be read by anyone without the key', async () => {
    const place = newPlace();
    await files.keepOriginal(place, Buffer.from('private'), 'image/png');
    expect((await container.getAccessPolicy()).blobPublicAccess).toBeUndefined();
    expect((await fetch(container.getBlobClient(nameOf(place)).url)).status).not.toBe(200);
  });

  it('is removed alone, or all of a reference and nothing beside it', async () => {
    const reference = newReference();
    const [one, two, other] = [newPlace(reference), newPlace(reference), newPlace()];
    for (const place of [one, two, other]) {
      await files.keepOriginal(place, Buffer.from('x'), 'image/png');
      await files.keepViewing(place, Buffer.from('x'), 'image/png');
    }
    await files.remove(one);
    await files.remove(one);
    expect([await files.original(one), await files.viewing(one)]).toEqual([undefined, undefined]);
    expect(await files.original(two)).toBeDefined();
    await files.removeAll(schoolId, reference);
    expect([await files.original(two), await files.viewing(two)]).toEqual([undefined, undefined]);
    expect([await files.original(other), await files.viewing(other)]).toEqual([Buffer.from('x'), Buffer.from('x')]);
  });

  it.each([
    ['', '', hex(16)],
    ['school', '', hex(16)],
    ['..', newReference(), hex(16)],
    ['a/b', newReference(), hex(16)],
    ['school', newReference(), '../../x'],
    ['school', newReference(), ''],
  ])('has no place "%s/%s/%s"', async (school, reference, evidenceId) => {
    const place = { schoolId: school, reference, evidenceId };
    await expect(files.keepOriginal(place, Buffer.from('x'), 'image/png')).rejects.toThrow();
    await expect(files.remove(place)).rejects.toThrow();
    if (evidenceId.length === 16) await expect(files.removeAll(school, reference)).rejects.toThrow();
    expect(await files.original(place)).toBeUndefined();
  });
});

describe('when blob storage', () => {
  let azurite: OwnAzurite | undefined;
  afterAll(() => azurite?.cleanUp());

  it('is down, that is said, and it is used again when it is back, the container made anew if need be', async () => {
    azurite = await OwnAzurite.start();
    const blobs = openBlobs({ connectionString: azurite.connection });
    const own = evidenceBlobs(blobs);
    const place = newPlace();
    expect(await blobs.unreachable()).toBeUndefined();
    await own.keepOriginal(place, Buffer.from('x'), 'image/png');
    await azurite.down();
    expect(await blobs.unreachable()).toBe('Blob storage does not answer.');
    await expect(own.keepOriginal(newPlace(), Buffer.from('y'), 'image/png')).rejects.toThrow();
    await expect(own.original(place)).rejects.toThrow();
    await azurite.up();
    expect(await own.original(place)).toEqual(Buffer.from('x'));
    await BlobServiceClient.fromConnectionString(azurite.connection).getContainerClient('evidence').delete();
    expect(await own.original(place)).toBeUndefined();
    await own.keepOriginal(place, Buffer.from('z'), 'image/png');
    expect(await own.original(place)).toEqual(Buffer.from('z'));
  });

  it('takes a wrong key, that is said without naming the account', async () => {
    const wrong = inject('storage').replace(/AccountKey=[^;]+/u, 'AccountKey=a2V5');
    expect(await openBlobs({ connectionString: wrong }).unreachable()).toBe('Blob storage answers with status 403.');
    const port = await freePorts(1);
    const nowhere = `DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:${port}/devstoreaccount1;`;
    expect(await openBlobs({ connectionString: nowhere }).unreachable()).toBe('Blob storage does not answer.');
  });
});
