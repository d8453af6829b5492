import { buffer } from 'node:stream/consumers';
import { layOut } from '../summaries/lay-out.js';
import type { LaidSummary } from '../summaries/layout.js';
import type { Edition, Summary } from '../summaries/summary.js';
import type { Plan } from './flow.js';
import { Sheet } from './sheet.js';
import { FITS, planned, WHOLE_FITS } from './summary-on-paper.js';

/** What goes into a governors' meeting pack. */
const MOST_PAGES = 2;

type Told = Omit<Summary, 'counted'>;

/**
 * A summary as a PDF of one or two A4 pages, to be read in black and white as well: set smaller, and its lists cut short, where it
 * would take more. The same summary is the same to the byte.
 */
export async function summaryPdf(summary: Told, edition: Edition): Promise<Uint8Array> {
  const laid = layOut(summary, edition);
  const sheet = sheetOf(summary, laid);
  const plan = await planThatFits(sheet, laid);
  await pause();
  plan.draw();
  await pause();
  sheet.end();
  return buffer(sheet.stream);
}

/** Lets others have a turn: drawing takes some tenths of a second. */
const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** On one page where that takes no more than smaller letters. */
async function planThatFits(sheet: Sheet, laid: LaidSummary): Promise<Plan> {
  const whole = FITS.slice(0, WHOLE_FITS).map((fit) => planned(sheet, laid, fit));
  const plan = whole.find(({ pages }) => pages === 1) ?? whole.find(({ pages }) => pages <= MOST_PAGES);
  if (plan) return plan;
  for (const fit of FITS.slice(WHOLE_FITS)) {
    await pause();
    const shorter = planned(sheet, laid, fit);
    if (shorter.pages <= MOST_PAGES) return shorter;
  }
  throw new Error('A summary has more pages than it may have.');
}

const sheetOf = ({ threshold, rule, madeAt, period }: Told, laid: LaidSummary): Sheet =>
  new Sheet({
    title: `${laid.title}, ${laid.school}`,
    subject: 'Figures on reports under the school’s policies, from Policy Desk',
    running: '',
    footer: [
      `${laid.school} · ${period.name}`,
      `Figures below ${threshold} are hidden so that nobody can be recognised. Rule ${rule}.`,
    ],
    made: madeAt,
  });
