import { randomBytes } from 'node:crypto';
import { BlobServiceClient } from '@azure/storage-blob';
import { describe, expect, inject, it } from 'vitest';
import { openBlobs } from '../../src/storage/blobs.js';
import { summaryDocuments } from '../../src/storage/summary-documents.js';
import type { DocumentPlace } from '../../src/summaries/summary.js';

const documents = summaryDocuments(openBlobs({ connectionString: inject('storage') }));
const container = BlobServiceClient.fromConnectionString(inject('storage')).getContainerClient('summaries');
const newPlace = (change: Partial<DocumentPlace> = {}): DocumentPlace => ({
  ...{ schoolId: `documents-${crypto.randomUUID()}`, id: 'half_term-2026-08-31', edition: 'governors', format: 'pdf' },
  ...change,
});

describe('a document of a summary', () => {
  it('is read back to the byte, each edition and format by itself', async () => {
    const place = newPlace();
    const whole = randomBytes(70_002);
    const bytes = new Uint8Array(whole.buffer, whole.byteOffset + 1, 70_000);
    await documents.keep(place, bytes);
    expect(Buffer.compare((await documents.read(place)) ?? Buffer.alloc(0), bytes)).toBe(0);
    for (const change of [
      { edition: 'chair' },
      { format: 'csv' },
      { id: 'term-2026-08-31' },
      { schoolId: 'x' },
    ] as const)
      expect(await documents.read({ ...place, ...change })).toBeUndefined();
  });

  it('is kept once: the same again is as good, another never takes its place', async () => {
    const place = newPlace();
    await documents.keep(place, Buffer.from('first'));
    await documents.keep(place, Buffer.from('first'));
    await expect(documents.keep(place, Buffer.from('other'))).rejects.toThrow(/stays as it is/u);
    expect(await documents.read(place)).toEqual(Buffer.from('first'));
    const racing = newPlace();
    const kept = await Promise.allSettled(['a', 'b', 'c'].map((text) => documents.keep(racing, Buffer.from(text))));
    expect(kept.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it.each([
    ['pdf', 'application/pdf'],
    ['csv', 'text/csv; charset=utf-8'],
  ] as const)('says of a %s no more than its type, and only to whoever has the key', async (format, type) => {
    const place = newPlace({ format, edition: 'chair' });
    await documents.keep(place, Buffer.from('private'));
    const blob = container.getBlobClient(`${place.schoolId}/half_term-2026-08-31/chair.${format}`);
    const properties = await blob.getProperties();
    expect(properties).toMatchObject({ contentType: type, metadata: {} });
    expect(properties.contentDisposition).toBeUndefined();
    expect((await container.getAccessPolicy()).blobPublicAccess).toBeUndefined();
    expect((await fetch(blob.url)).status).not.toBe(200);
  });

  it.each<Partial<Record<keyof DocumentPlace, string>>>([
    { schoolId: '' },
    { schoolId: '..' },
    { schoolId: 'a/b' },
    { id: '' },
    { id: '../half_term-2026-08-31' },
    { id: 'half_term-2026-08-31/x' },
    { edition: '../chair' },
    { format: 'exe' },
  ])('has no place %j', async (change) => {
    const place = { ...newPlace(), ...change } as DocumentPlace;
    await expect(documents.keep(place, Buffer.from('x'))).rejects.toThrow();
    expect(await documents.read(place)).toBeUndefined();
  });
});
