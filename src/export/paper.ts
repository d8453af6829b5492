import type { Readable } from 'node:stream';
import PDFDocument from 'pdfkit';
import { FONTS, type FontName, hasCharacter } from './fonts.js';
import { inPrintedOrder, linesOf, printable } from './lines.js';
import type { PaperPicture } from './pictures.js';

/** What a document says of itself, and in its margins. */
export interface PaperInfo {
  readonly title: string;
  readonly subject: string;
  /** On every page, beside its number. */
  readonly running: string;
  readonly made: Date;
}

export interface Style {
  readonly font?: FontName;
  readonly size?: number;
  /** In points, as everything here. */
  readonly indent?: number;
  readonly after?: number;
}

const A4 = { width: 595.28, height: 841.89 } as const;
const MARGIN = { side: 56, top: 72, bottom: 64 } as const;
const WIDTH = A4.width - 2 * MARGIN.side;
const LOWEST = A4.height - MARGIN.bottom;
const LEADING = 1.4;
const LABEL_WIDTH = 130;
const HEADING = { 1: 17, 2: 12.5, 3: 10 } as const;
const INK = '#111111';
const GREY = '#555555';
/** A picture of 96 dots an inch in its own size. */
const POINTS_A_PIXEL = 0.75;
const LEAST_PICTURE_HEIGHT = 260;
/** What may wait to be read before drawing goes on. */
const MOST_WAITING_BYTES = 1024 * 1024;
const WAIT_MS = 5;

/**
 * A document on A4, drawn from top to bottom: tagged, so that it can be read aloud and by its headings, and with its own fonts. All
 * text is black or dark grey, and none leaves the margins. It is read as a stream while it is drawn.
 */
export class Paper {
  readonly #doc: PDFKit.PDFDocument;
  readonly #root: PDFKit.PDFStructureElement;
  readonly #info: PaperInfo;
  #y: number = MARGIN.top;
  #substituted = false;

  constructor(info: PaperInfo) {
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
  }

  get stream(): Readable {
    return this.#doc as unknown as Readable;
  }

  /** Whether a character was written as its number, because the fonts have it not. */
  get substituted(): boolean {
    return this.#substituted;
  }

  /** @param below how much has to be below it on the same page. */
  heading(level: 1 | 2 | 3, text: string, below = 48): void {
    const size = HEADING[level];
    this.#y += this.#y > MARGIN.top ? size * 0.9 : 0;
    // Never alone at the foot of a page.
    this.#room(size * LEADING + below);
    this.#tagged(`H${level}`, () => this.#lines(text, { font: 'bold', size, after: size * 0.4 }));
    if (level === 2) this.#rule();
  }

  paragraph(text: string, style: Style = {}): void {
    this.#tagged('P', () => this.#lines(text, style));
  }

