import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import yazl from 'yazl';

/** The files of an app package, all of them at its root. */
export interface PackageFiles {
  readonly 'manifest.json': Uint8Array;
  readonly 'color.png': Uint8Array;
  readonly 'outline.png': Uint8Array;
}

/** Every file bears it as the machine's clock shows it, so that the same files give the same bytes at any time and anywhere. */
const newYear = (): Date => new Date(2026, 0, 1);

/**
 * The ZIP that Teams takes. Nothing is compressed, as pictures are already and the rest is small: what a compressor makes of it
 * depends on its version.
 */
export async function packed(files: PackageFiles): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  for (const [name, content] of Object.entries(files))
    zip.addBuffer(Buffer.from(content), name, {
      mtime: newYear(),
      forceDosTimestamp: true,
      mode: 0o100644,
      compress: false,
    });
  zip.end();
  return buffer(zip.outputStream as Readable);
}
