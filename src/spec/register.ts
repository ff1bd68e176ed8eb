import { fromDoublewords, hexNumber, toDoublewords, toHex } from '../bytes/index.ts';
import type { EventValue, Registers } from '../trace/index.ts';

/** A type of value as one or more registers carry it. */
export interface RegType<T> {
  readonly kind: string;
  /** How many consecutive registers it takes. */
  readonly count: number;
  parse(x: Registers, first: number): T;
  format(x: bigint[], first: number, value: T): void;
  /** How events and pages show a value. */
  show(value: T): EventValue;
}

/** A value in registers: the register that it starts at, its type, what it means. */
export interface Reg<T> {
  readonly first: number;
  readonly type: RegType<T>;
  readonly doc: string;
}

export const reg = <T>(first: number, type: RegType<T>, doc: string): Reg<T> => ({ first, type, doc });

const word = (kind: string): RegType<bigint> => ({
  kind,
  count: 1,
  parse: (x, first) => x[first] ?? 0n,
  format: (x, first, value) => {
    x[first] = BigInt.asUintN(64, value);
  },
  show: (value) => value,
});

export const uint64 = word('UInt64');
/** A physical address. */
export const physAddr = word('Address');
/** An intermediate physical address: what a Realm calls physical. */
export const ipaAddr = word('IPA');

/** A small count or index. Values that do not fit a number are kept as Infinity, which no bound admits. */
export const uint: RegType<number> = {
  kind: 'UInt64',
  count: 1,
  parse: (x, first) => {
    const value = x[first] ?? 0n;
    return value <= 0xffff_ffffn ? Number(value) : Number.POSITIVE_INFINITY;
  },
  format: (x, first, value) => {
    x[first] = BigInt(value);
  },
  show: (value) => value,
};

/** Bits [31:0] of a register. The rest should be zero, and is ignored. */
export const uint32: RegType<number> = {
  kind: 'UInt32',
  count: 1,
  parse: (x, first) => Number(BigInt.asUintN(32, x[first] ?? 0n)),
  format: (x, first, value) => {
    x[first] = BigInt(value);
  },
  show: (value) => value,
};

/** An RTT level: a signed 64-bit number, since -1 is a level. */
export const level: RegType<number> = {
  kind: 'Int64',
  count: 1,
  parse: (x, first) => Number(BigInt.asIntN(64, x[first] ?? 0n)),
  format: (x, first, value) => {
    x[first] = BigInt.asUintN(64, BigInt(value));
  },
  show: (value) => value,
};

/** A byte string in consecutive registers, byte 0 in bits [7:0] of the first. */
export const byteString = (size: number): RegType<Uint8Array> => ({
  kind: `bytes[${size}]`,
  count: size / 8,
  parse: (x, first) => fromDoublewords(x, first, size / 8),
  format: (x, first, value) => {
    const words = toDoublewords(value);
    for (let i = 0; i < words.length; i += 1) x[first + i] = words[i] ?? 0n;
  },
  show: (value) => toHex(value),
});

/** An enumeration, as the value that crosses; names are shown where there is one. */
export const enumeration = <N extends string>(kind: string, names: Readonly<Record<N, number>>): RegType<N> => {
  const byValue = new Map(Object.entries<number>(names).map(([name, value]) => [value, name as N]));
  const words = new Map(Object.entries<number>(names).map(([name, value]) => [name, BigInt(value)]));
  return {
    kind,
    count: 1,
    parse: (x, first) => byValue.get(Number(x[first] ?? 0n)) ?? (hexNumber(x[first] ?? 0n) as N),
    format: (x, first, value) => {
      x[first] = words.get(value) ?? 0n;
    },
    show: (value) => value,
  };
};

/** The registers of a command, by the names the specification gives them. */
// biome-ignore lint/suspicious/noExplicitAny: a register type is invariant, so no other upper bound exists
export type Regs = { readonly [name: string]: Reg<any> };
export type Values<R extends Regs> = { readonly [K in keyof R]: R[K] extends Reg<infer T> ? T : never };
