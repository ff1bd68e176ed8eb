import { toHex } from '../../bytes/index.ts';
import { decodePrefix } from '../../cbor/index.ts';
import type { Node } from '../node.ts';

/** A node with the bytes that it stands in. */
export interface Held {
  readonly bytes: Uint8Array;
  readonly node: Node;
}

/** Whether all of it could be read. */
const isWhole = ({ type, close, stoppedInside }: Node): boolean =>
  stoppedInside === undefined && (close !== '' || (type !== 'array' && type !== 'map' && type !== 'tag'));

/**
 * Numbers that are the same for nodes that say the same, however they are written and in whichever token they stand.
 * Each node is looked at once.
 */
export class Identities {
  readonly #known = new Map<Node, number>();
  readonly #numbers = new Map<string, number>();

  of(held: Held): number {
    const known = this.#known.get(held.node);
    if (known !== undefined) return known;
    const number = this.#number(this.#tell(held));
    this.#known.set(held.node, number);
    return number;
  }

  #number(told: string): number {
    const next = this.#numbers.size;
    const number = this.#numbers.get(told) ?? next;
    if (number === next) this.#numbers.set(told, number);
    return number;
  }

  #tell({ bytes, node }: Held): string {
    const members = node.children.map((child) => this.of({ bytes, node: child }));
    if (!isWhole(node)) return `raw ${toHex(bytes.subarray(node.start, node.end))}`;
    switch (node.type) {
      case 'array':
        return `[${members.join()}]`;
      case 'tag':
        return `${node.value}(${members.join()})`;
      case 'map': {
        const entries = node.children.map(({ key }, i) => `${key && this.of({ bytes, node: key })}:${members[i]}`);
        return `{${entries.sort().join()}}`;
      }
      default:
        return members.length > 0 ? `<<${members.join()}>>` : leaf({ bytes, node });
    }
  }
}

const leaf = ({ bytes, node: { start, end } }: Held): string => {
  const raw = `raw ${toHex(bytes.subarray(start, end))}`;
  const decoded = decodePrefix(bytes, { start, end });
  if (!decoded.ok) return raw;
  const { item } = decoded;
  switch (item.type) {
    case 'uint':
    case 'nint':
      return `int ${item.value}`;
    case 'bytes':
      return `bytes ${toHex(item.value)}`;
    case 'text':
      return item.validUtf8 ? `text ${item.value}` : raw;
    case 'float':
      return `float ${Object.is(item.value, -0) ? '-0' : item.value}`;
    default:
      return raw;
  }
};
