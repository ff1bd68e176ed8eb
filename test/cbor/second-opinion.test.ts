import { Decoder, Encoder, Tag } from 'cbor-x';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CborValue, decode, encode, Tagged, toValue } from '../../src/cbor/index.ts';
import { someValue } from './arbitrary.ts';

/** What keeps cbor-x to plain CBOR: no records, maps as maps, byte strings without tag 64. */
const PLAIN = { useRecords: false, mapsAsObjects: false, tagUint8Array: false, int64AsNumber: false } as const;
const decoder = new Decoder(PLAIN);
const encoder = new Encoder(PLAIN);

/** A value as cbor-x takes it: its own tags, and bigints where it would make a float of a number. */
const toTheirs = (value: CborValue): unknown => {
  if (value instanceof Tagged) return new Tag(toTheirs(value.content), Number(value.tag));
  if (Array.isArray(value)) return value.map(toTheirs);
  if (value instanceof Map) return new Map([...value].map(([key, member]) => [toTheirs(key), toTheirs(member)]));
  return Number.isInteger(value) && Math.abs(value as number) >= 2 ** 31 ? BigInt(value as number) : value;
};

const toOurs = (value: unknown): CborValue => {
  if (value instanceof Tag) return new Tagged(value.tag, toOurs(value.value));
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (Array.isArray(value)) return value.map(toOurs);
  if (value instanceof Map) return new Map([...value].map(([key, member]) => [toOurs(key), toOurs(member)]));
  return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : (value as CborValue);
};

test('cbor-x reads what we write', () => {
  fc.assert(
    fc.property(someValue({ exotic: false }), (value) => {
      expect(toOurs(decoder.decode(encode(value)))).toEqual(value);
    }),
  );
});

test('we read what cbor-x writes', () => {
  fc.assert(
    fc.property(someValue({ exotic: false }), (value) => {
      const decoded = decode(Uint8Array.from(encoder.encode(toTheirs(value))));
      if (!decoded.ok) throw new Error(decoded.error.code);
      expect(toValue(decoded.item)).toEqual(value);
    }),
  );
});
