import { type CborItem, type CborMap, decodePrefix } from '../cbor/index.ts';
import { someItem } from './items.ts';

/** What reading a value into a Go variable came to: its value, nothing for null, or why it cannot be. */
export type Read<T> = { readonly value: T | undefined } | { readonly wrong: string };

/** A Go type, as the CBOR library fills it. */
export interface GoType<T> {
  readonly name: string;
  readonly read: (item: CborItem) => Read<T>;
}

const SELF_DESCRIBED = 55799;
const NESTED_MOST = 32;

/** The words of the library for the type of an item. */
export const goTypeName = ({ type }: CborItem): string =>
  ({
    uint: 'positive integer',
    nint: 'negative integer',
    bytes: 'byte string',
    text: 'UTF-8 text string',
    array: 'array',
    map: 'map',
    tag: 'tag',
    simple: 'primitives',
    float: 'primitives',
  })[type];

export const isNull = (item: CborItem): boolean => item.type === 'simple' && (item.value === 22 || item.value === 23);

export const withoutSelfDescribed = (item: CborItem): CborItem =>
  item.type === 'tag' && item.tag === SELF_DESCRIBED ? withoutSelfDescribed(item.content) : item;

/** Whether a tag of times or big numbers stands around something else. */
export const isBadTag = (item: CborItem): boolean => {
  if (item.type !== 'tag') return false;
  const { tag, content } = item;
  if (tag === 0) return content.type !== 'text';
  if (tag === 1) return !['uint', 'nint', 'float'].includes(content.type);
  return (tag === 2 || tag === 3) && content.type !== 'bytes';
};

/** Tags that nobody registered are ignored; those of times and big numbers are looked at. */
const untagged = (item: CborItem): CborItem | undefined => {
  if (item.type !== 'tag') return item;
  return isBadTag(item) ? undefined : untagged(item.content);
};

/** The number that a big number is, when it is no longer than a plain one. */
const bigNumber = (item: CborItem): number | bigint | undefined => {
  const plain = withoutSelfDescribed(item);
  if (plain.type !== 'tag' || plain.tag !== 2 || plain.content.type !== 'bytes') return undefined;
  const { value } = plain.content;
  return value.length > 8 ? undefined : value.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
};

const INT64_MOST = (1n << 63n) - 1n;

/** A date and a time with its zone (RFC 3339), which is what tag 0 stands for. */
const DATE_TIME =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d([.,]\d+)?(Z|[+-]\d\d:\d\d)$/;

/** Whether a tag of times holds a text that is none, or seconds that no 64 bits hold. */
const isBadTime = (item: CborItem): boolean => {
  if (item.type !== 'tag') return false;
  const { tag, content } = item;
  if (tag === 0) return content.type === 'text' && !DATE_TIME.test(content.value);
  if (tag !== 1 || (content.type !== 'uint' && content.type !== 'nint')) return false;
  return BigInt(content.value) > INT64_MOST || BigInt(content.value) < -INT64_MOST - 1n;
};

/** Whether a value can be read when nobody says of what type it is. */
export const isGoAny = (item: CborItem): boolean => {
  switch (item.type) {
    case 'uint':
      return BigInt(item.value) <= INT64_MOST;
    case 'text':
      return item.validUtf8;
    case 'array':
      return item.items.every(isGoAny);
    case 'tag':
      return !isBadTag(item) && !isBadTime(item) && isGoAny(item.content);
    case 'map':
      return (
        item.duplicates.length === 0 &&
        item.entries.every(({ key, value }) => !UNHASHABLE.includes(key.type) && isGoAny(key) && isGoAny(value))
      );
    default:
      return true;
  }
};
const UNHASHABLE: readonly string[] = ['array', 'map'];

/** Whether a number can be a label. */
export const isInt64 = (item: CborItem): boolean =>
  item.type === 'nint' ? BigInt(item.value) >= -INT64_MOST - 1n : item.type === 'uint';

