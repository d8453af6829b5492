import type { Block } from './paper-table.js';
import { A4, type Sheet, SIDE, WIDTH } from './sheet.js';

const TOP = 48;
const LOWEST = A4.height - 54;
const COLUMN_GAP = 24;
/** How wide one of two columns is. */
export const COLUMN = (WIDTH - COLUMN_GAP) / 2;

/** Where everything goes. Nothing is drawn before it is known how many pages it takes. */
export interface Plan {
  readonly pages: number;
  draw(): void;
}

/** Goes down the pages, over the whole width or in two columns. */
export class Flow implements Plan {
  readonly #sheet: Sheet;
  readonly #between: number;
  readonly #steps: (() => void)[] = [];
  #pages = 1;
  #y: number = TOP;

  constructor(sheet: Sheet, between: number) {
    this.#sheet = sheet;
    this.#between = between;
  }

  get pages(): number {
    return this.#pages;
  }

  draw(): void {
    for (const step of this.#steps) step();
  }

  put(block: Block): void {
    if (this.#y + block.height > LOWEST) this.#turn(block);
    this.#place(block, SIDE, this.#y);
    this.#y += block.height + this.#between;
  }

  /** Each into the column that is shorter so far, in their order. */
  putInColumns(blocks: readonly Block[]): void {
    let [left, right] = [this.#y, this.#y];
    for (const block of blocks) {
      if (Math.min(left, right) + block.height > LOWEST) {
        this.#turn(block);
        [left, right] = [TOP, TOP];
      }
      const taken = block.height + this.#between;
      if (left <= right) {
        this.#place(block, SIDE, left);
        left += taken;
      } else {
        this.#place(block, SIDE + COLUMN + COLUMN_GAP, right);
        right += taken;
      }
    }
    this.#y = Math.max(left, right);
  }

  #place(block: Block, x: number, y: number): void {
    this.#steps.push(() => block.draw(x, y));
  }

  /** To a new page, where this comes first; what has no room on a whole page has none anywhere. */
  #turn({ height }: Block): void {
    this.#steps.push(() => this.#sheet.turn());
    this.#pages += TOP + height > LOWEST ? Number.POSITIVE_INFINITY : 1;
    this.#y = TOP;
  }
}
