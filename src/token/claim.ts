import { Bug } from '../bytes/index.ts';
import type { CborValue } from '../cbor/index.ts';

/** What the value of a claim may be. */
export interface ClaimType<T> {
  /** The type in CDDL. */
  readonly cddl: string;
  toCbor(value: T): CborValue;
  /** Total: whether any CBOR value is one of this type. */
  accepts(value: CborValue): boolean;
}

export const bstr = (...sizes: readonly number[]): ClaimType<Uint8Array> => ({
  cddl: sizes.length === 0 ? 'bytes' : sizes.map((size) => `bytes .size ${size}`).join(' / '),
  toCbor: (value) => value,
  accepts: (value) => value instanceof Uint8Array && (sizes.length === 0 || sizes.includes(value.length)),
});

/** A UEID of type RAND: a byte 01 and 32 more (RFC 9711 4.2.1.1). */
export const ueid: ClaimType<Uint8Array> = {
  cddl: 'bytes .size 33',
  toCbor: (value) => value,
  accepts: (value) => value instanceof Uint8Array && value.length === 33 && value[0] === 1,
};

export const text: ClaimType<string> = {
  cddl: 'text',
  toCbor: (value) => value,
  accepts: (value) => typeof value === 'string',
};

export const uint: ClaimType<number> = {
  cddl: 'uint',
  toCbor: (value) => value,
  accepts: (value) => typeof value === 'number' && Number.isInteger(value) && value >= 0,
};

export const bool: ClaimType<boolean> = {
  cddl: 'bool',
  toCbor: (value) => value,
  accepts: (value) => typeof value === 'boolean',
};

/** One of a few values that stand for themselves. */
export const oneOf = <const V extends readonly (number | string)[]>(...values: V): ClaimType<V[number]> => ({
  cddl: values.map((value) => JSON.stringify(value)).join(' / '),
  toCbor: (value) => value,
  accepts: (value) => values.some((each) => each === value),
});

export const exactly = <T>(count: number, item: ClaimType<T>): ClaimType<readonly T[]> => ({
  cddl: `[ ${count}*${count} (${item.cddl}) ]`,
  toCbor: (value) => value.map((each) => item.toCbor(each)),
  accepts: (value) => Array.isArray(value) && value.length === count && value.every((each) => item.accepts(each)),
});

export const oneOrMore = <T>(item: ClaimType<T>): ClaimType<readonly T[]> => ({
  cddl: `[ + (${item.cddl}) ]`,
  toCbor: (value) => value.map((each) => item.toCbor(each)),
  accepts: (value) => Array.isArray(value) && value.length > 0 && value.every((each) => item.accepts(each)),
});

export interface Claim<T, P extends 'mandatory' | 'optional' = 'mandatory' | 'optional'> {
  readonly label: number;
  readonly type: ClaimType<T>;
  readonly presence: P;
  readonly doc: string;
}

export const claim = <T>(label: number, type: ClaimType<T>, doc: string): Claim<T, 'mandatory'> => ({
  label,
  type,
  presence: 'mandatory',
  doc,
});

export const optional = <T>(label: number, type: ClaimType<T>, doc: string): Claim<T, 'optional'> => ({
  label,
  type,
  presence: 'optional',
  doc,
});

// biome-ignore lint/suspicious/noExplicitAny: a ClaimType is invariant in its type, so no other upper bound exists
export type ClaimTable = { readonly [name: string]: Claim<any> };

/** The values that a table asks for: what is mandatory must be given. */
export type ClaimsOf<T extends ClaimTable> = {
  readonly [K in keyof T as T[K]['presence'] extends 'mandatory' ? K : never]: ValueOf<T[K]>;
} & {
  readonly [K in keyof T as T[K]['presence'] extends 'mandatory' ? never : K]?: ValueOf<T[K]> | undefined;
};
type ValueOf<C> = C extends Claim<infer T> ? T : never;

/**
 * The claims of a table as a CBOR map, in the order given. Neither presence nor sizes are checked: a knob may leave out
 * what the profile demands, and `claimProblems` tells.
 *
 * @param order   names of claims, more than the table has among them: an order serves several tables.
 * @param values  what is not in the table is left out: one set of values serves several profiles.
 * @throws {Bug} when a claim that has a value has no place in the order.
 */
export const claimsMap = <T extends ClaimTable>(
  table: T,
  order: readonly string[],
  values: { readonly [name: string]: unknown },
): ReadonlyMap<number, CborValue> => {
  const map = new Map<number, CborValue>();
  for (const name of order) {
    const member = table[name];
    const value = values[name];
    if (member !== undefined && value !== undefined) map.set(member.label, member.type.toCbor(value));
  }
  for (const [name, { label }] of Object.entries(table)) {
    if (values[name] !== undefined && !map.has(label)) throw new Bug(`claim ${name} (${label}) has no place`);
  }
  return map;
};

/** A map inside a claim, whose keys are a table of their own. Encoding keeps `order`; any order is accepted. */
export const mapOf = <T extends ClaimTable>(table: T, order: readonly string[]): ClaimType<ClaimsOf<T>> => ({
  cddl: `{ ${Object.values(table)
    .map(({ label, type, presence }) => `${presence === 'optional' ? '? ' : ''}${label} => ${type.cddl}`)
    .join(', ')} }`,
  toCbor: (value) => claimsMap(table, order, value as { readonly [name: string]: unknown }),
  accepts: (value) => value instanceof Map && claimProblems(table, value).length === 0,
});

/** Total: what keeps a CBOR value from being the claims of `table`, a sentence each. Unknown labels are ignored. */
export const claimProblems = (table: ClaimTable, claims: CborValue): string[] => {
  if (!(claims instanceof Map)) return ['the claims are no map'];
  return Object.entries(table).flatMap(([name, { label, type, presence }]) => {
    if (!claims.has(label)) return presence === 'mandatory' ? [`${label}: ${name} is missing`] : [];
    return type.accepts(claims.get(label)) ? [] : [`${label}: ${name} is not ${type.cddl}`];
  });
};
