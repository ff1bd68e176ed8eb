/**
 * The command line: commands as tables, and what runs them.
 *
 * Owns: files, options, exit codes, words for people. Does not own: any rule of the machine or the verifier.
 */
export type { AnyCommand, Command } from './command.ts';
export { COMMAND_NAMES, COMMANDS, type CommandName } from './commands.ts';
export { EXIT, type ExitCode, UsageError } from './exit.ts';
export { runCommandLine } from './run.ts';
