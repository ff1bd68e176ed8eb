import { VERSION } from '../platform/version.ts';
import type { AnyCommand, Call } from './command.ts';
import { COMMAND_NAMES, COMMANDS, type CommandName } from './commands.ts';
import { badCommandLine, EXIT, type ExitCode } from './exit.ts';
import { explain } from './explain.ts';
import { commandHelp, topHelp } from './help.ts';
import { processTerminal, type Terminal } from './io/terminal.ts';
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

/** Runs one command line, without the program's name, and answers its exit code. Never throws. */
export const runCommandLine = async (args: readonly string[]): Promise<ExitCode> => {
  const terminal = processTerminal(args[0] ?? '');
  try {
    const code = await call(args, terminal);
    await terminal.finish();
    return code;
  } catch (error) {
    const { code, lines } = explain(error, args);
    for (const line of lines) process.stderr.write(`${line}\n`);
    return code;
  }
};
