import { concatBytes, fromBigEndian, padEnd, toBigEndian } from '../bytes/index.ts';
import { compareBytes } from '../cbor/index.ts';
import { CURVES } from '../crypto/index.ts';
import { derOf } from './der.ts';
import type { BytesEdit, TreeEdit } from './edit.ts';
import { parentOf, pathOf } from './place.ts';
import { childOf, itemAt, removeAt, replaceAt } from './tree.ts';
import { array, bytes, contentOf, encodeWire, keyWire, type Wire, type WireBytes } from './wire.ts';

type Change = (wire: Wire) => Wire | undefined;

/** Applies a change to the item at a path; undefined when there is nothing there or nothing that can be changed so. */
const changeAt = (root: Wire, place: string, change: Change): Wire | undefined => {
  const path = pathOf(root, place);
  const wire = path && itemAt(root, path);
  const changed = wire && change(wire);
  return path && changed && replaceAt(root, path, () => changed);
};

/** A label as a key: an integer when it reads as one. */
const keyOf = (label: string): Wire => keyWire(/^-?\d+$/.test(label) ? Number(label) : label);

const set = (root: Wire, at: string, value: Wire): Wire | undefined => {
  const path = pathOf(root, at);
  if (path !== undefined) return replaceAt(root, path, () => value);
  const { parent, label } = parentOf(at);
  return parent === '' ? undefined : insert(root, parent, keyOf(label), value, undefined);
};

const insert = (
  root: Wire,
  at: string,
  key: Wire | undefined,
  value: Wire,
  index: number | undefined,
): Wire | undefined =>
  changeInside(root, at, (wire) => {
    if (wire.type === 'map' && key !== undefined) {
      return { ...wire, entries: wire.entries.toSpliced(index ?? wire.entries.length, 0, { key, value }) };
    }
    if (wire.type === 'array') return { ...wire, items: wire.items.toSpliced(index ?? wire.items.length, 0, value) };
    return undefined;
  });

/** As `changeAt`, on what a tag or a byte string at the place holds. */
const changeInside = (root: Wire, at: string, change: Change): Wire | undefined => {
  const within: Change = (wire) => {
    if (wire.type !== 'tag' && wire.type !== 'embedded') return change(wire);
    const content = within(wire.content);
    return content && { ...wire, content };
  };
  return changeAt(root, at, within);
};

/** Applies a change to the entry of a map that a place names. */
const changeEntry = (
  root: Wire,
  at: string,
  change: (map: Extract<Wire, { type: 'map' }>, index: number) => Wire | undefined,
): Wire | undefined => {
  const path = pathOf(root, at);
  const index = path?.at(-1);
  const map = path && itemAt(root, path.slice(0, -1));
  if (path === undefined || index === undefined || map?.type !== 'map') return undefined;
  const changed = change(map, index);
  return changed && replaceAt(root, path.slice(0, -1), () => changed);
};

const resize =
  (size: number, fill: number): Change =>
  (wire) => {
    if (wire.type !== 'bytes' && wire.type !== 'embedded' && wire.type !== 'text') return undefined;
    const content = wire.type === 'text' ? wire.value : contentOf(wire);
    const value = padEnd(content, size);
    if (size > content.length) value.fill(fill, content.length);
    return { type: wire.type === 'text' ? 'text' : 'bytes', value, width: wire.width, indefinite: wire.indefinite };
  };

/** The bytes with one bit changed; a negative bit counts from the end. */
export const flipped = (content: Uint8Array, bit: number): Uint8Array | undefined => {
  const at = bit < 0 ? 8 * content.length + bit : bit;
  const byte = content[at >> 3];
  if (byte === undefined) return undefined;
  const out = Uint8Array.from(content);
  out[at >> 3] = byte ^ (0x80 >> (at & 7));
  return out;
};

const flip =
  (bit: number): Change =>
  (wire) => {
    const isString = wire.type === 'bytes' || wire.type === 'embedded';
    const value = isString ? flipped(contentOf(wire), bit) : undefined;
    return value && { type: 'bytes', value };
  };

const widened = (wire: Wire, width: NonNullable<WireBytes['width']>): Wire | undefined =>
  wire.type === 'raw' || wire.type === 'signature' ? undefined : { ...wire, width };

/** Every head inside, too, down to what byte strings embed. */
const widenedThrough = (wire: Wire, width: NonNullable<WireBytes['width']>): Wire => {
  const through = (each: Wire): Wire => widenedThrough(each, width);
  const own = widened(wire, width) ?? wire;
  switch (own.type) {
    case 'tag':
    case 'embedded':
      return { ...own, content: through(own.content) };
    case 'array':
      return { ...own, items: own.items.map(through) };
    case 'map':
      return { ...own, entries: own.entries.map(({ key, value }) => ({ key: through(key), value: through(value) })) };
    default:
      return own;
  }
};

const widen = (root: Wire, { at, width, of }: Extract<TreeEdit, { do: 'widen' }>): Wire | undefined => {
  if (of === 'all') return changeAt(root, at, (wire) => widenedThrough(wire, width));
  if (of === undefined) return changeAt(root, at, (wire) => widened(wire, width));
  return changeEntry(root, at, (map, index) => {
    const entry = map.entries[index];
    const key = entry && widened(entry.key, width);
    return entry && key && { ...map, entries: map.entries.with(index, { ...entry, key }) };
  });
};

