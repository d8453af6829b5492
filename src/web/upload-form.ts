import { MOST_FILE_BYTES } from '../reports/evidence.js';
import { BodyRefused } from './read-body.js';

/** The file, the fields beside it and the lines between them. */
export const MOST_FORM_BYTES = MOST_FILE_BYTES + 64 * 1024;
/** Ours has four; each part of a form costs time to read. */
const MOST_PARTS = 12;

/** What a browser without script sends. The file's name is not looked at. */
export interface UploadForm {
  /** `undefined` when no file was chosen. */
  readonly file: Uint8Array | undefined;
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * Reads a form with a file that has been received whole.
 *
 * @param contentType with the form's boundary.
 * @throws {BodyRefused} 415 for another kind of body, 400 for one that is broken or has too many parts.
 */
export async function readUploadForm(body: Buffer<ArrayBuffer>, contentType: string): Promise<UploadForm> {
  const boundary = boundaryOf(contentType);
  if (boundary === undefined) throw new BodyRefused(415, 'Send multipart/form-data.');
  if (hasMoreThan(MOST_PARTS + 1, boundary, body)) throw new BodyRefused(400, 'The form has too many parts.');
  const form = await new Response(body, { headers: { 'content-type': contentType } }).formData().catch(() => {
    throw new BodyRefused(400, 'The form is broken.');
  });
  const fields: Record<string, string> = {};
  for (const [name, value] of form) if (typeof value === 'string') fields[name] = value;
  const file = form.get('file');
  if (file === null || typeof file === 'string' || (file.size === 0 && file.name === ''))
    return { file: undefined, fields };
  return { file: new Uint8Array(await file.arrayBuffer()), fields };
}

function boundaryOf(contentType: string): string | undefined {
  const [, quoted, plain] =
    /^multipart\/form-data\s*;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))\s*$/iu.exec(contentType) ?? [];
  return quoted ?? plain;
}

/** Whether a text stands in the body more often than that. */
function hasMoreThan(most: number, text: string, body: Buffer): boolean {
  let count = 0;
  for (let at = body.indexOf(text); at >= 0; at = body.indexOf(text, at + text.length)) {
    count += 1;
    if (count > most) return true;
  }
  return false;
}
