import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  Bug,
  concatBytes,
  equalBytes,
  fromBigEndian,
  fromDoublewords,
  fromHex,
  fromUtf8,
  hex,
  hexNumber,
  padEnd,
  toBigEndian,
  toDoublewords,
  toHex,
  utf8,
} from '../../src/bytes/index.ts';

const anyBytes = fc.uint8Array({ maxLength: 200 });

describe('bytes', () => {
  test('are equal when each of them is', () => {
    fc.assert(
      fc.property(anyBytes, anyBytes, (a, b) => {
        expect(equalBytes(a, b)).toBe(Buffer.from(a).equals(Buffer.from(b)));
        expect(equalBytes(a, a.slice())).toBe(true);
      }),
    );
  });

  test('are unequal when one bit differs, wherever it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), fc.nat(), fc.nat({ max: 7 }), (a, place, bit) => {
        const b = a.slice();
        b[place % b.length] = (b[place % b.length] ?? 0) ^ (1 << bit);
        expect(equalBytes(a, b)).toBe(false);
      }),
    );
  });

  test('are put together as Buffer does it', () => {
    fc.assert(
      fc.property(fc.array(anyBytes), (parts) => {
        expect(Buffer.from(concatBytes(...parts)).equals(Buffer.concat(parts))).toBe(true);
      }),
    );
  });

  test('are padded with zeros at the end, or cut, and copied in any case', () => {
    fc.assert(
      fc.property(anyBytes, fc.nat({ max: 100 }), (given, size) => {
        const padded = padEnd(given, size);
        expect(padded).toHaveLength(size);
        expect([...padded]).toEqual(Array.from({ length: size }, (_, i) => given[i] ?? 0));
        expect(padded.buffer).not.toBe(given.buffer);
      }),
    );
  });

  test('are text only when they are UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(fromUtf8(utf8(text))).toBe(Buffer.from(text).toString());
      }),
    );
    expect(fromUtf8(Uint8Array.of(0xc3, 0x28))).toBe(undefined);
  });
});

describe('numbers in bytes', () => {
  test('are big-endian as DataView writes them', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), (value) => {
        const expected = new Uint8Array(8);
        new DataView(expected.buffer).setBigUint64(0, value);
        expect(toBigEndian(value, 8)).toEqual(expected);
        expect(fromBigEndian(expected)).toBe(value);
      }),
    );
  });

  test('are as wide as they are asked to be', () => {
    expect(toBigEndian(1n, 48)).toHaveLength(48);
    expect(toBigEndian(0x1_0203n, 2)).toEqual(Uint8Array.of(2, 3));
    expect(fromBigEndian(new Uint8Array())).toBe(0n);
  });

  test('travel in registers with byte 0 in bits [7:0] of the first', () => {
    expect(toDoublewords(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 0, 0, 0, 0, 0))).toEqual([
      0x0807_0605_0403_0201n,
      9n,
    ]);
    const words = fc.array(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), { maxLength: 40 });
    fc.assert(
      fc.property(words, (given) => {
        expect(toDoublewords(fromDoublewords(given))).toEqual(given);
      }),
    );
  });
});

describe('hexadecimal', () => {
  test('is what Buffer writes, and reads back in either case', () => {
    fc.assert(
      fc.property(anyBytes, (given) => {
        const text = toHex(given);
        expect(text).toBe(Buffer.from(given).toString('hex'));
        expect(fromHex(text)).toEqual(new Uint8Array(given));
        expect(fromHex(text.toUpperCase())).toEqual(new Uint8Array(given));
      }),
    );
  });

  test('is read from any text, or refused', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), (text) => {
        const well = text.length % 2 === 0 && [...text].every((digit) => '0123456789abcdefABCDEF'.includes(digit));
        expect(fromHex(text) !== undefined).toBe(well);
      }),
    );
    for (const text of ['0', '0x00', ' 00', '00 ', 'zz', '0g', '\u0660\u0660']) expect(fromHex(text)).toBe(undefined);
  });

  test('of our own making may have spaces, and must be right', () => {
    expect(hex('0102 03\n04')).toEqual(Uint8Array.of(1, 2, 3, 4));
    expect(() => hex('01 0')).toThrow(Bug);
  });

  test('of a number has 64 bits', () => {
    expect(hexNumber(-1n)).toBe('0xffffffffffffffff');
    expect(hexNumber(0x8000_1000)).toBe('0x80001000');
  });
});
