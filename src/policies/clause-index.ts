import MiniSearch from 'minisearch';
import type { Citation } from './citation.js';
import type { Clause, Policy } from './policy.js';
import { termsOf, tokensOf, toTerm } from './words.js';

/** A clause with how well it fits a question. */
export interface Match extends Citation {
  /** 0 to 1: the share of the question's meaning, weighted by how rare its words are, that this clause speaks of. */
  readonly score: number;
  /** How many different terms of the question the clause speaks of. */
  readonly matched: number;
}

export interface ClauseIndex {
  /** Every clause the index holds, by its id. */
  readonly clauses: ReadonlyMap<string, Citation>;
  /**
   * Clauses that may answer a question, best first. A clause that an earlier quotation already shows is left out.
   *
   * @param limit how many at most; default 3.
   * @returns empty when no word of the question occurs in any clause.
   */
  find(question: string, limit?: number): readonly Match[];
}

interface Entry {
  readonly id: string;
  readonly text: string;
  readonly leadIn: string;
  readonly heading: string;
}

/** A heading says what a clause is about, but for all its neighbours too. */
const BOOST = { text: 2, leadIn: 1, heading: 1.2 };
/** One letter in five may be wrong, in words long enough for that not to make another word. */
const FUZZINESS = 0.2;
const SHORTEST_FUZZY_TERM = 5;

/** Builds the index over all quotable clauses of a school's policies. Pure: the same policies give the same index. */
export function buildClauseIndex(policies: readonly Policy[]): ClauseIndex {
  const clauses = new Map(
    policies.flatMap((policy) =>
      policy.clauses.map((clause) => [`${policy.id}/${clause.id}`, { policy, clause }] as const),
    ),
  );
  const search = new MiniSearch<Entry>({
    fields: ['text', 'leadIn', 'heading'],
    tokenize: tokensOf,
    processTerm: toTerm,
    searchOptions: {
      boost: BOOST,
      fuzzy: (term) => (term.length >= SHORTEST_FUZZY_TERM ? FUZZINESS : false),
      combineWith: 'OR',
    },
  });
  search.addAll(
    [...clauses].map(([id, { clause }]) => ({
      id,
      text: clause.text,
      leadIn: clause.leadIn ?? '',
      heading: clause.heading.join(' '),
    })),
  );
  const rarity = termRarity([...clauses.values()].map(({ clause }) => clause));
  const weight = (terms: readonly string[]) => terms.reduce((sum, term) => sum + rarity(term), 0);

  return {
    clauses,
    find(question, limit = 3) {
      const asked = [...new Set(termsOf(question))];
      const matches: Match[] = [];
      for (const { id, queryTerms } of search.search(question)) {
        const entry = clauses.get(id);
        if (!entry || matches.some((earlier) => earlier.clause.quote.includes(entry.clause.text))) continue;
        const met = asked.filter((term) => queryTerms.includes(term));
        matches.push({ ...entry, score: weight(met) / weight(asked), matched: met.length });
        if (matches.length === limit) break;
      }
      return matches;
    },
  };
}

/** Inverse document frequency of each term; a term that no clause has is as rare as can be. */
function termRarity(clauses: readonly Clause[]): (term: string) => number {
  const counts = new Map<string, number>();
  for (const clause of clauses) {
    for (const term of new Set(termsOf(`${clause.heading.join(' ')} ${clause.quote}`)))
      counts.set(term, (counts.get(term) ?? 0) + 1);
  }
  return (term) => Math.log(1 + clauses.length / ((counts.get(term) ?? 0) + 0.5));
}
