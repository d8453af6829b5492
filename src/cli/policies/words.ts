/** "1 clause", "2 clauses". */
export const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;

/** A text, each line moved in. */
export const indented = (text: string, by: string): string => text.replace(/^/gmu, by);
