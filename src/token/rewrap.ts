import { type CborItem, type CborValue, decode, encode, Tagged, toValue } from '../cbor/index.ts';
import { COLLECTION, CONTENT_FORMAT } from './cca-token.ts';
import type { Dialect } from './dialect.ts';

type Outer = Dialect['outer'];
type EntryForm = NonNullable<Dialect['entry']>;

/** What becomes of the wrapper: the form of the entries is by default the one that goes with the tag. */
export interface Wrapper {
  readonly outer: Outer;
  readonly entry?: EntryForm | undefined;
}

export type Rewrapped =
  | {
      readonly ok: true;
      readonly token: Uint8Array;
      /** Labels whose entries were left as they are, since nothing is known of their form. */
      readonly untouched: readonly CborValue[];
    }
  | { readonly ok: false; readonly error: string };

/** Content formats of the entries that are known, also of the unsigned claims of the direct model (token-next 1). */
const FORMATS: ReadonlyMap<unknown, number> = new Map([
  [COLLECTION.platform, CONTENT_FORMAT.eatCwt],
  [COLLECTION.realm, CONTENT_FORMAT.eatCwt],
  [COLLECTION.realm_claims, CONTENT_FORMAT.uccsCbor],
  [COLLECTION.devices, CONTENT_FORMAT.uccsCbor],
]);

/** An entry in the form that is asked for. What a record says besides is kept in a record, and has no place elsewhere. */
const entryIn = (form: EntryForm, item: CborItem, contentFormat: number): CborValue | undefined => {
  if (item.type === 'bytes') return form === 'bstr' ? toValue(item) : [contentFormat, toValue(item)];
  if (item.type !== 'array' || item.items[1]?.type !== 'bytes') return undefined;
  return toValue(form === 'bstr' ? item.items[1] : item);
};

const mapIn = (item: CborItem): CborItem => (item.type === 'tag' ? mapIn(item.content) : item);

/**
 * Puts the tokens of a collection into another wrapper. Nobody signs the wrapper, so the signatures in it hold as before:
 * what the entries hold is taken over byte by byte, in the same order.
 *
 * @param token  a CCA token with any tag or none, and with entries of either form.
 */
export const rewrapToken = (token: Uint8Array, { outer, entry }: Wrapper): Rewrapped => {
  const decoded = decode(token);
  if (!decoded.ok) return { ok: false, error: `is not one whole token (byte ${decoded.error.offset})` };
  const map = mapIn(decoded.item);
  if (map.type !== 'map') return { ok: false, error: 'holds no collection of tokens that could be wrapped again' };
  if (map.duplicates.length > 0) return { ok: false, error: 'has an entry twice, of which only one could be kept' };
  const form = entry ?? (outer === 907 ? 'record' : 'bstr');
  const entries = new Map<CborValue, CborValue>();
  const untouched: CborValue[] = [];
  for (const { key, value } of map.entries) {
    const label = toValue(key);
    const format = FORMATS.get(label);
    if (format === undefined) {
      untouched.push(label);
      entries.set(label, toValue(value));
      continue;
    }
    const written = entryIn(form, value, format);
    if (written === undefined) return { ok: false, error: `has an entry ${label} of neither form` };
    entries.set(label, written);
  }
  if (entries.size === untouched.length) return { ok: false, error: 'holds no platform and no Realm token' };
  return { ok: true, token: encode(new Tagged(outer, entries)), untouched };
};
