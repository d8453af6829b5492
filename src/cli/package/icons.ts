import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

/** Width and height in pixels, as Teams asks for them. */
export const ICON_SIZES = { 'color.png': 192, 'outline.png': 32 } as const;
export type Icon = keyof typeof ICON_SIZES;
export const ICONS = Object.keys(ICON_SIZES) as readonly Icon[];

/** An icon as its drawing in `appPackage/icons` shows it. @param folder `appPackage`. */
export async function drawnIcon(folder: string, icon: Icon): Promise<Buffer> {
  const drawing = await readFile(join(folder, 'icons', icon.replace('.png', '.svg')));
  return sharp(drawing).resize(ICON_SIZES[icon], ICON_SIZES[icon]).png({ compressionLevel: 9 }).toBuffer();
}

/** Writes the icons anew, after a drawing was changed. */
export async function drawIcons(folder: string): Promise<void> {
  for (const icon of ICONS) await writeFile(join(folder, icon), await drawnIcon(folder, icon));
}
