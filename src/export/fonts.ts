import { createRequire } from 'node:module';

export type FontName = 'regular' | 'bold' | 'mono';

const fontFile = (name: string): string => createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`);

/** By path, which is how pdfkit knows a font that it has open; by a name of ours it would read the first one time and again. */
export const FONTS: Readonly<Record<FontName, string>> = {
  regular: fontFile('DejaVuSans'),
  bold: fontFile('DejaVuSans-Bold'),
  mono: fontFile('DejaVuSansMono'),
};

/** Whether the font that is set has a character; pdfkit keeps that to itself. */
export function hasCharacter(document: PDFKit.PDFDocument, codePoint: number): boolean {
  const { _font } = document as unknown as { _font: { font: { hasGlyphForCodePoint(codePoint: number): boolean } } };
  return _font.font.hasGlyphForCodePoint(codePoint);
}
