import { toHex } from '../bytes/index.ts';
import type { CborItem } from './item.ts';

/**
 * Texts that are the same for items that say the same, however they are written: heads of any width, definite or not, map
 * entries in any order. Map keys are compared by them (RFC 8949 5.6).
 *
 * Remembers what it has told, since a key may be a map whose keys are maps: each item is looked at once.
 */
export class Identities {
  readonly #known = new Map<CborItem, string>();

  of(item: CborItem): string {
    const known = this.#known.get(item);
    if (known !== undefined) return known;
    const identity = this.#tell(item);
    this.#known.set(item, identity);
    return identity;
  }

  #tell(item: CborItem): string {
    switch (item.type) {
      case 'uint':
      case 'nint':
        return String(item.value);
      case 'bytes':
        return `h${toHex(item.value)}`;
      case 'text':
        return JSON.stringify(item.value);
      case 'array':
        return `[${item.items.map((each) => this.of(each)).join()}]`;
      case 'map': {
        const entries = item.entries.map(({ key, value }) => `${this.of(key)}:${this.of(value)}`);
        return `{${entries.sort().join()}}`;
      }
      case 'tag':
        return `${item.tag}(${this.of(item.content)})`;
      case 'simple':
        return `s${item.value}`;
      case 'float':
        return `f${Object.is(item.value, -0) ? '-0' : item.value}`;
    }
  }
}
