import { z } from 'zod/v4';
import { CASE_TABLE } from '../../storage/case-table.js';
import { DIRECTORY_TABLE } from '../../storage/directory-table.js';
import { DRAFT_TABLE } from '../../storage/draft-table.js';
import { ENQUIRY_TABLE } from '../../storage/enquiry-table.js';
import { JOB_TABLE } from '../../storage/job-table.js';
import { TABLE as QUESTION_TABLE } from '../../storage/question-table.js';
import { SUMMARY_TABLE } from '../../storage/summary-table.js';

/**
 * Everything that is kept in rows, in the order in which it is copied: a draft that is submitted meanwhile is then in both tables or in
 * that of cases, and never in neither. The queue is left out: it only wakes workers, and the sweep finds what it would have named.
 */
export const TABLES = [
  DRAFT_TABLE,
  CASE_TABLE,
  ENQUIRY_TABLE,
  SUMMARY_TABLE,
  DIRECTORY_TABLE,
  QUESTION_TABLE,
  JOB_TABLE,
] as const;
/** In these the rows of a partition belong together. */
export const WHOLE_PARTITIONS: readonly string[] = [CASE_TABLE, DRAFT_TABLE, ENQUIRY_TABLE, SUMMARY_TABLE];
export const CONTAINERS = ['evidence', 'summaries'] as const;

/** What a backup says of itself; written last, so that one that was broken off has none. */
export const manifest = z.object({
  format: z.literal(1),
  /** When it was begun, by storage’s clock. */
  takenAt: z.string(),
  files: z.array(z.object({ name: z.string(), lines: z.int(), sha256: z.string() })),
});
export type Manifest = z.infer<typeof manifest>;

export const MANIFEST = 'manifest.json';
/** One line for each blob; its bytes lie beside under their own hash. */
export const BLOB_LIST = 'blobs.jsonl';
export const blobLine = z.object({
  container: z.enum(CONTAINERS),
  name: z.string().refine(isInside, 'leads out of its container'),
  type: z.string().optional(),
  bytes: z.int(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/u),
});

/** In an address, a part of dots alone would lead elsewhere: to the container of schools, who say what people may do. */
function isInside(name: string): boolean {
  return name.split('/').every((part) => !/^\.*$/u.test(part));
}
export type BlobLine = z.infer<typeof blobLine>;

/** A row with its types, as Azure Tables tells them: dates and 64-bit numbers are text in JSON. */
const typed = z.object({ type: z.string(), value: z.unknown() });
export const rowLine = z
  .looseObject({ partitionKey: z.string(), rowKey: z.string() })
  .catchall(z.union([z.string(), typed]));
export type RowLine = z.infer<typeof rowLine>;

export const tableFile = (table: string): string => `${table}.jsonl`;
/** Partitions that changed while their table was copied, whole, as they were afterwards. */
export const againFile = (table: string): string => `${table}.again.jsonl`;

/** All that a backup is made of, but for itself and the bytes of blobs. */
export const FILES: readonly string[] = [...TABLES.map(tableFile), ...WHOLE_PARTITIONS.map(againFile), BLOB_LIST];
