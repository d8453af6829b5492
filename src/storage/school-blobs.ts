import type { ContainerClient } from '@azure/storage-blob';
import { policyExtension } from '../policies/read-policy.js';
import { SHARED } from '../schools/profile.js';
import { deadline } from './blob-files.js';

/** Bytes. A policy that is larger is none, and `school.yaml` is read up to half of this. */
const LARGEST = { policy: 20 * 1024 * 1024, profile: 256 * 1024 };
/** Of one school, the trust among them. The scratch volume is shared with the others. */
const MOST_FILES = 200;
const MOST_BYTES = 200 * 1024 * 1024;
/** Of all that is listed: more is a container of something else. */
const MOST_BLOBS = 20_000;

const SCHOOL = /^[a-z0-9][a-z0-9-]{0,62}$/u;
/** No folders, nothing hidden, nothing that an open document leaves beside it, and nothing that a file system reads otherwise. */
const FILE = /^(?!\.|~\$)[^/\\\p{Cc}\p{Cf}:*?"<>|]{1,180}$/u;
/** In UTF-8; file systems take no name of more than 255. */
const LONGEST_NAME_BYTES = 250;

/** One file of a school, as the container lists it. */
export interface SchoolBlob {
  /** Within the school's folder: `school.yaml` or `policies/<name>`. */
  readonly path: string;
  readonly size: number;
  /** Changes with every change. */
  readonly etag: string;
  /** Of its bytes, in hexadecimal; `null` where whoever uploaded it gave none. */
  readonly md5: string | null;
  readonly changedAt: Date;
}

/** What a container holds at one moment. */
export interface Listing {
  /** By the name of their folders, the trust's `shared` among them, and each in the order of its paths. */
  readonly schools: ReadonlyMap<string, readonly SchoolBlob[]>;
  /** Schools that have more, or larger files, than any school has. */
  readonly tooLarge: ReadonlySet<string>;
  /** Blobs whose names are not those of a school's files. */
  readonly ignored: number;
  /** When it was listed, by storage's clock. */
  readonly at: Date;
}

type Listed = SchoolBlob & { readonly name: string };

/**
 * Lists what a container holds of schools.
 *
 * @throws when storage does not answer in time, or the container holds far more than schools have.
 */
export async function listSchoolBlobs(container: ContainerClient): Promise<Listing> {
  const found: Listed[] = [];
  let at = new Date(0);
  const pages = container.listBlobsFlat(deadline()).byPage({ maxPageSize: 1_000 });
  for await (const page of pages) {
    at = page.date ?? new Date();
    for (const { name, properties } of page.segment.blobItems) {
      const { contentLength = 0, etag, contentMD5, lastModified } = properties;
      const md5 = contentMD5 && contentMD5.length > 0 ? Buffer.from(contentMD5).toString('hex') : null;
      found.push({ name, path: '', size: contentLength, etag, md5, changedAt: lastModified });
    }
    if (found.length > MOST_BLOBS) throw new Error('The container holds far more than schools have.');
  }
  return { ...groupSchoolBlobs(found), at };
}

/** Puts blobs to the schools whose files they are. What has another name than such a file is left alone. */
export function groupSchoolBlobs(found: readonly Listed[]): Omit<Listing, 'at'> {
  const schools = new Map<string, SchoolBlob[]>();
  let ignored = 0;
  for (const { name, ...blob } of found) {
    const place = placeOf(name);
    if (!place) ignored += 1;
    else schools.set(place.schoolId, [...(schools.get(place.schoolId) ?? []), { ...blob, path: place.path }]);
  }
  for (const files of schools.values()) files.sort((one, other) => (one.path < other.path ? -1 : 1));
  const tooLarge = new Set([...schools].filter(([, files]) => isTooLarge(files)).map(([id]) => id));
  return { schools, tooLarge, ignored };
}

/** Where a blob belongs; `undefined` for every name that is not exactly that of a school's file. */
function placeOf(name: string): { readonly schoolId: string; readonly path: string } | undefined {
  const [schoolId = '', folder = '', file, ...deeper] = name.split('/');
  if (!SCHOOL.test(schoolId) || deeper.length > 0) return undefined;
  if (file === undefined)
    return folder === 'school.yaml' && schoolId !== SHARED ? { schoolId, path: folder } : undefined;
  const isFile =
    FILE.test(file) && Buffer.byteLength(file) <= LONGEST_NAME_BYTES && policyExtension(file) !== undefined;
  if (folder !== 'policies' || !isFile) return undefined;
  return { schoolId, path: `policies/${file}` };
}

const isTooLarge = (files: readonly SchoolBlob[]): boolean =>
  files.length > MOST_FILES ||
  files.reduce((sum, { size }) => sum + size, 0) > MOST_BYTES ||
  files.some(({ path, size }) => size > (path === 'school.yaml' ? LARGEST.profile : LARGEST.policy));
