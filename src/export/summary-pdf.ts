import { buffer } from 'node:stream/consumers';
import { layOut } from '../summaries/lay-out.js';
import type { LaidSummary } from '../summaries/layout.js';
import type { Edition, Summary } from '../summaries/summary.js';
import { Sheet } from './sheet.js';
import { FITS, type Fit, putSummary } from './summary-on-paper.js';

/** What goes into a governors' meeting pack. */
const MOST_PAGES = 2;

type Told = Omit<Summary, 'counted'>;

/**
 * A summary as a PDF of one or two A4 pages, to be read in black and white as well: set smaller, and its lists cut short, where it
 * would take more. The same summary is the same to the byte.
 */
export async function summaryPdf(summary: Told, edition: Edition): Promise<Uint8Array> {
  const laid = layOut(summary, edition);
  for (const fit of FITS) {
    const sheet = sheetOf(summary, laid, fit);
    if (sheet) return buffer(sheet.stream);
  }
  throw new Error('A summary has more pages than it may have.');
}

/** @returns `undefined` when it takes too many pages like that. */
function sheetOf({ threshold, rule, inputs, madeAt, period }: Told, laid: LaidSummary, fit: Fit): Sheet | undefined {
  const sheet = new Sheet({
    title: `${laid.title}, ${laid.school}`,
    subject: 'Figures on reports under the school’s policies, from Policy Desk',
    running: '',
    footer: [
      `${laid.school} · ${period.name}`,
      `Figures below ${threshold} are hidden so that nobody can be recognised. Rule ${rule}, figures ${inputs.slice(0, 12)}.`,
    ],
    made: madeAt,
  });
  putSummary(sheet, laid, fit);
  if (sheet.pages > MOST_PAGES) return undefined;
  sheet.end();
  return sheet;
}
