import { aPicture } from '../test/support/pictures.js';

/** As a phone makes them: a flat page with a photo in it, which is what fills the megabyte. */
const SCREEN = { width: 1_080, height: 2_340 };
const PHOTO = { width: 700, height: 380 };

/** Two different screenshots of about 1 MB each, PNG. */
export async function twoScreenshots(): Promise<readonly [Uint8Array, Uint8Array]> {
  return [await screenshot(1), await screenshot(2)];
}

async function screenshot(seed: number): Promise<Uint8Array> {
  const photo = await aPicture(seed, PHOTO.width, PHOTO.height).png().toBuffer();
  const lines = Array.from({ length: 14 }, (_, at) => ({
    input: {
      text: { text: `Line ${at} of what somebody has posted about the school`, font: 'DejaVu Sans', dpi: 160 },
    },
    ...{ left: 60, top: 1_000 + at * 80 },
  }));
  return aPicture(0, 1, 1)
    .resize({ ...SCREEN, fit: 'fill' })
    .composite([{ input: photo, left: 190, top: 300 }, ...lines])
    .png()
    .toBuffer();
}
