import type { NewDelivery, OutboxPlace } from '../schools/delivery.js';
import type { Period } from './period.js';
import type { Figure, Population, PublishedPopulation } from './population.js';

/** Raised whenever the same cases could lead to other figures than before. */
export const RULE_VERSION = 1;

/** Who a summary is for. `chair`: the governors' figures, and besides how many reports are about the Headteacher. */
export const EDITIONS = ['governors', 'chair'] as const;
export type Edition = (typeof EDITIONS)[number];

/** What was counted. It is kept to find what changes later, and shown to nobody. */
export interface Counted {
  /** Entra object ids of whoever held the offices: reports are counted by whether they are about them. */
  readonly offices: Readonly<Record<'headteacher' | 'chair_of_governors', readonly string[]>>;
  /** Reports that came in during the period, but for those about the Headteacher. */
  readonly reports: Population;
  /** Reports about the Headteacher, but for those about the chair as well, which are not theirs to know of. */
  readonly aboutHeadteacher: number;
  /** Of `reports`, in school days, smallest first; only those that have got that far. */
  readonly times: Readonly<Record<TimeTaken, readonly number[]>>;
  /** Unfinished when it was counted: reports of earlier periods; and of all periods together, as well as those of these overdue. */
  readonly openFromBefore: number;
  readonly open: number;
  readonly overdue: number;
  /** Table `answer`: `answered`, `not_covered`. */
  readonly questions: Population;
  /** Clauses by how often they were shown, most often first, as `<policy id>/<clause id>`. */
  readonly clauses: readonly Tally[];
  /** What the policy leaves open, most asked first, in the question bank's words, never in a person's. */
  readonly gaps: readonly Tally[];
  /** Some cases could not be read, and are not in any of this. */
  readonly unreadable: boolean;
}

export interface Tally {
  readonly of: string;
  readonly count: number;
}

export const TIMES_TAKEN = ['acknowledge', 'first_action', 'close'] as const;
export type TimeTaken = (typeof TIMES_TAKEN)[number];

/** In school days; `null` where there are too few to tell. */
export interface TimesTold {
  readonly median: number | null;
  /** Nine of ten took no longer. */
  readonly p90: number | null;
}

/** What is told, to whoever may read a summary. */
export interface Published {
  readonly reports: PublishedPopulation;
  readonly times: Readonly<Record<TimeTaken, TimesTold>>;
  readonly openFromBefore: Figure;
  readonly open: Figure;
  readonly overdue: Figure;
  readonly questions: PublishedPopulation;
  /** Places of the clauses shown most, in order: "Social media policy: Clause 5.1 › 5. Contact with pupils". */
  readonly clauses: readonly string[];
  readonly gaps: readonly string[];
  readonly unreadable: boolean;
  /** In the chair's edition alone. */
  readonly aboutHeadteacher: Figure;
}

/** A figure of an earlier summary that has changed since, as when a case was put into another category. */
export interface Correction {
  readonly period: Period;
  /** Table and cell: `category`, `online_bullying`. */
  readonly table: string;
  readonly cell: string;
  readonly was: number;
  /** `null`: the new figure is too small to be told, or would tell another that is. */
  readonly now: number | null;
}

/** An earlier period, with the figures that were told of it then. */
export interface TrendPoint {
  readonly period: Period;
  readonly published: Omit<Published, 'clauses' | 'gaps' | 'unreadable'>;
}

/** What is to become of a summary. */
export type Sending =
  /** It was asked for, or is the weekly one, and goes no further. */
  | { readonly state: 'none' }
  /** To the governors, on that day, at the time of the profile. The Headteacher has a preview. */
  | { readonly state: 'planned'; readonly on: string }
  /** The Headteacher does not send it, of which the chair was told. `on`: the day it was planned for. */
  | { readonly state: 'held'; readonly on: string; readonly at: Date; readonly by: string }
  | { readonly state: 'sent'; readonly at: Date };

