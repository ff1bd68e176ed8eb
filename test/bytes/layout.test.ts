import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { array, at, Bug, bytes, type Field, i64, layout, u8, u16, u32, u64 } from '../../src/bytes/index.ts';

const SPEC = { size: 0x40, spec: 'a test' };

const Sparse = layout('Sparse', SPEC, {
  tag: at(0x00, u8, 'one byte'),
  short: at(0x02, u16, 'two'),
  word: at(0x04, u32, 'four'),
  long: at(0x08, u64, 'eight'),
  signed: at(0x10, i64, 'eight, signed'),
  digest: at(0x18, bytes(8), 'as they are'),
  list: at(0x28, array(3, u16), 'three of two'),
});

const uint = (bits: number) => fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n });
const number = (bits: number) => fc.nat({ max: 2 ** bits - 1 });
const values = fc.record({
  tag: number(8),
  short: number(16),
  word: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  long: uint(64),
  signed: fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }),
  digest: fc.uint8Array({ minLength: 8, maxLength: 8 }),
  list: fc.array(number(16), { minLength: 3, maxLength: 3 }),
});

describe('a layout', () => {
  test('puts each member at the offset that is stated, little-endian, and zeros between them', () => {
    const encoded = Sparse.encode({
      tag: 0x11,
      short: 0x2233,
      word: 0x4455_6677,
      long: 0x8899_aabb_ccdd_eeffn,
      signed: -2n,
      digest: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
      list: [0x0102, 0x0304, 0x0506],
    });
    expect(Buffer.from(encoded).toString('hex')).toBe(
      [
        '11',
        '00',
        '3322',
        '77665544',
        'ffeeddccbbaa9988',
        'feffffffffffffff', // 0x00 to 0x17
        '0102030405060708',
        '0000000000000000',
        '020104030605',
        '00'.repeat(18), // 0x18 to 0x3f
      ].join(''),
    );
  });

  test('reads back what it wrote', () => {
    fc.assert(
      fc.property(values, (given) => {
        expect(Sparse.decode(Sparse.encode(given))).toEqual(given);
      }),
    );
  });

  test('reads any bytes, those beyond the end as zeros', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 0x80 }), (source) => {
        const padded = new Uint8Array(SPEC.size);
        padded.set(source.subarray(0, SPEC.size));
        expect(Sparse.decode(source)).toEqual(Sparse.decode(padded));
      }),
    );
  });

  test('reads the same from the middle of a larger buffer', () => {
    fc.assert(
      fc.property(values, fc.nat({ max: 64 }), (given, offset) => {
        const buffer = new Uint8Array(offset + SPEC.size).fill(0xff);
        buffer.set(Sparse.encode(given), offset);
        expect(Sparse.decode(buffer.subarray(offset))).toEqual(given);
      }),
    );
  });

  test('copies what it reads', () => {
    const source = Sparse.encode({ digest: new Uint8Array(8).fill(1) });
    const { digest } = Sparse.decode(source);
    source.fill(0xff);
    expect(digest).toEqual(new Uint8Array(8).fill(1));
  });

  test('writes the members that are given and leaves everything else', () => {
    const target = new Uint8Array(SPEC.size).fill(0xee);
    Sparse.write(target, { word: 0 });
    expect(target.filter((byte) => byte === 0)).toHaveLength(4);
    expect([...target.subarray(4, 8)]).toEqual([0, 0, 0, 0]);
  });

  test('cuts bytes that are too long, and fills lists that are too short', () => {
    const decoded = Sparse.decode(Sparse.encode({ digest: new Uint8Array(20).fill(7), list: [9] }));
    expect(decoded).toMatchObject({ digest: new Uint8Array(8).fill(7), list: [9, 0, 0] });
    expect(Sparse.encode({ digest: new Uint8Array(20).fill(7) })[0x20]).toBe(0);
  });

  test('keeps offsets when some of its members are picked', () => {
    const Picked = Sparse.pick('Picked', ['long', 'list']);
    expect(Picked.size).toBe(Sparse.size);
    fc.assert(
      fc.property(values, ({ long, list, ...others }) => {
        expect(Picked.encode({ long, list })).toEqual(Sparse.encode({ long, list }));
        expect(Picked.decode(Sparse.encode({ long, list, ...others }))).toEqual({ long, list });
      }),
    );
  });

  test('knows no member that it does not have', () => {
    expect(() => Sparse.encode({ other: 1 } as never)).toThrow(Bug);
  });
});

describe('a layout that is wrong is refused when it is made', () => {
  const make = (members: Record<string, readonly [offset: number, field: Field<never>]>) => () =>
    layout(
      'Wrong',
      SPEC,
      Object.fromEntries(Object.entries(members).map(([name, [offset, field]]) => [name, at(offset, field, '')])),
    );
  const [byte, long] = [u8 as unknown as Field<never>, u64 as unknown as Field<never>];

  test('members that overlap, in whatever order they are written', () => {
    expect(make({ a: [0, long], b: [7, byte] })).toThrow(/Wrong\.b at 0x7 overlaps/);
    expect(make({ b: [7, byte], a: [0, long] })).toThrow(/Wrong\.b at 0x7 overlaps/);
    expect(make({ a: [0, long], b: [0, byte] })).toThrow(Bug);
  });

  test('members that overrun the end', () => {
    expect(make({ a: [0x39, long] })).toThrow(/overruns its 64 bytes/);
    expect(make({ a: [0x38, long] })).not.toThrow();
  });

  test('members that touch are well', () => {
    expect(make({ a: [0, long], b: [8, byte], c: [9, byte] })).not.toThrow();
  });

  test('whatever the members, exactly when two of them share a byte or one leaves the structure', () => {
    const members = fc.array(fc.tuple(fc.nat({ max: 0x44 }), fc.constantFrom(1, 2, 4, 8)), { maxLength: 5 });
    fc.assert(
      fc.property(members, (given) => {
        const taken = given.flatMap(([offset, size]) => Array.from({ length: size }, (_, i) => offset + i));
        const sound = new Set(taken).size === taken.length && taken.every((place) => place < SPEC.size);
        const named = given.map(([offset, size], i) => [`m${i}`, [offset, bytes(size) as unknown as Field<never>]]);
        const made = make(Object.fromEntries(named));
        if (sound) expect(made).not.toThrow();
        else expect(made).toThrow(Bug);
      }),
    );
  });
});
