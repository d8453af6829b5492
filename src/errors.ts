import { newReference } from './references.js';

/** What can go wrong in ways that are foreseen, by code: code decides what is done about it, never an error's text. */
export type ErrorCode =
  | 'bad_configuration'
  | 'policy_unreadable'
  | 'school_unreadable'
  | 'school_ambiguous'
  | 'tenant_refused'
  | 'channel_refused'
  | 'not_a_school'
  | 'question_unreadable'
  | 'bad_arguments'
  | 'storage_unreachable'
  | 'port_taken';

/** An expected failure. `message` is for whoever set things up: plain sentences without personal data. */
export class AppError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AppError';
    this.code = code;
  }
}

/** A new random reference for one failure, for example `ERR-7K3MZ0QX`. */
export const newErrorReference = (): string => newReference('ERR');
