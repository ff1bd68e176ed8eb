import { toHex } from '../../bytes/index.ts';
import type { EventValue, Members } from '../../trace/index.ts';
import type { Rec } from './rec.ts';
import type { Rtt } from './rtt.ts';

/** The members of a record that a change replaces. */
export const before = <T extends object>(record: T, change: Partial<T>): Partial<T> =>
  Object.fromEntries(Object.keys(change).map((key) => [key, record[key as keyof T]])) as Partial<T>;

/** Of 31 registers only those that differ are worth an event, under their names. */
export const registerChange = (from: Partial<Rec>, to: Partial<Rec>): readonly [object, object] => {
  if (to.gprs === undefined || from.gprs === undefined) return [from, to];
  const { gprs: old, ...fromRest } = from;
  const { gprs: now, ...toRest } = to;
  const changed = now.flatMap((value, n) => (value === old[n] ? [] : [n]));
  const named = (gprs: readonly bigint[]) => Object.fromEntries(changed.map((n) => [`x${n}`, gprs[n]]));
  return [
    { ...fromRest, ...named(old) },
    { ...toRest, ...named(now) },
  ];
};

/** A record as an event carries it: bytes as hexadecimal. */
export const plain = (record: object): Members =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, plainValue(value)]));

const plainValue = (value: unknown): EventValue => {
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value === 'object' && value !== null) return plain(value);
  return value as EventValue;
};

/** A table's entries as runs of equal ones: `0-511` to the entry. */
export const runsOf = ({ entries }: Rtt): Members => {
  const runs: Record<string, EventValue> = {};
  for (let start = 0; start < entries.length; ) {
    let end = start;
    while (end + 1 < entries.length && entries[end + 1] === entries[start]) end += 1;
    runs[start === end ? `${start}` : `${start}-${end}`] = plain(entries[start] ?? {});
    start = end + 1;
  }
  return runs;
};
