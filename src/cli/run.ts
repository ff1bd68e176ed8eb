import { VERSION } from '../platform/index.ts';
import type { AnyCommand, Call } from './command.ts';
import { COMMANDS } from './commands.ts';
import { badCommandLine, EXIT, type ExitCode, UsageError } from './exit.ts';
import { commandHelp, topHelp } from './help.ts';
import { oneLine, processTerminal, type Terminal } from './io/terminal.ts';
import { parseCommandLine } from './parse.ts';
import { suggestion } from './suggestion.ts';

const find = (name: string): AnyCommand => {
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command !== undefined) return command;
  const what = name.startsWith('-') ? 'unknown option' : 'unknown command';
  throw badCommandLine(
    `${what} ${name}${suggestion(
      name,
      COMMANDS.map((c) => c.name),
    )}`,
  );
};

const call = async (args: readonly string[], terminal: Terminal): Promise<ExitCode> => {
  const [name, ...rest] = args;
  const [topic] = rest;
  if (name === undefined || name === '--help' || name === '-h' || (name === 'help' && topic === undefined)) {
    terminal.print(topHelp(COMMANDS, terminal.paint));
    return EXIT.ok;
  }
  if (name === '--version' || name === '-V') {
    terminal.print(VERSION);
    return EXIT.ok;
  }
  const command = find(name === 'help' && topic !== undefined ? topic : name);
  const parsed = name === 'help' ? undefined : parseCommandLine(command, rest);
  if (parsed === undefined || parsed.help) {
    terminal.print(commandHelp(command, terminal.paint));
    return EXIT.ok;
  }
  const { values, operands } = parsed;
  return (command.run as (call: Call) => Promise<ExitCode>)({ values: values as Call['values'], operands, terminal });
};

/** The operating system refused something: a person can mend that, we cannot. */
const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string';

const wantsStack = (args: readonly string[]): boolean =>
  args.some(
    (arg, i) => /^(--log-level=)?(debug|trace)$/.test(arg) && (arg.includes('=') || args[i - 1] === '--log-level'),
  );

/** Tells what went wrong, in one line, and what exit code that is. */
const report = (error: unknown, args: readonly string[]): ExitCode => {
  const command = COMMANDS.find(({ name }) => name === args[0])?.name;
  const speaker = command === undefined ? 'swcca' : `swcca ${command}`;
  const say = (text: string): void => void process.stderr.write(`${speaker}: ${oneLine(text)}\n`);
  if (error instanceof UsageError) {
    say(error.code === 'COMMAND_LINE' ? `${error.message}; see ${speaker} --help` : error.message);
    return EXIT.usage;
  }
  if (isSystemError(error)) {
    say(error.message);
    return EXIT.usage;
  }
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  say(
    `a bug in swcca ${VERSION} on Node ${process.versions.node}: ${name}: ${message}; ` +
      'please report this line with the command, --log-level debug adds where it happened',
  );
  if (wantsStack(args)) process.stderr.write(`${stack}\n`);
  return EXIT.bug;
};

/** Runs one command line, without the program's name, and answers its exit code. Never throws. */
export const runCommandLine = async (args: readonly string[]): Promise<ExitCode> => {
  const terminal = processTerminal(args[0] ?? '');
  try {
    const code = await call(args, terminal);
    await terminal.finish();
    return code;
  } catch (error) {
    return report(error, args);
  }
};
