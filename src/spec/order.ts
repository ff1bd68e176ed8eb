import type { Command, Order } from './command.ts';

/** The published order and the edges of ours, as one. */
export const fullOrder = (command: Command): Order<string> => [...command.order, ...(command.wellFormed ?? [])];

const predecessors = (ids: readonly string[], order: Order<string>): Map<string, Set<string>> => {
  const before = new Map(ids.map((id) => [id, new Set<string>()]));
  for (const [left, right] of order) for (const r of right) for (const l of left) before.get(r)?.add(l);
  return before;
};

/** Every total order of `ids` that the partial order allows. Lazy: their number grows with the factorial. */
export function* legalOrders(ids: readonly string[], order: Order<string>): Generator<readonly string[]> {
  const before = predecessors(ids, order);
  function* extend(done: readonly string[], rest: readonly string[]): Generator<readonly string[]> {
    if (rest.length === 0) yield done;
    for (const id of rest) {
      const ready = [...(before.get(id) ?? [])].every((p) => done.includes(p) || !ids.includes(p));
      if (ready)
        yield* extend(
          [...done, id],
          rest.filter((r) => r !== id),
        );
    }
  }
  yield* extend([], ids);
}

/** One legal total order, each choice made by `pick`, which is given how many candidates there are. */
export const someLegalOrder = (
  ids: readonly string[],
  order: Order<string>,
  pick: (candidates: number) => number,
): readonly string[] => {
  const before = predecessors(ids, order);
  const done: string[] = [];
  let rest = [...ids];
  while (rest.length > 0) {
    const ready = rest.filter((id) => [...(before.get(id) ?? [])].every((p) => done.includes(p)));
    const next = ready[pick(ready.length)] ?? ready[0];
    if (next === undefined) return ids;
    done.push(next);
    rest = rest.filter((id) => id !== next);
  }
  return done;
};

/** The first edge that a total order breaks, or undefined when it is legal. */
export const brokenEdge = (total: readonly string[], order: Order<string>): readonly [string, string] | undefined => {
  for (const [left, right] of order) {
    for (const l of left) for (const r of right) if (total.indexOf(l) > total.indexOf(r)) return [l, r];
  }
  return undefined;
};
