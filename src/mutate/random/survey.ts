import type { Place } from '../place.ts';
import { pathOf } from '../place.ts';
import { itemAt } from '../tree.ts';
import type { Part, Wire } from '../wire.ts';

/** A claim, or what stands in one, by its place. */
export interface Spot {
  readonly place: Place;
  readonly wire: Wire;
}

/** The claims of a part and all that is in them, outermost first. What byte strings embed counts, too. */
export const spotsOf = (root: Wire, part: Part): readonly Spot[] => {
  const path = pathOf(root, part);
  const claims = path && itemAt(root, path);
  const found: Spot[] = [];
  const visit = (wire: Wire, place: Place): void => {
    if (wire.type === 'tag' || wire.type === 'embedded') visit(wire.content, place);
    const children: readonly (readonly [string, Wire])[] =
      wire.type === 'map'
        ? wire.entries.flatMap(({ key, value }): (readonly [string, Wire])[] =>
            key.type === 'int' ? [[String(key.value), value]] : [],
          )
        : wire.type === 'array'
          ? wire.items.map((item, i): readonly [string, Wire] => [String(i), item])
          : [];
    for (const [label, child] of children) {
      found.push({ place: `${place}/${label}`, wire: child });
      visit(child, `${place}/${label}`);
    }
  };
  if (claims !== undefined) visit(claims, part);
  return found;
};
