import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../errors.js';

/**
 * Makes a file for its owner's eyes alone, and overwrites none.
 *
 * @param option that named it: "--out".
 * @throws {AppError} `bad_arguments` when there is one already, or it cannot be written.
 */
export async function newFile(path: string, option: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o600);
  } catch (error) {
    const { code } = error as { readonly code?: string };
    const why =
      code === 'EEXIST'
        ? 'is there already, and nothing is overwritten'
        : `cannot be written (${code ?? String(error)})`;
    throw new AppError('bad_arguments', `${path} ${why}. Please choose another ${option}.`);
  }
}

/** "PD-7K3MZ0QX.zip: 12,345 bytes, SHA-256 …". */
export async function fileInWords(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  const { size } = await stat(path);
  return `${path}: ${size.toLocaleString('en-GB')} bytes, SHA-256 ${hash.digest('hex')}`;
}
