import { CATALOGUE, type Mutation, mutationOf } from '../mutate/index.ts';

/** Which tokens a corpus has. */
export interface Selection {
  /** Ids of the catalogue; undefined is all of it, or none of it beside random mutations. */
  readonly only?: readonly string[] | undefined;
  /** How many random mutations follow. */
  readonly random?: number | undefined;
  /** How many tokens there are in all: fewer than that, or the catalogue again and again with other challenges. */
  readonly count?: number | undefined;
}

/** One token that a corpus will have. */
export type Planned =
  | { readonly kind: 'catalogue'; readonly id: string; readonly mutation: Mutation; readonly pass: number }
  | { readonly kind: 'random'; readonly id: string; readonly index: number };

/** The tokens of a corpus by their position, none of them made yet. */
export interface Plan {
  readonly size: number;
  at(position: number): Planned;
}

const rowsOf = ({ only, random = 0 }: Selection): readonly Mutation[] => {
  if (only === undefined) return random > 0 ? [] : CATALOGUE;
  return CATALOGUE.filter(({ id }) => only.includes(id));
};

/** Ids that are in no catalogue. */
export const unknownIds = (only: readonly string[]): readonly string[] =>
  only.filter((id) => mutationOf(id) === undefined);

/**
 * Lays out a corpus: the rows of the catalogue in its order, then random mutations from number 1 on. What is counted
 * beyond that is a further pass, in which each token answers a challenge of its own and its id ends in the number of the
 * pass.
 */
export const planCorpus = (selection: Selection): Plan => {
  const rows = rowsOf(selection);
  const { random = 0 } = selection;
  const once = rows.length + random;
  const size = once === 0 ? 0 : (selection.count ?? once);
  return {
    size,
    at(position) {
      const pass = Math.floor(position / once);
      const place = position % once;
      const mutation = rows[place];
      if (mutation === undefined) {
        const index = pass * random + place - rows.length + 1;
        return { kind: 'random', id: `random-${index}`, index };
      }
      return { kind: 'catalogue', id: pass === 0 ? mutation.id : `${mutation.id}.${pass + 1}`, mutation, pass };
    },
  };
};

/** One of several parts into which a corpus is cut, counted from 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** The positions of a shard, in order. */
export function* positionsOf({ size }: Plan, { index, of }: Shard): Generator<number> {
  for (let position = index - 1; position < size; position += of) yield position;
}
