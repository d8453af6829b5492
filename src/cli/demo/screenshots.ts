import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import sharp, { type OverlayOptions } from 'sharp';

/** The font comes with the project, so that the pictures look the same on every machine. */
const FONTS = join(dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')), 'ttf');
const [WIDTH, LEAST_HEIGHT] = [720, 420];

/** One post or comment as a phone shows it. */
interface Shown {
  readonly name: string;
  readonly when: string;
  readonly words: string;
  /** Of the square beside the name. */
  readonly colour: string;
}

/** A made-up post, and the comments below it. */
export const SCREENSHOTS: readonly (readonly Shown[])[] = [
  [
    {
      ...{ name: 'Jo Sample', when: 'Year 4 parents · yesterday at 19:42', colour: '#b5651d' },
      words: 'Trip money AGAIN. Example Primary is useless and the teachers are only in it for the holidays.',
    },
    { name: 'Sam Specimen', when: '5 h', words: 'Couldn’t agree more!!', colour: '#5b7f95' },
  ],
  [
    { name: 'Jo Sample', when: '4 h', words: 'And Miss L can’t even spell. Useless.', colour: '#b5651d' },
    { name: 'Chris Placeholder', when: '3 h', words: 'That is not fair, she is lovely.', colour: '#6b8e5a' },
    { name: 'Sam Specimen', when: '1 h', words: 'Share it so everyone sees.', colour: '#5b7f95' },
  ],
];

/** A screenshot as a PNG, drawn for the demo: nobody in it is real. */
export async function drawScreenshot(posts: readonly Shown[]): Promise<Buffer> {
  const layers: OverlayOptions[] = [
    { input: rectangle(WIDTH, 84, '#3a4a63'), left: 0, top: 0 },
    { input: await text('Year 4 parents', { size: 30, colour: '#ffffff', bold: true }), left: 32, top: 24 },
  ];
  let top = 108;
  for (const { name, when, words, colour } of posts) {
    const said = await text(words, { size: 27 });
    const height = (await sharp(said).metadata()).height ?? 0;
    layers.push(
      { input: rectangle(WIDTH - 48, height + 164, '#ffffff'), left: 24, top },
      { input: rectangle(72, 72, colour), left: 48, top: top + 24 },
      { input: await text(name, { size: 25, bold: true }), left: 140, top: top + 26 },
      { input: await text(when, { size: 20, colour: '#65676b' }), left: 140, top: top + 66 },
      { input: said, left: 50, top: top + 122 },
    );
    top += height + 184;
  }
  const page = { width: WIDTH, height: Math.max(LEAST_HEIGHT, top), channels: 3, background: '#e9ebee' } as const;
  return sharp({ create: page }).composite(layers).png().toBuffer();
}

const rectangle = (width: number, height: number, background: string): { readonly create: sharp.Create } => ({
  create: { width, height, channels: 3, background },
});

interface Letters {
  /** Of the letters, in pixels. */
  readonly size: number;
  readonly colour?: string;
  readonly bold?: boolean;
}

/** At 72 dots per inch a point is a pixel. */
const text = (words: string, { size, colour = '#1c1e21', bold = false }: Letters): Promise<Buffer> =>
  sharp({
    text: {
      text: `<span foreground="${colour}">${words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</span>`,
      font: `DejaVu Sans${bold ? ' Bold' : ''} ${size}`,
      fontfile: join(FONTS, bold ? 'DejaVuSans-Bold.ttf' : 'DejaVuSans.ttf'),
      ...{ width: WIDTH - 100, dpi: 72, rgba: true },
    },
  })
    .png()
    .toBuffer();
