/** What one check found: in plain words, without names of people, without secrets. */
export interface Finding {
  /** What was looked at: "configuration", "storage". */
  readonly check: string;
  /** `look`: it works, but somebody should look into it. `broken`: something that people need does not work. */
  readonly state: 'works' | 'look' | 'broken';
  readonly says: string;
  /** What to do about it. */
  readonly todo?: string;
}

type Noted = (says: string, todo?: string) => Finding;

/** How the findings of one check are written down. */
export function of(check: string): { readonly works: Noted; readonly look: Noted; readonly broken: Noted } {
  const noted =
    (state: Finding['state']): Noted =>
    (says, todo) => ({ check, state, says, ...(todo !== undefined && { todo }) });
  return { works: noted('works'), look: noted('look'), broken: noted('broken') };
}

const MARK = { works: '✓', look: '!', broken: '✗' } as const;

/** One line for each, and below it what to do. */
export const inWords = (findings: readonly Finding[]): string =>
  findings
    .map(({ check, state, says, todo }) => {
      const line = `${MARK[state]} ${check}: ${says}`;
      return todo === undefined ? line : `${line}\n    ${todo}`;
    })
    .join('\n');

/** An error by its class or its code alone: its message may quote an address, a key or what somebody typed. */
export function kindOf(error: unknown): string {
  const { code, statusCode, name, cause } = Object(error) as Record<string, unknown>;
  if (typeof statusCode === 'number') return `status ${statusCode}${isCode(code) ? `, ${code}` : ''}`;
  if (isCode(code)) return code;
  const { code: below } = Object(cause) as Record<string, unknown>;
  return isCode(below) ? below : typeof name === 'string' ? name : 'an unknown error';
}

const isCode = (code: unknown): code is string => typeof code === 'string' && /^[\w-]{1,60}$/u.test(code);
