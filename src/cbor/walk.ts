import type { CborError } from './errors.ts';
import { floatWidth, fromHalf } from './float.ts';
import { Identities } from './identity.ts';
import type { CborBytes, CborEntry, CborItem, CborText } from './item.ts';
import { BREAK, INFO, MAJOR } from './major.ts';

/** The walk is recursive; this depth fits every stack. */
const DEPTH_CEILING = 256;

/** How the walk is left; `decodePrefix` turns it into a value. */
export class Malformed extends Error {
  readonly error: CborError;

  constructor(code: CborError['code'], offset: number) {
    super(code);
    this.error = { code, offset };
  }
}

interface Head {
  readonly start: number;
  readonly headEnd: number;
  readonly major: number;
  /** The additional information: the argument itself, or its width, or an indefinite length. */
  readonly info: number;
  readonly argument: number | bigint;
  readonly shortest: boolean;
}

/** By additional information: the width of the argument that follows, and the least that needs it. */
const FOLLOWING: ReadonlyMap<number, { readonly width: number; readonly least: number }> = new Map([
  [INFO.oneByte, { width: 1, least: INFO.oneByte }],
  [INFO.twoBytes, { width: 2, least: 0x100 }],
  [INFO.fourBytes, { width: 4, least: 0x1_0000 }],
  [INFO.eightBytes, { width: 8, least: 0x1_0000_0000 }],
]);

/** The least simple value that is written in two bytes (RFC 8949 3.3). */
const SIMPLE_TWO_BYTES = 32;

// A byte order mark is a character like any other here, and must not vanish.
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const looseUtf8 = new TextDecoder('utf-8', { ignoreBOM: true });

const textOf = (bytes: Uint8Array): Pick<CborText, 'value' | 'validUtf8'> => {
  try {
    return { value: strictUtf8.decode(bytes), validUtf8: true };
  } catch {
    return { value: looseUtf8.decode(bytes), validUtf8: false };
  }
};

const negative = (argument: number | bigint): number | bigint => {
  const value = -1n - BigInt(argument);
  return value < Number.MIN_SAFE_INTEGER ? value : Number(value);
};

/** One walk over the bytes from `start`. */
export class Walk {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #maxDepth: number;
  readonly #laxSimple: boolean;
  readonly #identities = new Identities();
  #itemsLeft: number;
  #at: number;

  constructor(
    bytes: Uint8Array,
    start: number,
    {
      maxDepth,
      maxItems,
      laxSimple,
    }: { readonly maxDepth: number; readonly maxItems: number; readonly laxSimple: boolean },
  ) {
    this.#bytes = bytes;
    this.#at = start;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#maxDepth = Math.min(maxDepth, DEPTH_CEILING);
    this.#itemsLeft = maxItems;
    this.#laxSimple = laxSimple;
  }

