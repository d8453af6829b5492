import { type BlockBlobClient, RestError } from '@azure/storage-blob';
import { isNoBlob } from './blobs.js';

const DEADLINE_MS = 20_000;

export const deadline = () => ({ abortSignal: AbortSignal.timeout(DEADLINE_MS) });

export const upload = (
  blob: BlockBlobClient,
  bytes: Uint8Array,
  type: string,
  conditions: { readonly ifNoneMatch?: '*' } = {},
) =>
  blob.upload(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), bytes.byteLength, {
    blobHTTPHeaders: { blobContentType: type },
    conditions,
    ...deadline(),
  });

/**
 * Never overwrites: sent again, as after an answer that was lost, the same bytes are as good as kept.
 *
 * @param what "original": for the error when something else is kept there.
 */
export async function keepOnce(blob: BlockBlobClient, bytes: Uint8Array, type: string, what: string): Promise<void> {
  try {
    await upload(blob, bytes, type, { ifNoneMatch: '*' });
  } catch (error) {
    if (!isThereAlready(error)) throw error;
    if (!(await read(blob)).equals(bytes)) throw new Error(`Another ${what} is kept there; it stays as it is.`);
  }
}

const isThereAlready = (error: unknown): boolean =>
  error instanceof RestError && (error.statusCode === 409 || error.statusCode === 412);

export async function read(blob: BlockBlobClient): Promise<Buffer> {
  const { readableStreamBody } = await blob.download(0, undefined, deadline());
  const chunks: Buffer[] = [];
  for await (const chunk of readableStreamBody ?? []) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** `undefined` instead of a blob that is not there. */
export async function unlessGone<T>(task: Promise<T>): Promise<T | undefined> {
  try {
    return await task;
  } catch (error) {
    if (isNoBlob(error)) return undefined;
    throw error;
  }
}
