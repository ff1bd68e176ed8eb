import type { Random } from '../random.ts';

/** No input is longer. */
export const MAX_INPUT = 4096;

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Bytes that mean something to one reader or another: heads of CBOR and DER, marks of JSON, YAML, PEM and scripts. */
const TELLING: readonly Uint8Array[] = [
  ...[0x00, 0x40, 0x60, 0x80, 0x9f, 0xa0, 0xbf, 0x5f, 0x7f, 0xc1, 0xd2, 0xf6, 0xf7, 0xff].map((byte) =>
    Uint8Array.of(byte),
  ),
  ...[0x1b, 0x3b, 0x5b, 0x7b, 0x9b, 0xbb, 0xdb, 0xfb].flatMap((head) => [
    Uint8Array.of(head, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
    Uint8Array.of(head, 0x10, 0, 0, 0, 0, 0, 0, 0),
    Uint8Array.of(head, 0, 0, 0, 0, 0, 0, 0, 1),
  ]),
  ...[399, 907, 18, 37, 501, 506, 55799].map((tag) => Uint8Array.of(0xd9, tag >> 8, tag & 0xff)),
  Uint8Array.of(0xf9, 0x7c, 0x00),
  Uint8Array.of(0xf9, 0x7e, 0x00),
  Uint8Array.of(0xc2, 0x49, 1, 0, 0, 0, 0, 0, 0, 0, 0),
  Uint8Array.of(0xf8, 0x18),
  Uint8Array.of(0x30, 0x84, 0xff, 0xff, 0xff, 0xff),
  Uint8Array.of(0x30, 0x80),
  ...[
    '[',
    '{',
    '[[[[[[[[',
    '{"a":',
    ']',
    '}',
    '"',
    '\\u0000',
    '\\ud800',
    'null',
    'true',
    '-1',
    '1e999',
    '0x',
    '18446744073709551616',
  ].map(ascii),
  ...[
    '&a ',
    '*a',
    '!!binary ',
    '<<: ',
    '? ',
    '- ',
    ': ',
    '\n',
    '\n  ',
    '\t',
    '---\n',
    '...\n',
    '|',
    '>',
    '#',
    "'",
    '~',
  ].map(ascii),
  ...['-----BEGIN PUBLIC KEY-----', '-----END PUBLIC KEY-----', '=', '==', '__proto__', 'constructor', 'toString'].map(
    ascii,
  ),
  ...['=> ', ' => SUCCESS', 'let ', '$', '..', '0..8', ', ', 'for ', 'realm ', '\u2028', '\ufeff', '\u0000', 'ﬃ'].map(
    ascii,
  ),
];

const joined = (...parts: readonly Uint8Array[]): Uint8Array => {
  const out = new Uint8Array(parts.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
};

/** A place in the bytes, their end included. */
const place = (random: Random, { length }: Uint8Array): number => random.below(length + 1);

const range = (random: Random, bytes: Uint8Array): readonly [from: number, to: number] => {
  const from = place(random, bytes);
  const most = random.chance(70) ? 8 : bytes.length;
  return [from, Math.min(bytes.length, from + random.below(most + 1))];
};

const insert = (bytes: Uint8Array, at: number, what: Uint8Array): Uint8Array =>
  joined(bytes.subarray(0, at), what, bytes.subarray(at));

const put = (bytes: Uint8Array, at: number, byte: number): Uint8Array => {
  const out = Uint8Array.from(bytes);
  if (at < out.length) out[at] = byte;
  return out;
};

type Change = (random: Random, bytes: Uint8Array, seeds: readonly Uint8Array[]) => Uint8Array;

const CHANGES: readonly (readonly [weight: number, change: Change])[] = [
  [
    6,
    (random, bytes) => {
      const at = random.below(Math.max(1, bytes.length));
      return put(bytes, at, (bytes[at] ?? 0) ^ (1 << random.below(8)));
    },
  ],
  [4, (random, bytes) => put(bytes, random.below(Math.max(1, bytes.length)), random.below(256))],
  [2, (random, bytes) => put(bytes, random.below(Math.max(1, bytes.length)), 0x20 + random.below(0x5f))],
  [5, (random, bytes) => insert(bytes, place(random, bytes), random.pick(TELLING))],
  [
    3,
    (random, bytes) => {
      const at = place(random, bytes);
      const what = random.pick(TELLING);
      return joined(bytes.subarray(0, at), what, bytes.subarray(Math.min(bytes.length, at + what.length)));
    },
  ],
  [
    3,
    (random, bytes) => {
      const [from, to] = range(random, bytes);
      return joined(bytes.subarray(0, from), bytes.subarray(to));
    },
  ],
  [
    2,
    (random, bytes) => {
      const [from, to] = range(random, bytes);
      return insert(bytes, place(random, bytes), bytes.subarray(from, to));
    },
  ],
  [
    2,
    (random, bytes, seeds) => {
      const other = random.pick(seeds);
      const [from, to] = range(random, other);
      return insert(bytes, place(random, bytes), other.subarray(from, to));
    },
  ],
  [1, (random, bytes) => bytes.subarray(0, place(random, bytes))],
  [1, (random, bytes) => insert(bytes, place(random, bytes), random.bytes(random.below(64)))],
];

/** Well-formed CBOR of any shape, as far as it fits. */
const cborItem = (random: Random, depth: number): Uint8Array => {
  const major = depth === 0 ? random.pick([0, 1, 2, 3, 7]) : random.below(8);
  const many = random.below(random.chance(80) ? 4 : 24);
  switch (major) {
    case 2:
    case 3:
      return joined(
        Uint8Array.of((major << 5) | many),
        major === 2 ? random.bytes(many) : new Uint8Array(many).fill(0x61),
      );
    case 4:
    case 5:
      return joined(
        Uint8Array.of((major << 5) | many),
        ...Array.from({ length: many * (major - 3) }, () => cborItem(random, depth - 1)),
      );
    case 6:
      return joined(
        random.pick([Uint8Array.of(0xd2), Uint8Array.of(0xd9, 1, 0x8f), Uint8Array.of(0xd9, 3, 0x8b)]),
        cborItem(random, depth - 1),
      );
    case 7:
      return random.pick([Uint8Array.of(0xf4), Uint8Array.of(0xf6), Uint8Array.of(0xf9, random.below(256), 0)]);
    default:
      return Uint8Array.of((major << 5) | 25, ...random.bytes(2));
  }
};

/**
 * One input: a seed that was changed in a few places, or bytes out of nowhere.
 *
 * @param seeds  good inputs, at least one.
 */
export const mangle = (random: Random, seeds: readonly Uint8Array[]): Uint8Array => {
  if (random.chance(3)) return random.bytes(random.below(MAX_INPUT + 1));
  if (random.chance(3)) return cborItem(random, 5).subarray(0, MAX_INPUT);
  let bytes = random.pick(seeds).subarray(0, MAX_INPUT);
  for (let left = 1 + random.below(random.chance(60) ? 2 : 12); left > 0; left -= 1) {
    bytes = random.weighted(CHANGES)(random, bytes, seeds).subarray(0, MAX_INPUT);
  }
  return bytes;
};
