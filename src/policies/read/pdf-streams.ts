import { constants, inflateSync } from 'node:zlib';
import { AppError } from '../../errors.js';

/** Bytes that the parts of a PDF may unpack to, pictures aside: one part, and all of them. */
const LIMITS = { part: 32 * 1024 * 1024, total: 128 * 1024 * 1024 };

/**
 * Refuses a PDF whose parts unpack to more than any policy needs, before pdf.js unpacks them without a bound. Pictures are not
 * counted, since reading text does not unpack them, nor are parts that cannot be unpacked as they stand, encrypted ones for
 * example.
 *
 * @throws {AppError} `policy_unreadable`.
 */
export function checkStreams(fileName: string, bytes: Uint8Array): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let total = 0;
  for (let at = buffer.indexOf('stream'); at >= 0; at = buffer.indexOf('stream', at + 6)) {
    if (buffer.toString('latin1', at - 3, at) === 'end') continue;
    const before = buffer.toString('latin1', Math.max(0, at - 600), at);
    const dictionary = before.slice(before.lastIndexOf(' obj') + 1);
    if (!dictionary.includes('FlateDecode') || /\/Subtype\s*\/Image/u.test(dictionary)) continue;
    const start = at + 6 + (buffer[at + 6] === 13 ? 2 : 1);
    const end = buffer.indexOf('endstream', start);
    total += unpackedSize(fileName, buffer.subarray(start, end < 0 ? undefined : end));
    if (total > LIMITS.total) throw tooLarge(fileName);
  }
}

function unpackedSize(fileName: string, packed: Uint8Array): number {
  try {
    return inflateSync(packed, { maxOutputLength: LIMITS.part, finishFlush: constants.Z_SYNC_FLUSH }).length;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(fileName, cause);
    return 0;
  }
}

const tooLarge = (fileName: string, cause?: unknown): AppError =>
  new AppError(
    'policy_unreadable',
    `${fileName} unpacks to far more than any policy has, so it was not read. Save the policy as a PDF again.`,
    { cause },
  );
