import { fileTypeFromBuffer } from 'file-type';
import { type EvidenceRefusal, type EvidenceType, MOST_FILE_BYTES, MOST_PIXELS } from '../reports/evidence.js';
import { archiveIn, beginsAsPng, gifIsWhole, markupIn, pdfIn, scansIn } from './signatures.js';
import { pictureHeader, type ViewingCopy, viewingCopy } from './viewing-copy.js';

/** What a file turned out to be. */
export type Inspected =
  /** `viewing` is `null` for a PDF, which is kept and handed out as it is, and never rendered. */
  | { readonly kind: 'sound'; readonly type: EvidenceType; readonly viewing: ViewingCopy | null }
  | { readonly kind: 'refused'; readonly reason: EvidenceRefusal };

/** file-type reads some kinds of file to their end, and unpacks some; what tells them apart stands at the beginning. */
const TYPE_BYTES = 64 * 1024;

/**
 * Over all passes of a progressive JPEG, about three seconds' work; a sound one has a tenth of that. One of 250 KB can keep a
 * processor busy for more than a minute, and the decoder's own time limit does not see it.
 */
const MOST_SCANNED_PIXELS = 1_500_000_000;

const OFFICE =
  /^application\/(?:x-cfb|rtf|msword|vnd\.(?:ms-(?:word|excel|powerpoint|outlook)|openxmlformats|oasis|visio))/u;
const ARCHIVE =
  /^application\/(?:zip|gzip|x-(?:tar|7z-compressed|rar-compressed|bzip2|xz|compress|lzip|lzh-compressed|ace-compressed|unix-archive|rpm|deb|apple-diskimage|arj|cpio)|zstd|vnd\.(?:rar|ms-cab-compressed)|java-archive)/u;
const VIDEO = /^(?:video|audio)\/|^application\/(?:ogg|mp4|mxf|vnd\.ms-asf|x-shockwave-flash)/u;
const PICTURE = /^image\/(?:png|apng|jpeg|webp|gif)$/u;

/**
 * Decides by its content alone what a file is and whether it is taken. Its name and the type it was declared with play no part.
 *
 * A picture is sound when it can be decoded from beginning to end; for that its viewing copy is made. What stands behind a sound
 * picture's end (a zip archive, say) is kept with the original, because that is kept to the byte, and is not in the viewing copy.
 */
export async function inspect(bytes: Uint8Array): Promise<Inspected> {
  if (bytes.length === 0) return refused('empty');
  if (bytes.length > MOST_FILE_BYTES) return refused('too_large');
  const known = markupIn(bytes) ?? archiveIn(bytes);
  if (known) return refused(known);
  const mime = await mimeOf(bytes);
  if (PICTURE.test(mime)) return inspectPicture(bytes, mime);
  const pdf = pdfIn(bytes);
  if (pdf) return pdf === 'sound' ? { kind: 'sound', type: 'application/pdf', viewing: null } : refused('not_readable');
  return refused(problemOf(mime));
}

async function inspectPicture(bytes: Uint8Array, mime: string): Promise<Inspected> {
  const header = await pictureHeader(bytes);
  if (!header || header.type !== mime.replace('apng', 'png')) return refused('not_readable');
  if (header.pixels > MOST_PIXELS) return refused('too_many_pixels');
  if (header.type === 'image/gif' && !gifIsWhole(bytes)) return refused('not_readable');
  if (header.type === 'image/jpeg' && scansIn(bytes) * header.pixels > MOST_SCANNED_PIXELS)
    return refused('too_many_pixels');
  const viewing = await viewingCopy(bytes, header);
  if (viewing === 'damaged') return refused('not_readable');
  // Small enough by its header, and yet more work than any screenshot.
  if (viewing === 'slow') return refused('too_many_pixels');
  return { kind: 'sound', type: header.type, viewing };
}

/** The type that the first bytes show; empty for none that is known. */
async function mimeOf(bytes: Uint8Array): Promise<string> {
  // file-type takes none for a PNG whose parts make no sense.
  const otherwise = beginsAsPng(bytes) ? 'image/png' : '';
  try {
    return (await fileTypeFromBuffer(bytes.subarray(0, TYPE_BYTES)))?.mime ?? otherwise;
  } catch {
    // It stumbles over some broken files.
    return otherwise;
  }
}

function problemOf(mime: string): EvidenceRefusal {
  if (OFFICE.test(mime)) return 'office';
  if (ARCHIVE.test(mime)) return 'archive';
  return VIDEO.test(mime) ? 'video' : 'other_type';
}

const refused = (reason: EvidenceRefusal): Inspected => ({ kind: 'refused', reason });
