import type { Node } from '../node.ts';

/** A node and what it holds, further and further inwards. */
export type Chain = readonly Node[];

/** What stands for the same thing with less around it: the content of a tag or of a byte string, the one member that counts of an array. */
const inner = ({ type, children }: Node): Node | undefined => {
  if (type !== 'array') return type === 'tag' || type === 'bytes' ? children[0] : undefined;
  const [only, second] = children;
  return second === undefined ? only : children.find((child) => child.type === 'bytes' && child.children.length > 0);
};

const MAX_AROUND = 8;

const chainOf = (node: Node): Chain => {
  const chain: Node[] = [];
  for (let next: Node | undefined = node; next !== undefined && chain.length < MAX_AROUND; next = inner(next)) {
    chain.push(next);
  }
  return chain;
};

const alike = (a: Node, b: Node): boolean => a.type === b.type && (a.type !== 'tag' || a.value === b.value);

/** The least that has to be taken off two nodes, on either side, until they are of the same form. */
export const commonForm = (
  a: Node,
  b: Node,
  isSame: (a: Node, b: Node) => boolean,
): { readonly aroundA: Chain; readonly aroundB: Chain; readonly a: Node; readonly b: Node } | undefined => {
  const [chainA, chainB] = [chainOf(a), chainOf(b)];
  const steps = chainA
    .flatMap((_, i) => chainB.map((__, j) => [i, j] as const))
    .sort((x, y) => x[0] + x[1] - y[0] - y[1]);
  for (const [i, j] of steps) {
    const [left, right] = [chainA[i], chainB[j]];
    if (left === undefined || right === undefined || i + j === 0 || !alike(left, right)) continue;
    // Leaves of one type say nothing about being the same thing.
    if (left.children.length === 0 && right.children.length === 0 && !isSame(left, right)) continue;
    return { aroundA: chainA.slice(0, i), aroundB: chainB.slice(0, j), a: left, b: right };
  }
  return undefined;
};

const ARTICLES = {
  uint: 'an integer',
  nint: 'a negative integer',
  bytes: 'a byte string',
  text: 'a text',
  array: 'an array',
  map: 'a map',
  tag: 'a tag',
  simple: 'a simple value',
  float: 'a float',
} as const satisfies Record<Node['type'], string>;

export const formOf = ({ type, value }: Node): string => (type === 'tag' ? `tag ${value}` : ARTICLES[type]);

/** `tag 18, a byte string`, or `nothing`. */
export const aroundText = (chain: Chain): string => chain.map(formOf).join(', ') || 'nothing';
