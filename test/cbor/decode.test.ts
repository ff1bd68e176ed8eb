import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes, hex, toHex } from '../../src/bytes/index.ts';
import {
  type CborItem,
  childrenOf,
  DEFAULT_LIMITS,
  type DecodeOptions,
  decode,
  decodeEmbedded,
  decodePrefix,
  diagnostic,
  encode,
  problems,
  toValue,
} from '../../src/cbor/index.ts';
import { someValue } from './arbitrary.ts';
import { choiceFrom, LooseEncoder } from './loose.ts';

const itemOf = (bytes: Uint8Array | string, options?: DecodeOptions): CborItem => {
  const decoded = decode(typeof bytes === 'string' ? hex(bytes) : bytes, options);
  if (!decoded.ok) throw new Error(decoded.error.code);
  return decoded.item;
};

const errorOf = (bytes: Uint8Array | string, options?: DecodeOptions) => {
  const decoded = decode(typeof bytes === 'string' ? hex(bytes) : bytes, options);
  return decoded.ok ? undefined : decoded.error;
};

const initial = (major: number, info: number) => toHex(Uint8Array.of((major << 5) | info));
const MAJORS = [0, 1, 2, 3, 4, 5, 6, 7];

describe('what is not well-formed', () => {
  test.each(MAJORS.flatMap((major) => [28, 29, 30].map((info) => initial(major, info))))(
    '%s has a reserved head',
    (head) => {
      expect(errorOf(`${head}0000`)).toEqual({ code: 'RESERVED_HEAD', offset: 0 });
      expect(errorOf(`8200${head}00`)).toEqual({ code: 'RESERVED_HEAD', offset: 2 });
    },
  );

  test.each(MAJORS.flatMap((major) => [24, 25, 26, 27].map((info) => ({ major, info }))))(
    'major $major with $info ends inside its head',
    ({ major, info }) => {
      const width = 2 ** (info - 24);
      for (let size = 0; size < width; size++) {
        expect(errorOf(initial(major, info) + '00'.repeat(size))).toEqual({ code: 'TRUNCATED', offset: 0 });
      }
    },
  );

  test.each(['1f', '3f', 'df'])('%s has no indefinite length', (head) => {
    expect(errorOf(`${head}00ff`)).toEqual({ code: 'INDEFINITE_NOT_ALLOWED', offset: 0 });
  });

  test.each([
    ['ff', 0],
    ['81ff', 1],
    ['a1ff', undefined],
    ['a100ff', 2],
    ['a1ff00', 1],
    ['bf00ff', 2],
    ['bf000000ff', 4],
    ['c1ff', 1],
    ['9f81ff', 2],
  ])('%s has a break where an item must stand', (text, offset) => {
    expect(errorOf(text)).toMatchObject(
      offset === undefined ? { code: 'TRUNCATED' } : { code: 'UNEXPECTED_BREAK', offset },
    );
  });

  test.each([
    { open: '5f', own: 2 },
    { open: '7f', own: 3 },
  ])('$open takes definite strings of its type only', ({ open, own }) => {
    for (let byte = 0; byte < 0xff; byte++) {
      const definite = byte >> 5 === own && (byte & 0x1f) < 24;
      const error = errorOf(`${open}${toHex(Uint8Array.of(byte))}${'00'.repeat(byte & 0x1f)}ff`);
      if (definite) expect(error).toBeUndefined();
      else if (byte >> 5 !== own || (byte & 0x1f) === 31) expect(error).toEqual({ code: 'BAD_CHUNK', offset: 1 });
      else expect(error).toBeDefined();
    }
  });

  test('simple values below 32 in two bytes', () => {
    for (let value = 0; value < 32; value++) {
      expect(errorOf(`f8${toHex(Uint8Array.of(value))}`)).toEqual({ code: 'BAD_SIMPLE', offset: 0 });
    }
    expect(errorOf('f820')).toBeUndefined();
  });

  test('but for a reader that takes such values: it is told how they are written', () => {
    for (let value = 0; value < 32; value++) {
      const item = itemOf(`81f8${toHex(Uint8Array.of(value))}`, { laxSimple: true });
      expect(childrenOf(item)).toMatchObject([
        { type: 'simple', value, start: 1, headEnd: 3, end: 3, shortest: false },
      ]);
      expect(problems(item)).toMatchObject([{ code: 'NOT_SHORTEST' }]);
    }
  });

  test.each([
    '18',
    '41',
    '5f',
    '5f41',
    '7f6161',
    '81',
    '9f',
    '9f00',
    'a1',
    'a100',
    'bf',
    'bf00',
    'c1',
    'd8',
    'f8',
    'f9',
    'fa00',
    'fb',
  ])('%s is truncated', (text) => {
    expect(errorOf(text)).toMatchObject({ code: 'TRUNCATED' });
  });

  test('no bytes, and bytes after the item', () => {
    expect(errorOf('')).toEqual({ code: 'EMPTY', offset: 0 });
    expect(errorOf('8100f6')).toEqual({ code: 'TRAILING_BYTES', offset: 2 });
    expect(decodePrefix(hex('8100f6'))).toMatchObject({ ok: true, item: { type: 'array', end: 2 } });
  });
});

