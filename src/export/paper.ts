import type { Readable } from 'node:stream';
import type { FontName } from './fonts.js';
import type { PaperPicture } from './pictures.js';
import { A4, GREY, Sheet, type SheetInfo, SIDE, WIDTH } from './sheet.js';

export interface Style {
  readonly font?: FontName;
  readonly size?: number;
  /** In points, as everything here. */
  readonly indent?: number;
  readonly after?: number;
}

const TOP = 72;
const LOWEST = A4.height - 64;
const LEADING = 1.4;
const LABEL_WIDTH = 130;
const HEADING = { 1: 17, 2: 12.5, 3: 10 } as const;
/** A picture of 96 dots an inch in its own size. */
const POINTS_A_PIXEL = 0.75;
const LEAST_PICTURE_HEIGHT = 260;
/** What may wait to be read before drawing goes on. */
const MOST_WAITING_BYTES = 1024 * 1024;
const WAIT_MS = 5;

/** A {@link Sheet} that is drawn from top to bottom, on as many pages as it takes. Nothing leaves the margins. */
export class Paper {
  readonly #sheet: Sheet;
  #y: number = TOP;

  constructor(info: SheetInfo) {
    this.#sheet = new Sheet(info);
  }

  get stream(): Readable {
    return this.#sheet.stream;
  }

  /** Whether a character was written as its number, because the fonts have it not. */
  get substituted(): boolean {
    return this.#sheet.substituted;
  }

  /** @param below how much has to be below it on the same page. */
  heading(level: 1 | 2 | 3, text: string, below = 48): void {
    const size = HEADING[level];
    this.#y += this.#y > TOP ? size * 0.9 : 0;
    // Never alone at the foot of a page.
    this.#room(size * LEADING + below);
    this.#sheet.tagged(`H${level}`, () => this.#lines(text, { font: 'bold', size, after: size * 0.4 }));
    if (level === 2) this.#rule();
  }

  paragraph(text: string, style: Style = {}): void {
    this.#sheet.tagged('P', () => this.#lines(text, style));
  }

  /** A name and what it has, side by side. */
  fact(name: string, text: string, font: FontName = 'regular'): void {
    this.#sheet.tagged('P', () => {
      // Room for a name of two lines, so that what it has begins beside it.
      this.#room(2 * 9 * LEADING);
      const [page, y] = [this.#sheet.pages, this.#y];
      this.#lines(name, { font: 'bold', size: 9, after: 0 }, LABEL_WIDTH - 8);
      const below = this.#y;
      this.#y = y;
      this.#lines(text, { font, size: font === 'mono' ? 8.5 : 9, indent: LABEL_WIDTH, after: 0 });
      this.#y = (page === this.#sheet.pages ? Math.max(this.#y, below) : this.#y) + 2;
    });
  }

  /** Words of a document, with a rule beside them. */
  quote(text: string): void {
    this.#sheet.tagged('BlockQuote', () => this.#lines(text, { size: 9.5, indent: 14, after: 4 }, undefined, true));
  }

  /** A picture as large as there is room, but no larger than it is. @param alt what it is, for whoever cannot see it. */
  picture(picture: PaperPicture, alt: string): void {
    const { bytes, width, height } = picture;
    this.keep(0, picture);
    const scale = Math.min(scaleOf(picture), (LOWEST - this.#y - 2) / height);
    const [w, h] = [width * scale, height * scale];
    const { pen } = this.#sheet;
    this.#sheet.tagged(
      'Figure',
      () => {
        pen.image(bytes, SIDE, this.#y, { width: w, height: h });
        pen.rect(SIDE, this.#y, w, h).lineWidth(0.5).stroke(GREY);
      },
      { alt },
    );
    this.#y += h + 10;
  }

  /** Begins a new page when there is less room than that on this one, or, where it is given, for a picture below that. */
  keep(height: number, picture?: PaperPicture): void {
    const below = picture ? Math.min(picture.height * scaleOf(picture), LEAST_PICTURE_HEIGHT) : 0;
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
    this.#sheet.end();
  }

  #lines(text: string, style: Style, width?: number, ruled = false): void {
    const { font = 'regular', size = 9.5, indent = 0, after = 4 } = style;
    for (const line of this.#sheet.lines(text, width ?? WIDTH - indent, { font, size })) {
      this.#room(size * LEADING);
      this.#sheet.put(line, SIDE + indent, this.#y, { font, size });
      if (ruled) this.#bar(size * LEADING);
      this.#y += size * LEADING;
    }
    this.#y += after;
  }

  #bar(height: number): void {
    this.#sheet.pen
      .moveTo(SIDE + 4, this.#y)
      .lineTo(SIDE + 4, this.#y + height)
      .lineWidth(1.5)
      .stroke(GREY);
  }

  #rule(): void {
    this.#sheet.artifact(() => this.#sheet.rule(SIDE, this.#y - 3, WIDTH));
    this.#y += 3;
  }

  /** Goes on to a new page when there is no room for that much on this one. */
  #room(height: number): void {
    if (this.#y + height <= LOWEST) return;
    this.#sheet.turn();
    this.#y = TOP;
  }
}

/** As wide as there is room, but no larger than it is. */
const scaleOf = ({ width }: PaperPicture): number => Math.min(WIDTH / width, POINTS_A_PIXEL);
