import { fromHex, padEnd } from '../../bytes/index.ts';
import type { Flag, Option } from '../command.ts';
import { badCommandLine } from '../exit.ts';
import { suggestion } from '../suggestion.ts';

export const flag = (help: string, short?: string): Flag => ({
  kind: 'flag',
  help,
  ...(short === undefined ? {} : { short }),
});

/** A file's path, taken as it is. */
export const path = <const O extends Partial<Option<string>> = object>(help: string, more: O = {} as O) =>
  ({ kind: 'option', value: 'FILE', help, parse: pathOf, ...more }) as Option<string> & Omit<O, 'value'>;

/** Any text. */
export const text = <const O extends Partial<Option<string>> = object>(
  value: string,
  help: string,
  more: O = {} as O,
) => ({ kind: 'option', value, help, parse: (given: string) => given, ...more }) as const satisfies Option<string>;

const pathOf = (text: string): string => {
  if (text === '') throw badCommandLine('is empty; name a file');
  if (text.includes('\0')) throw badCommandLine('a file name has no NUL characters');
  return text;
};

/** One of a few words. */
export const choice = <const C extends string>(choices: readonly C[], text: string): C => {
  const found = choices.find((word) => word === text);
  if (found === undefined) {
    throw badCommandLine(`"${text}" is not one of ${choices.join(', ')}${suggestion(text, choices)}`);
  }
  return found;
};

/** Reads hexadecimal text of `min` to `max` bytes. */
export const hexBytes = (text: string, min: number, max: number): Uint8Array => {
  const bytes = fromHex(text);
  if (bytes === undefined) {
    const odd = /^[0-9a-f]*$/i.test(text) ? 'has an odd number of digits' : 'has something else than 0-9 and a-f';
    throw badCommandLine(`hexadecimal ${odd}`);
  }
  if (bytes.length < min || bytes.length > max) {
    const size = min === max ? String(min) : `${min} to ${max}`;
    throw badCommandLine(`takes ${size} bytes, ${bytes.length} are given`);
  }
  return bytes;
};

/** The Realm Personalization Value: at most 64 bytes, zero-padded at the tail. */
export const rpvBytes = (text: string): Uint8Array => padEnd(hexBytes(text, 0, 64), 64);

/** A 64-bit value in decimal or `0x` form. */
export const address = (text: string): bigint => {
  if (!/^(0x[0-9a-f]+|[0-9]+)$/i.test(text) || text.length > 20) throw badCommandLine(`"${text}" is no address`);
  const value = BigInt(text);
  if (value >= 1n << 64n) throw badCommandLine(`"${text}" does not fit 64 bits`);
  return value;
};

/** A whole number from `min` to `max`. */
export const wholeNumber = <const O extends Partial<Option<number>> = object>(
  help: string,
  min: number,
  max: number,
  more: O = {} as O,
) =>
  ({
    kind: 'option',
    value: 'N',
    help,
    parse: (text: string): number => {
      const value = /^[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN;
      if (!(value >= min && value <= max))
        throw badCommandLine(`"${text}" is not a whole number from ${min} to ${max}`);
      return value;
    },
    ...more,
  }) as const satisfies Option<number>;
