import type { Row } from './layout.js';
import type { Figure } from './population.js';

export const NOT_SHOWN = 'Not shown';

/** "Fewer than 5", "5 to 9". What is told as a range from 1 was at least one; that it was none is told exactly. */
const bandInWords = (from: number, to: number): string => (from <= 1 ? `Fewer than ${to + 1}` : `${from} to ${to}`);

const none = (value: number): string => (value === 0 ? 'None' : String(value));

const figureInWords = (figure: Figure): string => {
  if (figure.kind === 'exact') return none(figure.value);
  return figure.kind === 'band' ? bandInWords(figure.from, figure.to) : NOT_SHOWN;
};

export const figureRow = (key: string, label: string, figure: Figure): Row => ({
  ...{ key, label, figure: figureInWords(figure) },
  value: figure.kind === 'exact' ? figure.value : null,
  band: figure.kind === 'band' ? { from: figure.from, to: figure.to } : null,
});

/** A cell of a table: its count or, where it is hidden, nothing at all. */
export const cellRow = (key: string, label: string, count: number | null): Row => ({
  ...{ key, label, figure: count === null ? NOT_SHOWN : none(count), value: count, band: null },
});

/** "28 of 30 (93%)". Per cent never round up to all or down to none. */
export function shareInWords(part: number, whole: number): string {
  const exactly = (100 * part) / whole;
  const rounded = part === whole ? 100 : Math.min(99, Math.round(exactly));
  return `${part} of ${whole} (${part > 0 ? Math.max(1, rounded) : 0}%)`;
}

/** "the same day", "1 school day", "2.5 school days". */
function schoolDaysInWords(days: number): string {
  if (days === 0) return 'The same day';
  return `${Number.isInteger(days) ? days : days.toFixed(1)} school day${days === 1 ? '' : 's'}`;
}

export const timeRow = (key: string, label: string, days: number | null): Row => ({
  ...{ key, label, figure: days === null ? NOT_SHOWN : schoolDaysInWords(days), value: days, band: null },
});
