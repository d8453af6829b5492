import type { BlockBlobClient } from '@azure/storage-blob';
import { isPeriodId } from '../summaries/period.js';
import { DOCUMENT_FORMATS, type DocumentPlace, EDITIONS, type SummaryDocuments } from '../summaries/summary.js';
import { keepOnce, read, unlessGone } from './blob-files.js';
import type { Blobs } from './blobs.js';

const CONTAINER = 'summaries';
const SCHOOL = /^(?!\.+$)[^/\\~]+$/u;
const TYPES = { pdf: 'application/pdf', csv: 'text/csv; charset=utf-8' } as const;

/**
 * Keeps the documents of summaries in the private container `summaries`, as `<school>/<id>/<edition>.<format>`. A blob has its
 * bytes and content type and no metadata.
 */
export function summaryDocuments(blobs: Blobs): SummaryDocuments {
  const container = blobs.container(CONTAINER);
  const use = <T>(name: string, work: (blob: BlockBlobClient) => Promise<T>) =>
    container.use((client) => work(client.getBlockBlobClient(name)));
  return {
    async keep(place, bytes) {
      const name = nameOf(place);
      if (name === undefined) throw new Error('That is no place for a document.');
      await use(name, (blob) => keepOnce(blob, bytes, TYPES[place.format], 'document'));
    },
    async read(place) {
      const name = nameOf(place);
      return name === undefined ? undefined : unlessGone(use(name, read));
    },
  };
}

/** @returns `undefined` for what is none: what came from elsewhere never reaches another place. */
function nameOf({ schoolId, id, edition, format }: DocumentPlace): string | undefined {
  const isPlace =
    SCHOOL.test(schoolId) && isPeriodId(id) && EDITIONS.includes(edition) && DOCUMENT_FORMATS.includes(format);
  return isPlace ? `${schoolId}/${id}/${edition}.${format}` : undefined;
}
