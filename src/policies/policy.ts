/**
 * The smallest passage of a policy that a person would quote, to the letter.
 * Only white space may differ from the source: a page break or a wrapped line within a sentence is layout, not wording.
 */
export interface Clause {
  /** Stable while the clause's own heading and wording stay the same, whatever changes around it. */
  readonly id: string;
  readonly policyId: string;
  /** What a person would cite: "4", "4.2", "12(c)"; `null` where the policy numbers nothing. */
  readonly label: string | null;
  /** Headings above the clause, outermost first; the policy's own title is not among them. */
  readonly heading: readonly string[];
  /** The sentence that gives a list item its meaning ("Staff must not post statements about:"), else `null`. */
  readonly leadIn: string | null;
  /** The number, letter or bullet the source prints before the wording; empty where there is none. */
  readonly marker: string;
  /** The clause's own wording, without marker and lead-in. A line break stands only where the source starts a new line on purpose. */
  readonly text: string;
  /** What is shown: the lead-in and the wording; a short list, or a sentence that only introduces one, is quoted whole. */
  readonly quote: string;
  /** False for what belongs to the paper rather than the policy: page numbers, signature lines, table headers. */
  readonly quotable: boolean;
  /** Line of the source where it starts, counted from 1; in a Word document its paragraph. */
  readonly line: number;
  /** Page of the source on which it starts, counted from 1; `null` where the document has no pages or does not tell them. */
  readonly page: number | null;
}

/** A line that was left out, because every page repeats it or it only leads to other pages. */
export interface DroppedLine {
  readonly text: string;
  readonly reason: 'header or footer' | 'page number' | 'table of contents';
  /** Line of the source; `null` for what a Word document prints on each page. */
  readonly line: number | null;
  readonly page: number | null;
}

/** A heading as printed. Level 0 is the policy's title. */
export interface Heading {
  readonly level: number;
  readonly marker: string;
  readonly text: string;
  readonly line: number;
  readonly page: number | null;
}

/** A document in its own order: together the passages hold every word of it but those of the dropped lines. */
export type Passage =
  | { readonly kind: 'heading'; readonly heading: Heading }
  | { readonly kind: 'clause'; readonly clause: Clause };

/** One document as adopted. Dates are `YYYY-MM-DD`, or `YYYY-MM` where the policy names only a month; `null` where it is silent. */
export interface Policy {
  readonly id: string;
  /** Of the trust, for all of its schools; left out for a school's own. */
  readonly ofTrust?: true;
  readonly title: string;
  readonly version: string | null;
  readonly approved: string | null;
  readonly review: string | null;
  /** File name without its folder. */
  readonly source: string;
  /** SHA-256 of the file's bytes, in hexadecimal. */
  readonly sha256: string;
  readonly passages: readonly Passage[];
  /** The quotable clauses, in the policy's order. */
  readonly clauses: readonly Clause[];
  /** What was left out, in order. */
  readonly dropped: readonly DroppedLine[];
}
