import { randomBytes } from 'node:crypto';

/** What can go wrong in ways that are foreseen, by code: code decides what is done about it, never an error's text. */
export type ErrorCode =
  | 'bad_configuration'
  | 'policy_unreadable'
  | 'school_unreadable'
  | 'tenant_refused'
  | 'channel_refused'
  | 'not_a_school'
  | 'question_unreadable'
  | 'port_taken'
  | 'unknown_command';

/** An expected failure. `message` is for whoever set things up: plain sentences without personal data. */
export class AppError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AppError';
    this.code = code;
  }
}

/** Crockford's base 32: no I, L, O or U, so that a reference can be read out over the telephone. */
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A new random reference for one failure, for example `ERR-7K3MZ0QX`: 40 random bits. */
export function newErrorReference(): string {
  return `ERR-${Array.from(randomBytes(8), (byte) => CROCKFORD[byte % 32]).join('')}`;
}
