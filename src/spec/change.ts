import { type Command, type Failure, isOnce, once } from './command.ts';
import { contextGetters } from './frame.ts';

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

/** The command with one more failure condition, checked before the condition `before`, or last. */
export const withCondition = <R>(
  command: Command<R>,
  id: string,
  failure: Failure<never, R>,
  before?: string,
): Command<R> => {
  const failures: Record<string, Failure<never, R>> = {};
  for (const key in command.failures) {
    if (key === before) failures[id] = failure;
    const given = command.failures[key];
    if (given !== undefined && key !== id) failures[key] = given;
  }
  failures[id] ??= failure;
  return { ...command, failures };
};

/** The command with another effect, made from the one it has. `X` is the frame that both are given. */
export const withEffect = <R, X = object>(
  command: Command<R>,
  change: (effect: (x: X) => unknown) => (x: X) => unknown,
): Command<R> => ({ ...command, effect: change(command.effect as (x: X) => unknown) });

/**
 * An object with some members replaced, which reads the others from the one it stands before. Getters stay getters:
 * context values mean nothing until a condition has passed, so that a copy of them could not be made.
 */
export const overlaid = <T extends object, U extends object>(base: T, over: U): T & U =>
  Object.defineProperties(Object.create(base) as T & U, Object.getOwnPropertyDescriptors(over));

/**
 * The command with some context values replaced. Each is given the frame, whose values of those names are the ones that
 * the command had.
 */
export const withContext = <R, X = object>(
  command: Command<R>,
  changes: Readonly<Record<string, (given: X) => unknown>>,
): Command<R> => {
  const context: Record<string, (x: never) => unknown> = { ...command.context };
  const original = contextGetters(command.context ?? {});
  for (const [name, change] of Object.entries(changes)) {
    const had = context[name];
    const read = (x: object): unknown => change(Object.create(x, original) as X);
    context[name] = had !== undefined && isOnce(had) ? once(read) : read;
  }
  return { ...command, context };
};

/** The command with one success condition replaced, or removed: what is left describes the command as changed. */
export const withSuccess = <R>(command: Command<R>, id: string, holds?: (x: never) => boolean): Command<R> => {
  const kept = Object.entries(command.success).filter(([key]) => key !== id);
  return { ...command, success: Object.fromEntries(holds === undefined ? kept : [...kept, [id, holds]]) };
};
