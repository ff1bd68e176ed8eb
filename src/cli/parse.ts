import { parseArgs } from 'node:util';
import type { AnyCommand, Flag, Option, Options } from './command.ts';
import { badCommandLine, UsageError } from './exit.ts';
import { suggestion } from './suggestion.ts';

export interface Parsed {
  readonly values: Readonly<Record<string, unknown>>;
  readonly operands: readonly string[];
  /** `--help` or `-h` stands somewhere: nothing else matters then. */
  readonly help: boolean;
}

const written = (name: string, option: Flag | Option<unknown>): string =>
  option.kind === 'flag' ? `--${name}` : `--${name} ${option.value}`;

const readValue = (name: string, option: Option<unknown>, text: string): unknown => {
  try {
    return option.parse(text);
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(error.code, `--${name}: ${error.message}`, error);
    throw error;
  }
};

/** Puts what was typed under the option's name, once or in a list. */
const collect = (values: Map<string, unknown>, name: string, option: Option<unknown>, text: string): void => {
  const value = readValue(name, option, text);
  const before = values.get(name);
  if (option.repeatable === true) values.set(name, [...((before ?? []) as readonly unknown[]), value]);
  else if (before === undefined) values.set(name, value);
  else throw badCommandLine(`--${name} is given twice; give it once`);
};

const withDefaults = (options: Options, values: ReadonlyMap<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(options).map(([name, option]) => {
      if (values.has(name)) return [name, values.get(name)];
      if (option.kind === 'flag') return [name, false];
      if (option.default !== undefined) return [name, readValue(name, option, option.default)];
      return [name, option.repeatable === true ? [] : undefined];
    }),
  );

const checkOperands = (command: AnyCommand, operands: readonly string[]): void => {
  const missing = command.operands.slice(operands.length).find((operand) => operand.optional !== true);
  if (missing !== undefined) throw badCommandLine(`${missing.name} is missing: ${missing.help}`);
  const extra = operands[command.operands.length];
  if (extra !== undefined && command.operands.at(-1)?.rest !== true)
    throw badCommandLine(`does not know what to do with "${extra}"; quote what belongs together`);
};

/**
 * Reads the arguments of one command by its table.
 *
 * @throws {UsageError} COMMAND_LINE, for whatever the table does not allow.
 */
export const parseCommandLine = (command: AnyCommand, args: readonly string[]): Parsed => {
  const options: Options = command.options;
  const shorts = new Map(Object.entries(options).flatMap(([name, { short }]) => (short ? [[short, name]] : [])));
  // Not strict: it only splits the line, so that each refusal is a sentence of ours.
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      ...Object.fromEntries(
        Object.entries(options).map(([name, option]) => [
          name,
          {
            type: option.kind === 'flag' ? ('boolean' as const) : ('string' as const),
            ...(option.short === undefined ? {} : { short: option.short }),
          },
        ]),
      ),
    },
  });
  if (tokens.some((token) => token.kind === 'option' && token.name === 'help')) {
    return { values: {}, operands: [], help: true };
  }
  const values = new Map<string, unknown>();
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (option === undefined) {
      throw badCommandLine(`unknown option ${rawName}${suggestion(name, Object.keys(options), '--')}`);
    }
    if (option.kind === 'flag') {
      if (value !== undefined) throw badCommandLine(`--${name} takes no value`);
      values.set(name, true);
      continue;
    }
    // The next option is no value, unless it is tied on by `=`.
    const swallowed = inlineValue === false && value !== undefined && isOption(value, options, shorts);
    if (value === undefined || swallowed) throw badCommandLine(`${rawName} needs a value: ${written(name, option)}`);
    collect(values, name, option, value);
  }
  checkOperands(command, operands);
  return { values: withDefaults(options, values), operands, help: false };
};

const isOption = (text: string, options: Options, shorts: ReadonlyMap<string, string>): boolean =>
  text.startsWith('--')
    ? Object.hasOwn(options, text.slice(2).split('=')[0] ?? '')
    : text.startsWith('-') && shorts.has(text.slice(1));
