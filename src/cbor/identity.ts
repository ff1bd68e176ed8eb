import { toHex } from '../bytes/index.ts';
import type { CborItem } from './item.ts';

/**
 * A text that is the same for items that say the same, however they are written: heads of any width, definite or not, map
 * entries in any order. Map keys are compared by it (RFC 8949 5.6).
 */
export const identity = (item: CborItem): string => {
  switch (item.type) {
    case 'uint':
    case 'nint':
      return String(item.value);
    case 'bytes':
      return `h${toHex(item.value)}`;
    case 'text':
      return JSON.stringify(item.value);
    case 'array':
      return `[${item.items.map(identity).join()}]`;
    case 'map':
      return `{${item.entries
        .map(({ key, value }) => `${identity(key)}:${identity(value)}`)
        .sort()
        .join()}}`;
    case 'tag':
      return `${item.tag}(${identity(item.content)})`;
    case 'simple':
      return `s${item.value}`;
    case 'float':
      return `f${Object.is(item.value, -0) ? '-0' : item.value}`;
  }
};
