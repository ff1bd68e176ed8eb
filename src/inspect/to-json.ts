import type { Description } from './describe.ts';
import type { Node } from './node.ts';

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

const plain = (value: Node['value']): Json | undefined => (typeof value === 'bigint' ? value.toString() : value);

const nodeToJson = (node: Node): Json => {
  const value = plain(node.value);
  const members = node.children.map(nodeToJson);
  return {
    offset: node.key?.start ?? node.start,
    length: node.end - (node.key?.start ?? node.start),
    type: node.type,
    ...(node.key === undefined ? {} : { key: plain(node.key.value) ?? node.key.text }),
    ...(node.name === undefined ? {} : { name: node.name }),
    ...(value === undefined ? (members.length === 0 && node.close === '' ? { value: node.text } : {}) : { value }),
    ...(node.meaning === undefined ? {} : { meaning: node.meaning }),
    ...(node.problems.length === 0 ? {} : { problems: node.problems }),
    ...(node.close === '' && members.length === 0 ? {} : { members }),
    ...(node.stoppedInside === undefined ? {} : { stopped: { ...node.stoppedInside } }),
  };
};

/** The description as plain JSON; byte strings are hexadecimal, integers beyond 2^53 texts. */
export const descriptionToJson = (description: Description): Json => {
  const { shape, size, dialect, also, why, differences, features, root, stops } = description;
  return {
    shape,
    size,
    dialect: dialect ?? null,
    also,
    why,
    differences,
    features: Object.fromEntries(Object.entries(features).map(([name, value]) => [name, value ?? null])),
    stops: stops.map((stop) => ({ ...stop })),
    token: root === undefined ? null : nodeToJson(root),
  };
};
