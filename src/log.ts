import { type DestinationStream, pino } from 'pino';
import type { ErrorCode } from './errors.js';

/** Everything that is ever logged, by name. */
export type LogEvent =
  | 'server.listening'
  | 'server.stopping'
  | 'server.stopped'
  | 'turn.refused'
  | 'turn.failed'
  | 'request.failed'
  | 'ask.handled'
  | 'ask.not_recorded'
  | 'ask.typing_not_shown'
  | 'delivery.sent'
  | 'delivery.retry'
  | 'delivery.given_up'
  | 'delivery.claim_lost'
  | 'delivery.in_doubt'
  | 'delivery.double_removed'
  | 'delivery.double_stays'
  | 'delivery.not_noted'
  | 'delivery.no_school'
  | 'delivery.failed'
  | 'delivery.sweep_failed'
  | 'delivery.queue_down'
  | 'delivery.poison'
  | 'directory.not_remembered'
  | 'enquiry.sent'
  | 'enquiry.answered'
  | 'enquiry.refused'
  | 'enquiry.kept_not_read'
  | 'gaps.shown'
  | 'report.not_begun'
  | 'report.not_kept'
  | 'report.not_sent'
  | 'report.submitted'
  | 'report.refused'
  | 'triage.refused'
  | 'triage.failed'
  | 'cases.listed'
  | 'cases.not_read'
  | 'evidence.not_taken'
  | 'draft.not_redrawn'
  | 'draft.sweep_failed'
  | 'draft.expired'
  | 'case.reminded'
  | 'case.digest_owed'
  | 'case.sweep_failed'
  | 'gaps.refused'
  | 'summary.made'
  | 'summary.sent'
  | 'summary.held'
  | 'summary.commented'
  | 'summary.shown'
  | 'summary.refused'
  | 'summary.downloaded'
  | 'summary.sweep_failed'
  | 'case.deletion_announced'
  | 'case.deleted'
  | 'case.message_not_noted'
  | 'retention.swept'
  | 'retention.sweep_failed'
  | 'subject.searched'
  | 'turn.limited'
  | 'setup.chosen'
  | 'setup.refused'
  | 'setup.channel_lost'
  | 'setup.channel_found'
  | 'setup.not_noted'
  | 'status.shown'
  | 'status.refused'
  | 'school.read'
  | 'school.removed'
  | 'school.not_read'
  | 'schools.not_listed'
  | 'schools.not_mirrored'
  | 'schools.blobs_ignored'
  | 'school.mirrored'
  | 'school.not_mirrored'
  | 'school.mirror_removed'
  | 'plain_english.shown'
  | 'plain_english.left_out'
  | 'search.handled'
  | 'questions.not_written'
  | 'questions.written_again'
  | 'questions.not_kept'
  | 'upload.handled'
  | 'upload.busy'
  | 'upload.failed'
  | 'upload.not_shown'
  | 'triage.refused'
  | 'view.handled'
  | 'view.busy'
  | 'view.failed'
  | 'evidence.damaged'
  | 'library.message';

/** All a log line may carry. What people typed, names, ids of people and file names have nowhere to go. */
export interface LogLine {
  readonly event: LogEvent;
  readonly reference?: string;
  readonly schoolId?: string;
  readonly code?: ErrorCode;
  /** Class of an unexpected error and where it was thrown; never its message, which may quote what was typed. */
  readonly error?: string;
  readonly at?: string;
  readonly status?: number;
  readonly activity?: string;
  readonly intent?: string;
  readonly outcome?: string;
  readonly address?: string;
  readonly count?: number;
}

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface Log {
  error(line: LogLine): void;
  warn(line: LogLine): void;
  info(line: LogLine): void;
  debug(line: LogLine): void;
}

/** JSON lines on standard output (or `destination`), each with time and level. */
export function createLog(level: LogLevel, destination?: DestinationStream): Log {
  const lines = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (name) => ({ level: name }) } },
    destination ?? pino.destination(1),
  );
  const write = (at: 'error' | 'warn' | 'info' | 'debug') => (line: LogLine) => {
    lines[at](line);
  };
  return { error: write('error'), warn: write('warn'), info: write('info'), debug: write('debug') };
}

const FRAME = /^\s+at .*\(?(?:file:|node:|\/|[A-Z]:\\).*:\d+:\d+\)?$/u;

/** What may be logged of an unexpected error: its class and the frames of its stack, without the message. */
export function traceOf(error: unknown): Pick<LogLine, 'error' | 'at'> {
  if (!(error instanceof Error)) return { error: typeof error };
  const stack = (error.stack ?? '').replace(error.message, '');
  const frames = stack.split('\n').filter((line) => FRAME.test(line));
  return {
    error: error.name,
    at: frames
      .slice(0, 6)
      .map((line) => line.trim())
      .join(' < '),
  };
}
