import { concatBytes } from '../bytes/index.ts';
import { type CborItem, decode, encode, INFO, MAJOR } from '../cbor/index.ts';
import type { Act, ClaimEdit } from './plan.ts';

/** The other value of one bit. A bit beyond the end changes nothing. */
export const flipped = (bytes: Uint8Array, bit: number): Uint8Array => {
  const out = Uint8Array.from(bytes);
  const at = Math.floor(bit / 8);
  if (at < out.length) out[at] = (out[at] ?? 0) ^ (1 << (bit % 8));
  return out;
};

/** What an act makes of bytes that come back. */
export const editedBytes = (bytes: Uint8Array, { flip, truncate, pad, replace }: Act): Uint8Array => {
  const replaced = replace ?? bytes;
  const turned = flip === undefined ? replaced : flipped(replaced, flip);
  const cut = truncate === undefined ? turned : turned.subarray(0, truncate);
  return pad === undefined ? Uint8Array.from(cut) : concatBytes(cut, new Uint8Array(pad));
};

const labelOf = (edit: ClaimEdit): number => ('omit' in edit ? edit.omit : 'repeat' in edit ? edit.repeat : edit.set);

/**
 * A map of claims with one of them changed: bytes for bytes what it was, but for that claim. Written from the parsed items
 * and not from values, since a repeated key has no value.
 */
export const editedClaims = (payload: Uint8Array, edit: ClaimEdit): Uint8Array => {
  const decoded = decode(payload);
  // Another fault may have been here first.
  if (!decoded.ok || decoded.item.type !== 'map') return payload;
  const raw = (item: CborItem): Uint8Array => payload.subarray(item.start, item.end);
  const label = labelOf(edit);
  const isIt = (key: CborItem): boolean => key.type === 'uint' && Number(key.value) === label;
  const value = 'set' in edit ? encode(edit.value) : undefined;
  const entries = decoded.item.entries.flatMap((entry): Uint8Array[] => {
    const whole = concatBytes(raw(entry.key), raw(entry.value));
    if (!isIt(entry.key)) return [whole];
    if ('omit' in edit) return [];
    return value === undefined ? [whole, whole] : [concatBytes(raw(entry.key), value)];
  });
  const isNew = value !== undefined && !decoded.item.entries.some(({ key }) => isIt(key));
  if (isNew) entries.push(concatBytes(encode(label), value));
  return concatBytes(mapHead(entries.length), ...entries);
};

/** The head of a map of fewer than 256 entries (RFC 8949 3). */
const mapHead = (count: number): Uint8Array => {
  const type = MAJOR.map << 5;
  return count < INFO.oneByte ? Uint8Array.of(type | count) : Uint8Array.of(type | INFO.oneByte, count);
};
