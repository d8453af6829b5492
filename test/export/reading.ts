import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

/** The files of a ZIP by name, read by a library that did not write it. */
export async function unzipped(zip: Readable | Uint8Array): Promise<Map<string, Buffer>> {
  const bytes = zip instanceof Uint8Array ? zip : await buffer(zip);
  // mammoth brings it along to read Word documents.
  const JSZip = createRequire(createRequire(import.meta.url).resolve('mammoth'))('jszip');
  const read = await JSZip.loadAsync(bytes, { checkCRC32: true });
  const files = new Map<string, Buffer>();
  for (const name of Object.keys(read.files))
    if (!read.files[name].dir) files.set(name, await read.files[name].async('nodebuffer'));
  return files;
}

/** Has the system's own command check the sums. @returns what it printed, and its exit code. */
export function sha256sumCheck(files: ReadonlyMap<string, Uint8Array>): { code: number | null; printed: string } {
  const folder = mkdtempSync(join(tmpdir(), 'policy-desk-sums-'));
  try {
    for (const [name, bytes] of files) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), bytes);
    }
    const { status, stdout, stderr } = spawnSync('sha256sum', ['-c', '--strict', 'SHA256SUMS'], {
      cwd: folder,
      encoding: 'utf8',
    });
    return { code: status, printed: stdout + stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export interface PdfRead {
  readonly pages: readonly string[];
  /** All of it with single spaces. */
  readonly text: string;
  /** The same without any, as a long word may be broken anywhere. */
  readonly joined: string;
  readonly title: unknown;
  readonly language: unknown;
  /** Tags of the structure tree, in order. */
  readonly tags: readonly string[];
  /** What its figures say to whoever cannot see them. */
  readonly alts: readonly string[];
  /** Left and right ends of the text furthest out, and the highest and lowest lines, in points from the bottom left. */
  readonly extent: { left: number; right: number; top: number; bottom: number };
  readonly pictures: number;
}

interface Tagged {
  readonly role?: string;
  readonly alt?: string;
  readonly children?: readonly Tagged[];
}

/** A PDF as pdf.js reads it. */
export async function readPdf(bytes: Uint8Array): Promise<PdfRead> {
  const document = await getDocument({ data: new Uint8Array(bytes), verbosity: 0 }).promise;
  const { info } = await document.getMetadata();
  const pages: string[] = [];
  const tags: string[] = [];
  const alts: string[] = [];
  const extent = { left: Number.POSITIVE_INFINITY, right: 0, top: 0, bottom: Number.POSITIVE_INFINITY };
  const walk = ({ role, alt, children = [] }: Tagged): void => {
    if (role) tags.push(role);
    if (alt) alts.push(alt);
    for (const child of children) walk(child);
  };
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number);
    const { items } = await page.getTextContent();
    const words = items.flatMap((item) => ('str' in item ? [item] : []));
    pages.push(words.map(({ str, hasEOL }) => `${str}${hasEOL ? '\n' : ''}`).join(''));
    for (const { str, transform, width } of words) {
      if (str.trim() === '') continue;
      const [x = 0, y = 0] = transform.slice(4);
      extent.left = Math.min(extent.left, x);
      extent.right = Math.max(extent.right, x + width);
      extent.top = Math.max(extent.top, y);
      extent.bottom = Math.min(extent.bottom, y);
    }
    const tree = await page.getStructTree();
    if (tree) walk(tree as Tagged);
  }
  const all = pages.join('\n');
  const { Title: title, Language: language } = info as Record<string, unknown>;
  const read = { pages, text: all.replace(/\s+/gu, ' '), joined: all.replace(/\s+/gu, ''), title, language };
  return { ...read, tags, alts, extent, pictures: tags.filter((tag) => tag === 'Figure').length };
}
