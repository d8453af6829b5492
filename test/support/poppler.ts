import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';

/** Whether Poppler is here to draw PDFs; tests that need it are skipped elsewhere. */
export const hasPoppler = spawnSync('pdftoppm', ['-v']).status === 0;

if (!hasPoppler)
  process.stderr.write('Poppler (pdftoppm) is not on this machine: tests that draw PDFs with it are skipped.\n');

/** A page as a printer without colours has it: a byte for each pixel, 0 for black, in rows. */
export interface GreyPage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** Draws a PDF without colours, page by page. @param dpi dots an inch. */
export async function greyPages(pdf: Uint8Array, dpi: number): Promise<readonly GreyPage[]> {
  const folder = mkdtempSync(join(tmpdir(), 'policy-desk-pages-'));
  try {
    writeFileSync(join(folder, 'it.pdf'), pdf);
    const { status, stderr } = spawnSync('pdftoppm', ['-gray', '-png', '-r', String(dpi), 'it.pdf', 'page'], {
      cwd: folder,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`pdftoppm failed: ${stderr}`);
    const names = readdirSync(folder).filter((name) => name.endsWith('.png'));
    return await Promise.all(
      names.toSorted().map(async (name) => {
        const { data, info } = await sharp(join(folder, name)).greyscale().raw().toBuffer({ resolveWithObject: true });
        return { width: info.width, height: info.height, pixels: new Uint8Array(data) };
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
