interface Common {
  /** Offset of the first byte of the head, in the bytes given to `decode`. */
  readonly start: number;
  /** Offset of the first byte after the head. */
  readonly headEnd: number;
  /** Offset after the last byte, the break of an indefinite length included. */
  readonly end: number;
  /** Whether the head is the shortest that says the same; for a float, whether no narrower one holds the value. */
  readonly shortest: boolean;
}

interface Lengthed extends Common {
  readonly indefinite: boolean;
}

export interface CborInteger extends Common {
  readonly type: 'uint' | 'nint';
  /** A `number` when it is safe, else a `bigint`. */
  readonly value: number | bigint;
}

export interface CborBytes extends Lengthed {
  readonly type: 'bytes';
  /** A view of the input, or the joined chunks when the length is indefinite: whoever keeps it copies it. */
  readonly value: Uint8Array;
  /** The pieces of an indefinite length; empty otherwise. */
  readonly chunks: readonly CborBytes[];
}

export interface CborText extends Lengthed {
  readonly type: 'text';
  /** Has U+FFFD where the bytes were not UTF-8. */
  readonly value: string;
  readonly validUtf8: boolean;
  /** The pieces of an indefinite length; empty otherwise. */
  readonly chunks: readonly CborText[];
}

export interface CborArray extends Lengthed {
  readonly type: 'array';
  readonly items: readonly CborItem[];
}

export interface CborEntry {
  readonly key: CborItem;
  readonly value: CborItem;
}

export interface CborMap extends Lengthed {
  readonly type: 'map';
  readonly entries: readonly CborEntry[];
  /** Keys that say the same as an earlier key of this map, however they are written. */
  readonly duplicates: readonly CborItem[];
}

export interface CborTag extends Common {
  readonly type: 'tag';
  readonly tag: number | bigint;
  readonly content: CborItem;
}

export interface CborSimple extends Common {
  readonly type: 'simple';
  readonly value: number;
}

export interface CborFloat extends Common {
  readonly type: 'float';
  readonly value: number;
}

/** One data item as it was written: what it says, where, and how. */
export type CborItem = CborInteger | CborBytes | CborText | CborArray | CborMap | CborTag | CborSimple | CborFloat;
