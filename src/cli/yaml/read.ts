import { fromHex } from '../../bytes/index.ts';
import { badInput, type UsageError } from '../exit.ts';
import { parseSize } from '../io/size.ts';
import { suggestion } from '../suggestion.ts';
import type { YamlNode } from './tree.ts';

/** Where a value stands: what an error names. */
export interface Place {
  readonly file: string;
  readonly line: number;
  /** `realm.load[0].at` */
  readonly key: string;
}

/** Reads one node as a T. @throws {UsageError} INPUT, naming file, line and key. */
export type Reader<T> = (node: YamlNode, place: Place) => T;

export const misfit = ({ file, line, key }: Place, says: string): UsageError =>
  badInput(`${file}:${line}: ${key === '' ? '' : `${key}: `}${says}`);

const KINDS = { map: 'a group of keys', list: 'a list', scalar: 'a single value' } as const;

const scalarOf = (node: YamlNode, place: Place, wants: string): string | bigint | number | boolean => {
  if (node.kind !== 'scalar') throw misfit(place, `takes ${wants}, not ${KINDS[node.kind]}`);
  if (node.value === undefined) throw misfit(place, `has no value; it takes ${wants}`);
  return node.value;
};

const shown = (value: string | bigint | number | boolean): string =>
  typeof value === 'string' ? `"${value.slice(0, 40)}"` : String(value).slice(0, 40);

export const text: Reader<string> = (node, place) => {
  const value = scalarOf(node, place, 'text');
  if (typeof value !== 'string' || value === '') throw misfit(place, `takes text, not ${shown(value)}`);
  return value;
};

export const bool: Reader<boolean> = (node, place) => {
  const value = scalarOf(node, place, 'true or false');
  if (typeof value !== 'boolean') throw misfit(place, `takes true or false, not ${shown(value)}`);
  return value;
};

/** A number for counts, from `min` to `max`. */
export const count =
  (min: number, max: number): Reader<number> =>
  (node, place) =>
    Number(bigCount(BigInt(min), BigInt(max), `a whole number from ${min} to ${max}`)(node, place));

const bigCount =
  (min: bigint, max: bigint, wants: string): Reader<bigint> =>
  (node, place) => {
    const value = scalarOf(node, place, wants);
    if (typeof value !== 'bigint' || value < min || value > max)
      throw misfit(place, `takes ${wants}, not ${shown(value)}`);
    return value;
  };

/** An address or a register: any 64-bit value. */
export const u64: Reader<bigint> = (node, place) => {
  // What programs write: JSON has no hexadecimal, so it comes as text.
  if (node.kind === 'scalar' && typeof node.value === 'string' && /^0x[0-9a-f]{1,16}$/i.test(node.value)) {
    return BigInt(node.value);
  }
  return bigCount(0n, (1n << 64n) - 1n, 'a 64-bit number such as 0x80000000')(node, place);
};

/** A number of bytes, as `256MiB` or plain. At least 1. */
export const size: Reader<bigint> = (node, place) => {
  const value = scalarOf(node, place, 'a size');
  const bytes = typeof value === 'bigint' ? value : typeof value === 'string' ? parseSize(value) : undefined;
  if (bytes === undefined || bytes < 1n || bytes >= 1n << 64n) {
    throw misfit(place, `takes a size such as 256MiB, 4KiB or a number of bytes, not ${shown(value)}`);
  }
  return bytes;
};

/** Hexadecimal text of `min` to `max` bytes. `00` without quotes is a number to YAML, and is refused with that hint. */
export const hexText =
  (min: number, max: number): Reader<Uint8Array> =>
  (node, place) => {
    const value = scalarOf(node, place, 'hexadecimal in quotes');
    const bytes = typeof value === 'string' ? fromHex(value) : undefined;
    if (bytes === undefined) throw misfit(place, `takes hexadecimal in quotes, such as "00ff", not ${shown(value)}`);
    if (bytes.length < min || bytes.length > max) {
      throw misfit(place, `takes ${min} to ${max} bytes, ${bytes.length} are given`);
    }
    return bytes;
  };

export const oneOf =
  <const C extends string>(...choices: readonly C[]): Reader<C> =>
  (node, place) => {
    const value = scalarOf(node, place, `one of ${choices.join(', ')}`);
    const found = choices.find((choice) => choice === value);
    if (found === undefined) throw misfit(place, `takes one of ${choices.join(', ')}, not ${shown(value)}`);
    return found;
  };

