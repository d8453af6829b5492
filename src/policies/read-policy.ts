import { createHash } from 'node:crypto';
import { AppError } from '../errors.js';
import type { Policy } from './policy.js';
import type { Reading } from './read/block.js';
import { checkType } from './read/file-type.js';
import { readMarkdown } from './read/markdown.js';
import { findMetadata, takeFrontMatter } from './read/metadata.js';
import { readText } from './read/text.js';
import { segment } from './segment.js';

/** File types that can be read, with the dot. */
export const POLICY_EXTENSIONS = ['.md', '.txt', '.docx', '.pdf'] as const;

/** The same for people: ".md, .txt, .docx or .pdf". */
export const POLICY_TYPES = `${POLICY_EXTENSIONS.slice(0, -1).join(', ')} or ${POLICY_EXTENSIONS.at(-1)}`;

/** Bytes. The longest policy with a photograph on its cover stays well below; what is larger is a scan, a film or a mistake. */
export const LARGEST_POLICY = 20 * 1024 * 1024;

/**
 * Paragraphs, list items and the like, and characters. The longest policies have some five hundred; an index is built beside
 * the turns of all schools, so that a policy without end would hold them up.
 */
const LONGEST_POLICY = { blocks: 5_000, characters: 2_000_000 };

type Extension = (typeof POLICY_EXTENSIONS)[number];

/** The extension by which a file would be read, or `undefined` where it would not. */
export const policyExtension = (fileName: string): Extension | undefined =>
  POLICY_EXTENSIONS.find((one) => fileName.toLowerCase().endsWith(one));

/**
 * Reads one policy document into clauses. Work on a hostile file is bounded in what it unpacks, not in time: whoever reads
 * files of others does so in a thread that can be ended.
 *
 * @param fileName name without folder; its extension says how it is read.
 * @param bytes the file as stored; texts are UTF-8, with or without byte order mark.
 * @throws {AppError} `policy_unreadable` with one plain sentence: too large, another type of file, protected by a password,
 * damaged, a scan, not UTF-8, no wording in it, far too much wording, bad front matter.
 */
export async function readPolicy(fileName: string, bytes: Uint8Array): Promise<Policy> {
  switch (checkFile(fileName, bytes)) {
    case '.docx':
      return toPolicy(fileName, bytes, (await import('./read/docx.js')).readDocx(fileName, bytes));
    case '.pdf':
      return toPolicy(fileName, bytes, await (await import('./read/pdf.js')).readPdf(fileName, bytes));
    default:
      return readTextPolicy(fileName, bytes);
  }
}

/**
 * Reads a policy that is text, `.md` or `.txt`, at once.
 *
 * @throws {AppError} `policy_unreadable` as `readPolicy` does.
 */
export function readTextPolicy(fileName: string, bytes: Uint8Array): Policy {
  const extension = checkFile(fileName, bytes);
  const source = decode(fileName, bytes);
  if (extension !== '.md') return toPolicy(fileName, bytes, readText(source));
  const { data, body, firstLine } = takeFrontMatter(fileName, source);
  return toPolicy(fileName, bytes, { blocks: readMarkdown(body, firstLine), dropped: [] }, data);
}

function checkFile(fileName: string, bytes: Uint8Array): Extension {
  const extension = policyExtension(fileName);
  if (extension === undefined)
    throw new AppError(
      'policy_unreadable',
      `${fileName} is not a type of policy that can be read. Use ${POLICY_TYPES}.`,
    );
  checkSize(fileName, bytes.length);
  checkType(fileName, extension, bytes);
  return extension;
}

function toPolicy(
  fileName: string,
  bytes: Uint8Array,
  { blocks, dropped }: Reading,
  data: Readonly<Record<string, unknown>> = {},
): Policy {
  checkLength(fileName, blocks);
  const id = fileName.slice(0, fileName.lastIndexOf('.'));
  const passages = segment(blocks, id);
  const clauses = passages.flatMap((passage) =>
    passage.kind === 'clause' && passage.clause.quotable ? [passage.clause] : [],
  );
  if (clauses.length === 0)
    throw new AppError('policy_unreadable', `${fileName} has no wording in it that could be quoted.`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { id, ...findMetadata(id, data, blocks, dropped), source: fileName, sha256, passages, clauses, dropped };
}

/** Before anything is made of the blocks, as that takes longer than reading them. */
function checkLength(fileName: string, blocks: Reading['blocks']): void {
  const characters = blocks.reduce((sum, { text }) => sum + text.length, 0);
  if (blocks.length > LONGEST_POLICY.blocks || characters > LONGEST_POLICY.characters)
    throw new AppError(
      'policy_unreadable',
      `${fileName} holds far more text than any policy has. Save the policy by itself.`,
    );
}

/**
 * Refuses what is too large to be a policy.
 *
 * @param size in bytes.
 * @throws {AppError} `policy_unreadable`.
 */
export function checkSize(fileName: string, size: number): void {
  if (size > LARGEST_POLICY)
    throw new AppError(
      'policy_unreadable',
      `${fileName} is larger than ${LARGEST_POLICY / 1024 / 1024} MB, which no policy is. Save it again without its pictures.`,
    );
}

function decode(fileName: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new AppError('policy_unreadable', `${fileName} is not UTF-8 text. Save it as UTF-8 and try again.`);
  }
}
