import type { Wire } from './wire.ts';

/** The way from an item to one inside it: of a tag or a byte string its content (0), of an array or a map the n-th value. */
export type Path = readonly number[];

export const childOf = (wire: Wire, index: number): Wire | undefined => {
  switch (wire.type) {
    case 'tag':
    case 'embedded':
      return index === 0 ? wire.content : undefined;
    case 'array':
      return wire.items[index];
    case 'map':
      return wire.entries[index]?.value;
    default:
      return undefined;
  }
};

export const childCount = (wire: Wire): number =>
  wire.type === 'tag' || wire.type === 'embedded'
    ? 1
    : wire.type === 'array'
      ? wire.items.length
      : wire.type === 'map'
        ? wire.entries.length
        : 0;

const withChild = (wire: Wire, index: number, child: Wire): Wire => {
  switch (wire.type) {
    case 'tag':
    case 'embedded':
      return { ...wire, content: child };
    case 'array':
      return { ...wire, items: wire.items.with(index, child) };
    case 'map': {
      const entry = wire.entries[index];
      return entry === undefined ? wire : { ...wire, entries: wire.entries.with(index, { ...entry, value: child }) };
    }
    default:
      return wire;
  }
};

const withoutChild = (wire: Wire, index: number): Wire => {
  if (wire.type === 'array') return { ...wire, items: wire.items.toSpliced(index, 1) };
  if (wire.type === 'map') return { ...wire, entries: wire.entries.toSpliced(index, 1) };
  return wire;
};

export const itemAt = (root: Wire, path: Path): Wire | undefined => {
  let wire: Wire | undefined = root;
  for (const index of path) wire = wire && childOf(wire, index);
  return wire;
};

/** The tree with another item at the end of a path that leads somewhere. */
export const replaceAt = (root: Wire, [index, ...rest]: Path, by: (wire: Wire) => Wire): Wire => {
  if (index === undefined) return by(root);
  const child = childOf(root, index);
  return child === undefined ? root : withChild(root, index, replaceAt(child, rest, by));
};

/** The tree without the entry or array member at the end of the path; contents of tags and strings cannot be left out. */
export const removeAt = (root: Wire, path: Path): Wire => {
  const last = path.at(-1);
  return last === undefined ? root : replaceAt(root, path.slice(0, -1), (parent) => withoutChild(parent, last));
};
