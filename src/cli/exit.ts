/** Exit codes, as every command means them. */
export const EXIT = {
  /** Done; for `verify`, accepted. */
  ok: 0,
  /** The answer is no: rejected, differs. */
  no: 1,
  /** Wrong use, or input or output that cannot be used. */
  usage: 2,
  /** A bug in swcca. */
  bug: 3,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What was at fault: the command line itself, something that was read, or the place to write to. */
export type UsageCode = 'COMMAND_LINE' | 'INPUT' | 'OUTPUT';

/**
 * Something a person can mend: exit code 2. The message is one line that says what is wrong and what to do, in lower
 * case, without a full stop, with the place (a file, a line, a key, an option) before a colon.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code: UsageCode;

  constructor(code: UsageCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** The answer is no, and this is why: exit code 1. One line, as with UsageError. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

export const badCommandLine = (message: string): UsageError => new UsageError('COMMAND_LINE', message);
export const badInput = (message: string, cause?: unknown): UsageError => new UsageError('INPUT', message, cause);
export const badOutput = (message: string, cause?: unknown): UsageError => new UsageError('OUTPUT', message, cause);
