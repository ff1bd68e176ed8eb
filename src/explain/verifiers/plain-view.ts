import { type CborItem, type CborMap, decodePrefix } from '../../cbor/index.ts';
import { decodeSign1, type Sign1, signatureAlgorithmOf, sigStructure } from '../../cose/index.ts';
import type { PublicKey } from '../../crypto/index.ts';
import { LABEL, memberOf } from '../items.ts';
import type { Input } from '../rule.ts';

/** One token of a collection, as far as it can be read. */
export interface PlainPart {
  readonly entry: CborItem | undefined;
  readonly sign1: Sign1 | undefined;
  readonly claims: CborMap | undefined;
}

/** A collection read without opinions. */
export interface PlainView {
  readonly input: Input;
  readonly outer: CborItem | undefined;
  readonly map: CborMap | undefined;
  readonly platform: PlainPart;
  readonly realm: PlainPart;
}

const contentOf = (item: CborItem): CborItem => (item.type === 'tag' ? contentOf(item.content) : item);

const partOf = (entry: CborItem | undefined): PlainPart => {
  const bytes = entry?.type === 'array' ? entry.items[1] : entry;
  const decoded = bytes?.type === 'bytes' ? decodeSign1(bytes.value) : undefined;
  const sign1 = decoded?.ok ? decoded.value : undefined;
  const payload = sign1 === undefined ? undefined : decodePrefix(sign1.payload);
  const inner = payload?.ok ? contentOf(payload.item) : undefined;
  return { entry, sign1, claims: inner?.type === 'map' ? inner : undefined };
};

export const openPlain = (input: Input): PlainView => {
  const decoded = decodePrefix(input.token);
  const outer = decoded.ok ? decoded.item : undefined;
  const map = outer?.type === 'tag' && outer.content.type === 'map' ? outer.content : undefined;
  const entry = (label: number): CborItem | undefined => map && memberOf(map, label);
  return {
    input,
    outer,
    map,
    platform: partOf(entry(LABEL.collection.platform)),
    realm: partOf(entry(LABEL.collection.realm)),
  };
};

export const isSignedBy = (sign1: Sign1, key: PublicKey, { crypto }: Input): boolean => {
  const algorithm = signatureAlgorithmOf(sign1.algorithm);
  const toBeSigned = sigStructure(sign1.protectedBytes, sign1.payload);
  return algorithm !== undefined && crypto.isOnCurve(key) && crypto.verify(algorithm, key, toBeSigned, sign1.signature);
};
