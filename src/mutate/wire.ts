import { Bug, concatBytes, GrowingBytes, toBigEndian, utf8 } from '../bytes/index.ts';
import { BREAK, INFO, MAJOR, SIMPLE } from '../cbor/index.ts';

/** Bytes of an argument after the initial byte. */
export type Width = 1 | 2 | 4 | 8;

/** The part of a token that a COSE_Sign1 carries. */
export type Part = 'platform' | 'realm';

interface Written {
  /** The argument takes so many bytes, also where fewer would do; absent: as few as it needs. */
  readonly width?: Width | undefined;
}

interface Lengthed extends Written {
  /** A string becomes one piece, an array or a map ends with a break. */
  readonly indefinite?: boolean | undefined;
}

export interface WireInt extends Written {
  readonly type: 'int';
  readonly value: number | bigint;
}

export interface WireBytes extends Lengthed {
  readonly type: 'bytes';
  readonly value: Uint8Array;
}

/** A byte string that holds an item, and perhaps more bytes after it. */
export interface WireEmbedded extends Lengthed {
  readonly type: 'embedded';
  readonly content: Wire;
  readonly tail?: Uint8Array | undefined;
}

/** The bytes of a text, whether they are UTF-8 or not. */
export interface WireText extends Lengthed {
  readonly type: 'text';
  readonly value: Uint8Array;
}

export interface WireArray extends Lengthed {
  readonly type: 'array';
  readonly items: readonly Wire[];
}

export interface WireEntry {
  readonly key: Wire;
  readonly value: Wire;
}

export interface WireMap extends Lengthed {
  readonly type: 'map';
  readonly entries: readonly WireEntry[];
}

export interface WireTag extends Written {
  readonly type: 'tag';
  readonly tag: number | bigint;
  readonly content: Wire;
}

/** Whatever else: these very bytes. */
export interface WireRaw {
  readonly type: 'raw';
  readonly bytes: Uint8Array;
}

/** Where a signature will stand once everything that it covers does. */
export interface WireSignature {
  readonly type: 'signature';
  readonly of: Part;
}

/** An item as it is to be written, proper or not: the opposite of what `encode` takes, which leaves no choice. */
export type Wire =
  | WireInt
  | WireBytes
  | WireEmbedded
  | WireText
  | WireArray
  | WireMap
  | WireTag
  | WireRaw
  | WireSignature;

export const int = (value: number | bigint, width?: Width): WireInt => ({ type: 'int', value, width });
export const bytes = (value: Uint8Array): WireBytes => ({ type: 'bytes', value });
export const embedded = (content: Wire, tail?: Uint8Array): WireEmbedded => ({ type: 'embedded', content, tail });
export const text = (value: string | Uint8Array): WireText => ({
  type: 'text',
  value: typeof value === 'string' ? utf8(value) : value,
});
export const array = (...items: readonly Wire[]): WireArray => ({ type: 'array', items });
export const map = (...entries: readonly (readonly [number | string | Wire, Wire])[]): WireMap => ({
  type: 'map',
  entries: entries.map(([key, value]) => ({ key: keyWire(key), value })),
});
export const tag = (number: number | bigint, content: Wire): WireTag => ({ type: 'tag', tag: number, content });
export const raw = (...parts: readonly (number | Uint8Array)[]): WireRaw => ({
  type: 'raw',
  bytes: concatBytes(...parts.map((part) => (typeof part === 'number' ? Uint8Array.of(part) : part))),
});

const simple = (value: number): WireRaw => raw((MAJOR.other << 5) | value);
export const FALSE = simple(SIMPLE.false);
export const TRUE = simple(SIMPLE.true);
export const NULL = simple(SIMPLE.null);
export const UNDEFINED = simple(SIMPLE.undefined);

export const keyWire = (key: number | string | Wire): Wire =>
  typeof key === 'number' ? int(key) : typeof key === 'string' ? text(key) : key;

const INFO_OF_WIDTH = {
  1: INFO.oneByte,
  2: INFO.twoBytes,
  4: INFO.fourBytes,
  8: INFO.eightBytes,
} as const satisfies Record<Width, number>;

const WIDTHS = [1, 2, 4, 8] as const satisfies readonly Width[];

/** The least width that holds an argument, or undefined when the initial byte does. */
export const leastWidth = (argument: number | bigint): Width | undefined =>
  argument < INFO.oneByte ? undefined : WIDTHS.find((width) => argument < 2 ** (8 * width));

/** The bytes of an item as it is written. */
class Gathered extends GrowingBytes {
  head(major: number, argument: number | bigint, asked: Width | undefined): void {
    const least = leastWidth(argument);
    const width = asked !== undefined && asked >= (least ?? 0) ? asked : least;
    if (width === undefined) this.byte((major << 5) | Number(argument));
    else {
      this.byte((major << 5) | INFO_OF_WIDTH[width]);
      this.raw(toBigEndian(BigInt(argument), width));
    }
  }

  /** The head of what has a length; a break has to end it when it is indefinite. */
  lengthHead(major: number, length: number, { indefinite, width }: Lengthed): void {
    if (indefinite === true) this.byte((major << 5) | INFO.indefinite);
    else this.head(major, length, width);
  }
}

const string = (out: Gathered, major: number, value: Uint8Array, written: Lengthed): void => {
  out.lengthHead(major, value.length, written);
  if (written.indefinite === true) out.head(major, value.length, written.width);
  out.raw(value);
  if (written.indefinite === true) out.byte(BREAK);
};

const write = (out: Gathered, wire: Wire): void => {
  switch (wire.type) {
    case 'int': {
      const negative = wire.value < 0;
      out.head(negative ? MAJOR.nint : MAJOR.uint, negative ? -1n - BigInt(wire.value) : wire.value, wire.width);
      break;
    }
    case 'bytes':
      string(out, MAJOR.bytes, wire.value, wire);
      break;
    case 'embedded':
      string(out, MAJOR.bytes, contentOf(wire), wire);
      break;
    case 'text':
      string(out, MAJOR.text, wire.value, wire);
      break;
    case 'array':
      out.lengthHead(MAJOR.array, wire.items.length, wire);
      for (const item of wire.items) write(out, item);
      if (wire.indefinite === true) out.byte(BREAK);
      break;
    case 'map':
      out.lengthHead(MAJOR.map, wire.entries.length, wire);
      for (const { key, value } of wire.entries) {
        write(out, key);
        write(out, value);
      }
      if (wire.indefinite === true) out.byte(BREAK);
      break;
    case 'tag':
      out.head(MAJOR.tag, wire.tag, wire.width);
      write(out, wire.content);
      break;
    case 'raw':
      out.raw(wire.bytes);
      break;
    case 'signature':
      throw new Bug(`the signature of the ${wire.of} token is not there yet`);
  }
};

/** Items are never changed, only replaced: what an embedded one encodes to is worked out once. */
const contents = new WeakMap<WireEmbedded, Uint8Array>();

/** What a byte string holds, whichever way it is kept. Whoever changes it copies it. */
export const contentOf = (wire: WireBytes | WireEmbedded): Uint8Array => {
  if (wire.type === 'bytes') return wire.value;
  const known = contents.get(wire);
  if (known !== undefined) return known;
  const content = encodeWire(wire.content);
  const whole = wire.tail === undefined ? content : concatBytes(content, wire.tail);
  contents.set(wire, whole);
  return whole;
};

/** The bytes of an item. @throws {Bug} while a signature is missing. */
export const encodeWire = (wire: Wire): Uint8Array => {
  const out = new Gathered(1024);
  write(out, wire);
  return out.done();
};
