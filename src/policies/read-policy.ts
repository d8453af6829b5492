import { createHash } from 'node:crypto';
import { AppError } from '../errors.js';
import type { Policy } from './policy.js';
import type { Block } from './read/block.js';
import { readMarkdown } from './read/markdown.js';
import { findMetadata, takeFrontMatter } from './read/metadata.js';
import { readText } from './read/text.js';
import { segment } from './segment.js';

/** File types that can be read, with the dot. */
export const POLICY_EXTENSIONS: readonly string[] = ['.md', '.txt'];

/**
 * Reads one policy document into clauses.
 *
 * @param fileName name without folder; its extension says how it is read.
 * @param bytes the file as stored; UTF-8, with or without byte order mark.
 * @throws {AppError} `policy_unreadable` with one plain sentence: another type of file, not UTF-8, no wording in it, bad front matter.
 */
export function readPolicy(fileName: string, bytes: Uint8Array): Policy {
  const extension = POLICY_EXTENSIONS.find((one) => fileName.toLowerCase().endsWith(one));
  if (extension === undefined)
    throw new AppError(
      'policy_unreadable',
      `${fileName} is not a type of policy that can be read. Use ${POLICY_EXTENSIONS.join(' or ')}.`,
    );
  const source = decode(fileName, bytes);
  const id = fileName.slice(0, -extension.length);
  const { data, body, firstLine } =
    extension === '.md' ? takeFrontMatter(fileName, source) : { data: {}, body: source, firstLine: 1 };
  const blocks: Block[] = extension === '.md' ? readMarkdown(body, firstLine) : readText(body);
  const passages = segment(blocks, id);
  const clauses = passages.flatMap((passage) =>
    passage.kind === 'clause' && passage.clause.quotable ? [passage.clause] : [],
  );
  if (clauses.length === 0)
    throw new AppError('policy_unreadable', `${fileName} has no wording in it that could be quoted.`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { id, ...findMetadata(id, data, blocks), source: fileName, sha256, passages, clauses };
}

function decode(fileName: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new AppError('policy_unreadable', `${fileName} is not UTF-8 text. Save it as UTF-8 and try again.`);
  }
}
