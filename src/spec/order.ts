import type { Command, Failure, Order, Refusal } from './command.ts';
import { refusalOf } from './execute.ts';

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

/** A failure condition that may be the one that is reported, and what is answered then. */
export interface Allowed<R> extends Refusal<R> {
  readonly id: string;
}

const holds = (failure: Failure<never, unknown>, frame: object): boolean =>
  (failure.pre as (x: object) => boolean)(frame);

/**
 * What the partial order allows a command to answer: the conditions that hold while none that precedes them does, with
 * their answers (RMM 1.0 B1.6). Empty when the command succeeds. A condition is looked at only once all that precede it
 * are known not to hold, so that nothing is read that has no meaning yet.
 *
 * @param order  what precedes what, by default the published order and the edges of ours.
 */
export const allowedResults = <R>(
  command: Command<R>,
  frame: object,
  order: Order<string> = fullOrder(command),
): readonly Allowed<R>[] => {
  const before = predecessors(Object.keys(command.failures), order);
  const passed = new Map<string, boolean>();
  const allowed: Allowed<R>[] = [];
  const passes = (id: string): boolean => {
    const known = passed.get(id);
    if (known !== undefined) return known;
    // Until it is known, an edge that leads back here is as one that is not passed.
    passed.set(id, false);
    const failure = command.failures[id];
    // Each is looked at, not only the first: several may hold.
    const open = [...(before.get(id) ?? [])].map((each) => command.failures[each] === undefined || passes(each));
    if (failure === undefined || open.includes(false)) return false;
    if (holds(failure, frame)) {
      allowed.push({ id, ...refusalOf(failure, frame) });
      return false;
    }
    passed.set(id, true);
    return true;
  };
  for (const id of Object.keys(command.failures)) passes(id);
  return allowed;
};
