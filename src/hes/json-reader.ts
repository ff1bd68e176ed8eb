import { fromHex, utf8 } from '../bytes/index.ts';

/** What is wrong with a JSON value, and where: `components[3].slot`. */
export interface JsonProblem {
  readonly path: string;
  readonly says: string;
}

/** How a problem leaves the walk; `readJson` turns it into a value. */
class Unreadable extends Error {
  readonly problem: JsonProblem;

  constructor(path: string, says: string) {
    super(`${path}: ${says}`);
    this.problem = { path, says };
  }
}

export const unreadable = (path: string, says: string): never => {
  throw new Unreadable(path, says);
};

/** Takes the value at a path apart, or says what is wrong with it. Undefined stands for a member that is absent. */
export type JsonReader<T> = (value: unknown, path: string) => T;

export const textOf =
  (least: number, most: number): JsonReader<string> =>
  (value, path) => {
    if (typeof value !== 'string') return unreadable(path, value === undefined ? 'is missing' : 'is not text');
    const { length } = utf8(value);
    if (length < least || length > most) return unreadable(path, `has ${length} bytes, not ${least} to ${most}`);
    return value;
  };

export const matching =
  (pattern: RegExp, says: string): JsonReader<string> =>
  (value, path) =>
    typeof value === 'string' && pattern.test(value)
      ? value
      : unreadable(path, value === undefined ? 'is missing' : says);

export const integer =
  (least: number, most: number): JsonReader<number> =>
  (value, path) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
      ? value
      : unreadable(path, value === undefined ? 'is missing' : `is not a whole number from ${least} to ${most}`);

export const boolean: JsonReader<boolean> = (value, path) =>
  typeof value === 'boolean' ? value : unreadable(path, value === undefined ? 'is missing' : 'is not true or false');

export const choice =
  <const C extends string>(choices: readonly C[]): JsonReader<C> =>
  (value, path) =>
    choices.find((each) => each === value) ??
    unreadable(path, value === undefined ? 'is missing' : `is not one of ${choices.join(', ')}`);

/** The same, where some of the values are no text. */
export const oneOfValues =
  <const C extends string | boolean>(values: readonly C[]): JsonReader<C> =>
  (value, path) =>
    values.find((each) => each === value) ?? unreadable(path, `is not one of ${values.join(', ')}`);

export const hexOf =
  (least: number, most: number): JsonReader<Uint8Array> =>
  (value, path) => {
    const bytes = typeof value === 'string' ? fromHex(value) : undefined;
    if (bytes === undefined) return unreadable(path, value === undefined ? 'is missing' : 'is not hexadecimal');
    const size = least === most ? `${least}` : `${least} to ${most}`;
    if (bytes.length < least || bytes.length > most) return unreadable(path, `has ${bytes.length} bytes, not ${size}`);
    return bytes;
  };

export const optional =
  <T, D>(reader: JsonReader<T>, absent: D): JsonReader<T | D> =>
  (value, path) =>
    value === undefined ? absent : reader(value, path);

export const listOf =
  <T>(item: JsonReader<T>, least: number, most: number): JsonReader<readonly T[]> =>
  (value, path) => {
    if (!Array.isArray(value)) return unreadable(path, value === undefined ? 'is missing' : 'is not a list');
    if (value.length < least || value.length > most) {
      return unreadable(path, `has ${value.length} entries, not ${least} to ${most}`);
    }
    return value.map((each, i) => item(each, `${path}[${i}]`));
  };

/** The path of a member, as part of a line: what could end the line is escaped. */
const below = (path: string, key: string): string => {
  const cut = key.slice(0, 80);
  const shown = /^[ -~]*$/.test(cut) ? cut : JSON.stringify(cut);
  return path === '' ? shown : `${path}.${shown}`;
};

const members = (value: unknown, path: string): ReadonlyMap<string, unknown> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return unreadable(path, value === undefined ? 'is missing' : 'is not an object');
  }
  return new Map(Object.entries(value));
};

/** An object with these members and no others. */
export const record =
  <T extends object>(readers: { readonly [K in keyof T]: JsonReader<T[K]> }): JsonReader<T> =>
  (value, path) => {
    const given = members(value, path);
    const known = Object.keys(readers) as (keyof T & string)[];
    for (const key of given.keys()) {
      if (!known.some((each) => each === key)) unreadable(below(path, key), 'is no key of this format');
    }
    return Object.fromEntries(known.map((key) => [key, readers[key](given.get(key), below(path, key))])) as T;
  };

/** An object whose keys are the writer's own. */
export const tableOf =
  <T>(key: RegExp, item: JsonReader<T>, most: number): JsonReader<ReadonlyMap<string, T>> =>
  (value, path) => {
    const given = members(value, path);
    if (given.size > most) return unreadable(path, `has ${given.size} entries, at most ${most} are allowed`);
    return new Map(
      [...given].map(([name, each]) => {
        if (!key.test(name)) unreadable(below(path, name), 'is not a name that may stand here');
        return [name, item(each, below(path, name))];
      }),
    );
  };

/** Total: what a reader makes of a value, or the first problem. */
export const readJson = <T>(
  reader: JsonReader<T>,
  value: unknown,
): { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: JsonProblem } => {
  try {
    return { ok: true, value: reader(value, '') };
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, problem: error.problem };
    throw error;
  }
};