  /** A name and what it has, side by side. */
  fact(name: string, text: string, font: FontName = 'regular'): void {
    this.#tagged('P', () => {
      // Room for a name of two lines, so that what it has begins beside it.
      this.#room(2 * 9 * LEADING);
      const [page, y] = [this.#doc.page, this.#y];
      this.#lines(name, { font: 'bold', size: 9, after: 0 }, LABEL_WIDTH - 8);
      const below = this.#y;
      this.#y = y;
      this.#lines(text, { font, size: font === 'mono' ? 8.5 : 9, indent: LABEL_WIDTH, after: 0 });
      this.#y = (page === this.#doc.page ? Math.max(this.#y, below) : this.#y) + 2;
    });
  }

  /** Words of a document, with a rule beside them. */
  quote(text: string): void {
    this.#tagged('BlockQuote', () => this.#lines(text, { size: 9.5, indent: 14, after: 4 }, undefined, true));
  }

  /** A picture as large as there is room, but no larger than it is. @param alt what it is, for whoever cannot see it. */
  picture(picture: PaperPicture, alt: string): void {
    const { bytes, width, height } = picture;
    this.keep(0, picture);
    const scale = Math.min(this.#scaleOf(picture), (LOWEST - this.#y - 2) / height);
    const [w, h] = [width * scale, height * scale];
    this.#tagged(
      'Figure',
      () => {
        this.#doc.image(bytes, MARGIN.side, this.#y, { width: w, height: h });
        this.#doc.rect(MARGIN.side, this.#y, w, h).lineWidth(0.5).stroke(GREY);
      },
      { alt },
    );
    this.#y += h + 10;
  }

  /** Begins a new page when there is less room than that on this one, or, where it is given, for a picture below that. */
  keep(height: number, picture?: PaperPicture): void {
    const below = picture ? Math.min(picture.height * this.#scaleOf(picture), LEAST_PICTURE_HEIGHT) : 0;
    this.#room(height + below);
  }

  /** Lets others have a turn, and waits until most of what was drawn has been read. Rejects when nobody reads it any more. */
  async drained(): Promise<void> {
    do {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.stream.destroyed) throw new Error('Nobody reads the document any more.');
      if (this.stream.readableLength > MOST_WAITING_BYTES) await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    } while (this.stream.readableLength > MOST_WAITING_BYTES);
  }

  /** Numbers the pages and ends the document. */
  end(): void {
    const { count } = this.#doc.bufferedPageRange();
    for (let page = 0; page < count; page += 1) {
      this.#doc.switchToPage(page);
      this.#doc.markContent('Artifact', { type: 'Pagination' });
      this.#margins(`Page ${page + 1} of ${count}`);
      this.#doc.endMarkedContent();
    }
    this.#root.end();
    this.#doc.end();
  }

  /** As wide as there is room, but no larger than it is. */
  #scaleOf({ width }: PaperPicture): number {
    return Math.min(WIDTH / width, POINTS_A_PIXEL);
  }

  #margins(number: string): void {
    const y = A4.height - 40;
    this.#set('regular', 8, GREY);
    const [running = ''] = linesOf(this.#printable(this.#info.running), WIDTH - 90, (text) => this.#widthOf(text));
    this.#put(running, MARGIN.side, 40);
    this.#put(number, A4.width - MARGIN.side - this.#widthOf(number), 40);
    this.#doc
      .moveTo(MARGIN.side, 54)
      .lineTo(A4.width - MARGIN.side, 54)
      .lineWidth(0.5)
      .stroke(GREY);
    this.#put('Confidential: it is about people who can be recognised.', MARGIN.side, y);
  }

  #tagged(type: string, draw: () => void, options: PDFKit.Mixins.StructureElementOptions = {}): void {
    const element = this.#doc.struct(type, options, draw);
    this.#root.add(element);
    element.end();
  }

  #lines(text: string, style: Style, width?: number, ruled = false): void {
    const { font = 'regular', size = 9.5, indent = 0, after = 4 } = style;
    this.#set(font, size);
    const room = width ?? WIDTH - indent;
    for (const line of linesOf(this.#printable(text), room, (one) => this.#widthOf(one))) {
      this.#room(size * LEADING);
      this.#set(font, size);
      this.#put(line, MARGIN.side + indent, this.#y);
      if (ruled) this.#bar(size * LEADING);
      this.#y += size * LEADING;
    }
    this.#y += after;
  }

  #put(line: string, left: number, y: number): void {
    let x = left;
    for (const piece of inPrintedOrder(line)) {
      if (piece.trim() !== '') this.#doc.text(piece, x, y, { lineBreak: false });
      x += this.#widthOf(piece);
    }
  }

  #bar(height: number): void {
    this.#doc
      .moveTo(MARGIN.side + 4, this.#y)
      .lineTo(MARGIN.side + 4, this.#y + height)
      .lineWidth(1.5)
      .stroke(GREY);
  }

  #rule(): void {
    this.#doc.markContent('Artifact', { type: 'Layout' });
    this.#doc
      .moveTo(MARGIN.side, this.#y - 3)
      .lineTo(A4.width - MARGIN.side, this.#y - 3)
      .lineWidth(0.5)
      .stroke(GREY);
    this.#doc.endMarkedContent();
    this.#y += 3;
  }

  #set(font: FontName, size: number, colour = INK): void {
    this.#doc.font(FONTS[font]).fontSize(size).fillColor(colour);
  }

  #widthOf(text: string): number {
    return this.#doc.widthOfString(text);
  }

  #printable(text: string): string {
    const result = printable(text, (codePoint) => hasCharacter(this.#doc, codePoint));
    if (result !== text && /\[U\+/u.test(result)) this.#substituted = true;
    return result;
  }

  /** Goes on to a new page when there is no room for that much on this one. */
  #room(height: number): void {
    if (this.#y + height > LOWEST) this.#turn();
  }

  #turn(): void {
    this.#doc.continueOnNewPage();
    this.#y = MARGIN.top;
  }
}
