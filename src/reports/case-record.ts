import { dayOf, placeOf } from '../policies/citation.js';
import type { Policy } from '../policies/policy.js';
import { personIn } from '../schools/people.js';
import type { School } from '../schools/school.js';
import type { Case } from './case.js';
import { logInWords } from './log-in-words.js';
import { type Found, faultOf, nameOfPiece, type Piece } from './originals.js';
import { keptUntil } from './retention.js';
import { all, standingOf } from './standing.js';
import { WITHHELD, WITHHELD_SENTENCE, withoutReporter } from './withheld.js';

/** A copy of a case: for whom, when, and what was found of its evidence. */
export interface CaseCopy {
  /** As it is kept; what its reader may not know is taken out here. */
  readonly case: Case;
  readonly school: Pick<School, 'profile' | 'index'>;
  /** `null`: whoever runs Policy Desk. */
  readonly reader: { readonly personId: string; readonly name: string } | null;
  readonly knowsReporter: boolean;
  readonly made: Date;
  readonly pieces: readonly { readonly piece: Piece; readonly found: Found }[];
}

/** A clause that a case concerns, as the school's policy has it now. */
export interface ClauseConcerned {
  readonly key: string;
  /** `null` where no policy has such a clause any more. */
  readonly policy: Pick<Policy, 'id' | 'title' | 'version' | 'approved' | 'review'> | null;
  readonly place: string;
  readonly quote: string;
}

/** The clauses noted when a case was reported, in full. */
export const clausesConcerned = ({ log }: Pick<Case, 'log'>, { index }: Pick<School, 'index'>): ClauseConcerned[] =>
  all(log, 'submitted')
    .flatMap(({ what }) => what.clauses)
    .map((key) => {
      const citation = index.clauses.get(key);
      if (!citation) return { key, policy: null, place: '', quote: '' };
      const { id, title, version, approved, review } = citation.policy;
      const { clause } = citation;
      return { key, policy: { id, title, version, approved, review }, place: placeOf(clause), quote: clause.quote };
    });

/** "Social media policy, version 2, approved 21 Sep 2026". */
export const policyInWords = ({ title, version, approved }: NonNullable<ClauseConcerned['policy']>): string =>
  [title, version && `version ${version}`, approved && `approved ${dayOf(approved)}`].filter(Boolean).join(', ');

/** All of a case as JSON, its keys in order: the same copy gives the same text. Dates are in ISO 8601, UTC. */
export function caseRecord(copy: CaseCopy): string {
  const { school, reader, knowsReporter, made, pieces } = copy;
  const current = knowsReporter ? copy.case : withoutReporter(copy.case);
  const words = logInWords(current, school.profile, knowsReporter);
  const record = {
    format: 'Policy Desk case, 1',
    reference: current.report.reference,
    school: { id: school.profile.id, name: school.profile.name, timeZone: school.profile.timeZone },
    made,
    madeFor: reader ?? 'whoever runs Policy Desk',
    withheld: knowsReporter ? null : WITHHELD_SENTENCE,
    report: current.report,
    standing: standingOf(current),
    kept: keptUntil(current, school.profile) ?? null,
    clauses: clausesConcerned(current, school),
    evidence: pieces.map(({ piece, found }) => ({
      ...(current.evidence.find(({ id }) => id === piece.id) ?? { ...piece, evidence: undefined }),
      number: piece.number,
      original: found.state,
      file: nameOfPiece(piece, found),
      ...(found.state === 'changed' && { found: { sha256: found.sha256, bytes: found.bytes } }),
    })),
    damaged: pieces.flatMap(({ piece, found }) => faultOf(piece, found) ?? []),
    log: current.log.map((event, at) => ({ ...event, inWords: words[at] })),
  };
  return `${JSON.stringify(inOrder({ ...record, people: peopleIn(record, school) }), null, 2)}\n`;
}

/** Values as JSON has them: keys in order, and nothing where something is withheld. */
function inOrder(value: unknown): unknown {
  if (value === WITHHELD) return null;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const parts = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  // Without a prototype, so that no key means anything.
  return Object.assign(Object.create(null), Object.fromEntries(parts.map(([key, part]) => [key, inOrder(part)])));
}

/** Names of the people whose ids stand in a record. */
function peopleIn(record: unknown, { profile }: Pick<School, 'profile'>): Record<string, string> {
  const names = new Map<string, string>();
  const look = (value: unknown): void => {
    if (typeof value === 'string') {
      const person = personIn(profile, value);
      if (person) names.set(value, person.name);
    } else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) look(part);
  };
  look(record);
  return Object.fromEntries(names);
}
