import { mkdtempSync, readFileSync, rmSync } from 'node:fs';

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { packed } from '../../../src/cli/package/archive.js';
import { faultsInIcon } from '../../../src/cli/package/check.js';
import { drawnIcon, ICON_SIZES, ICONS, type Icon } from '../../../src/cli/package/icons.js';
import { MADE_UP, packageFiles } from '../../../src/cli/package/make.js';
import { unzipped } from '../../export/reading.js';
import { runScript } from '../../support/built.js';
import { ROOT } from '../../support/processes.js';

const folder = join(ROOT, 'appPackage');
const made = mkdtempSync(join(tmpdir(), 'policy-desk-package-'));
afterAll(() => rmSync(made, { recursive: true }));

/** Red, green, blue and alpha of each pixel. */
const pixelsOf = async (icon: Uint8Array) => {
  const { data, info } = await sharp(icon).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return Array.from({ length: info.width * info.height }, (_, at) => [...data.subarray(at * 4, at * 4 + 4)]);
};

describe('the package', () => {
  const zoneBefore = process.env.TZ;
  afterEach(() => {
    if (zoneBefore === undefined) delete process.env.TZ;
    else process.env.TZ = zoneBefore;
  });

  it('has three files at its root, as they are, and nothing else', async () => {
    const files = await packageFiles(folder, MADE_UP);
    const found = await unzipped(await packed(files));
    expect([...found.keys()]).toEqual(['manifest.json', 'color.png', 'outline.png']);
    for (const icon of ICONS) expect(found.get(icon)?.equals(readFileSync(join(folder, icon)))).toBe(true);
    const { icons } = JSON.parse(String(found.get('manifest.json')));
    expect(Object.values(icons).every((name) => found.has(String(name)))).toBe(true);
  });

  it('is the same to the byte wherever and whenever it is made', async () => {
    const files = await packageFiles(folder, MADE_UP);
    const zips: Buffer[] = [];
    for (const zone of ['Europe/London', 'Pacific/Auckland', 'America/St_Johns']) {
      process.env.TZ = zone;
      zips.push(await packed(files));
    }
    expect(zips.every((zip) => zip.equals(zips[0] ?? Buffer.alloc(0)))).toBe(true);
    const other = await packageFiles(folder, { ...MADE_UP, BOT_ID: MADE_UP.TEAMS_APP_ID });
    expect((await packed(other)).equals(zips[0] ?? Buffer.alloc(0))).toBe(false);
  });

  it('can be read from its beginning, as sizes and sums stand before the content', async () => {
    const zip = await packed(await packageFiles(folder, MADE_UP));
    const flags = zip.readUInt16LE(6);
    expect(flags & 0x8).toBe(0);
    expect(zip.readUInt32LE(22)).toBe(Buffer.byteLength((await packageFiles(folder, MADE_UP))['manifest.json']));
  });

  it('is not made of a version that Teams does not take', async () => {
    await expect(packageFiles(folder, MADE_UP, { version: 'next' })).rejects.toThrow(
      /- manifest\.json has the version next/u,
    );
  });
});

