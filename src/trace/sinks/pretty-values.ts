import type { EventValue, Members } from '../event.ts';

/** Bytes that are shown whole; longer strings of them are cut in the middle. */
const WHOLE_BYTES = 16;
const EDGE_DIGITS = 8;
/** Members of an array that are named when they change. */
const SHOWN_CHANGES = 4;

/** Text of somebody else's making must not move the cursor. */
const harmless = (text: string): string => text.replace(/\p{C}/gu, '\ufffd');

/** A 64-bit value as the specification prints addresses: `0x8840_4000`. */
export const address = (value: bigint): string => `0x${value.toString(16).replace(/\B(?=(?:[0-9a-f]{4})+$)/g, '_')}`;

const isBytes = (text: string): boolean => text.length > 2 * WHOLE_BYTES && /^[0-9a-f]+$/.test(text);

/** Hexadecimal, cut in the middle when it is long. The zeros after a digest go without saying. */
export const bytesText = (hex: string): string => {
  const bytes = /^(?:[0-9a-f]{64})0{64}$/.test(hex) ? hex.slice(0, 64) : hex;
  if (bytes.length <= 2 * WHOLE_BYTES) return bytes;
  return `${bytes.slice(0, EDGE_DIGITS)}…${bytes.slice(-EDGE_DIGITS)} (${bytes.length / 2} bytes)`;
};

/** One value of an event, on one line. */
export const valueText = (value: EventValue): string => {
  if (typeof value === 'bigint') return address(value);
  if (typeof value === 'string') {
    if (/^0x[0-9a-f]{1,16}$/.test(value)) return address(BigInt(value));
    return isBytes(value) ? bytesText(value) : harmless(value);
  }
  if (value === undefined || value === null) return 'none';
  if (Array.isArray(value)) return `[${runs(value).join(', ')}]`;
  if (typeof value === 'object') return `{ ${membersText(value as Members)} }`;
  return String(value);
};

/** The elements of an array, with equal neighbours told once. */
const runs = (values: readonly EventValue[]): string[] => {
  const out: string[] = [];
  for (let i = 0; i < values.length; ) {
    const text = valueText(values[i]);
    let count = 1;
    while (i + count < values.length && valueText(values[i + count]) === text) count += 1;
    out.push(count === 1 ? text : `${count} × ${text}`);
    i += count;
  }
  return out;
};

/** `rd = 0x8840_4000, level = 3`. Members without a value are left out. */
export const membersText = (members: Members): string =>
  Object.entries(members)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${harmless(name)} = ${valueText(value)}`)
    .join(', ');

/** What became of the members of a record: `state: REALM_NEW → REALM_ACTIVE`. Of an array, only what changed. */
export const changesText = (from: Members, to: Members): string =>
  Object.entries(to)
    .flatMap(([name, value]) => memberChanges(harmless(name), from[name], value))
    .join(', ');

const memberChanges = (name: string, from: EventValue, to: EventValue): string[] => {
  if (!Array.isArray(from) || !Array.isArray(to)) {
    const [a, b] = [valueText(from), valueText(to)];
    return a === b ? [] : [`${name}: ${a} → ${b}`];
  }
  const changed = to.flatMap((value, i) => memberChanges(`${name}[${i}]`, from[i], value));
  const more = changed.length - SHOWN_CHANGES;
  return more > 0 ? [...changed.slice(0, SHOWN_CHANGES), `and ${more} more of ${name}`] : changed;
};
