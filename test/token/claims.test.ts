import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CborValue, encode } from '../../src/cbor/index.ts';
import {
  bool,
  bstr,
  type ClaimType,
  claim,
  claimProblems,
  claimsMap,
  exactly,
  mapOf,
  oneOf,
  oneOrMore,
  optional,
  PLATFORM_PROFILES,
  REALM_PROFILES,
  text,
  ueid,
  uint,
} from '../../src/token/index.ts';

const size = (length: number, first = 0): Uint8Array => {
  const bytes = new Uint8Array(length);
  if (length > 0) bytes[0] = first;
  return bytes;
};

const pair = { left: claim(1, uint, ''), right: optional(2, text, '') };

// biome-ignore lint/suspicious/noExplicitAny: rows of several types
const rows: readonly [string, ClaimType<any>, readonly CborValue[], readonly CborValue[]][] = [
  ['bytes', bstr(), [size(0), size(9)], ['', 0, null]],
  ['bytes of some sizes', bstr(32, 48), [size(32), size(48)], [size(33), size(0), 'x'.repeat(32)]],
  ['a UEID', ueid, [size(33, 1)], [size(33, 2), size(32, 1), size(34, 1)]],
  ['text', text, ['', 'x'], [size(1), 1, undefined]],
  ['a natural number', uint, [0, 12288], [-1, 1.5, '1', 1n]],
  ['a truth', bool, [true, false], [0, 'true']],
  ['one of some', oneOf(0, 1, 'shared'), [0, 1, 'shared'], [2, 'private', true]],
  ['exactly two', exactly(2, uint), [[1, 2]], [[1], [1, 2, 3], ['1', 2], 1]],
  ['one or more', oneOrMore(uint), [[1], [1, 2]], [[], ['1']]],
  [
    'a map',
    mapOf(pair, ['left', 'right']),
    [
      new Map([[1, 1]]),
      new Map<number, CborValue>([
        [2, ''],
        [1, 0],
        [9, 9],
      ]),
    ],
    [
      new Map(),
      new Map<number, CborValue>([
        [1, 1],
        [2, 2],
      ]),
      {} as never,
    ],
  ],
];

describe('the type of a claim', () => {
  test.each(rows)('%s accepts what it says and nothing else', (_, type, good, bad) => {
    expect(good.map((value) => type.accepts(value))).toEqual(good.map(() => true));
    expect(bad.map((value) => type.accepts(value))).toEqual(bad.map(() => false));
    for (const value of good) expect(type.accepts(type.toCbor(value instanceof Map ? { left: 1 } : value))).toBe(true);
  });

  test('has a form in CDDL', () => {
    expect(rows.map(([, { cddl }]) => cddl)).toEqual([
      'bytes',
      'bytes .size 32 / bytes .size 48',
      'bytes .size 33',
      'text',
      'uint',
      'bool',
      '0 / 1 / "shared"',
      '[ 2*2 (uint) ]',
      '[ + (uint) ]',
      '{ 1 => uint, ? 2 => text }',
    ]);
  });
});

describe('a table of claims', () => {
  test('names what is missing and what is malformed', () => {
    expect(claimProblems(pair, new Map<number, CborValue>([[2, 7]]))).toEqual([
      '1: left is missing',
      '2: right is not text',
    ]);
    expect(claimProblems(pair, [])).toEqual(['the claims are no map']);
  });

  test('becomes a map in the order given, without what has no value', () => {
    const map = claimsMap(pair, ['right', 'left'], { left: 1, right: 'x', other: 2 });
    expect([...map]).toEqual([
      [2, 'x'],
      [1, 1],
    ]);
    expect([...claimsMap(pair, ['right', 'left'], { left: 1 })]).toEqual([[1, 1]]);
  });

  test('drops no value silently', () => {
    expect(() => claimsMap(pair, ['right'], { left: 1 })).toThrow(/left \(1\) has no place/);
  });

  test('judges any CBOR value without a throw', () => {
    const key = fc.oneof(fc.integer({ min: -5, max: 45000 }), fc.constantFrom(10, 256, 2399, 44239), fc.string());
    const { value } = fc.letrec<{ value: CborValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.integer(),
        fc.string(),
        fc.uint8Array(),
        fc.boolean(),
        fc.constantFrom(null, undefined),
        fc.array(tie('value')),
        fc.array(fc.tuple(key, tie('value'))).map((entries) => new Map(entries)),
      ),
    }));
    const tables = [...Object.values(PLATFORM_PROFILES), ...Object.values(REALM_PROFILES)].map(({ claims }) => claims);
    fc.assert(
      fc.property(value, (any) =>
        tables.every((table) => Array.isArray(claimProblems(table, any)) && encode(any).length > 0),
      ),
    );
  });
});
