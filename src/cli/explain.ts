import { VERSION } from '../platform/version.ts';
import { COMMAND_NAMES } from './commands.ts';
import { EXIT, type ExitCode, NoAnswer, UsageError } from './exit.ts';
import { oneLine } from './io/terminal.ts';

/** What ends a run: its exit code, and what standard error gets. */
export interface Ending {
  readonly code: ExitCode;
  readonly lines: readonly string[];
}

/** Longer than any sentence of ours: what goes beyond is quoted input. */
const MAX_CHARACTERS = 1000;

/** The operating system refused something: a person can mend that, we cannot. */
const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string';

const wantsStack = (args: readonly string[]): boolean =>
  args.some(
    (arg, i) => /^(--log-level=)?(debug|trace)$/.test(arg) && (arg.includes('=') || args[i - 1] === '--log-level'),
  );

/** Tells people what went wrong, in one line. Where in swcca it went wrong is told only when it is our fault and asked for. */
export const explain = (error: unknown, args: readonly string[]): Ending => {
  const command = COMMAND_NAMES.find((name) => name === args[0]);
  const speaker = command === undefined ? 'swcca' : `swcca ${command}`;
  const line = (text: string): string => {
    const whole = oneLine(text);
    return `${speaker}: ${whole.length > MAX_CHARACTERS ? `${whole.slice(0, MAX_CHARACTERS)}…` : whole}`;
  };
  if (error instanceof UsageError) {
    const hint = error.code === 'COMMAND_LINE' ? `; see ${speaker} --help` : '';
    return { code: EXIT.usage, lines: [`${line(error.message)}${hint}`] };
  }
  if (error instanceof NoAnswer) return { code: EXIT.no, lines: [line(error.message)] };
  if (isSystemError(error)) return { code: EXIT.usage, lines: [line(error.message)] };
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const report = 'please report this line with the command, --log-level debug adds where it happened';
  const found = `a bug in swcca ${VERSION} on Node ${process.versions.node}: ${name}: ${message}; ${report}`;
  return { code: EXIT.bug, lines: [line(found), ...(wantsStack(args) ? [stack ?? ''] : [])] };
};
