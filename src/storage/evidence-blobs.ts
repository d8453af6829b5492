import type { BlockBlobClient, ContainerClient } from '@azure/storage-blob';
import type { EvidenceFiles, EvidencePlace } from '../reports/stores.js';
import { deadline, keepOnce, read, unlessGone, upload } from './blob-files.js';
import type { Blobs } from './blobs.js';

const CONTAINER = 'evidence';
const SCHOOL = /^(?!\.+$)[^/\\~]+$/u;
const REFERENCE = /^PD-[0-9A-HJKMNP-TV-Z]{8}$/u;
const EVIDENCE = /^[0-9a-f]{16}$/u;

/**
 * Keeps evidence in the private container `evidence`: originals as `<school>/<reference>/<evidence id>`, viewing copies with
 * `.view` behind that. A blob has its bytes and content type, no file name and no metadata: nothing in a listing says more than
 * its place.
 */
export function evidenceBlobs(blobs: Blobs): EvidenceFiles {
  const container = blobs.container(CONTAINER);
  const use = <T>(name: string, work: (blob: BlockBlobClient) => Promise<T>) =>
    container.use((client) => work(client.getBlockBlobClient(name)));
  return {
    async keepOriginal(place, bytes, type) {
      await use(nameOf(place), (blob) => keepOnce(blob, bytes, type, 'original'));
    },
    async keepViewing(place, bytes, type) {
      await use(viewingName(place), (blob) => upload(blob, bytes, type));
    },
    original: async (place) => (isPlace(place) ? unlessGone(use(nameOf(place), read)) : undefined),
    viewing: async (place) => (isPlace(place) ? unlessGone(use(viewingName(place), read)) : undefined),
    async remove(place) {
      for (const name of [viewingName(place), nameOf(place)])
        await unlessGone(use(name, (blob) => blob.deleteIfExists(deadline())));
    },
    async removeAll(schoolId, reference) {
      await unlessGone(container.use((client) => removeBelow(client, folderOf(schoolId, reference))));
    },
  };
}

const isFolder = (schoolId: string, reference: string): boolean => SCHOOL.test(schoolId) && REFERENCE.test(reference);

const isPlace = ({ schoolId, reference, evidenceId }: EvidencePlace): boolean =>
  isFolder(schoolId, reference) && EVIDENCE.test(evidenceId);

/** What came from elsewhere never reaches another place, nor, empty, a whole school. */
function folderOf(schoolId: string, reference: string): string {
  if (isFolder(schoolId, reference)) return `${schoolId}/${reference}/`;
  throw new Error('That is no place for evidence.');
}

function nameOf(place: EvidencePlace): string {
  if (isPlace(place)) return `${folderOf(place.schoolId, place.reference)}${place.evidenceId}`;
  throw new Error('That is no place for evidence.');
}

const viewingName = (place: EvidencePlace): string => `${nameOf(place)}.view`;

async function removeBelow(client: ContainerClient, prefix: string): Promise<void> {
  for await (const { name } of client.listBlobsFlat({ prefix, ...deadline() }))
    await client.getBlockBlobClient(name).deleteIfExists(deadline());
}