describe('what would cost too much', () => {
  const nest = (head: string, depth: number) => hex(head.repeat(depth));

  test.each(['81', '9f', 'a1', 'bf', 'a100', 'bf00', 'c1', 'd9d9f7', '8281', 'a181'])(
    'ten thousand levels of %s',
    (head) => {
      for (const options of [{}, { maxDepth: Number.MAX_SAFE_INTEGER }]) {
        expect(errorOf(nest(head, 10_000), options)?.code).toMatch(/^(TOO_DEEP|TRUNCATED)$/);
        expect(errorOf(concatBytes(nest(head, 10_000), new Uint8Array(20_000)), options)?.code).toBe('TOO_DEEP');
      }
    },
  );

  test('a level beyond the limit, not one below', () => {
    expect(errorOf(`${'81'.repeat(32)}00`)).toBeUndefined();
    expect(errorOf(`${'81'.repeat(33)}00`)).toEqual({ code: 'TOO_DEEP', offset: 33 });
    expect(errorOf('818100', { maxDepth: 1 })).toEqual({ code: 'TOO_DEEP', offset: 2 });
  });

  test.each([
    '5b1000000000000000',
    '7b1000000000000000',
    '9b1000000000000000',
    'bb1000000000000000',
    '5bffffffffffffffff',
    '9bffffffffffffffff',
    'bb8000000000000000',
    '5a7fffffff',
    '9a7fffffff',
    'ba7fffffff',
  ])('%s promises what is not there', (head) => {
    expect(errorOf(head)).toEqual({ code: 'TRUNCATED', offset: 0 });
    expect(errorOf(concatBytes(hex(head), new Uint8Array(1000)))).toEqual({ code: 'TRUNCATED', offset: 0 });
  });

  test('ten million entries that are there', () => {
    const bytes = concatBytes(hex('ba00989680'), new Uint8Array(20_000_000));
    expect(errorOf(bytes)?.code).toBe('INPUT_TOO_LARGE');
    expect(errorOf(bytes, { maxBytes: bytes.length })).toEqual({ code: 'TOO_MANY_ITEMS', offset: 0 });
    bytes[0] = 0x9a;
    expect(errorOf(bytes, { maxBytes: bytes.length })).toEqual({ code: 'TOO_MANY_ITEMS', offset: 0 });
  });

  test.each(['9f', 'bf', '5f'])('%s with more members than the limit', (head) => {
    const bytes = concatBytes(hex(head), new Uint8Array(200_000).fill(head === '5f' ? 0x40 : 0x00), hex('ff'));
    expect(errorOf(bytes)?.code).toBe('TOO_MANY_ITEMS');
  });

  test('as many pieces of a string as the limit allows', () => {
    const bytes = concatBytes(hex('5f'), new Uint8Array(DEFAULT_LIMITS.maxItems - 1).fill(0x40), hex('ff'));
    expect(itemOf(bytes)).toMatchObject({ type: 'bytes', value: new Uint8Array() });
    expect(problems(itemOf(bytes))).toHaveLength(1);
  });

  test('as many repeated keys as the limit allows', () => {
    const entries = DEFAULT_LIMITS.maxItems / 2 - 1;
    const bytes = concatBytes(hex(`b9${entries.toString(16).padStart(4, '0')}`), new Uint8Array(2 * entries));
    expect(problems(itemOf(bytes))).toHaveLength(entries - 1);
  });

  test('an item beyond the limit, not one below', () => {
    expect(errorOf('83000000', { maxItems: 4 })).toBeUndefined();
    expect(errorOf('83000000', { maxItems: 3 })?.code).toBe('TOO_MANY_ITEMS');
    expect(errorOf('9f000000ff', { maxItems: 4 })).toBeUndefined();
    expect(errorOf('9f000000ff', { maxItems: 3 })).toEqual({ code: 'TOO_MANY_ITEMS', offset: 3 });
    expect(errorOf('83000000', { maxBytes: 3 })).toEqual({ code: 'INPUT_TOO_LARGE', offset: 3 });
  });

  test('a hundred megabytes', () => {
    expect(errorOf(new Uint8Array(100_000_000))).toMatchObject({ code: 'INPUT_TOO_LARGE' });
  });

  test('map keys that are maps with large keys, all compared', () => {
    let value = encode(new Uint8Array(900_000));
    for (let level = 0; level < 30; level++) value = concatBytes(hex('a2'), value, hex('00'), hex('6178'), hex('00'));
    expect(itemOf(value)).toMatchObject({ duplicates: [] });
  });
});

