import { Bug } from './bug.ts';

/** Lower-case hexadecimal, without prefix. */
export type Hex = string;

const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export const toHex = (bytes: Uint8Array): Hex => {
  let out = '';
  for (const byte of bytes) out += DIGITS[byte];
  return out;
};

/**
 * Reads hexadecimal text of either case, with no prefix and no separators.
 *
 * @returns the bytes, or undefined when the text is no such thing.
 */
export const fromHex = (text: string): Uint8Array<ArrayBuffer> | undefined => {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return undefined;
  const out = new Uint8Array(text.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return out;
};

/** Hexadecimal written by us, in tables and tests: anything else is a mistake of ours. */
export const hex = (text: string): Uint8Array<ArrayBuffer> => {
  const bytes = fromHex(text.replace(/\s+/g, ''));
  if (bytes === undefined) throw new Bug(`not hexadecimal: ${text.slice(0, 40)}`);
  return bytes;
};

/** `0x8000_1000` as people read addresses in the specification, without the underscore. */
export const hexNumber = (value: bigint | number): string => `0x${BigInt.asUintN(64, BigInt(value)).toString(16)}`;
