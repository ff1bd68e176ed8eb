import { type CborItem, decodePrefix } from '../../cbor/index.ts';
import { isDigestSize, someItem } from '../items.ts';
import { mismatch, semantic, syntax } from './rust-refusal.ts';

/** How deep the reader goes into nested items. */
export const NESTED_MOST = 256;

/** What cannot be read as a value: text that is not UTF-8, simple values without a name. */
const isUnreadable = (item: CborItem): boolean =>
  someItem(item, (each) =>
    each.type === 'text' ? !each.validUtf8 : each.type === 'simple' && (each.value < 20 || each.value > 23),
  );

/** One item; whatever follows is ignored. */
export const readItem = (bytes: Uint8Array): CborItem => {
  const decoded = decodePrefix(bytes, { maxDepth: NESTED_MOST, laxSimple: true });
  if (!decoded.ok || isUnreadable(decoded.item)) return syntax('…');
  return decoded.item;
};

/** An integer; a big number counts when it is no longer than a plain one. */
export const integerOf = (item: CborItem): bigint | undefined => {
  if (item.type === 'uint' || item.type === 'nint') return BigInt(item.value);
  if (item.type !== 'tag' || (item.tag !== 2 && item.tag !== 3) || item.content.type !== 'bytes') return undefined;
  const digits = item.content.value.subarray(item.content.value.findIndex((byte) => byte !== 0));
  if (digits.length > 8) return undefined;
  const value = digits.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  return item.tag === 2 ? value : -1n - value;
};

export const bytesAt = (item: CborItem, name: string): Uint8Array =>
  item.type === 'bytes' ? item.value : mismatch(`${name} MUST be bstr`);
export const textAt = (item: CborItem, name: string): string =>
  item.type === 'text' ? item.value : mismatch(`${name} MUST be tstr`);
export const sizedAt = (item: CborItem, name: string, size: number): Uint8Array => {
  const bytes = bytesAt(item, name);
  return bytes.length === size ? bytes : semantic(`${name}: expecting ${size} bytes, got ${bytes.length}`);
};
export const measurementAt = (item: CborItem, name: string): Uint8Array => {
  const bytes = bytesAt(item, name);
  return isDigestSize(bytes.length) ? bytes : semantic(`${name}: expecting 32, 48 or 64 bytes, got ${bytes.length}`);
};
export const HASHES = ['sha-256', 'sha-512'] as const;
export const hashAt = (item: CborItem, name: string): (typeof HASHES)[number] => {
  const text = textAt(item, name);
  return HASHES.find((each) => each === text) ?? semantic(`unknown ${name} ${text}`);
};