/** A positive integer that no int64 holds cannot be read at all, while a negative one becomes a big number. */
export const isBeyondInt64 = (item: CborItem): boolean => item.type === 'uint' && BigInt(item.value) > INT64_MOST;

const wrong = (item: CborItem): { readonly wrong: string } => ({ wrong: goTypeName(item) });

/** Null leaves a pointer as it is; under a tag the library has already made an empty value for it. */
const reading =
  <T>(empty: T, read: (item: CborItem) => Read<T>) =>
  (item: CborItem): Read<T> => {
    const plain = untagged(withoutSelfDescribed(item));
    if (plain === undefined) return { wrong: 'tag' };
    if (!isNull(plain)) return read(plain);
    return { value: withoutSelfDescribed(item).type === 'tag' ? empty : undefined };
  };

/** A number that is a byte; null leaves a zero where it stands. */
const byteOf = (item: CborItem): number | undefined => {
  const big = bigNumber(item);
  if (big !== undefined) return big <= 255 ? Number(big) : undefined;
  const plain = untagged(withoutSelfDescribed(item));
  if (plain === undefined) return undefined;
  return plain.type === 'uint' && plain.value <= 255 ? Number(plain.value) : isNull(plain) ? 0 : undefined;
};

/** A byte string, or an array of numbers that are bytes. */
export const goBytes: GoType<Uint8Array> = {
  name: '[]uint8',
  read: reading<Uint8Array>(new Uint8Array(), (item) => {
    if (item.type === 'bytes') return { value: item.value };
    if (item.type !== 'array') return wrong(item);
    const bytes = item.items.map(byteOf);
    const odd = item.items[bytes.indexOf(undefined)];
    return odd === undefined ? { value: Uint8Array.from(bytes as number[]) } : wrong(odd);
  }),
};

export const goText: GoType<string> = {
  name: 'string',
  read: reading('', (item) => (item.type === 'text' && item.validUtf8 ? { value: item.value } : wrong(item))),
};

const plainUint16 = reading<number>(0, (item) =>
  item.type === 'uint' && item.value <= 0xffff ? { value: Number(item.value) } : wrong(item),
);

export const goUint16: GoType<number> = {
  name: 'uint16',
  read: (item) => {
    const big = bigNumber(item);
    if (big === undefined) return plainUint16(item);
    return big <= 0xffff ? { value: Number(big) } : wrong(item);
  },
};

/** A number of 64 bits, whose value is of no interest: 0 stands for it. */
const plainInt = reading(0, (item) => (isInt64(item) && !isBeyondInt64(item) ? { value: 0 } : wrong(item)));
export const goInt: GoType<number> = {
  name: 'int',
  read: (item) => {
    const big = bigNumber(item);
    if (big === undefined) return plainInt(item);
    return big <= INT64_MOST ? { value: 0 } : wrong(item);
  },
};

/** One nonce or several, each a byte string (EAT). */
export const goNonces: GoType<readonly Uint8Array[]> = {
  name: 'eat.Nonce',
  read: (item) => {
    if (isNull(item)) return { value: undefined };
    const each = item.type === 'array' ? item.items : [item];
    const found: Uint8Array[] = [];
    for (const one of each) {
      const read = goBytes.read(one);
      if ('wrong' in read) return read;
      found.push(read.value ?? new Uint8Array());
    }
    return { value: found };
  },
};

const OID_MOST_BYTES = 255;
const ARC_MOST_BYTES = 4;

/** The content of an object identifier with three arcs or more: numbers in base 128, the last digit of each below 128. */
const isObjectId = (bytes: Uint8Array): boolean => {
  if (bytes.length > OID_MOST_BYTES || (bytes.at(-1) ?? 0x80) >= 0x80) return false;
  let digits = 0;
  let arcs = 1;
  for (const byte of bytes) {
    if (digits === 0 && byte === 0x80) return false;
    digits += 1;
    if (digits > ARC_MOST_BYTES) return false;
    if (byte < 0x80) {
      arcs += 1;
      digits = 0;
    }
  }
  return arcs >= 3;
};

