import type { Edition, Summary } from './summary.js';

/** A line of a table: what it is of, and the figure in words ("7", "Fewer than 5", "Not shown"). */
export interface Row {
  /** For programs: `online_bullying`. */
  readonly key: string;
  readonly label: string;
  readonly figure: string;
  /** To be drawn; `null` where it is not told exactly. */
  readonly value: number | null;
  /** The least and the most that it can be, where that is told instead. */
  readonly band: { readonly from: number; readonly to: number } | null;
}

export interface Section {
  /** For programs: `category`. */
  readonly key: string;
  readonly title: string;
  /** What the figures count: "Reports", "School days". */
  readonly unit: string;
  readonly rows: readonly Row[];
  /** What has to be known to read it; empty where nothing. */
  readonly note: string;
  /** Whether a chart helps: rows that are drawn are of one kind and at least two. */
  readonly chart: boolean;
}

/** A table of periods, oldest first, by what was told of each. */
export interface History {
  readonly periods: readonly string[];
  /** Of the periods, for programs: `half_term-2026-08-31`. */
  readonly periodIds: readonly string[];
  /** Those that matter most. */
  readonly rows: readonly HistoryRow[];
  /** All others; there is room for them in the CSV alone. */
  readonly more: readonly HistoryRow[];
  /** Where to find `more`; empty where there are none. */
  readonly note: string;
}

/** One figure for each of the periods. */
export interface HistoryRow {
  /** For programs: `category.online_bullying`. */
  readonly key: string;
  readonly label: string;
  /** What the figures count: "Reports", "School days". */
  readonly unit: string;
  /** In the order of the periods. */
  readonly cells: readonly Pick<Row, 'figure' | 'value' | 'band'>[];
}

/** A summary in words, in the order in which it is read. Card, PDF, CSV and the command line all show exactly this. */
export interface LaidSummary {
  /** "Summary for governors: Autumn 2026, first half". */
  readonly title: string;
  readonly school: string;
  /** "Mon 31 Aug 2026 to Sun 1 Nov 2026". */
  readonly days: string;
  /** "Made on Mon 2 Nov 2026, 08:00". */
  readonly made: string;
  /** How small figures are hidden, in words for governors. */
  readonly rules: readonly string[];
  /** Three to six figures that matter most. */
  readonly headlines: readonly Row[];
  readonly sections: readonly Section[];
  /** Reports by period, oldest first, this one last; empty where there is no earlier one. */
  readonly trend: readonly Row[];
  /** The same periods in more figures; no rows where there is no earlier period. */
  readonly history: History;
  /** Clauses shown most, and gaps; items in order. */
  readonly lists: readonly {
    readonly key: string;
    readonly title: string;
    readonly items: readonly string[];
    readonly none: string;
  }[];
  readonly corrections: readonly string[];
  /** "Comment by the Headteacher", and its words as typed. */
  readonly comment: { readonly title: string; readonly words: string } | null;
}

/** Lays a summary out. Nothing is in it that is not told: `counted` is not read. */
export type LayOut = (summary: Omit<Summary, 'counted'>, edition: Edition) => LaidSummary;
