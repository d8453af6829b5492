import { createHash, type Hash } from 'node:crypto';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import yazl from 'yazl';
import { dayAndTimeAt } from '../schools/calendar.js';

/** Gets the files of a ZIP, one after another. */
export interface ZipFiles {
  /**
   * Adds a file and waits until it is read to its end.
   *
   * @param name of plain letters, digits, dots, hyphens and slashes.
   * @param packed whether it is worth compressing.
   */
  add(name: string, content: Uint8Array | string | Readable, packed?: boolean): Promise<void>;
  /** A line for each file so far, as `sha256sum -c` reads them. */
  sums(): string;
}

/**
 * A ZIP as a stream, written while it is read: one file at a time, and nothing is fetched before the file in front of it has been
 * taken. When it is not wanted any more, or a file fails, the stream is destroyed.
 *
 * @param time every file bears it, as the school's clock shows it, so that the same files give the same bytes on any machine.
 */
export function zipStream(
  time: { readonly at: Date; readonly timeZone: string },
  fill: (files: ZipFiles) => Promise<void>,
): Readable {
  const zip = new yazl.ZipFile();
  // A plain readable: what yazl gives is one by its type alone.
  const output = zip.outputStream as Readable;
  const gone = new AbortController();
  output.once('close', () => gone.abort());
  zip.on('error', (error: Error) => output.destroy(error));
  const sums: string[] = [];
  const options = { mtime: localTime(time), forceDosTimestamp: true, mode: 0o100644 };
  const files: ZipFiles = {
    async add(name, content, packed = true) {
      const hash = createHash('sha256');
      const source = content instanceof Readable ? content : Readable.from([Buffer.from(content)]);
      const hashed = hashing(hash);
      zip.addReadStream(hashed, name, { ...options, compress: packed });
      await pipeline(source, hashed, { signal: gone.signal });
      sums.push(`${hash.digest('hex')}  ${name}\n`);
    },
    sums: () => sums.join(''),
  };
  void fill(files).then(
    () => zip.end(),
    (error: unknown) => output.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  return output;
}

const hashing = (hash: Hash): Transform =>
  new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });

/** ZIPs hold the time of a clock on the wall, which yazl takes from the machine's own time zone. */
function localTime({ at, timeZone }: { readonly at: Date; readonly timeZone: string }): Date {
  const { day, time } = dayAndTimeAt(at, timeZone);
  return new Date(`${day}T${time}:00`);
}
