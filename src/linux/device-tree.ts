import { concatBytes, utf8 } from '../bytes/index.ts';

/** A property: cells of 32 bits, 64-bit numbers as two cells, strings, or nothing at all. */
export type Property = readonly (number | bigint | string)[];

export interface TreeNode {
  readonly properties: Readonly<Record<string, Property>>;
  readonly nodes?: Readonly<Record<string, TreeNode>>;
}

const MAGIC = 0xd00dfeed;
const VERSION = 17;
const LAST_COMPATIBLE = 16;
const HEADER_SIZE = 40;
const TOKEN = { begin: 1, end: 2, property: 3, over: 9 } as const;

const word = (value: number): Uint8Array => {
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, value);
  return out;
};
const padded = (bytes: Uint8Array): Uint8Array => concatBytes(bytes, new Uint8Array((4 - (bytes.length % 4)) % 4));

const part = (value: number | bigint | string): Uint8Array => {
  if (typeof value === 'string') return utf8(`${value}\0`);
  if (typeof value === 'number') return word(value);
  return concatBytes(word(Number(value >> 32n)), word(Number(value & 0xffff_ffffn)));
};

/** A tree as a flattened devicetree blob (Devicetree Specification 0.4, chapter 5). */
export const flattenTree = (root: TreeNode): Uint8Array => {
  const structure: Uint8Array[] = [];
  const names = new Map<string, number>();
  let namesSize = 0;
  const nameOffset = (name: string): number => {
    const known = names.get(name);
    if (known !== undefined) return known;
    const offset = namesSize;
    names.set(name, offset);
    namesSize += utf8(name).length + 1;
    return offset;
  };
  const add = (name: string, { properties, nodes = {} }: TreeNode): void => {
    structure.push(word(TOKEN.begin), padded(utf8(`${name}\0`)));
    for (const [key, value] of Object.entries(properties)) {
      const bytes = concatBytes(...value.map(part));
      structure.push(word(TOKEN.property), word(bytes.length), word(nameOffset(key)), padded(bytes));
    }
    for (const [child, node] of Object.entries(nodes)) add(child, node);
    structure.push(word(TOKEN.end));
  };
  add('', root);
  structure.push(word(TOKEN.over));

  const reservations = new Uint8Array(16);
  const body = concatBytes(...structure);
  const strings = utf8([...names.keys()].map((name) => `${name}\0`).join(''));
  const structureAt = HEADER_SIZE + reservations.length;
  const stringsAt = structureAt + body.length;
  const header = [
    MAGIC,
    stringsAt + strings.length,
    structureAt,
    stringsAt,
    HEADER_SIZE,
    VERSION,
    LAST_COMPATIBLE,
    0,
    strings.length,
    body.length,
  ];
  return concatBytes(...header.map(word), reservations, body, strings);
};
