import sharp, { type Sharp } from 'sharp';
import { type EvidenceType, MOST_PIXELS } from '../reports/evidence.js';
import { Turns } from './turns.js';

export type PictureType = Exclude<EvidenceType, 'application/pdf'>;

/** A copy of a picture for looking at: upright, in sRGB, without metadata (EXIF, places, colour profiles, comments, thumbnails). */
export interface ViewingCopy {
  readonly bytes: Uint8Array;
  readonly type: 'image/png' | 'image/jpeg' | 'image/webp';
}

/** What a picture says of itself in its header; all its frames count. */
export interface PictureHeader {
  readonly type: PictureType;
  readonly frames: number;
  readonly pixels: number;
}

const LONGEST_EDGE = 2_400;
/** A person waits: three quarters of the usual level's work, for files that are at most a sixth larger. */
const PNG_LEVEL = 3;
const MOST_SECONDS = 20;
const MOST_AT_ONCE = 2;

// Pictures come from anywhere. Only four readers are left switched on, one thread works on a picture, and nothing is kept of it.
sharp.cache(false);
sharp.concurrency(1);
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadPng', 'VipsForeignLoadJpeg', 'VipsForeignLoadWebp', 'VipsForeignLoadNsgif'],
});

/**
 * At most two pictures are decoded at once in a process, and one large one, so that its memory stays bounded: an interlaced or
 * animated picture is decoded to memory whole, and one of {@link MOST_PIXELS} takes half a gigabyte for a second or two.
 */
const turns = new Turns(MOST_AT_ONCE);
const largeTurns = new Turns(1);
const LARGE_PIXELS = 16_000_000;

const TYPES: Readonly<Record<string, PictureType>> = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
};

/** Reads a picture's header, without decoding the picture. @returns `undefined` when it has none that makes sense. */
export async function pictureHeader(bytes: Uint8Array): Promise<PictureHeader | undefined> {
  try {
    const {
      format,
      width,
      height,
      pages = 1,
      pageHeight = height,
    } = await turns.take(() => sharp(bytes, { limitInputPixels: false, animated: true }).metadata());
    const type = TYPES[format];
    return type && { type, frames: pages, pixels: width * pageHeight * pages };
  } catch {
    return undefined;
  }
}

/**
 * Makes the viewing copy, for which the whole picture is decoded; of an animation it is the first frame.
 *
 * @returns why there is none: `damaged` when it cannot be decoded to its end, `slow` when that takes too long.
 */
export async function viewingCopy(bytes: Uint8Array, header: PictureHeader): Promise<ViewingCopy | 'damaged' | 'slow'> {
  try {
    const inTurn = () => turns.take(() => make(bytes, header));
    return await (header.pixels > LARGE_PIXELS ? largeTurns.take(inTurn) : inTurn());
  } catch (error) {
    return error instanceof Error && /timeout/iu.test(error.message) ? 'slow' : 'damaged';
  }
}

async function make(bytes: Uint8Array, header: PictureHeader): Promise<ViewingCopy> {
  if (header.frames > 1) await decodeEveryFrame(bytes);
  const upright = decoder(bytes)
    .autoOrient()
    .resize({ width: LONGEST_EDGE, height: LONGEST_EDGE, fit: 'inside', withoutEnlargement: true });
  const { pipeline, type } = encoded(upright, header.type);
  return { bytes: await pipeline.toBuffer(), type };
}

/** Errors and a cut-off end count, mere warnings do not: cameras and editors cause them too. */
const decoder = (bytes: Uint8Array, animated = false): Sharp =>
  sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'error', animated, sequentialRead: true }).timeout({
    seconds: MOST_SECONDS,
  });

async function decodeEveryFrame(bytes: Uint8Array): Promise<void> {
  await decoder(bytes, true).resize({ width: 1 }).raw().toBuffer();
}

/** Pictures without loss stay without, because screenshots are of text. */
function encoded(upright: Sharp, type: PictureType): { pipeline: Sharp; type: ViewingCopy['type'] } {
  if (type === 'image/jpeg') return { pipeline: upright.jpeg({ quality: 88 }), type };
  if (type === 'image/webp') return { pipeline: upright.webp({ quality: 90 }), type };
  return { pipeline: upright.png({ compressionLevel: PNG_LEVEL }), type: 'image/png' };
}
