import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist';
import { AppError } from '../../errors.js';
import type { DroppedLine } from '../policy.js';
import { foldSpaces, type Reading, withTitle } from './block.js';
import { knownWords } from './hyphenation.js';
import { withHeadings } from './pdf-headings.js';
import { linesOfPage, type PdfLine, type PdfText } from './pdf-page.js';
import { withoutPaper, withoutRepeatedRows } from './pdf-paper.js';
import { toParagraphs } from './pdf-paragraphs.js';
import { withRows } from './pdf-rows.js';
import { checkStreams } from './pdf-streams.js';
import { toBlocks } from './piece.js';

/** The longest policies have some sixty pages. */
const MOST_PAGES = 300;
/** Characters; a policy of 300 full pages has about half as many. */
const MOST_CHARACTERS = 2_000_000;

interface Page {
  readonly texts: PdfText[];
  /** What is set across the page: "DRAFT". */
  readonly askew: readonly string[];
  /** In points, as read. */
  readonly height: number;
}

/**
 * Reads a PDF into blocks, with pdf.js: it tells where each word stands and how large it is, which is all a PDF has of
 * headings, lists and tables.
 *
 * @throws {AppError} `policy_unreadable` with one plain sentence.
 */
export async function readPdf(fileName: string, bytes: Uint8Array): Promise<Reading> {
  checkStreams(fileName, bytes);
  const { getDocument, VerbosityLevel } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const task = getDocument({
    data: new Uint8Array(bytes),
    verbosity: VerbosityLevel.ERRORS,
    isEvalSupported: false,
    disableFontFace: true,
    useSystemFonts: false,
    useWorkerFetch: false,
    maxImageSize: 1,
    stopAtErrors: false,
  });
  try {
    return await toReading(fileName, await task.promise);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    if (cause instanceof Error && cause.name === 'PasswordException')
      throw unreadable(fileName, 'is protected with a password. Save it without one and try that file.', cause);
    throw unreadable(fileName, 'is damaged. Save the policy as a PDF again, or use the Word document.', cause);
  } finally {
    await task.destroy();
  }
}

const unreadable = (fileName: string, words: string, cause?: unknown): AppError =>
  new AppError('policy_unreadable', `${fileName} ${words}`, { cause });

async function toReading(fileName: string, document: PDFDocumentProxy): Promise<Reading> {
  if (document.numPages > MOST_PAGES)
    throw unreadable(fileName, `has more than ${MOST_PAGES} pages, which no policy has. Save the policy by itself.`);
  const lines: PdfLine[] = [];
  const heights: number[] = [];
  const askew: DroppedLine[] = [];
  const bold = new Map<string, boolean>();
  let characters = 0;
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number);
    const read = await readPage(page, bold);
    characters += read.texts.reduce((sum, { text }) => sum + text.length, 0);
    if (characters > MOST_CHARACTERS)
      throw unreadable(fileName, 'holds far more text than any policy has. Save the policy by itself.');
    heights.push(read.height);
    lines.push(...linesOfPage(read.texts, number, lines.length + 1, (font) => bold.get(font) ?? false));
    askew.push(...read.askew.map((text) => ({ text, reason: 'header or footer' as const, line: null, page: number })));
    page.cleanup();
  }
  if (!lines.some(({ text }) => /\p{L}{2}/u.test(text)))
    throw unreadable(
      fileName,
      'holds pictures of pages but no text, as a scan does. Use the document it was printed from, or have its text recognised (OCR) first.',
    );
  const { kept, dropped } = withoutPaper(lines, heights);
  const isKnown = knownWords(kept.map(({ text }) => text));
  const rows = withoutRepeatedRows(withRows(kept, heights, isKnown));
  const pieces = withHeadings(toParagraphs(rows.kept, isKnown));
  return { blocks: withTitle(toBlocks(pieces, true, isKnown)), dropped: [...dropped, ...rows.dropped, ...askew] };
}

/** @param bold whether a font is bold, by its name; fonts that are met for the first time are added. */
async function readPage(page: PDFPageProxy, bold: Map<string, boolean>): Promise<Page> {
  const { items } = await page.getTextContent();
  const texts = items.flatMap((item) => ('str' in item ? [item] : []));
  await learnFonts(page, new Set(texts.map(({ fontName }) => fontName)), bold);
  const turns = texts.map(({ transform: [a, b] }) => Math.round(Math.atan2(Number(b), Number(a)) / (Math.PI / 2)) % 4);
  const askewBy = texts.map(({ transform: [a, b] }) => Math.abs(Math.sin(2 * Math.atan2(Number(b), Number(a)))) > 0.1);
  const turn = most(turns.filter((_, at) => !askewBy[at]));
  const [left = 0, bottom = 0, right = 0, top = 0] = page.view;
  const upright = texts.filter((_, at) => !askewBy[at] && turns[at] === turn);
  return {
    texts: upright.map(({ str, transform, width, height, fontName }): PdfText => {
      const [a, b, , , e, f] = transform.map(Number);
      const [x, y] = turned((e ?? 0) - left, (f ?? 0) - bottom, turn, right - left, top - bottom);
      return { text: clean(str), x, y, width, size: height || Math.hypot(a ?? 0, b ?? 0), font: fontName };
    }),
    askew: texts
      .filter((one) => !upright.includes(one))
      .map(({ str }) => foldSpaces(str))
      .filter((text) => text !== ''),
    height: turn % 2 === 0 ? top - bottom : right - left,
  };
}

/** Turns a place on the page so that its text runs from left to right. */
function turned(x: number, y: number, turn: number, width: number, height: number): [number, number] {
  if (turn === 1) return [y, width - x];
  if (turn === -1 || turn === 3) return [height - y, x];
  return Math.abs(turn) === 2 ? [width - x, height - y] : [x, y];
}

function most(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].toSorted(([, one], [, other]) => other - one)[0]?.[0] ?? 0;
}

/** Signs of symbol fonts are bullets; other signs that print nothing are left out. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
const clean = (text: string): string => text.replace(/\p{Co}/gu, '•').replace(/[\u0000-\u0008\u000E-\u001F]/gu, '');

/** pdf.js knows the names of fonts only after it has made out how a page is drawn; that is done once for each font. */
async function learnFonts(page: PDFPageProxy, fonts: ReadonlySet<string>, bold: Map<string, boolean>): Promise<void> {
  if ([...fonts].every((font) => bold.has(font))) return;
  await page.getOperatorList();
  for (const font of fonts) {
    const known: unknown = page.commonObjs.has(font) ? page.commonObjs.get(font) : undefined;
    const name = typeof known === 'object' && known !== null && 'name' in known ? String(known.name) : '';
    bold.set(font, /bold|black|heavy|demi/iu.test(name));
  }
}