describe('what is recorded', () => {
  test.each([
    { text: '00', value: 0 },
    { text: '1b001fffffffffffff', value: Number.MAX_SAFE_INTEGER },
    { text: '1b0020000000000000', value: 2n ** 53n },
    { text: '1bffffffffffffffff', value: 2n ** 64n - 1n },
    { text: '3b001ffffffffffffe', value: Number.MIN_SAFE_INTEGER },
    { text: '3b001fffffffffffff', value: -(2n ** 53n) },
    { text: '3bffffffffffffffff', value: -(2n ** 64n) },
    { text: '1b0000000000000001', value: 1 },
  ])('$text is $value', ({ text, value }) => {
    expect(itemOf(text)).toMatchObject({ value });
  });

  test.each([
    '1817',
    '1900ff',
    '1a0000ffff',
    '1b00000000ffffffff',
    '3817',
    '5800',
    '7800',
    '9800',
    'b800',
    'd81700',
    'fa3fc00000',
    'fb3ff8000000000000',
    'fb7ff8000000000000',
    'fb47efffffe0000000',
  ])('%s is longer than needed', (text) => {
    expect(problems(itemOf(text))).toEqual([{ code: 'NOT_SHORTEST', offset: 0 }]);
  });

  test.each([
    '1818',
    '190100',
    '1a00010000',
    '1b0000000100000000',
    'fa3f800001',
    'fb3ff199999999999a',
    'f90001',
    'f97e00',
    'fa33000000',
  ])('%s is as short as can be', (text) => {
    expect(problems(itemOf(text))).toEqual([]);
  });

  test.each([
    { what: 'integers of two widths', text: 'a20a01180a02', offset: 3 },
    { what: 'texts, one in pieces', text: 'a2626162017f61616162ff02', offset: 5 },
    { what: 'byte strings, one in pieces', text: 'a2410101 5f4101ff02', offset: 4 },
    { what: 'arrays, one indefinite', text: 'a2810101 9f01ff02', offset: 4 },
    { what: 'maps in another order', text: 'a2a20102030401a20304010202', offset: 7 },
    { what: 'tags of two widths', text: 'a2c10101d8010102', offset: 4 },
    { what: 'floats of two widths', text: 'a2f93e0001fa3fc0000002', offset: 5 },
    { what: 'empty strings', text: 'a240014002', offset: 3 },
    { what: 'nulls', text: 'a2f601f602', offset: 3 },
    { what: 'large integers', text: 'a21bffffffffffffffff011bffffffffffffffff02', offset: 11 },
  ])('keys that repeat: $what', ({ text, offset }) => {
    expect(problems(itemOf(text)).filter(({ code }) => code === 'DUPLICATE_KEY')).toEqual([
      { code: 'DUPLICATE_KEY', offset },
    ]);
  });

  test.each([
    'a201016131 02',
    'a2413101613102',
    'a20101f93c0002',
    'a200012002',
    'a2f4010002',
    'a2f601f702',
    'a2810101820101 02',
    'a2f9800001f9000002',
  ])('keys that differ: %s', (text) => {
    expect(problems(itemOf(text)).filter(({ code }) => code === 'DUPLICATE_KEY')).toEqual([]);
  });

  test('each repetition once', () => {
    expect(problems(itemOf('a40000000100020003'))).toEqual(
      [3, 5, 7].map((offset) => ({ code: 'DUPLICATE_KEY', offset })),
    );
  });

  test('problems inside keys, values, tags, arrays and pieces, by offset', () => {
    const found = problems(itemOf('9fa1180018015f5801aaffd80161ff62c328ff'));
    expect(found).toEqual([
      { code: 'INDEFINITE_LENGTH', offset: 0 },
      { code: 'NOT_SHORTEST', offset: 2 },
      { code: 'NOT_SHORTEST', offset: 4 },
      { code: 'INDEFINITE_LENGTH', offset: 6 },
      { code: 'NOT_SHORTEST', offset: 7 },
      { code: 'NOT_SHORTEST', offset: 11 },
      { code: 'INVALID_UTF8', offset: 13 },
      { code: 'INVALID_UTF8', offset: 15 },
    ]);
  });

  test.each(['61ff', '62c080', '63eda080', '64f4908080', '61c3', '7f61c361a9ff'])('%s is not UTF-8', (text) => {
    const item = itemOf(text);
    expect(item).toMatchObject({ type: 'text', validUtf8: false });
    expect(problems(item).map(({ code }) => code)).toContain('INVALID_UTF8');
  });

  test('a byte order mark is a character', () => {
    expect(itemOf('64efbbbf61')).toMatchObject({ value: '\ufeffa', validUtf8: true });
  });
});

