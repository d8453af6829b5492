import { randomBytes } from 'node:crypto';

/** Crockford's base 32: no I, L, O or U, so that a reference can be read out over the telephone. */
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A new random reference: `ERR` for one failure, `PD` for one report, such as `PD-7K3MZ0QX`: 40 random bits. */
export const newReference = (prefix: 'ERR' | 'PD'): string =>
  `${prefix}-${Array.from(randomBytes(8), (byte) => CROCKFORD[byte % 32]).join('')}`;
