import { Bug, equalBytes, GrowingBytes, toHex, utf8 } from '../bytes/index.ts';
import { floatWidth, toHalf } from './float.ts';
import { INFO, MAJOR, SIMPLE } from './major.ts';
import { type CborValue, Float, Simple, Tagged } from './value.ts';

class Writer extends GrowingBytes {
  /** The shortest head for an argument in [0, 2^64-1]. */
  head(major: number, argument: number | bigint): void {
    const type = major << 5;
    if (argument < INFO.oneByte) this.byte(type | Number(argument));
    else if (argument <= 0xff) {
      this.byte(type | INFO.oneByte);
      this.byte(Number(argument));
    } else if (argument <= 0xffff) {
      this.byte(type | INFO.twoBytes);
      const at = this.take(2);
      this.view.setUint16(at, Number(argument));
    } else if (argument <= 0xffff_ffff) {
      this.byte(type | INFO.fourBytes);
      const at = this.take(4);
      this.view.setUint32(at, Number(argument));
    } else {
      this.byte(type | INFO.eightBytes);
      const at = this.take(8);
      this.view.setBigUint64(at, BigInt(argument));
    }
  }

  float(value: number): void {
    const width = floatWidth(value);
    const type = MAJOR.other << 5;
    this.byte(type | (width === 2 ? INFO.twoBytes : width === 4 ? INFO.fourBytes : INFO.eightBytes));
    const at = this.take(width);
    if (width === 2) this.view.setUint16(at, toHalf(value) ?? 0);
    else if (width === 4) this.view.setFloat32(at, value);
    else this.view.setFloat64(at, value);
  }
}

const UINT64_END = 2n ** 64n;
const LONE_SURROGATE = /\p{Surrogate}/u;

const integer = (writer: Writer, value: number | bigint): void => {
  const negative = value < 0;
  // -1 - n of a number stays exact: -2^53 + 1 becomes 2^53 - 2.
  const argument = !negative ? value : typeof value === 'bigint' ? -1n - value : -1 - value;
  if (argument >= UINT64_END) throw new Bug(`${value} is no CBOR integer: it needs a bignum tag`);
  writer.head(negative ? MAJOR.nint : MAJOR.uint, argument);
};

const number = (writer: Writer, value: number): void => {
  if (!Number.isInteger(value) || Object.is(value, -0)) writer.float(value);
  else if (Number.isSafeInteger(value)) integer(writer, value);
  else throw new Bug(`${value} may have been rounded: write a bigint or a Float`);
};

const simple = (writer: Writer, value: number): void => {
  const named = value >= SIMPLE.false && value <= SIMPLE.undefined;
  const reserved = value > SIMPLE.undefined && value < 32;
  if (!Number.isInteger(value) || value < 0 || value > 0xff || named || reserved) throw new Bug(`simple(${value})`);
  writer.head(MAJOR.other, value);
};

const text = (writer: Writer, value: string): void => {
  if (LONE_SURROGATE.test(value)) throw new Bug('a lone surrogate has no UTF-8');
  const bytes = utf8(value);
  writer.head(MAJOR.text, bytes.length);
  writer.raw(bytes);
};

const write = (writer: Writer, value: CborValue): void => {
  if (typeof value === 'number') number(writer, value);
  else if (typeof value === 'bigint') integer(writer, value);
  else if (typeof value === 'string') text(writer, value);
  else if (value instanceof Uint8Array) {
    writer.head(MAJOR.bytes, value.length);
    writer.raw(value);
  } else if (typeof value === 'boolean') writer.head(MAJOR.other, value ? SIMPLE.true : SIMPLE.false);
  else if (value === null) writer.head(MAJOR.other, SIMPLE.null);
  else if (value === undefined) writer.head(MAJOR.other, SIMPLE.undefined);
  else if (value instanceof Map) {
    writer.head(MAJOR.map, value.size);
    for (const [key, member] of value as ReadonlyMap<CborValue, CborValue>) {
      write(writer, key);
      write(writer, member);
    }
  } else if (Array.isArray(value)) {
    writer.head(MAJOR.array, value.length);
    for (const member of value as readonly CborValue[]) write(writer, member);
  } else if (value instanceof Tagged) {
    const { tag } = value;
    const whole = typeof tag === 'bigint' || Number.isSafeInteger(tag);
    if (!whole || tag < 0 || tag >= UINT64_END) throw new Bug(`${tag} is no tag`);
    writer.head(MAJOR.tag, tag);
    write(writer, value.content);
  } else if (value instanceof Simple) simple(writer, value.value);
  else if (value instanceof Float) writer.float(value.value);
  else throw new Bug(`${Object.prototype.toString.call(value)} is no CBOR value`);
};

/**
 * Encodes in preferred serialization: definite lengths, shortest heads and floats (RFC 8949 4.1).
 *
 * Maps keep the order in which their entries were set: who wants the deterministic order of 4.2.1 takes `sortedMap`.
 *
 * @throws {Bug} for what no encoding says exactly: an integer beyond 64 bits, a whole number beyond 2^53 that is not a
 *   bigint, a lone surrogate, an unassigned simple value.
 */
export const encode = (value: CborValue): Uint8Array<ArrayBuffer> => {
  const writer = new Writer(256);
  write(writer, value);
  return writer.done();
};

/** Bytewise lexicographic order (RFC 8949 4.2.1). */
export const compareBytes = (a: Uint8Array, b: Uint8Array): number => {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
};

/**
 * A map in the bytewise order of its encoded keys (RFC 8949 4.2.1). Maps inside it keep their own order.
 *
 * @throws {Bug} when two keys encode alike.
 */
export const sortedMap = (entries: Iterable<readonly [CborValue, CborValue]>): ReadonlyMap<CborValue, CborValue> => {
  const sorted = Array.from(entries, (entry) => ({ entry, bytes: encode(entry[0]) })).sort((a, b) =>
    compareBytes(a.bytes, b.bytes),
  );
  sorted.forEach(({ bytes }, i) => {
    const before = sorted[i - 1]?.bytes;
    if (before !== undefined && equalBytes(before, bytes)) throw new Bug(`two map keys encode as ${toHex(bytes)}`);
  });
  return new Map(sorted.map(({ entry }) => [entry[0], entry[1]]));
};