describe('decodeEmbedded', () => {
  const source = hex('8200430182f6');
  const nested = hex('82004482010203');

  test('counts offsets in the source', () => {
    const outer = itemOf('820043820102');
    if (outer.type !== 'array' || outer.items[1]?.type !== 'bytes') throw new Error('not the fixture');
    const decoded = decodeEmbedded(hex('820043820102'), outer.items[1]);
    expect(decoded).toMatchObject({ ok: true, item: { start: 3, end: 6, items: [{ start: 4 }, { start: 5 }] } });
  });

  test('does not read past the string', () => {
    const outer = itemOf(nested.subarray(0, 7));
    if (outer.type !== 'array' || outer.items[1]?.type !== 'bytes') throw new Error('not the fixture');
    expect(decodeEmbedded(nested, outer.items[1])).toEqual({ ok: false, error: { code: 'TRAILING_BYTES', offset: 6 } });
    expect(decode(source, { start: 3, end: 4 })).toMatchObject({ ok: true, item: { start: 3, value: 1 } });
    expect(decode(source, { start: 4, end: 5 })).toEqual({ ok: false, error: { code: 'TRUNCATED', offset: 4 } });
    expect(decode(source, { start: 3, end: 3 })).toEqual({ ok: false, error: { code: 'EMPTY', offset: 3 } });
  });

  test('counts in the joined value when the string is in pieces', () => {
    const bytes = hex('5f 4181 4100 ff');
    const item = itemOf(bytes);
    if (item.type !== 'bytes') throw new Error('not the fixture');
    expect(decodeEmbedded(bytes, item)).toMatchObject({ ok: true, item: { start: 0, items: [{ start: 1 }] } });
  });
});

describe('laws', () => {
  test('a value survives encoding', () => {
    fc.assert(
      fc.property(someValue({ exotic: true }), (value) => {
        const bytes = encode(value);
        const item = itemOf(bytes);
        expect(toValue(item)).toEqual(value);
        expect(problems(item)).toEqual([]);
        expect(encode(toValue(item))).toEqual(bytes);
      }),
    );
  });

  test('a value survives every liberty of encoding, and each is told', () => {
    fc.assert(
      fc.property(someValue({ exotic: false }), fc.gen(), (value, gen) => {
        const loose = new LooseEncoder(choiceFrom(gen, fc.nat));
        const bytes = loose.encode(value);
        const item = itemOf(bytes);
        expect(toValue(item)).toEqual(value);
        expect(problems(item)).toHaveLength(loose.liberties);
        expect(encode(toValue(item))).toEqual(encode(value));
      }),
    );
  });

  test('an item is what stands between its offsets', () => {
    fc.assert(
      fc.property(someValue({ exotic: true }), (value) => {
        const bytes = encode(value);
        const visit = (item: CborItem): void => {
          expect(diagnostic(itemOf(bytes.slice(item.start, item.end)))).toBe(diagnostic(item));
          childrenOf(item).forEach(visit);
        };
        visit(itemOf(bytes));
      }),
      { numRuns: 30 },
    );
  });

  const someDamage = fc
    .tuple(someValue({ exotic: true }), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }), fc.nat(5))
    .map(([value, changes, cut]) => {
      const bytes = encode(value);
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      return bytes.subarray(0, bytes.length - cut);
    });

  test('any bytes give an item or an error inside them, and every item can be shown and encoded again', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), someDamage), (bytes) => {
        const decoded = decode(bytes);
        if (decoded.ok) {
          const { item } = decoded;
          expect(item.end).toBe(bytes.length);
          diagnostic(item, { embedded: () => true, indent: 2 });
          for (const { offset } of problems(item)) expect(offset).toBeLessThan(bytes.length);
          expect(decode(encode(toValue(item)))).toMatchObject({ ok: true });
        } else expect(decoded.error.offset).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 500 },
    );
  });
});
