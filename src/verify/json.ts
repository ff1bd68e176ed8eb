import { fromHex } from '../bytes/index.ts';

/** A value, or in one line which member is wrong and what it should be. */
export type JsonResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly path: string; readonly error: string };

/** Reads a JSON value of one shape. */
export interface JsonShape<T> {
  read(value: unknown, path: string): JsonResult<T>;
}

const good = <T>(value: T): JsonResult<T> => ({ ok: true, value });
const bad = (path: string, error: string): JsonResult<never> => ({ ok: false, path, error: `${path}: ${error}` });

/** Marks a member that may be absent. */
interface Optional<T> extends JsonShape<T> {
  readonly optional: true;
}
type Members = Readonly<Record<string, JsonShape<unknown>>>;
type OptionalNames<M extends Members> = { [K in keyof M]: M[K] extends Optional<unknown> ? K : never }[keyof M];
type ValueOf<S> = S extends JsonShape<infer T> ? T : never;
type ObjectOf<M extends Members> = { readonly [K in Exclude<keyof M, OptionalNames<M>>]: ValueOf<M[K]> } & {
  readonly [K in OptionalNames<M>]?: ValueOf<M[K]>;
};

export const optional = <T>(shape: JsonShape<T>): Optional<T> => ({ ...shape, optional: true });

/** A member's name as part of a line: what could end the line is escaped. */
const shownName = (name: string): string => {
  const cut = name.slice(0, 40);
  return /^[ -~]*$/.test(cut) ? cut : JSON.stringify(cut);
};

/** An object with these members and no others: a misspelt member would otherwise go unchecked in silence. */
export const object = <M extends Members>(members: M): JsonShape<ObjectOf<M>> => ({
  read(value, path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return bad(path, 'must be an object');
    const given = value as Readonly<Record<string, unknown>>;
    const stranger = Object.keys(given).find((name) => !Object.hasOwn(members, name));
    if (stranger !== undefined) {
      return bad(`${path}.${shownName(stranger)}`, `is unknown; known are ${Object.keys(members).join(', ')}`);
    }
    const out: Record<string, unknown> = {};
    for (const [name, shape] of Object.entries(members)) {
      if (!Object.hasOwn(given, name)) {
        if ('optional' in shape) continue;
        return bad(`${path}.${name}`, 'is missing');
      }
      const member = shape.read(given[name], `${path}.${name}`);
      if (!member.ok) return member;
      out[name] = member.value;
    }
    return good(out as ObjectOf<M>);
  },
});

export const array = <T>(
  shape: JsonShape<T>,
  { min = 0, max }: { readonly min?: number; readonly max: number },
): JsonShape<readonly T[]> => ({
  read(value, path) {
    if (!Array.isArray(value)) return bad(path, 'must be an array');
    if (value.length < min || value.length > max) {
      return bad(path, `must have ${min === max ? min : `${min} to ${max}`} members, not ${value.length}`);
    }
    const out: T[] = [];
    for (const [i, each] of value.entries()) {
      const member = shape.read(each, `${path}[${i}]`);
      if (!member.ok) return member;
      out.push(member.value);
    }
    return good(out);
  },
});

export const string: JsonShape<string> = {
  read: (value, path) => (typeof value === 'string' ? good(value) : bad(path, 'must be a string')),
};

export const boolean: JsonShape<boolean> = {
  read: (value, path) => (typeof value === 'boolean' ? good(value) : bad(path, 'must be true or false')),
};

export const nullable = <T>(shape: JsonShape<T>): JsonShape<T | null> => ({
  read: (value, path) => (value === null ? good(null) : shape.read(value, path)),
});

export const oneOfStrings = <const T extends string>(...values: readonly T[]): JsonShape<T> => ({
  read(value, path) {
    const found = values.find((each) => each === value);
    return found === undefined ? bad(path, `must be one of ${values.join(', ')}`) : good(found);
  },
});

/** Hexadecimal text of one of the sizes given, in bytes; of any, when none is. */
export const hexBytes = (...sizes: readonly number[]): JsonShape<Uint8Array> => ({
  read(value, path) {
    const bytes = typeof value === 'string' ? fromHex(value) : undefined;
    if (bytes === undefined) return bad(path, 'must be hexadecimal text');
    if (sizes.length === 0 || sizes.includes(bytes.length)) return good(bytes);
    return bad(path, `must be ${sizes.join(' or ')} bytes, not ${bytes.length}`);
  },
});

/** A number, written as one or as `0x…` text, of at most `max`. */
export const count = (max: number): JsonShape<number> => ({
  read(value, path) {
    const number = typeof value === 'string' && /^0x[0-9a-fA-F]{1,8}$/.test(value) ? Number(value) : value;
    return typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= max
      ? good(number)
      : bad(path, `must be a number from 0 to 0x${max.toString(16)}`);
  },
});

/** The format version that is understood. */
export const version = (known: number): JsonShape<number> => ({
  read: (value, path) =>
    value === known ? good(known) : bad(path, `must be ${known}, the version that is understood`),
});

/** Larger than any file of these formats has a reason to be. */
const MAX_TEXT = 4 << 20;

/** Reads JSON text of one shape. Total: what is wrong comes back as one line that names the member. */
export const parseJson = <T>(json: string, shape: JsonShape<T>): JsonResult<T> => {
  const root = '$';
  if (json.length > MAX_TEXT) return bad(root, `must be at most ${MAX_TEXT} characters`);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return bad(root, 'is not JSON');
  }
  return shape.read(value, root);
};
