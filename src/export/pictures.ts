import sharp from 'sharp';
// Only the readers that evidence needs stay switched on.
import '../evidence/viewing-copy.js';
import { MOST_PIXELS } from '../reports/evidence.js';

/** A picture as paper takes it: PNG or JPEG without transparency. */
export interface PaperPicture {
  readonly bytes: Buffer;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
}

/** An A4 page within its margins at more than 200 dots an inch. */
const ROOM = { width: 1_600, height: 2_200 } as const;
/** Above this a picture is no drawing or screenshot, and PNG does it no good. */
const MOST_PNG_BYTES = 2 * 1024 * 1024;
const MOST_SECONDS = 20;

/** @returns `undefined` when it cannot be decoded. */
export async function paperPicture(bytes: Uint8Array): Promise<PaperPicture | undefined> {
  try {
    const picture = sharp(bytes, { limitInputPixels: MOST_PIXELS })
      .timeout({ seconds: MOST_SECONDS })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .resize({ ...ROOM, fit: 'inside', withoutEnlargement: true });
    const { data, info } = await picture.clone().png().toBuffer({ resolveWithObject: true });
    const { width, height } = info;
    if (data.byteLength <= MOST_PNG_BYTES) return { bytes: data, width, height };
    return { bytes: await picture.jpeg({ quality: 90 }).toBuffer(), width, height };
  } catch {
    return undefined;
  }
}
