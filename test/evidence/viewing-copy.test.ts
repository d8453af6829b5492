import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { pictureHeader, type ViewingCopy, viewingCopy } from '../../src/evidence/viewing-copy.js';
import { aFlatPicture, anAnimation, aPhotograph, aPicture } from '../support/pictures.js';

async function copyOf(bytes: Uint8Array): Promise<ViewingCopy> {
  const header = await pictureHeader(bytes);
  const copy = header && (await viewingCopy(bytes, header));
  if (typeof copy !== 'object') throw new Error(`There is no viewing copy: ${copy}.`);
  return copy;
}

describe('a viewing copy', () => {
  it('has nothing of a photograph’s metadata, which the original keeps', async () => {
    for (const photograph of [
      aPhotograph().jpeg(),
      aPhotograph().png(),
      aPhotograph().webp(),
      aPhotograph().withIccProfile('p3').jpeg(),
    ]) {
      const original = await photograph.toBuffer();
      expect(original.includes('behind the gym')).toBe(true);
      const { bytes } = await copyOf(original);
      const { exif, icc, xmp, iptc, comments, orientation, space } = await sharp(bytes).metadata();
      expect({ exif, icc, xmp, iptc, comments, orientation, space }).toEqual({ space: 'srgb' });
      for (const word of ['Exif', 'behind the gym', 'Alex Morgan', 'GPS', 'Fairphone', 'ICC_PROFILE', 'iCCP'])
        expect(Buffer.from(bytes).includes(word), word).toBe(false);
    }
  });

  it('has nothing of a PNG’s text or of what stands behind its end', async () => {
    const png = await aPicture().png().toBuffer();
    const text = Buffer.from('\u0000\u0000\u0000\u0007tEXta\u0000secret', 'latin1');
    const { bytes } = await copyOf(Buffer.concat([png, text]));
    expect(Buffer.from(bytes).includes('secret')).toBe(false);
  });

  it('stands upright', async () => {
    const original = await aPhotograph().jpeg().toBuffer();
    expect(await sharp(original).metadata()).toMatchObject({ width: 120, height: 90, orientation: 6 });
    expect(await sharp((await copyOf(original)).bytes).metadata()).toMatchObject({ width: 90, height: 120 });
  });

  it('is of the kind that suits the original', async () => {
    const kinds = await Promise.all(
      [aPicture().png(), aPicture().jpeg(), aPicture().webp(), aPicture().gif()].map(
        async (picture) => (await copyOf(await picture.toBuffer())).type,
      ),
    );
    expect(kinds).toEqual(['image/png', 'image/jpeg', 'image/webp', 'image/png']);
  });

  it('shows a PNG pixel by pixel', async () => {
    const original = await aPicture().png().toBuffer();
    const pixels = (bytes: Uint8Array) => sharp(bytes).raw().toBuffer();
    expect(await pixels((await copyOf(original)).bytes)).toEqual(await pixels(original));
  });

  it('is no larger than 2,400 pixels either way, and never larger than the original', async () => {
    const size = async (width: number, height: number) => {
      const copy = await copyOf(await aFlatPicture(width, height).png().toBuffer());
      const { width: w, height: h } = await sharp(copy.bytes).metadata();
      return [w, h];
    };
    expect(await size(4_800, 1_200)).toEqual([2_400, 600]);
    expect(await size(1_000, 9_600)).toEqual([250, 2_400]);
    expect(await size(2_400, 2_400)).toEqual([2_400, 2_400]);
    expect(await size(30, 20)).toEqual([30, 20]);
    expect(await size(12_000, 1)).toEqual([2_400, 1]);
  });

  it('is the first frame of an animation', async () => {
    for (const animation of [anAnimation(4).gif(), anAnimation(4).webp({ lossless: true })]) {
      const copy = await copyOf(await animation.toBuffer());
      expect(await sharp(copy.bytes, { animated: true }).metadata()).toMatchObject({ width: 60, height: 40 });
      expect((await sharp(copy.bytes, { animated: true }).metadata()).pages ?? 1).toBe(1);
    }
  });

  it('is the same whenever it is made, alone or beside others', async () => {
    const originals = await Promise.all([aPhotograph().jpeg(), aPicture().png()].map((one) => one.toBuffer()));
    const make = () => Promise.all(originals.map(async (one) => Buffer.from((await copyOf(one)).bytes)));
    const [first, ...others] = await Promise.all([make(), make(), make()]);
    for (const other of others) expect(other).toEqual(first);
  });

  it('is made of nothing but the four kinds of picture: no other reader is switched on', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    const tiff = await aPicture().tiff().toBuffer();
    for (const bytes of [svg, tiff]) {
      expect(await pictureHeader(bytes)).toBeUndefined();
      await expect(sharp(bytes).metadata()).rejects.toThrow();
    }
  });
});
