import { getDoubleword, setDoubleword } from './doubleword.ts';

/** A type of value at a place in memory or in a register, under the specification's name for it. */
export interface Field<T> {
  /** The specification's name of the type, for reference pages and byte maps. */
  readonly kind: string;
  /** Size in bytes. */
  readonly size: number;
  get(view: DataView, at: number): T;
  put(view: DataView, at: number, value: T): void;
  /** What to write for a member that was not given. */
  readonly zero: T;
}

export const u8: Field<number> = {
  kind: 'u8',
  size: 1,
  zero: 0,
  get: (view, at) => view.getUint8(at),
  put: (view, at, value) => view.setUint8(at, value),
};

export const u16: Field<number> = {
  kind: 'u16',
  size: 2,
  zero: 0,
  get: (view, at) => view.getUint16(at, true),
  put: (view, at, value) => view.setUint16(at, value, true),
};

export const u32: Field<number> = {
  kind: 'u32',
  size: 4,
  zero: 0,
  get: (view, at) => view.getUint32(at, true),
  put: (view, at, value) => view.setUint32(at, value, true),
};

export const u64: Field<bigint> = {
  kind: 'u64',
  size: 8,
  zero: 0n,
  get: getDoubleword,
  put: setDoubleword,
};

export const i64: Field<bigint> = {
  kind: 'i64',
  size: 8,
  zero: 0n,
  get: (view, at) => view.getBigInt64(at, true),
  put: (view, at, value) => view.setBigInt64(at, value, true),
};

/** `size` bytes as they are. Reading copies. */
export const bytes = (size: number): Field<Uint8Array> => ({
  kind: `bytes[${size}]`,
  size,
  zero: new Uint8Array(size),
  get: (view, at) => new Uint8Array(view.buffer, view.byteOffset + at, size).slice(),
  put: (view, at, value) => {
    const place = new Uint8Array(view.buffer, view.byteOffset + at, size);
    place.set(value.length > size ? value.subarray(0, size) : value);
  },
});

/** `count` values one after the other. */
export const array = <T>(count: number, item: Field<T>): Field<readonly T[]> => ({
  kind: `${item.kind}[${count}]`,
  size: count * item.size,
  zero: Array.from({ length: count }, () => item.zero),
  get: (view, at) => {
    const items = new Array<T>(count);
    for (let i = 0; i < count; i++) items[i] = item.get(view, at + i * item.size);
    return items;
  },
  put: (view, at, value) => {
    for (let i = 0; i < count; i++) item.put(view, at + i * item.size, value[i] ?? item.zero);
  },
});
