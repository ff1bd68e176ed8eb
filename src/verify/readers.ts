import { type CborItem, type CborMap, SIMPLE } from '../cbor/index.ts';
import type { HashName } from '../crypto/index.ts';
import { type Place, tellAt, within } from './layer.ts';

/** Takes a value out of an item, or says what is wrong with it and takes none. */
export type Reader<T> = (item: CborItem, place: Place) => T | undefined;

/** Sizes of a digest, whichever algorithm made it. */
const DIGEST_SIZES = [32, 48, 64] as const;
const UEID_SIZE = 33;
/** The first byte of a UEID that was drawn at random (RFC 9711 4.2.1.1). */
const UEID_RANDOM = 0x01;

export const HASH_NAMES: readonly HashName[] = ['sha-256', 'sha-384', 'sha-512'];
export const isHashName = (name: string): name is HashName => HASH_NAMES.some((each) => each === name);

const wrongType = (item: CborItem, place: Place, expected: string): undefined => {
  tellAt(place, item, 'CLAIM_TYPE', { expected, found: item.type });
  return undefined;
};

export const uint: Reader<number | bigint> = (item, place) =>
  item.type === 'uint' ? item.value : wrongType(item, place, 'uint');

export const text: Reader<string> = (item, place) =>
  item.type === 'text' ? item.value : wrongType(item, place, 'text');

/** The truth value that an item is, if it is one. */
export const boolOf = (item: CborItem): boolean | undefined =>
  item.type !== 'simple'
    ? undefined
    : item.value === SIMPLE.true
      ? true
      : item.value === SIMPLE.false
        ? false
        : undefined;

export const bool: Reader<boolean> = (item, place) => boolOf(item) ?? wrongType(item, place, 'bool');

/** A byte string of one of the sizes given; of any, when none is. */
export const bytes =
  (...sizes: readonly number[]): Reader<Uint8Array> =>
  (item, place) => {
    if (item.type !== 'bytes') return wrongType(item, place, 'bytes');
    if (sizes.length > 0 && !sizes.includes(item.value.length)) {
      tellAt(place, item, 'CLAIM_SIZE', { expected: sizes.join(' or '), found: item.value.length });
      return undefined;
    }
    return Uint8Array.from(item.value);
  };

export const digest = bytes(...DIGEST_SIZES);

const ueidBytes = bytes(UEID_SIZE);
/** An identifier drawn at random: 0x01 and 32 bytes. */
export const ueid: Reader<Uint8Array> = (item, place) => {
  const value = ueidBytes(item, place);
  if (value === undefined || value[0] === UEID_RANDOM) return value;
  tellAt(place, item, 'UEID_TYPE', { found: value[0] ?? 0 });
  return undefined;
};

export const hashName: Reader<HashName> = (item, place) => {
  const name = text(item, place);
  if (name === undefined || isHashName(name)) return name;
  tellAt(place, item, 'HASH_UNKNOWN', { found: shown(name) });
  return undefined;
};

/** One of the integers given. */
export const oneOf =
  (...values: readonly number[]): Reader<number> =>
  (item, place) => {
    if (item.type !== 'uint' && item.type !== 'nint') return wrongType(item, place, 'int');
    const value = values.find((each) => each === item.value);
    if (value === undefined) tellAt(place, item, 'CLAIM_VALUE', { found: String(item.value) });
    return value;
  };

/** An array of one item or more, each read alike; only the readable ones are kept. */
export const arrayOf =
  <T>(reader: Reader<T>): Reader<readonly T[]> =>
  (item, place) => {
    if (item.type !== 'array') return wrongType(item, place, 'array');
    if (item.items.length === 0) tellAt(place, item, 'CLAIM_SIZE', { expected: '1 or more', found: 0 });
    return item.items.flatMap((each, i) => {
      const value = reader(each, within(place, i));
      return value === undefined ? [] : [value];
    });
  };

export const mapItem: Reader<CborMap> = (item, place) => (item.type === 'map' ? item : wrongType(item, place, 'map'));

/** The value under an integer key. Of a repeated key, which is an error elsewhere, the first. */
export const member = (map: CborMap, label: number): CborItem | undefined =>
  map.entries.find(({ key }) => (key.type === 'uint' || key.type === 'nint') && key.value === label)?.value;

const SHOWN_LENGTH = 80;

/** A text of the token as a report may carry it: cut, and without anything that steers a terminal. */
export const shown = (text: string): string => {
  const plain = text
    .slice(0, SHOWN_LENGTH)
    .replace(/[^\x20-\x7e]/g, (char) => `\\u{${char.charCodeAt(0).toString(16)}}`);
  return text.length <= SHOWN_LENGTH ? plain : `${plain}…`;
};