const reordered = <T>(
  members: readonly T[],
  by: Extract<TreeEdit, { do: 'order' }>['by'],
  encoded: (member: T) => Uint8Array,
): readonly T[] => {
  if (by === 'reversed') return members.toReversed();
  if (by === 'encoded') return members.toSorted((a, b) => compareBytes(encoded(a), encoded(b)));
  const named = by.flatMap((index) => (index < members.length ? members.slice(index, index + 1) : []));
  return [...named, ...members.filter((_, index) => !by.includes(index))];
};

const order =
  (by: Extract<TreeEdit, { do: 'order' }>['by']): Change =>
  (wire) => {
    if (wire.type === 'map') return { ...wire, entries: reordered(wire.entries, by, ({ key }) => encodeWire(key)) };
    return wire.type === 'array' ? { ...wire, items: reordered(wire.items, by, encodeWire) } : undefined;
  };

/** Half of a signature r‖s. */
const halves = (wire: Wire): readonly [Uint8Array, Uint8Array] | undefined => {
  if (wire.type !== 'bytes' || wire.value.length === 0 || wire.value.length % 2 !== 0) return undefined;
  const middle = wire.value.length / 2;
  return [wire.value.subarray(0, middle), wire.value.subarray(middle)];
};

const negateS: Change = (wire) => {
  const [r, s] = halves(wire) ?? [];
  const curve = Object.values(CURVES).find(({ size }) => size === s?.length);
  if (r === undefined || s === undefined || curve === undefined) return undefined;
  return bytes(concatBytes(r, toBigEndian(curve.order - fromBigEndian(s), curve.size)));
};

const der: Change = (wire) => {
  const [r, s] = halves(wire) ?? [];
  return r && s && bytes(derOf(r, s));
};

const INDEFINITE: ReadonlySet<Wire['type']> = new Set(['bytes', 'embedded', 'text', 'array', 'map']);

/**
 * Applies an edit to the items of a token.
 *
 * @returns undefined when it cannot be: nothing stands at its place, or something of another kind.
 */
export const applyTreeEdit = (root: Wire, edit: TreeEdit): Wire | undefined => {
  switch (edit.do) {
    case 'set':
      return set(root, edit.at, edit.value);
    case 'remove': {
      const path = pathOf(root, edit.at);
      return path && removeAt(root, path);
    }
    case 'insert':
      return insert(root, edit.at, edit.key, edit.value, edit.index);
    case 'rekey':
      return changeEntry(root, edit.at, (map, index) => {
        const entry = map.entries[index];
        return entry && { ...map, entries: map.entries.with(index, { ...entry, key: edit.key }) };
      });
    case 'repeat':
      return changeEntry(root, edit.at, (map, index) => {
        const entry = map.entries[index];
        return entry && { ...map, entries: [...map.entries, { ...entry, value: edit.value ?? entry.value }] };
      });
    case 'copy': {
      const from = pathOf(root, edit.from);
      const value = from && itemAt(root, from);
      return value && set(root, edit.at, value);
    }
    case 'swap': {
      const [one, other] = [pathOf(root, edit.at), pathOf(root, edit.with)];
      const [a, b] = [one && itemAt(root, one), other && itemAt(root, other)];
      if (one === undefined || other === undefined || a === undefined || b === undefined) return undefined;
      return replaceAt(
        replaceAt(root, one, () => b),
        other,
        () => a,
      );
    }
    case 'resize':
      return changeAt(root, edit.at, resize(edit.size, edit.fill ?? 0));
    case 'flip':
      return changeAt(root, edit.at, flip(edit.bit));
    case 'widen':
      return widen(root, edit);
    case 'indefinite':
      return changeAt(root, edit.at, (wire) =>
        INDEFINITE.has(wire.type) ? ({ ...wire, indefinite: true } as Wire) : undefined,
      );
    case 'wrap':
      return changeAt(root, edit.at, (content) => ({ type: 'tag', tag: edit.tag, content }));
    case 'unwrap':
      return changeAt(root, edit.at, (wire) =>
        childOf(wire.type === 'tag' || wire.type === 'embedded' ? wire : array(), 0),
      );
    case 'retag':
      return changeAt(root, edit.at, (wire) => (wire.type === 'tag' ? { ...wire, tag: edit.tag } : undefined));
    case 'enlist':
      return changeAt(root, edit.at, (wire) => array(...new Array<Wire>(edit.times).fill(wire)));
    case 'flatten':
      return changeAt(root, edit.at, (wire) =>
        wire.type === 'map' ? array(...wire.entries.flatMap(({ key, value }) => [key, value])) : undefined,
      );
    case 'order':
      return changeInside(root, edit.at, order(edit.by));
    case 'tail':
      return changeAt(root, edit.at, (wire) => (wire.type === 'embedded' ? { ...wire, tail: edit.bytes } : undefined));
    case 'der':
      return changeAt(root, edit.at, der);
    case 'negate-s':
      return changeAt(root, edit.at, negateS);
  }
};

/** Applies an edit to the bytes of a token; undefined when they are too few. */
export const applyBytesEdit = (token: Uint8Array, edit: BytesEdit): Uint8Array | undefined => {
  switch (edit.do) {
    case 'truncate':
      return edit.bytes <= token.length ? token.subarray(0, token.length - edit.bytes) : undefined;
    case 'append':
      return concatBytes(token, edit.bytes);
    case 'prepend':
      return concatBytes(edit.bytes, token);
    case 'flip-bit':
      return flipped(token, edit.bit);
    case 'replace':
      return edit.bytes;
  }
};
