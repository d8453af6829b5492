import { inflateRawSync } from 'node:zlib';
import { AppError } from '../../errors.js';

/** Sizes in bytes of the parts of an archive, packed and unpacked. */
interface Entry {
  readonly method: number;
  readonly packed: number;
  readonly unpacked: number;
  readonly headerAt: number;
}

/** Reads single parts of a zip archive. */
export interface ZipArchive {
  /** The archive names its parts without a leading slash. */
  readonly names: readonly string[];
  /**
   * Unpacks one part.
   *
   * @returns `undefined` when there is no such part.
   * @throws {AppError} `policy_unreadable` when the part is broken, or larger than `limits` allow.
   */
  readonly read: (name: string) => Uint8Array | undefined;
}

/** Bounds, in bytes, on what is unpacked: of one part, and of all parts that are read. */
export interface ZipLimits {
  readonly part: number;
  readonly total: number;
}

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const PART_HEADER = 0x04034b50;
const LONGEST_COMMENT = 0xffff;
const MOST_ENTRIES = 10_000;

/**
 * Opens a zip archive (PKWARE APPNOTE 6.3.3: stored and deflated parts; no ZIP64, which no document of a permitted size needs).
 * Nothing is unpacked until it is asked for, and never beyond the limits, whatever sizes the archive claims.
 *
 * @throws {AppError} `policy_unreadable` when it is no zip archive.
 */
export function openZip(fileName: string, bytes: Uint8Array, limits: ZipLimits): ZipArchive {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let entries: Map<string, Entry>;
  try {
    entries = readDirectory(view, bytes);
  } catch (cause) {
    throw broken(fileName, cause);
  }
  let spent = 0;
  const read = (name: string): Uint8Array | undefined => {
    const entry = entries.get(name);
    if (!entry) return undefined;
    const most = Math.min(limits.part, limits.total - spent);
    if (entry.unpacked > most) throw tooLarge(fileName);
    const part = unpack(fileName, view, entry, most);
    spent += part.length;
    return part;
  };
  return { names: [...entries.keys()], read };
}

function readDirectory(view: DataView, bytes: Uint8Array): Map<string, Entry> {
  const end = endOfDirectory(view);
  const count = view.getUint16(end + 10, true);
  if (count > MOST_ENTRIES) throw new RangeError('more parts than any document has');
  let at = view.getUint32(end + 16, true);
  const entries = new Map<string, Entry>();
  for (let index = 0; index < count; index += 1) {
    if (view.getUint32(at, true) !== DIRECTORY_ENTRY) throw new RangeError('no entry where the directory has one');
    const nameLength = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength)).replace(/^\//u, '');
    entries.set(name, {
      method: view.getUint16(at + 10, true),
      packed: view.getUint32(at + 20, true),
      unpacked: view.getUint32(at + 24, true),
      headerAt: view.getUint32(at + 42, true),
    });
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

/** The directory's end stands at the end of the file, before a comment of at most 64 KiB. */
function endOfDirectory(view: DataView): number {
  const last = view.byteLength - 22;
  for (let at = last; at >= 0 && at >= last - LONGEST_COMMENT; at -= 1) {
    if (view.getUint32(at, true) === END_OF_DIRECTORY) return at;
  }
  throw new RangeError('no directory');
}

function unpack(fileName: string, view: DataView, entry: Entry, most: number): Uint8Array {
  try {
    if (view.getUint32(entry.headerAt, true) !== PART_HEADER) throw new RangeError('no part where the directory says');
    const start =
      entry.headerAt + 30 + view.getUint16(entry.headerAt + 26, true) + view.getUint16(entry.headerAt + 28, true);
    if (start + entry.packed > view.byteLength) throw new RangeError('the part goes on beyond the end of the file');
    const packed = new Uint8Array(view.buffer, view.byteOffset + start, entry.packed);
    if (entry.method === 0) return packed;
    if (entry.method === 8) return inflateRawSync(packed, { maxOutputLength: Math.max(1, most) });
  } catch (cause) {
    if (cause instanceof RangeError && (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw tooLarge(fileName, cause);
    throw broken(fileName, cause);
  }
  throw broken(fileName);
}

const broken = (fileName: string, cause?: unknown): AppError =>
  new AppError(
    'policy_unreadable',
    `${fileName} is not a Word document, or it is damaged. Open it in Word, save it again as .docx and try that file.`,
    { cause },
  );

const tooLarge = (fileName: string, cause?: unknown): AppError =>
  new AppError(
    'policy_unreadable',
    `${fileName} unpacks to far more text than any policy has, so it was not read. Save the policy again from Word.`,
    { cause },
  );
