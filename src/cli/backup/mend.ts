import { createHash } from 'node:crypto';
import type { BlobItem, ContainerClient } from '@azure/storage-blob';
import type { CaseRecord } from '../../reports/verify.js';
import { unlessGone } from '../../storage/blob-files.js';
import type { Blobs } from '../../storage/blobs.js';

/** A file as the case log names it. */
interface Wanted {
  readonly name: string;
  readonly type: string;
  readonly sha256: string;
}

export interface Mended {
  /** Files that had been changed or removed, and are again what the case log says. */
  readonly mended: number;
  /** Files of which storage has kept nothing that fits, by their names. */
  readonly lost: readonly string[];
}

/**
 * Brings back evidence that was changed or removed, from what the account has kept of it: earlier versions, what was softly deleted,
 * snapshots. Only bytes with the SHA-256 in the case log are taken. What is sound is not touched.
 */
export async function mendEvidence(blobs: Blobs, records: AsyncIterable<CaseRecord>): Promise<Mended> {
  let mended = 0;
  const lost: string[] = [];
  for await (const record of records)
    for (const wanted of filesOf(record))
      await blobs.container('evidence').use(async (container) => {
        if (await isSound(container, wanted)) return;
        if (await mend(container, wanted)) mended += 1;
        else lost.push(wanted.name);
      });
  return { mended, lost };
}

function filesOf({ schoolId, reference, evidence }: CaseRecord): readonly Wanted[] {
  return evidence.flatMap(({ id, sha256, type, viewing }) => {
    const name = `${schoolId}/${reference}/${id}`;
    const copy = viewing && { name: `${name}.view`, type: viewing.type, sha256: viewing.sha256 };
    return [{ name, type, sha256 }, ...(copy ? [copy] : [])];
  });
}

async function isSound(container: ContainerClient, { name, sha256 }: Wanted): Promise<boolean> {
  return hashOf(await unlessGone(container.getBlobClient(name).downloadToBuffer())) === sha256;
}

/** @returns whether something that fits was found, and put in its place. */
async function mend(container: ContainerClient, wanted: Wanted): Promise<boolean> {
  const kept = await keptOf(container, wanted.name);
  if (await takenFrom(container, kept, wanted)) return true;
  if (!kept.some(({ deleted }) => deleted)) return false;
  // Without versions, what was softly deleted can only be read once it is back.
  await container.getBlobClient(wanted.name).undelete();
  return (await isSound(container, wanted)) || takenFrom(container, await keptOf(container, wanted.name), wanted);
}

async function takenFrom(container: ContainerClient, kept: readonly BlobItem[], wanted: Wanted): Promise<boolean> {
  for (const { versionId, snapshot } of kept) {
    const current = container.getBlobClient(wanted.name);
    if (!versionId && !snapshot) continue;
    const earlier = versionId ? current.withVersion(versionId) : current.withSnapshot(snapshot);
    const bytes = await unlessGone(earlier.downloadToBuffer());
    if (!bytes || hashOf(bytes) !== wanted.sha256) continue;
    const blobHTTPHeaders = { blobContentType: wanted.type };
    await container.getBlockBlobClient(wanted.name).uploadData(bytes, { blobHTTPHeaders });
    return true;
  }
  return false;
}

/** All that the account has kept under a name. */
async function keptOf(container: ContainerClient, name: string): Promise<readonly BlobItem[]> {
  const found: BlobItem[] = [];
  const all = { includeVersions: true, includeSnapshots: true, includeDeleted: true };
  for await (const item of container.listBlobsFlat({ prefix: name, ...all })) if (item.name === name) found.push(item);
  return found;
}

const hashOf = (bytes: Uint8Array | undefined): string | undefined =>
  bytes && createHash('sha256').update(bytes).digest('hex');