/** What the Headteacher has to say to it. */
export interface Comment {
  readonly words: string;
  readonly at: Date;
  /** Entra object id. */
  readonly by: string;
}

/** Figures of a period, frozen as they were when they were made. Only `comment` and `sending` change afterwards, until it is sent. */
export interface Summary {
  readonly schoolId: string;
  /** `periodId` of its period. */
  readonly id: string;
  readonly schoolName: string;
  readonly timeZone: string;
  readonly period: Period;
  readonly madeAt: Date;
  readonly rule: number;
  /** Counts below this are hidden. */
  readonly threshold: number;
  /**
   * SHA-256, in lower-case hexadecimal, over what was counted: cases as far as their logs went, and questions. It is shown to nobody:
   * cases about the Headteacher are in it, so who knows all others could see that there is one.
   */
  readonly inputs: string;
  readonly counted: Counted;
  readonly published: Published;
  readonly corrections: readonly Correction[];
  /** Of the same span, oldest first, at most five. */
  readonly trend: readonly TrendPoint[];
  readonly comment: Comment | null;
  readonly sending: Sending;
}

/** A summary as read, with the version (ETag) that a change must name. */
export interface StoredSummary {
  readonly summary: Summary;
  readonly version: string;
  /** How many deliveries it has caused so far. */
  readonly deliveries: number;
}

export interface Download {
  readonly at: Date;
  /** Entra object id of who asked for the link. */
  readonly personId: string;
  readonly edition: Edition;
  readonly format: DocumentFormat;
}

export const DOCUMENT_FORMATS = ['pdf', 'csv'] as const;
export type DocumentFormat = (typeof DOCUMENT_FORMATS)[number];

/** A summary, and the deliveries that it causes. */
export interface MadeSummary {
  readonly summary: Summary;
  readonly deliveries: readonly NewDelivery[];
}

export type Issue =
  | { readonly kind: 'issued'; readonly summary: Summary; readonly place: OutboxPlace }
  | { readonly kind: 'nothing' | 'outrun' };

/** Where summaries are kept, each in one partition. Every method rejects only when the store cannot be reached in time. */
export interface SummaryStore {
  find(schoolId: string, id: string): Promise<StoredSummary | undefined>;
  /** Every summary of a school, in the order of their periods' first days. */
  all(schoolId: string): Promise<readonly StoredSummary[]>;
  /** Those of a school of which this is to become, or has become, in the same order. */
  inState(schoolId: string, state: Sending['state']): Promise<readonly StoredSummary[]>;
  /**
   * Makes a summary and keeps it, as long as no other of the school was made meanwhile: two that did not know of each other could
   * together tell what each of them hides.
   *
   * @param make reads what was made so far, and decides; `undefined` where there is nothing to make after all.
   * @returns the summary, and where its deliveries lie; `outrun` when another was made meanwhile, which has to be taken into account.
   */
  issue(schoolId: string, make: () => Promise<MadeSummary | undefined>): Promise<Issue>;
  /** @returns `undefined` when another has changed it since it was read. */
  change(
    stored: StoredSummary,
    summary: Summary,
    deliveries: readonly NewDelivery[],
    at: Date,
  ): Promise<OutboxPlace | undefined>;
  /** Where the deliveries lie that a summary has caused. @throws for what names no summary. */
  placeOf(schoolId: string, id: string): OutboxPlace;
  noteDownload(schoolId: string, id: string, download: Download): Promise<void>;
  downloads(schoolId: string, id: string): Promise<readonly Download[]>;
}

/** Where the documents of summaries that were sent are kept, to the byte. Every method rejects only when the store cannot be reached. */
export interface SummaryDocuments {
  /** Never overwrites one. */
  keep(place: DocumentPlace, bytes: Uint8Array): Promise<void>;
  read(place: DocumentPlace): Promise<Uint8Array | undefined>;
}

export interface DocumentPlace {
  readonly schoolId: string;
  readonly id: string;
  readonly edition: Edition;
  readonly format: DocumentFormat;
}
