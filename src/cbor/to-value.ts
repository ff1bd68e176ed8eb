import type { CborItem } from './item.ts';
import { SIMPLE } from './major.ts';
import { type CborValue, Float, Simple, Tagged } from './value.ts';

const NAMED: ReadonlyMap<number, CborValue> = new Map<number, CborValue>([
  [SIMPLE.false, false],
  [SIMPLE.true, true],
  [SIMPLE.null, null],
  [SIMPLE.undefined, undefined],
]);

/**
 * What an item says, without how it was written. `encode(toValue(item))` is its preferred serialization.
 *
 * Byte strings are copied. A repeated map key keeps its first place and takes the last value, as a `Map` does.
 */
export const toValue = (item: CborItem): CborValue => {
  switch (item.type) {
    case 'uint':
    case 'nint':
    case 'text':
      return item.value;
    case 'bytes':
      return Uint8Array.from(item.value);
    case 'array':
      return item.items.map(toValue);
    case 'map':
      return new Map(item.entries.map(({ key, value }) => [toValue(key), toValue(value)]));
    case 'tag':
      return new Tagged(item.tag, toValue(item.content));
    case 'simple':
      return NAMED.has(item.value) ? NAMED.get(item.value) : new Simple(item.value);
    case 'float':
      return Number.isInteger(item.value) ? new Float(item.value) : item.value;
  }
};
