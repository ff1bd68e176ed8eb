import { Bug } from '../bytes/index.ts';
import { type CborItem, type CborMap, type CborValue, decode, decodeEmbedded, toValue } from '../cbor/index.ts';
import { decodeSign1, type Sign1 } from '../cose/index.ts';
import {
  type ClaimTable,
  COLLECTION,
  componentClaims2024,
  type Dialect,
  MEC_POLICIES,
  PLATFORM_PROFILES,
  type PlatformClaims,
  REALM_PROFILES,
  type RealmClaims,
} from '../token/index.ts';
import type { TokenKeys } from './keys.ts';
import type { Part } from './wire.ts';

/** A token that a machine has made, and what its maker knows of it: where mutations start. */
export interface BaseToken {
  readonly token: Uint8Array;
  /** The form it has, to the order of claims. */
  readonly dialect: Dialect;
  /** The 64 bytes that the Realm passed. */
  readonly challenge: Uint8Array;
  readonly keys: TokenKeys;
}

type Named = Readonly<Record<string, unknown>>;

/** A part of a base token, taken apart. */
export interface BasePart {
  readonly sign1: Sign1;
  readonly claims: CborMap;
}

const notOurs = (what: string): never => {
  throw new Bug(`a base token is no token of this project: ${what}`);
};

const entryOf = (token: Uint8Array, part: Part): CborItem => {
  const decoded = decode(token);
  const collection = decoded.ok && decoded.item.type === 'tag' ? decoded.item.content : undefined;
  const entries = collection?.type === 'map' ? collection.entries : [];
  const entry = entries.find(({ key }) => key.type === 'uint' && key.value === COLLECTION[part])?.value;
  return (entry?.type === 'array' ? entry.items[1] : entry) ?? notOurs(`no ${part} entry`);
};

export const basePart = (token: Uint8Array, part: Part): BasePart => {
  const entry = entryOf(token, part);
  if (entry.type !== 'bytes') return notOurs(`the ${part} entry holds no bytes`);
  const sign1 = decodeSign1(token, { start: entry.headEnd, end: entry.end });
  if (!sign1.ok) return notOurs(`the ${part} token is ${sign1.error.code}`);
  const claims = decodeEmbedded(token, sign1.value.payloadItem);
  if (!claims.ok || claims.item.type !== 'map') return notOurs(`the ${part} token has no claims`);
  return { sign1: sign1.value, claims: claims.item };
};

/** The values of a map under the names that a table gives its labels. */
const named = (table: ClaimTable, map: ReadonlyMap<CborValue, CborValue>): Named =>
  Object.fromEntries(
    Object.entries(table).flatMap(([name, { label }]) => (map.has(label) ? [[name, map.get(label)]] : [])),
  );

const asMap = (value: CborValue): ReadonlyMap<CborValue, CborValue> => (value instanceof Map ? value : new Map());

/** What the platform token says, whatever the form in which it says it. */
export const basePlatformClaims = ({ token, dialect }: BaseToken): PlatformClaims => {
  const { claims, binding } = PLATFORM_PROFILES[dialect.platformProfile];
  const {
    sw_components,
    [binding]: bound,
    ...rest
  } = named(claims, asMap(toValue(basePart(token, 'platform').claims)));
  const components = Array.isArray(sw_components) ? sw_components : notOurs('no components');
  const own = {
    ...rest,
    binding: bound,
    sw_components: components.map((each: CborValue) => named(componentClaims2024, asMap(each))),
  };
  return own as unknown as PlatformClaims;
};

/** What the Realm token says, but for its key. */
export const baseRealmClaims = ({ token, dialect }: BaseToken): Omit<RealmClaims, 'public_key'> => {
  const { claims } = REALM_PROFILES[dialect.realmProfile];
  const {
    public_key: _key,
    profile: _profile,
    mec_policy,
    ...rest
  } = named(claims, asMap(toValue(basePart(token, 'realm').claims)));
  const mec = typeof mec_policy === 'number' ? MEC_POLICIES[mec_policy] : mec_policy;
  return { ...rest, ...(mec === undefined ? {} : { mec_policy: mec }) } as unknown as RealmClaims;
};
