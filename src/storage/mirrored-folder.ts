import { createHash } from 'node:crypto';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContainerClient } from '@azure/storage-blob';
import { deadline } from './blob-files.js';
import type { SchoolBlob } from './school-blobs.js';

/** Folders that are made ready to take a school's place; nothing that begins so is a school. */
export const MADE_READY = '.mirror-';
/** The same for those whose place was taken. */
const OLD = `${MADE_READY}old-`;

/** Whoever reads the folder between the two finds no school there, which they take for one that is being replaced. */
export async function swap(folder: string, ready: string, id: string): Promise<void> {
  const [place, old] = [join(folder, id), join(folder, `${OLD}${id}`)];
  // What could not be removed the last time would be in the way for good.
  await rm(old, { recursive: true, force: true });
  const had = await rename(place, old).then(
    () => true,
    (error: { readonly code?: string }) => {
      if (error.code !== 'ENOENT') throw error;
      return false;
    },
  );
  try {
    await rename(ready, place);
  } catch (error) {
    if (had) await rename(old, place);
    throw error;
  }
  await rm(old, { recursive: true, force: true });
}

/** What a process that was killed has left: a school that it had moved away goes back, unless the new one is there. */
export async function tidy(folder: string): Promise<void> {
  const names = await readdir(folder);
  for (const name of names.filter((one) => one.startsWith(MADE_READY))) {
    const id = name.slice(OLD.length);
    if (name.startsWith(OLD) && !names.includes(id)) await rename(join(folder, name), join(folder, id));
    else await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Paths of the files of a school's folder, as its blobs would be called; empty where there is none. */
export async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    );
}

export async function isSame(path: string, md5: string | null): Promise<boolean> {
  if (md5 === null) return false;
  const bytes = await readFile(path).catch(() => undefined);
  return bytes !== undefined && md5Of(bytes) === md5;
}

const md5Of = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

/** Exactly what was listed: where it has changed since, nothing of the school is taken, and the next look sees the change. */
export async function fetchBlob(
  client: ContainerClient,
  name: string,
  { etag, size, md5 }: SchoolBlob,
): Promise<Buffer> {
  const blob = client.getBlobClient(name);
  if (size === 0) return Buffer.alloc(0);
  const bytes = await blob.downloadToBuffer(0, size, { conditions: { ifMatch: etag }, ...deadline() });
  if (bytes.length !== size || (md5 !== null && md5Of(bytes) !== md5))
    throw new Error('A blob came otherwise than listed.');
  return bytes;
}
