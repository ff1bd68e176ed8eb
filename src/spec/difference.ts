import type { Command } from './command.ts';
import { describe, type PageFailure } from './describe.ts';

/** How a command of an implementation differs from the same one of the specification, as far as its conditions tell. */
export interface CommandDifference {
  /** Conditions that only the implementation has. */
  readonly added: readonly PageFailure[];
  /** Conditions that it lacks. */
  readonly removed: readonly string[];
  /** Conditions that answer something else, with what they answer there. */
  readonly answers: readonly PageFailure[];
  /** All its conditions in the order in which it checks them, when that is another one. */
  readonly order: readonly string[] | undefined;
}

/** Compares the conditions of two commands: which there are, what they answer, which comes first. */
export const differenceOf = (specified: Command, implemented: Command): CommandDifference => {
  const here = new Map(describe(specified).failures.map((failure) => [failure.id, failure]));
  const there = describe(implemented).failures;
  const ids = there.map(({ id }) => id);
  const common = [...here.keys()].filter((id) => ids.includes(id));
  const sameOrder = ids.filter((id) => here.has(id)).every((id, i) => id === common[i]);
  return {
    added: there.filter(({ id }) => !here.has(id)),
    removed: [...here.keys()].filter((id) => !ids.includes(id)),
    answers: there.filter(({ id, result }) => here.get(id) !== undefined && here.get(id)?.result !== result),
    order: sameOrder ? undefined : ids,
  };
};
