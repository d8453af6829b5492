import type { Row } from '../summaries/layout.js';
import { GREY, INK, type Sheet } from './sheet.js';

/** A dark bar is a figure, a pale one several together, an empty dashed one a range or, always of one length, what is not shown. */
type Fill = 'dark' | 'mid' | 'pale' | 'empty';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const PALE = '#d4d4d4';
const MID = '#7d7d7d';
/** Of a box that stands for what is not shown, as a part of the room. */
const UNKNOWN = 0.22;

export const largestOf = (rows: readonly Row[]): number =>
  Math.max(1, ...rows.map(({ value, band }) => value ?? band?.to ?? 0));

/** How far a row's bar goes, as a part of the room, and how it is filled; `undefined` where there is none to draw. */
export function barOf(
  { value, band }: Row,
  largest: number,
): { readonly part: number; readonly fill: Fill } | undefined {
  if (value !== null) return value === 0 ? undefined : { part: value / largest, fill: 'dark' };
  if (!band) return { part: UNKNOWN, fill: 'empty' };
  return { part: band.to / largest, fill: band.from === band.to ? 'pale' : 'empty' };
}

/** Draws a bar; to be called within a tag. All of them have an outline, so that they stand out on paper without colours. */
export function drawBar({ pen }: Sheet, { x, y, width, height }: Box, fill: Fill): void {
  pen.save();
  if (fill === 'empty') pen.rect(x, y, width, height).lineWidth(0.7).dash(2, { space: 1.6 }).stroke(GREY);
  else pen.rect(x, y, width, height).lineWidth(0.6).fillAndStroke({ dark: INK, mid: MID, pale: PALE }[fill], INK);
  pen.restore();
}

/** What a chart shows, for whoever cannot see it. */
export const inWords = (title: string, rows: readonly Row[]): string =>
  `Bar chart. ${title}: ${rows.map(({ label, figure }) => `${label} ${figure.replace(/^N/u, 'n')}`).join('; ')}.`;
