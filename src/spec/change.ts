import type { Command, Failure } from './command.ts';

/** The command with one failure condition removed: what an RMM that forgot to check would do. */
export const without = <R>(command: Command<R>, id: string): Command<R> => {
  const failures = Object.fromEntries(Object.entries(command.failures).filter(([key]) => key !== id));
  return { ...command, failures };
};

/** The command with one failure condition changed. */
export const withFailure = <R>(command: Command<R>, id: string, change: Partial<Failure<never, R>>): Command<R> => {
  const failure = command.failures[id];
  if (failure === undefined) return command;
  return { ...command, failures: { ...command.failures, [id]: { ...failure, ...change } } };
};

/** The command with its conditions checked in another order. Conditions that `ids` does not name come last. */
export const reordered = <R>(command: Command<R>, ids: readonly string[]): Command<R> => {
  const rest = Object.keys(command.failures).filter((id) => !ids.includes(id));
  const failures: Record<string, Failure<never, R>> = {};
  for (const id of [...ids, ...rest]) {
    const failure = command.failures[id];
    if (failure !== undefined) failures[id] = failure;
  }
  return { ...command, failures };
};