describe('the icons', () => {
  it.each(ICONS)('%s has its size and is as Teams wants it', async (icon) => {
    const bytes = readFileSync(join(folder, icon));
    expect(await sharp(bytes).metadata()).toMatchObject({
      format: 'png',
      width: ICON_SIZES[icon],
      height: ICON_SIZES[icon],
    });
    expect(await faultsInIcon(icon, bytes)).toEqual([]);
  });

  it.each(ICONS)('%s is what its drawing shows', async (icon) => {
    const [kept, drawn] = await Promise.all([
      pixelsOf(readFileSync(join(folder, icon))),
      drawnIcon(folder, icon).then(pixelsOf),
    ]);
    const apart = kept.map((pixel, at) =>
      Math.max(...pixel.map((value, channel) => Math.abs(value - (drawn[at]?.[channel] ?? 0)))),
    );
    // Versions of the renderer may differ a little at edges.
    expect(apart.filter((difference) => difference > 24)).toEqual([]);
  });

  it('the coloured one has the accent colour of the manifest around a symbol that Teams does not cut', async () => {
    const { accentColor } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
    const pixels = await pixelsOf(readFileSync(join(folder, 'color.png')));
    const ground = [1, 3, 5].map((at) => Number.parseInt(accentColor.slice(at, at + 2), 16));
    const outside = pixels.filter((_, at) => {
      const [column, row] = [at % 192, Math.floor(at / 192)];
      return column < 48 || column >= 144 || row < 48 || row >= 144;
    });
    expect(outside.every((pixel) => pixel.slice(0, 3).join() === ground.join())).toBe(true);
    expect(new Set(pixels.map((pixel) => pixel.join())).size).toBeGreaterThan(3);
  });

  const blank = (size: number, background: string) =>
    sharp({ create: { width: size, height: size, channels: 4, background } })
      .png()
      .toBuffer();
  const outlineWith = (overlay: string) => {
    const over = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32">${overlay}</svg>`);
    return sharp(over).png().toBuffer();
  };

  it.each<[string, Icon, () => Promise<Buffer>, RegExp]>([
    ['of another size', 'color.png', () => blank(96, '#1d5c8f'), /is 96 × 96 png, and must be 192 × 192 png/u],
    [
      'that is no PNG',
      'outline.png',
      () =>
        sharp({ create: { width: 32, height: 32, channels: 3, background: '#fff' } })
          .jpeg()
          .toBuffer(),
      /32 × 32 jpeg/u,
    ],
    ['with rounded corners', 'color.png', () => blank(192, '#1d5c8f00'), /must fill its square/u],
    [
      'in grey',
      'outline.png',
      () => outlineWith('<path d="M0 1h32" stroke="#eee" stroke-width="2"/>'),
      /white and nothing else/u,
    ],
    ['without an outline', 'outline.png', () => blank(32, '#fff'), /outline on a transparent ground/u],
    ['with nothing in it', 'outline.png', () => blank(32, '#ffffff00'), /outline on a transparent ground/u],
    [
      'with room around it',
      'outline.png',
      () => outlineWith('<path d="M4 4h24v24H4z" fill="none" stroke="#fff"/>'),
      /reach the edges/u,
    ],
  ])('are refused %s', async (_, icon, draw, words) => {
    const faults = await faultsInIcon(icon, await draw());
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(words);
  });
});

describe('npm run package', () => {
  const env = {
    ...{ TEAMS_APP_ID: MADE_UP.TEAMS_APP_ID, BOT_ID: MADE_UP.BOT_ID, PUBLIC_URL: `https://${MADE_UP.BOT_DOMAIN}` },
    ...{ PUBLISHER_NAME: MADE_UP.PUBLISHER_NAME, PUBLISHER_URL: MADE_UP.PUBLISHER_URL },
    ...{ PRIVACY_URL: MADE_UP.PRIVACY_URL, TERMS_URL: MADE_UP.TERMS_URL },
  };

  it('writes the package over the last one, and refuses without writing when a variable is missing', async () => {
    const out = join(made, 'deep', 'policy-desk.zip');
    const first = runScript('src/cli/package.ts', ['--out', out], env);
    const refused = runScript('src/cli/package.ts', ['--out', join(made, 'none.zip')], {
      ...env,
      BOT_ID: '',
      TERMS_URL: '',
    });
    expect(await first.ended, first.printed()).toBe(0);
    expect(first.printed()).toMatch(/policy-desk\.zip: [\d,]+ bytes, SHA-256 [0-9a-f]{64}\n/u);
    expect(readFileSync(out).equals(await packed(await packageFiles(folder, MADE_UP)))).toBe(true);
    expect(await refused.ended).toBe(1);
    expect(refused.printed()).toMatch(
      /^The app package cannot be made:\n {2}- BOT_ID is missing: .+\n {2}- TERMS_URL is missing: .+\n$/u,
    );
    expect(() => readFileSync(join(made, 'none.zip'))).toThrow(/ENOENT/u);
  });
});
