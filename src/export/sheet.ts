import type { Readable } from 'node:stream';
import PDFDocument from 'pdfkit';
import { FONTS, type FontName, hasCharacter } from './fonts.js';
import { inPrintedOrder, linesOf, printable } from './lines.js';

/** What a document says of itself, and in its margins. */
export interface SheetInfo {
  readonly title: string;
  readonly subject: string;
  /** At the head of every page, beside its number; empty: no head, and the number stands at the foot. */
  readonly running: string;
  /** At the foot of every page, a line each. */
  readonly footer: readonly string[];
  readonly made: Date;
}

export interface Letters {
  readonly font?: FontName;
  /** In points, as everything here. */
  readonly size: number;
  readonly colour?: string;
}

export const A4 = { width: 595.28, height: 841.89 } as const;
export const SIDE = 56;
export const WIDTH = A4.width - 2 * SIDE;
export const INK = '#111111';
export const GREY = '#555555';

const FOOT = 40;
const SMALL = 8;

/** A tag as pdfkit takes it; its types leave out the scope of a table's heads. */
export type TagOptions = PDFKit.Mixins.StructureElementOptions & { readonly scope?: 'Row' | 'Column' };

/**
 * A document on A4 on which things are put at places: tagged, so that it can be read aloud and by its headings, and with its own
 * fonts. It is read as a stream while it is drawn. Places are in points from the top left.
 */
export class Sheet {
  readonly #doc: PDFKit.PDFDocument;
  readonly #root: PDFKit.PDFStructureElement;
  readonly #info: SheetInfo;
  #parent: PDFKit.PDFStructureElement;
  #substituted = false;

  constructor(info: SheetInfo) {
    this.#info = info;
    this.#doc = new PDFDocument({
      ...{
        size: 'A4',
        margin: 0,
        pdfVersion: '1.7',
        tagged: true,
        displayTitle: true,
        lang: 'en-GB',
        bufferPages: true,
      },
      font: FONTS.regular,
      info: {
        ...{ Title: info.title, Subject: info.subject, CreationDate: info.made, ModDate: info.made },
        ...{ Creator: 'Policy Desk', Producer: 'Policy Desk' },
      },
    });
    this.#root = this.#doc.struct('Document');
    this.#doc.addStructure(this.#root);
    this.#parent = this.#root;
  }

  get stream(): Readable {
    return this.#doc as unknown as Readable;
  }

  /** To draw with; what is drawn belongs in {@link tagged} or {@link artifact}. */
  get pen(): PDFKit.PDFDocument {
    return this.#doc;
  }

  get pages(): number {
    return this.#doc.bufferedPageRange().count;
  }

  /** Whether a character was written as its number, because the fonts have it not. */
  get substituted(): boolean {
    return this.#substituted;
  }

  tagged(type: string, draw: () => void, options: TagOptions = {}): void {
    const element = this.#doc.struct(type, options, draw);
    this.#parent.add(element);
    element.end();
  }

  /** A tag around others: what `fill` tags lies within it. */
  grouped(type: string, fill: () => void, options: TagOptions = {}): void {
    const around = this.#parent;
    const element = this.#doc.struct(type, options);
    around.add(element);
    this.#parent = element;
    fill();
    this.#parent = around;
    element.end();
  }

  /** What is only there for the eye. */
  artifact(draw: () => void, type: 'Layout' | 'Pagination' = 'Layout'): void {
    this.#doc.markContent('Artifact', { type });
    draw();
    this.#doc.endMarkedContent();
  }

  /** Text as lines that are no wider than that. */
  lines(text: string, width: number, letters: Letters): readonly string[] {
    this.#set(letters);
    return linesOf(this.#printable(text), width, (one) => this.#doc.widthOfString(one));
  }

  widthOf(line: string, letters: Letters): number {
    this.#set(letters);
    return this.#doc.widthOfString(line);
  }

  /** @param line one of {@link lines}. */
  put(line: string, left: number, y: number, letters: Letters): void {
    this.#set(letters);
    let x = left;
    for (const piece of inPrintedOrder(line)) {
      if (piece.trim() !== '') this.#doc.text(piece, x, y, { lineBreak: false });
      x += this.#doc.widthOfString(piece);
    }
  }

  rule(x: number, y: number, width: number, thickness = 0.5): void {
    this.#doc
      .moveTo(x, y)
      .lineTo(x + width, y)
      .lineWidth(thickness)
      .stroke(GREY);
  }

  turn(): void {
    this.#doc.continueOnNewPage();
  }

  /** Numbers the pages and ends the document. */
  end(): void {
    for (let page = 0; page < this.pages; page += 1) {
      this.#doc.switchToPage(page);
      this.artifact(() => this.#margins(`Page ${page + 1} of ${this.pages}`), 'Pagination');
    }
    this.#root.end();
    this.#doc.end();
  }

  #margins(number: string): void {
    const { running, footer } = this.#info;
    const letters = { size: SMALL, colour: GREY };
    const numberY = running === '' ? A4.height - FOOT : FOOT;
    this.put(number, A4.width - SIDE - this.widthOf(number, letters), numberY, letters);
    if (running !== '') this.#margin(running, FOOT, WIDTH - 90);
    this.rule(SIDE, running === '' ? A4.height - FOOT - 5 : FOOT + 14, WIDTH);
    for (const [at, line] of footer.entries())
      this.#margin(line, A4.height - FOOT + at * SMALL * 1.3, at === 0 ? WIDTH - 90 : WIDTH);
  }

  #margin(text: string, y: number, width: number): void {
    const [line = ''] = this.lines(text, width, { size: SMALL });
    this.put(line, SIDE, y, { size: SMALL, colour: GREY });
  }

  #set({ font = 'regular', size, colour = INK }: Letters): void {
    this.#doc.font(FONTS[font]).fontSize(size).fillColor(colour);
  }

  #printable(text: string): string {
    const result = printable(text, (codePoint) => hasCharacter(this.#doc, codePoint));
    if (result !== text && /\[U\+/u.test(result)) this.#substituted = true;
    return result;
  }
}
