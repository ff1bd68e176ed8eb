import type { CborItem, CborMap } from '../cbor/index.ts';
import { type Place, tellAt, within } from './layer.ts';
import { member, type Reader } from './readers.ts';

/** In one set of claims: mandatory, optional, excluded; `-` is a label that the set does not define. */
export type Presence = 'M' | 'O' | 'X' | '-';

/** One claim: its label, how its value is read, and its presence in each generation of the set. */
export interface ClaimRule<G extends string, T> {
  readonly label: number;
  readonly read: (item: CborItem, place: Place, generation: G) => T | undefined;
  readonly in: Readonly<Record<G, Presence>>;
}

// biome-ignore lint/suspicious/noExplicitAny: the value types of a table differ from row to row, and ClaimsOf recovers them
export type ClaimRules<G extends string> = Readonly<Record<string, ClaimRule<G, any>>>;

/** What a table reads: every claim that was there and right. */
export type ClaimsOf<R> = {
  readonly [K in keyof R]?: R[K] extends { readonly read: (...args: never[]) => infer T }
    ? Exclude<T, undefined>
    : never;
};

export const claim = <G extends string, T>(
  label: number,
  read: ClaimRule<G, T>['read'] | Reader<T>,
  presence: ClaimRule<G, T>['in'],
): ClaimRule<G, T> => ({ label, read, in: presence });

/**
 * Reads a map of claims by a table. Labels that the generation does not define are ignored, as unknown ones are.
 *
 * @param presenceOf what the profile changes in the table, if anything.
 */
export const readClaims = <G extends string, R extends ClaimRules<G>>(
  map: CborMap,
  rules: R,
  generation: G,
  place: Place,
  presenceOf: (name: string, presence: Presence) => Presence = (_, presence) => presence,
): ClaimsOf<R> => {
  for (const { key } of map.entries) {
    if (key.type !== 'uint' && key.type !== 'nint' && key.type !== 'text') tellAt(place, key, 'CLAIM_KEY_TYPE');
  }
  const read = Object.entries(rules).map(([name, rule]) => {
    const at = within(place, rule.label);
    const item = member(map, rule.label);
    const presence = presenceOf(name, rule.in[generation]);
    if (presence === '-') return [name, undefined];
    if (item === undefined) {
      if (presence === 'M') at.tell('CLAIM_MISSING', at.path, { claim: name });
      return [name, undefined];
    }
    if (presence === 'X') {
      tellAt(at, item, 'CLAIM_FORBIDDEN', { claim: name });
      return [name, undefined];
    }
    return [name, rule.read(item, at, generation)];
  });
  return Object.fromEntries(read.filter(([, value]) => value !== undefined)) as ClaimsOf<R>;
};
