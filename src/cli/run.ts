import { VERSION } from '../platform/version.ts';
import type { AnyCommand, Call } from './command.ts';
import { COMMAND_NAMES, COMMANDS, type CommandName } from './commands.ts';
import { badCommandLine, EXIT, type ExitCode, UsageError } from './exit.ts';
import { commandHelp, topHelp } from './help.ts';
import { oneLine, processTerminal, type Terminal } from './io/terminal.ts';
import { parseCommandLine } from './parse.ts';
import { suggestion } from './suggestion.ts';

const nameOf = (given: string): CommandName => {
  const name = COMMAND_NAMES.find((candidate) => candidate === given);
  if (name !== undefined) return name;
  const what = given.startsWith('-') ? 'unknown option' : 'unknown command';
  throw badCommandLine(`${what} ${given}${suggestion(given, COMMAND_NAMES)}`);
};

const loadAll = async (): Promise<ReadonlyMap<string, AnyCommand>> =>
  new Map(await Promise.all(COMMAND_NAMES.map(async (name) => [name, await COMMANDS[name]()] as const)));

const call = async (args: readonly string[], terminal: Terminal): Promise<ExitCode> => {
  const [first, ...rest] = args;
  const [topic] = rest;
  if (first === undefined || first === '--help' || first === '-h' || (first === 'help' && topic === undefined)) {
    terminal.print(topHelp(await loadAll(), terminal.paint));
    return EXIT.ok;
  }
  if (first === '--version' || first === '-V') {
    terminal.print(VERSION);
    return EXIT.ok;
  }
  const asksHelp = first === 'help';
  const name = nameOf(asksHelp && topic !== undefined ? topic : first);
  const command: AnyCommand = await COMMANDS[name]();
  const parsed = asksHelp ? undefined : parseCommandLine(command, rest);
  if (parsed === undefined || parsed.help) {
    terminal.print(commandHelp(name, command, terminal.paint));
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
  const command = COMMAND_NAMES.find((name) => name === args[0]);
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
