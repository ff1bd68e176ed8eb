import type { ExitCode } from './exit.ts';
import type { Terminal } from './io/terminal.ts';

/** An option without a value. */
export interface Flag {
  readonly kind: 'flag';
  readonly help: string;
  readonly short?: string;
}

/** An option with a value, which `parse` reads: it takes text from the command line and refuses by throwing a UsageError. */
export interface Option<T> {
  readonly kind: 'option';
  /** How help calls the value: `HEX`, `FILE`, `sha-256|sha-512`. */
  readonly value: string;
  readonly help: string;
  readonly short?: string;
  readonly parse: (text: string) => T;
  /** Read by `parse` like anything that is typed. */
  readonly default?: string;
  /** May be given several times: the value is a list. */
  readonly repeatable?: true;
}

export type Options = Readonly<Record<string, Flag | Option<unknown>>>;

type ValueOf<O> = O extends Flag
  ? boolean
  : O extends Option<infer T>
    ? O extends { readonly repeatable: true }
      ? readonly T[]
      : O extends { readonly default: string }
        ? T
        : T | undefined
    : never;

/** An argument that is told by its place. */
export interface Operand {
  readonly name: string;
  readonly help: string;
  readonly optional?: true;
  /** The last one may take everything that is left: a command line of somebody else, after `--`. */
  readonly rest?: true;
}

/** One call of a command: what was typed, read and checked, and where the answer goes. */
export interface Call<O extends Options = Options> {
  readonly values: { readonly [K in keyof O]: ValueOf<O[K]> };
  readonly operands: readonly string[];
  readonly terminal: Terminal;
}

/** One command, as a table: help and parsing are read from it. Its name is its key in the table of commands. */
export interface Command<O extends Options = Options> {
  readonly summary: string;
  readonly operands: readonly Operand[];
  readonly options: O;
  /** Whole command lines after `swcca `, each with what it does. */
  readonly examples: readonly (readonly [line: string, says: string])[];
  /** Loads what the command needs and runs it: nothing heavy is imported before this. */
  readonly run: (call: Call<O>) => Promise<ExitCode>;
}

/** A command with the types of its options forgotten, as tables hold it. */
export type AnyCommand = Omit<Command, 'run'> & { readonly run: (call: never) => Promise<ExitCode> };

export const cli = <const O extends Options>(command: Command<O>): Command<O> => command;

/** What a command's implementation takes: `CallOf<typeof token>`. */
export type CallOf<C> = C extends Command<infer O> ? Call<O> : never;
