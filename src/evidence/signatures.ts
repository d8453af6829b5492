import type { EvidenceRefusal } from '../reports/evidence.js';

/** What the first and last bytes of a file tell, before anything is unpacked. All of it is read from the bytes alone. */

/** As much of a text as is looked at to tell what it is, and of a file to tell whether it may be one. */
const TEXT_BYTES = 64 * 1024;
const FIRST_BYTES = 1024;
/** Readers look for a PDF's header in its first, and for its end in its last 1,024 bytes (ISO 32000, Acrobat's implementation notes 13 and 18). */
const PDF_MARGIN = 1024;
/** Names within the archives that Office (two ways of packing) and OpenDocument make. */
const OFFICE_PARTS = ['[Content_Types].xml', 'word/document.xml', 'META-INF/manifest.xml'];

/** What a text is refused as, when it is one that browsers would show or run; also with a byte order mark, blanks, prologues and comments before it. */
export function markupIn(bytes: Uint8Array): Extract<EvidenceRefusal, 'svg' | 'html'> | undefined {
  // Most files are pictures, which their first character tells; blanks may be many.
  if (/^[^<fmc]/iu.test(textAt(bytes.subarray(0, FIRST_BYTES)))) return undefined;
  const text = textAt(bytes).toLowerCase();
  if (/^(?:from: <saved by |mime-version: |content-type: multipart\/related)/u.test(text)) return 'html';
  const { rest, doctype } = withoutProlog(text);
  if (/^<(?:[a-z_][\w.-]*:)?svg[\s>/]/u.test(rest) || doctype.startsWith('svg')) return 'svg';
  if (doctype.startsWith('html') || /^<[a-z]/u.test(rest))
    return /<svg[\s>]/u.test(rest.slice(0, 256)) ? 'svg' : 'html';
  return undefined;
}

function textAt(bytes: Uint8Array): string {
  const start = bytes.subarray(0, TEXT_BYTES);
  const encoding =
    start[0] === 0xff && start[1] === 0xfe ? 'utf-16le' : start[0] === 0xfe && start[1] === 0xff ? 'utf-16be' : 'utf-8';
  // A character may be cut off at the end.
  return new TextDecoder(encoding).decode(start, { stream: true }).trimStart();
}

/** A text from its first element on: without `<?…?>`, comments and the document type, whose name is told. */
function withoutProlog(text: string): { rest: string; doctype: string } {
  let rest = text;
  let doctype = '';
  for (;;) {
    const end = rest.startsWith('<!--')
      ? '-->'
      : rest.startsWith('<?')
        ? '?>'
        : rest.startsWith('<!doctype')
          ? '>'
          : undefined;
    if (end === undefined) return { rest, doctype };
    if (end === '>') doctype = rest.slice('<!doctype'.length, 64).trimStart();
    const at = rest.indexOf(end, 2);
    if (at < 0) return { rest: '', doctype };
    rest = rest.slice(at + end.length).trimStart();
  }
}

/** What a zip archive is refused as; told from the names in it, which stand uncompressed. Nothing is unpacked. */
export function archiveIn(bytes: Uint8Array): Extract<EvidenceRefusal, 'office' | 'archive'> | undefined {
  if (begins(bytes, [0x1f, 0x8b])) return 'archive';
  if (!begins(bytes, [0x50, 0x4b, 0x03, 0x04]) && !begins(bytes, [0x50, 0x4b, 0x05, 0x06])) return undefined;
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isOffice = OFFICE_PARTS.some((name) => file.includes(name, 0, 'latin1'));
  return isOffice ? 'office' : 'archive';
}

/** Whether the bytes are a PDF; `broken` when they begin as one and do not end as one. What is in it is never looked at. */
export function pdfIn(bytes: Uint8Array): 'sound' | 'broken' | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = file.subarray(0, PDF_MARGIN).indexOf('%PDF-');
  if (start < 0) return undefined;
  const end = file.subarray(-2 * PDF_MARGIN).toString('latin1');
  const marker = end.lastIndexOf('%%EOF');
  const [, offset] = end.slice(0, Math.max(0, marker)).match(/startxref\s+(\d{1,10})\s*$/u) ?? [];
  if (end.length - marker > PDF_MARGIN) return 'broken';
  return offset !== undefined && Number(offset) < file.length - start ? 'sound' : 'broken';
}

/** How many passes a JPEG makes over its picture: one, or about ten when it is progressive; hundreds are allowed. Small ones within it count too. */
export function scansIn(jpeg: Uint8Array): number {
  let scans = 0;
  for (let at = jpeg.indexOf(0xff); at >= 0; at = jpeg.indexOf(0xff, at + 1)) if (jpeg[at + 1] === 0xda) scans += 1;
  return scans;
}

/** Whether a GIF goes on to its trailer; decoders leave out frames that are cut off without a word. */
export function gifIsWhole(gif: Uint8Array): boolean {
  const colours = (packed: number): number => (packed & 0x80 ? 3 * 2 ** ((packed & 7) + 1) : 0);
  let at = 13 + colours(gif[10] ?? 0);
  while (at < gif.length) {
    const block = gif[at];
    if (block === 0x3b) return true;
    if (block === 0x21) at += 2;
    else if (block === 0x2c) at += 11 + colours(gif[at + 9] ?? 0);
    else return false;
    while ((gif[at] ?? 0) > 0) at += 1 + (gif[at] ?? 0);
    at += 1;
  }
  return false;
}

export const beginsAsPng = (bytes: Uint8Array): boolean => begins(bytes, [0x89, 0x50, 0x4e, 0x47]);

const begins = (bytes: Uint8Array, with_: readonly number[]): boolean => with_.every((byte, at) => bytes[at] === byte);
