/**
 * The fault and hostile tests come in two lengths. `vitest --mode full`, as `npm run test:faults` and `npm run test:hostile` start
 * it, runs them in full; everything else, `npm test` among it, in the short form.
 */
export const isFull: boolean = process.env.MODE === 'full';

/** How often something is done: seldom in the short form, as often as it takes in the full one. */
export const times = (short: number, full: number): number => (isFull ? full : short);

/**
 * What random input is drawn from. The short form always draws the same, so that what fails it is a change and not chance; the full
 * one draws anew each time.
 */
export const SEED: number = isFull ? Date.now() % 2 ** 31 : 20_261_121;
