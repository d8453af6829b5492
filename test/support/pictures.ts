import sharp from 'sharp';

/** Some pixels that no two seeds share, and that do not compress to nothing. */
function pixels(width: number, height: number, channels: number, seed: number): Buffer {
  const bytes = Buffer.alloc(width * height * channels);
  let state = seed * 2_654_435_761 + 1;
  for (let at = 0; at < bytes.length; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

/** A noisy picture to make files of. */
export const aPicture = (seed = 1, width = 120, height = 90): sharp.Sharp =>
  sharp(pixels(width, height, 3, seed), { raw: { width, height, channels: 3 } });

/** An animation of noisy frames, each 60 × 40. */
export const anAnimation = (frames: number): sharp.Sharp =>
  sharp(pixels(60, 40 * frames, 3, 7), { raw: { width: 60, height: 40 * frames, channels: 3, pageHeight: 40 } });

/** One colour, as large as wanted: files of a few kilobytes that unpack to any size. */
export const aFlatPicture = (width: number, height: number): sharp.Sharp =>
  sharp({ create: { width, height, channels: 3, background: '#fdd' }, limitInputPixels: false });

/** A photograph taken upright by a phone held sideways: 120 × 90 as stored, turned by its EXIF, with the place and a name in it. */
export const aPhotograph = (): sharp.Sharp =>
  aPicture(3)
    .withMetadata({ orientation: 6 })
    .withExifMerge({
      IFD0: { Make: 'Fairphone', Artist: 'Alex Morgan', ImageDescription: 'behind the gym' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '53/1 44/1 0/1', GPSLongitudeRef: 'W', GPSLongitude: '1/1 35/1 0/1' },
    });
