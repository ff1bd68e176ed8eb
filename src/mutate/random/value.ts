import { array, bytes, FALSE, int, map, NULL, raw, TRUE, tag, text, type Wire } from '../wire.ts';
import type { Draws } from './draws.ts';

const LETTERS = ['a', 'Z', '0', ' ', 'é', '固', '\u{1f6e1}', '\0', '"', '\\'];
const FLOATS = [
  raw(0xf9, 0x3c, 0),
  raw(0xfa, 0x47, 0xc3, 0x50, 0),
  raw(0xfb, 0x3f, 0xf1, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9a),
];

/** Unassigned ones, and one that is good for everything: others say what they may stand on (RFC 8949 3.4). */
const TAGS = [6, 55799, 2 ** 40];

export const randomText = (draws: Draws): string =>
  Array.from({ length: draws.below(12) }, () => draws.pick(LETTERS)).join('');

const randomInteger = (draws: Draws): bigint => {
  const size = draws.pick([1, 1, 2, 4, 8]) ?? 1;
  const magnitude = draws.bytes(size).reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
  return draws.below(2) === 0 ? magnitude : -1n - magnitude;
};

/** A proper item of any type: definite lengths, unique keys, UTF-8, a few levels. */
export const randomValue = (draws: Draws, depth = 3): Wire => {
  const members = (): readonly Wire[] => Array.from({ length: draws.below(4) }, () => randomValue(draws, depth - 1));
  switch (draws.below(depth > 0 ? 9 : 6)) {
    case 0:
      return int(randomInteger(draws));
    case 1:
      return bytes(draws.bytes(draws.pick([0, 1, 20, 32, 33, 48, 64, 97]) ?? 0));
    case 2:
      return text(randomText(draws));
    case 3:
      return draws.pick([TRUE, FALSE, NULL]) ?? NULL;
    case 4:
      return draws.pick(FLOATS) ?? NULL;
    case 5:
      return int(draws.below(24));
    case 6:
      return array(...members());
    case 7:
      return map(...members().map((value, i): readonly [number, Wire] => [i * 7, value]));
    default:
      return tag(draws.pick(TAGS) ?? 0, randomValue(draws, depth - 1));
  }
};
