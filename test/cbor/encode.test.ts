import { describe, expect, test } from 'vitest';
import { Bug, hex, toHex } from '../../src/bytes/index.ts';
import { type CborValue, encode, Float, Simple, sortedMap, Tagged } from '../../src/cbor/index.ts';

describe('encode', () => {
  test.each<[CborValue, string]>([
    [23, '17'],
    [24n, '1818'],
    [1n, '01'],
    [2 ** 32 - 1, '1affffffff'],
    [2 ** 32, '1b0000000100000000'],
    [-(2 ** 32), '3affffffff'],
    [-(2 ** 32) - 1, '3b0000000100000000'],
    [Number.MAX_SAFE_INTEGER, '1b001fffffffffffff'],
    [Number.MIN_SAFE_INTEGER, '3b001ffffffffffffe'],
    [2n ** 64n - 1n, '1bffffffffffffffff'],
    [-(2n ** 64n), '3bffffffffffffffff'],
    [-0, 'f98000'],
    [new Float(2), 'f94000'],
    [new Float(65505), 'fa477fe100'],
    [2 ** -24, 'f90001'],
    [2 ** -25, 'fa33000000'],
    [2 ** -14, 'f90400'],
    [2 ** -14 - 2 ** -24, 'f903ff'],
    [2 ** -149, 'fa00000001'],
    [2 ** -150, 'fb3690000000000000'],
    [Number.MIN_VALUE, 'fb0000000000000001'],
    [new Float(65536), 'fa47800000'],
    [new Float(Number.MAX_VALUE), 'fb7fefffffffffffff'],
    [Number.NaN, 'f97e00'],
    [Number.NEGATIVE_INFINITY, 'f9fc00'],
    [new Simple(0), 'e0'],
    [new Simple(19), 'f3'],
    [new Simple(32), 'f820'],
    [new Tagged(18, [new Uint8Array(), new Map()]), 'd28240a0'],
    [new Tagged(2n ** 64n - 1n, null), 'dbfffffffffffffffff6'],
    ['\u{10151}', '64f0908591'],
    [Buffer.from('abcd', 'hex'), '42abcd'],
    [
      new Map<CborValue, CborValue>([
        [2, 'b'],
        [1, 'a'],
      ]),
      'a2026162016161',
    ],
    [[true, false, null, undefined], '84f5f4f6f7'],
  ])('%o is %s', (value, expected) => {
    expect(toHex(encode(value))).toBe(expected);
  });

  test.each([
    [23, '57'],
    [24, '5818'],
    [255, '58ff'],
    [256, '590100'],
    [65_535, '59ffff'],
    [65_536, '5a00010000'],
  ])('%d bytes have the head %s', (size, head) => {
    const encoded = encode(new Uint8Array(size));
    expect(toHex(encoded.subarray(0, head.length / 2))).toBe(head);
    expect(encoded).toHaveLength(head.length / 2 + size);
  });

  test('gives bytes that share memory with nothing', () => {
    const value = Uint8Array.of(1, 2);
    const encoded = encode(value);
    value.fill(0);
    expect(toHex(encoded)).toBe('420102');
    expect(encoded.buffer.byteLength).toBe(encoded.length);
  });

  test.each<[string, unknown]>([
    ['an integer beyond 64 bits', 2n ** 64n],
    ['a negative integer beyond 64 bits', -(2n ** 64n) - 1n],
    ['a number that may have been rounded', 2 ** 53],
    ['a negative number that may have been rounded', -(2 ** 53)],
    ['a lone surrogate', 'a\ud800'],
    ['a simple value with a name', new Simple(20)],
    ['a reserved simple value', new Simple(24)],
    ['a simple value beyond a byte', new Simple(256)],
    ['a negative simple value', new Simple(-1)],
    ['half a simple value', new Simple(0.5)],
    ['a negative tag', new Tagged(-1, 0)],
    ['a tag beyond 64 bits', new Tagged(2n ** 64n, 0)],
    ['half a tag', new Tagged(1.5, 0)],
    ['an object', { a: 1 }],
    ['a date', new Date(0)],
    ['a set', new Set([1])],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
  ])('refuses %s', (_, value) => {
    expect(() => encode(value as CborValue)).toThrow(Bug);
    expect(() => encode([new Map([[1, value as CborValue]])])).toThrow(Bug);
  });
});

describe('sortedMap', () => {
  test('is ordered as the example of RFC 8949 4.2.1', () => {
    const keys: CborValue[] = [10, 100, -1, 'z', 'aa', [100], [-1], false];
    const map = sortedMap([...keys].reverse().map((key) => [key, 0]));
    expect([...map.keys()]).toEqual(keys);
  });

  test('orders by bytes, not by number or length alone', () => {
    const map = sortedMap(
      [
        ['aaa', 0],
        [-1, 0],
        ['b', 0],
        [256, 0],
        [24, 0],
        [23, 0],
        ['', 0],
      ].map(([key, value]) => [key as CborValue, value as CborValue]),
    );
    expect([...map.keys()]).toEqual([23, 24, 256, -1, '', 'b', 'aaa']);
  });

  test('refuses two keys that encode alike', () => {
    expect(() =>
      sortedMap([
        [1, 'a'],
        [1n, 'b'],
      ]),
    ).toThrow(Bug);
    expect(() =>
      sortedMap([
        [hex('01'), 'a'],
        [hex('01'), 'b'],
      ]),
    ).toThrow(Bug);
    expect(
      sortedMap([
        [1, 'a'],
        ['1', 'b'],
      ]).size,
    ).toBe(2);
  });
});
