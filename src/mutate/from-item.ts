import { utf8 } from '../bytes/index.ts';
import { type CborItem, encode, toValue } from '../cbor/index.ts';
import type { Width, Wire } from './wire.ts';

const widthOf = ({ shortest, start, headEnd }: CborItem): Width | undefined =>
  shortest ? undefined : ((headEnd - start - 1) as Width);

/** An item as it was written; an indefinite string in one piece. */
export const wireOf = (item: CborItem): Wire => {
  const width = widthOf(item);
  switch (item.type) {
    case 'uint':
    case 'nint':
      return { type: 'int', value: item.value, width };
    case 'bytes':
      return { type: 'bytes', value: Uint8Array.from(item.value), width, indefinite: item.indefinite };
    case 'text':
      return { type: 'text', value: utf8(item.value), width, indefinite: item.indefinite };
    case 'array':
      return { type: 'array', items: item.items.map(wireOf), width, indefinite: item.indefinite };
    case 'map': {
      const entries = item.entries.map(({ key, value }) => ({ key: wireOf(key), value: wireOf(value) }));
      return { type: 'map', entries, width, indefinite: item.indefinite };
    }
    case 'tag':
      return { type: 'tag', tag: item.tag, content: wireOf(item.content), width };
    default:
      return { type: 'raw', bytes: encode(toValue(item)) };
  }
};
