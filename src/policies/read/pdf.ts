import type { Reading } from './block.js';
export async function readPdf(_fileName: string, _bytes: Uint8Array): Promise<Reading> {
  return { blocks: [], dropped: [] };
}
