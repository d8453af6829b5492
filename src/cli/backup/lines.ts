import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { z } from 'zod/v4';
import { AppError } from '../../errors.js';
import type { Manifest } from './layout.js';

/** A file of JSON lines that is being written, for its owner’s eyes alone. */
export class LinesWriter {
  readonly #name: string;
  readonly #file: FileHandle;
  readonly #hash = createHash('sha256');
  #lines = 0;

  private constructor(name: string, file: FileHandle) {
    this.#name = name;
    this.#file = file;
  }

  static async create(folder: string, name: string): Promise<LinesWriter> {
    return new LinesWriter(name, await open(join(folder, name), 'wx', 0o600));
  }

  async add(values: readonly unknown[]): Promise<void> {
    const text = values.map((value) => `${JSON.stringify(value)}\n`).join('');
    this.#hash.update(text);
    this.#lines += values.length;
    await this.#file.appendFile(text);
  }

  async end(): Promise<Manifest['files'][number]> {
    await this.#file.close();
    return { name: this.#name, lines: this.#lines, sha256: this.#hash.digest('hex') };
  }
}

/**
 * Reads a file of JSON lines.
 *
 * @throws {AppError} `bad_arguments` where a line is not what it should be.
 */
export async function* linesOf<T>(folder: string, name: string, schema: z.ZodType<T>): AsyncIterable<T> {
  for await (const line of createInterface({ input: createReadStream(join(folder, name)), crlfDelay: Infinity })) {
    const read = schema.safeParse(parsed(line));
    if (!read.success) throw new AppError('bad_arguments', `${name} of the backup is damaged.`);
    yield read.data;
  }
}

/** @returns `undefined` where it is no JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