export const listOf =
  <T>(item: Reader<T>): Reader<readonly T[]> =>
  (node, place) => {
    if (node.kind !== 'list') throw misfit(place, `takes a list, not ${KINDS[node.kind]}`);
    return node.items.map((each, i) => item(each, { ...place, line: each.line, key: `${place.key}[${i}]` }));
  };

/** A value with the place where it stands, for checks that come later. */
export interface Placed<T> {
  readonly value: T;
  readonly place: Place;
}

export const placed =
  <T>(reader: Reader<T>): Reader<Placed<T>> =>
  (node, place) => ({ value: reader(node, place), place });

/** A key of a record: without `otherwise` it has to be there. */
export interface Key<T> {
  readonly reader: Reader<T>;
  /** What holds when the key is absent; `place` is where it would stand. */
  readonly otherwise?: (place: Place) => T;
}

export const required = <T>(reader: Reader<T>): Key<T> => ({ reader });
export const optional = <T, D>(reader: Reader<T>, otherwise: D): Key<T | D> => ({ reader, otherwise: () => otherwise });

/** A group of keys that may be left out whole: then each of its keys is absent. */
export const group = <T>(reader: Reader<T>): Key<T> => ({
  reader,
  otherwise: (place) => reader({ kind: 'map', line: place.line, entries: new Map() }, place),
});

type RecordOf<K> = { readonly [N in keyof K]: K[N] extends Key<infer T> ? T : never };

/** A map with known keys: an unknown one is refused, a missing one has a default or is refused. */
export const record =
  <K extends Readonly<Record<string, Key<unknown>>>>(keys: K): Reader<RecordOf<K>> =>
  (node, place) => {
    if (node.kind !== 'map') throw misfit(place, `takes keys (${Object.keys(keys).join(', ')}), not ${kindOf(node)}`);
    const inside = (name: string): string => (place.key === '' ? name : `${place.key}.${name}`);
    for (const [name, { line }] of node.entries) {
      if (Object.hasOwn(keys, name)) continue;
      const known = Object.keys(keys);
      const hint = suggestion(name, known) || `; known here: ${known.join(', ')}`;
      throw misfit({ ...place, line, key: inside(name.slice(0, 60)) }, `unknown key${hint}`);
    }
    const value = Object.entries(keys).map(([name, { reader, otherwise }]) => {
      const entry = node.entries.get(name);
      if (entry !== undefined) return [name, reader(entry.value, { ...place, line: entry.line, key: inside(name) })];
      if (otherwise === undefined) throw misfit(place, `lacks the key ${name}`);
      return [name, otherwise({ ...place, key: inside(name) })];
    });
    return Object.fromEntries(value) as RecordOf<K>;
  };

const kindOf = (node: YamlNode): string =>
  node.kind === 'scalar' && node.value === undefined ? 'nothing' : KINDS[node.kind];

/** A map from numbers to values, as `gprs: { 0: 0x8fe00000 }`. */
export const byIndex =
  <T>(max: number, item: Reader<T>): Reader<ReadonlyMap<number, T>> =>
  (node, place) => {
    if (node.kind !== 'map')
      throw misfit(place, `takes a number for each key, as { 0: 0x80000000 }, not ${kindOf(node)}`);
    const out = new Map<number, T>();
    for (const [name, { line, value }] of node.entries) {
      const at = { ...place, line, key: `${place.key}.${name.slice(0, 60)}` };
      if (!/^\d{1,3}$/.test(name) || Number(name) > max) throw misfit(at, `keys are numbers from 0 to ${max}`);
      out.set(Number(name), item(value, at));
    }
    return out;
  };

/** Exactly one of several keys, each with a value of its own: `extend: …` or `attest: …`. */
export const oneKeyOf =
  <K extends Readonly<Record<string, Reader<unknown>>>>(
    keys: K,
  ): Reader<{ readonly [N in keyof K]: { readonly key: N; readonly value: ReturnType<K[N]> } }[keyof K]> =>
  (node, place) => {
    const known = Object.keys(keys).join(' or ');
    const [entry, second] = node.kind === 'map' ? node.entries : [];
    if (entry === undefined || second !== undefined) throw misfit(place, `takes exactly one key: ${known}`);
    const [key, { line, value }] = entry;
    const reader = Object.hasOwn(keys, key) ? keys[key] : undefined;
    const at = { ...place, line, key: `${place.key}.${key.slice(0, 60)}` };
    if (reader === undefined) throw misfit(at, `unknown key; known here: ${known}`);
    return { key, value: reader(value, at) } as never;
  };