/** A scheme and whatever follows: Go refuses ASCII control characters before the fragment. */
const ABSOLUTE_URL = /^[a-z][a-z0-9+.-]*:[^#]*(#|$)/i;
const isControl = (character: string): boolean => character < ' ' || character === '\u007f';

/** An absolute URL or the bytes of an object identifier (EAT). */
export const goProfile: GoType<string> = {
  name: 'eat.Profile',
  read: (given) => {
    const item = withoutSelfDescribed(given);
    if (isNull(item)) return { value: undefined };
    if (item.type === 'bytes' && isObjectId(item.value)) return { value: '' };
    const head = item.type === 'text' && item.validUtf8 ? ABSOLUTE_URL.exec(item.value)?.[0] : undefined;
    return item.type === 'text' && head !== undefined && ![...head].some(isControl)
      ? { value: item.value }
      : wrong(item);
  },
};

/** A slice of something. */
export const goSlice = <T>(of: GoType<T>, name: string): GoType<readonly (T | undefined)[]> => ({
  name,
  read: reading<readonly (T | undefined)[]>([], (item) => {
    if (item.type !== 'array') return wrong(item);
    const found: (T | undefined)[] = [];
    for (const each of item.items) {
      const read = of.read(each);
      if ('wrong' in read) return read;
      found.push(read.value);
    }
    return { value: found };
  }),
});

/** Fields of a struct by their labels. */
export type Fields = Readonly<Record<number, GoType<unknown>>>;
export type StructOf<F extends Fields> = {
  readonly [K in keyof F]?: F[K] extends GoType<infer T> ? T : never;
};

/** A struct that a map was read into, and the first thing that went wrong. */
export interface GoStruct<F extends Fields> {
  readonly fields: StructOf<F>;
  readonly error?: string;
}

/** Fills a struct: keys are integers or their text, the first of several counts, unknown ones are ignored. */
export const readStruct = <F extends Fields>(map: CborMap, fields: F): GoStruct<F> => {
  const values: Record<string, unknown> = {};
  const seen = new Set<string>();
  let error: string | undefined;
  for (const { key, value } of map.entries) {
    if (key.type !== 'uint' && key.type !== 'nint' && key.type !== 'text') {
      error ??= `cbor: cannot unmarshal ${goTypeName(key)} into Go value of type string…`;
      continue;
    }
    if (key.type === 'nint' && !isInt64(key)) {
      error ??= 'cbor: cannot unmarshal negative integer into Go value of type int64…';
      continue;
    }
    if (key.type === 'text' && !key.validUtf8) {
      error ??= 'cbor: invalid UTF-8 string';
      continue;
    }
    const label = String(key.value);
    const type = Object.hasOwn(fields, label) ? fields[Number(label)] : undefined;
    if (type === undefined || seen.has(label)) continue;
    seen.add(label);
    const read = type.read(value);
    if ('wrong' in read) error ??= 'cbor: cannot unmarshal …';
    else values[label] = read.value;
  }
  return { fields: values as StructOf<F>, ...(error === undefined ? {} : { error }) };
};

const isIndefinite = (item: CborItem): boolean => 'indefinite' in item && item.indefinite;

/** Reads one whole item as Go's library does: definite lengths, no more than 32 levels. */
export const goItem = (bytes: Uint8Array): CborItem | { readonly error: string } => {
  if (bytes.length === 0) return { error: 'EOF' };
  const decoded = decodePrefix(bytes, { maxDepth: NESTED_MOST + 1 });
  if (!decoded.ok) return { error: '…' };
  const { item } = decoded;
  if (item.end < bytes.length) return { error: 'cbor: …' };
  return someItem(item, isIndefinite) ? { error: 'cbor: …' } : item;
};

/** Whether a tag stands anywhere in an item. */
export const hasTag = (item: CborItem): boolean => someItem(item, ({ type }) => type === 'tag');