  item(depth: number): CborItem {
    if (depth > this.#maxDepth) throw new Malformed('TOO_DEEP', this.#at);
    const head = this.#head();
    const written = { start: head.start, headEnd: head.headEnd, shortest: head.shortest };
    const indefinite = head.info === INFO.indefinite;
    switch (head.major) {
      case MAJOR.uint:
        return { type: 'uint', ...written, end: head.headEnd, value: head.argument };
      case MAJOR.nint:
        return { type: 'nint', ...written, end: head.headEnd, value: negative(head.argument) };
      case MAJOR.bytes: {
        const chunks = indefinite ? this.#chunks('bytes', depth) : [];
        const value = indefinite ? joined(chunks) : this.#string(head);
        return { type: 'bytes', ...written, end: this.#at, indefinite, value, chunks };
      }
      case MAJOR.text: {
        const chunks = indefinite ? this.#chunks('text', depth) : [];
        // Each piece is UTF-8 by itself (RFC 8949 3.2.3).
        const text = indefinite
          ? { value: chunks.map(({ value }) => value).join(''), validUtf8: chunks.every(({ validUtf8 }) => validUtf8) }
          : textOf(this.#string(head));
        return { type: 'text', ...written, end: this.#at, indefinite, ...text, chunks };
      }
      case MAJOR.array: {
        const items: CborItem[] = [];
        for (const more = this.#counter(head, 1); more(); ) items.push(this.item(depth + 1));
        return { type: 'array', ...written, end: this.#at, indefinite, items };
      }
      case MAJOR.map: {
        const entries: CborEntry[] = [];
        for (const more = this.#counter(head, 2); more(); ) {
          entries.push({ key: this.item(depth + 1), value: this.item(depth + 1) });
        }
        return { type: 'map', ...written, end: this.#at, indefinite, entries, duplicates: this.#duplicates(entries) };
      }
      case MAJOR.tag: {
        const content = this.item(depth + 1);
        return { type: 'tag', ...written, end: this.#at, tag: head.argument, content };
      }
      default:
        return this.#other(head);
    }
  }

  #duplicates(entries: readonly CborEntry[]): CborItem[] {
    if (entries.length < 2) return [];
    const seen = new Set<string>();
    return entries.flatMap(({ key }) => {
      const id = this.#identities.of(key);
      if (seen.has(id)) return [key];
      seen.add(id);
      return [];
    });
  }

  #head(): Head {
    if (this.#itemsLeft === 0) throw new Malformed('TOO_MANY_ITEMS', this.#at);
    this.#itemsLeft -= 1;
    const start = this.#at;
    const initial = this.#bytes[start];
    if (initial === undefined) throw new Malformed('TRUNCATED', start);
    if (initial === BREAK) throw new Malformed('UNEXPECTED_BREAK', start);
    const major = initial >> 5;
    const info = initial & 0x1f;
    if (info > INFO.eightBytes && info < INFO.indefinite) throw new Malformed('RESERVED_HEAD', start);
    if (info === INFO.indefinite && !hasLength(major)) throw new Malformed('INDEFINITE_NOT_ALLOWED', start);
    const following = FOLLOWING.get(info);
    const headEnd = start + 1 + (following?.width ?? 0);
    if (headEnd > this.#bytes.length) throw new Malformed('TRUNCATED', start);
    this.#at = headEnd;
    if (following === undefined) return { start, headEnd, major, info, argument: info, shortest: true };
    const argument = this.#argument(start + 1, following.width);
    return { start, headEnd, major, info, argument, shortest: argument >= following.least };
  }

  #argument(at: number, width: number): number | bigint {
    if (width === 1) return this.#view.getUint8(at);
    if (width === 2) return this.#view.getUint16(at);
    if (width === 4) return this.#view.getUint32(at);
    const value = this.#view.getBigUint64(at);
    return value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
  }

  /** The content of a definite string: a view, taken only once it is known to be there. */
  #string({ start, argument }: Head): Uint8Array {
    if (argument > this.#bytes.length - this.#at) throw new Malformed('TRUNCATED', start);
    const from = this.#at;
    this.#at += Number(argument);
    return this.#bytes.subarray(from, this.#at);
  }

  #chunks<T extends 'bytes' | 'text'>(type: T, depth: number): Extract<CborItem, { type: T }>[] {
    const chunks: Extract<CborItem, { type: T }>[] = [];
    while (!this.#atBreak()) {
      const start = this.#at;
      const piece = this.#bytes[start];
      // Looked at before it is read, since a piece that is indefinite itself may hold any depth of them.
      if (piece !== undefined && (piece >> 5 !== MAJOR[type] || (piece & 0x1f) === INFO.indefinite)) {
        throw new Malformed('BAD_CHUNK', start);
      }
      chunks.push(this.item(depth + 1) as Extract<CborItem, { type: T }>);
    }
    return chunks;
  }

  /** Whether another member follows: counts a definite length down, or looks for the break, which it steps over. */
  #counter({ start, info, argument }: Head, itemsPerMember: number): () => boolean {
    if (info === INFO.indefinite) return () => !this.#atBreak();
    // Each item takes a byte or more: a length that cannot be is refused before anything is read or kept.
    if (argument > (this.#bytes.length - this.#at) / itemsPerMember) throw new Malformed('TRUNCATED', start);
    let left = Number(argument);
    if (left * itemsPerMember > this.#itemsLeft) throw new Malformed('TOO_MANY_ITEMS', start);
    return () => left-- > 0;
  }

  #atBreak(): boolean {
    if (this.#bytes[this.#at] !== BREAK) return false;
    this.#at += 1;
    return true;
  }

  #other(head: Head): CborItem {
    const written = { start: head.start, headEnd: head.headEnd, end: head.headEnd };
    if (head.info <= INFO.oneByte) {
      const value = Number(head.argument);
      const shortest = head.info !== INFO.oneByte || value >= SIMPLE_TWO_BYTES;
      if (!shortest && !this.#laxSimple) throw new Malformed('BAD_SIMPLE', head.start);
      return { type: 'simple', ...written, shortest, value };
    }
    const at = head.start + 1;
    const width = head.headEnd - at;
    const value =
      width === 2
        ? fromHalf(this.#view.getUint16(at))
        : width === 4
          ? this.#view.getFloat32(at)
          : this.#view.getFloat64(at);
    return { type: 'float', ...written, shortest: width === floatWidth(value), value };
  }
}

/** Not `concatBytes`, which takes parts as arguments: a stack has room for only so many. */
const joined = (chunks: readonly CborBytes[]): Uint8Array => {
  const out = new Uint8Array(chunks.reduce((size, { value }) => size + value.length, 0));
  let at = 0;
  for (const { value } of chunks) {
    out.set(value, at);
    at += value.length;
  }
  return out;
};

/** Strings, arrays and maps: what a break may end. */
const hasLength = (major: number): boolean => major >= MAJOR.bytes && major <= MAJOR.map;
