/**
 * People or things that are counted together, and the tables they fall into. The cells of a table add up to the total or, for a
 * table that divides one cell of another (see {@link BREAKDOWNS}), to that cell.
 */
export interface Population {
  readonly total: number;
  readonly tables: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** What is told of a count. Zero is told as `exact` only for a total; `band` has both ends in it; `hidden` says nothing at all. */
export type Figure =
  | { readonly kind: 'exact'; readonly value: number }
  | { readonly kind: 'band'; readonly from: number; readonly to: number }
  | { readonly kind: 'hidden' };

/** What is told of a population. A table that is left out is hidden whole. */
export interface PublishedPopulation {
  readonly total: Figure;
  /** Cells by name; `null` for one that is hidden. Cells are told only where the total is `exact` and not zero. */
  readonly tables: Readonly<Record<string, Readonly<Record<string, number | null>>>>;
}

/** How reports are broken down. */
export const REPORT_TABLES = [
  'category',
  'kind',
  'severity',
  'posted_by',
  'platform',
  'outcome',
  'acknowledged',
  'evidence',
  'police',
  'lado',
  'dsl',
  'authority',
  'removed',
] as const;
export type ReportTable = (typeof REPORT_TABLES)[number];

/** What a table is of, where it is not of the whole population. */
export interface Breakdown {
  /** It divides this one cell of another table. */
  readonly within?: { readonly table: string; readonly cell: string };
  /**
   * Each of its cells is, as a rule, the sum of these cells of other tables, as `table.cell`: whoever knows the rule could work
   * one out from the others.
   */
  readonly sums?: Readonly<Record<string, readonly string[]>>;
}

/** Tables that do not stand by themselves. */
export const BREAKDOWNS: Readonly<Record<string, Breakdown>> = {
  kind: { within: { table: 'category', cell: 'other_breach' } },
  // As `severityOf` has it, unless somebody has judged otherwise.
  severity: {
    sums: {
      urgent: ['category.child_safety'],
      high: ['category.online_bullying', 'kind.privacy', 'kind.contact'],
      normal: ['category.disparaging_post', 'kind.account', 'kind.name_or_logo', 'kind.conduct', 'kind.other'],
    },
  },
};
