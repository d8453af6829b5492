import { AppError } from '../../errors.js';

/** First bytes by which programs know their files. */
const OLE_CONTAINER = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
const ZIP = [0x50, 0x4b, 0x03, 0x04];
const PDF = [0x25, 0x50, 0x44, 0x46, 0x2d];
/** A PDF may have some bytes of a mail server or a printer before its header. */
const PDF_HEADER_WITHIN = 1_024;

/**
 * Refuses an empty file, and one that is not what its name says.
 *
 * @throws {AppError} `policy_unreadable` with one plain sentence that says how to go on.
 */
export function checkType(fileName: string, extension: string, bytes: Uint8Array): void {
  const refuse = (words: string) => {
    throw new AppError('policy_unreadable', `${fileName} ${words}`);
  };
  if (bytes.length === 0) refuse('is empty. Save the policy again and try that file.');
  if (extension === '.docx' && !startsWith(bytes, ZIP)) {
    if (startsWith(bytes, OLE_CONTAINER) && namesPart(bytes, 'EncryptedPackage'))
      refuse('is protected with a password. Open it in Word, take the password off and save it again.');
    if (startsWith(bytes, OLE_CONTAINER))
      refuse('is an older Word document (.doc). Open it in Word and save it as "Word document (.docx)".');
    refuse('is not a Word document, whatever its name says. Open the policy in Word and save it as .docx.');
  }
  if (extension === '.pdf' && !isPdf(bytes))
    refuse('is not a PDF, whatever its name says. Save the policy as a PDF again, or use the Word document.');
}

const startsWith = (bytes: Uint8Array, signature: readonly number[]): boolean =>
  signature.every((byte, at) => bytes[at] === byte);

const isPdf = (bytes: Uint8Array): boolean =>
  Array.from({ length: Math.min(PDF_HEADER_WITHIN, bytes.length) }, (_, at) => at).some((at) =>
    PDF.every((byte, further) => bytes[at + further] === byte),
  );

/** Whether an OLE container (MS-CFB) has a part of that name; names are UTF-16. */
const namesPart = (bytes: Uint8Array, name: string): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(Buffer.from(name, 'utf16le'));
