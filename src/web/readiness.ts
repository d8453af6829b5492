/** How one part of the bot is, in words that anyone may read: without names, ids of schools, or accounts. */
export interface PartState {
  readonly part: 'tables' | 'blobs' | 'queue' | 'schools' | 'sweeps' | 'deliveries' | 'server';
  /** `broken`: the bot cannot serve. `look`: it can, but somebody should look into it. */
  readonly state: 'works' | 'look' | 'broken';
  readonly says: string;
  /** Where it does not work. */
  readonly todo?: string;
}

/** What `/readyz` answers. */
export interface Readiness {
  readonly status: 'ready' | 'not ready';
  /** Why it is not ready. */
  readonly reason?: string;
  /** What somebody should look into all the same. */
  readonly warning?: string;
  readonly parts: readonly PartState[];
}

/** It is not ready only where it could not answer: a process that is taken out of service sends no reminders' answers either. */
export function readinessOf(parts: readonly PartState[]): Readiness {
  const said = (state: PartState['state']) =>
    parts
      .filter((one) => one.state === state)
      .map(({ says }) => says)
      .join(' ');
  const [reason, warning] = [said('broken'), said('look')];
  return {
    status: reason === '' ? 'ready' : 'not ready',
    ...(reason !== '' && { reason }),
    ...(warning !== '' && { warning }),
    parts,
  };
}
