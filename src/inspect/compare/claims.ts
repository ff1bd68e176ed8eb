import { describeToken } from '../describe.ts';
import type { Node } from '../node.ts';
import { inside, outermost, type Spot, underIndex, underKey } from './spot.ts';

/** One thing that a token says. */
export interface Claim {
  readonly place: string;
  readonly names: readonly string[];
  /** Diagnostic notation; of what holds others, what opens and closes it. */
  readonly text: string;
}

/** Everything that a token says, by place, as far as it can be read; signatures, which only seal it, left out. Total. */
export const claimsOf = (bytes: Uint8Array): readonly Claim[] => {
  const description = describeToken(bytes);
  const claims: Claim[] = [];
  const walk = (spot: Spot, node: Node): void => {
    const { type, children, text, close } = node;
    if (spot.place.endsWith('.signature')) return;
    if (children.length === 0 || type === 'tag')
      claims.push({ ...spot, text: children.length === 0 ? text + close : `${text}…${close}` });
    for (const [index, child] of children.entries()) {
      const next =
        type === 'map'
          ? underKey(spot, child)
          : type === 'array'
            ? underIndex(spot, child, index)
            : inside(spot, node, child);
      walk(next, child);
    }
  };
  if (description.root !== undefined) walk(outermost(description.shape), description.root);
  return claims;
};
