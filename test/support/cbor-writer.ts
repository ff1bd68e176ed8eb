/**
 * A CBOR writer of the tests' own, which writes what a proper one would not: long heads, indefinite lengths, repeated keys.
 * An item is its bytes.
 */
export type Item = Uint8Array;

const join = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

/** A head of the least width, or of `width` bytes after the first. */
export const head = (major: number, argument: number, width?: 1 | 2 | 4 | 8): Item => {
  const due = width ?? (argument < 24 ? 0 : argument < 0x100 ? 1 : argument < 0x1_0000 ? 2 : 4);
  if (due === 0) return Uint8Array.of((major << 5) | argument);
  const bytes = Array.from({ length: due }, (_, i) => Math.floor(argument / 2 ** (8 * (due - 1 - i))) % 256);
  return Uint8Array.of((major << 5) | (24 + Math.log2(due)), ...bytes);
};

export const int = (value: number, width?: 1 | 2 | 4 | 8): Item =>
  value >= 0 ? head(0, value, width) : head(1, -1 - value, width);
export const bytes = (content: Uint8Array): Item => join(head(2, content.length), content);
export const text = (content: string): Item => {
  const utf8 = new TextEncoder().encode(content);
  return join(head(3, utf8.length), utf8);
};
export const array = (...items: readonly Item[]): Item => join(head(4, items.length), ...items);
/** Keys as integers or texts, or as items of any kind. */
export type Key = number | string | Item;
const keyItem = (key: Key): Item => (typeof key === 'number' ? int(key) : typeof key === 'string' ? text(key) : key);
export const map = (...entries: readonly (readonly [Key, Item])[]): Item =>
  join(head(5, entries.length), ...entries.flatMap(([key, value]) => [keyItem(key), value]));
export const tag = (number: number, content: Item): Item => join(head(6, number), content);
export const simple = (value: number): Item => Uint8Array.of(0xe0 | value);
export const FALSE = simple(20);
export const TRUE = simple(21);
export const NULL = simple(22);
export const float = (bits: number): Item => Uint8Array.of(0xf9, bits >> 8, bits & 0xff);

/** The same array, map or string with an indefinite length; a string becomes one piece. */
export const indefinite = (item: Item): Item => {
  const major = (item[0] ?? 0) >> 5;
  const info = (item[0] ?? 0) & 0x1f;
  const headSize = info < 24 ? 1 : 1 + 2 ** (info - 24);
  const content = major >= 4 ? item.subarray(headSize) : item;
  return join(Uint8Array.of((major << 5) | 31), content, Uint8Array.of(0xff));
};

export { join };
