import type { CborItem, CborMap } from '../cbor/index.ts';
import { decodeSign1, HEADER, headerValue, signatureAlgorithmOf, sigStructure } from '../cose/index.ts';
import type { Crypto, PublicKey, SignatureAlgorithm } from '../crypto/index.ts';
import { type CorimError, CorimRefusal } from './corim-errors.ts';
import { type At, inTag, itemsAt, mapAt, memberAt, openEmbedded, openItem, refuse, TAG } from './corim-items.ts';
import {
  type CorimAnchor,
  type CorimGeneration,
  type CorimPlatform,
  platformAnchor,
  platformReference,
} from './corim-platform.ts';
import { type CorimRealm, realmReference } from './corim-realm.ts';

/** What CoRIMs of CCA platforms and Realms say. */
export interface CorimContents {
  readonly platforms: readonly CorimPlatform[];
  readonly anchors: readonly CorimAnchor[];
  readonly realms: readonly CorimRealm[];
  /** Of a signed one: what was signed, by which algorithm. Nobody has verified it yet. */
  readonly signature?: CorimSignature;
}

export interface CorimSignature {
  readonly algorithm: SignatureAlgorithm;
  readonly toBeSigned: Uint8Array;
  readonly signature: Uint8Array;
}

export type ParsedCorim = { readonly ok: true; readonly value: CorimContents } | ({ readonly ok: false } & CorimError);

const MAX_BYTES = 1 << 20;
const SIGN1_TAG_BYTE = 0xd2;

const CORIM = { tags: 1, profile: 3 } as const;
const COMID_TRIPLES = 4;
const REFERENCE_TRIPLES = 0;
/** Attester keys stood under another index when the profile before 2025 was in use. */
const ATTESTER_KEYS = { '2025': 3, 'ssd-1': 2 } as const satisfies Record<CorimGeneration, number>;

const PROFILES: ReadonlyMap<string, { readonly of: 'platform' | 'realm'; readonly generation: CorimGeneration }> =
  new Map([
    ['tag:arm.com,2025:cca_platform#1.0.0', { of: 'platform', generation: '2025' }],
    ['tag:arm.com,2025:cca_realm#1.0.0', { of: 'realm', generation: '2025' }],
    ['http://arm.com/cca/ssd/1', { of: 'platform', generation: 'ssd-1' }],
    ['http://arm.com/cca/realm/1', { of: 'realm', generation: 'ssd-1' }],
  ]);

const CONTENT_TYPE = 'application/rim+cbor';

const profileOf = (corim: At<CborMap>) => {
  const given = memberAt(corim, CORIM.profile, 'profile');
  if (given === undefined) return refuse('PROFILE_MISSING', corim.path);
  const [first = given, ...more] = given.item.type === 'array' ? itemsAt(given, 'PROFILE_UNKNOWN') : [given];
  const text = inTag(first.item, TAG.uri) ?? first.item;
  const known = text.type === 'text' && more.length === 0 ? PROFILES.get(text.value) : undefined;
  return known ?? refuse('PROFILE_UNKNOWN', given.path);
};

/** The CoMID that an entry holds: its tag stands around the byte string, or inside it. */
const comidOf = (source: Uint8Array, { item, path }: At): At<CborMap> => {
  const outside = inTag(item, TAG.comid);
  const bytes = outside ?? item;
  if (bytes.type !== 'bytes') return refuse('TAGS', path);
  const inner = openEmbedded(source, bytes, path);
  const content = outside === undefined ? (inTag(inner, TAG.comid) ?? refuse('TAGS', path)) : inner;
  return mapAt({ item: content, path }, 'TAGS');
};

/** Pairs of an environment and a list. */
const pairsAt = (list: At | undefined): readonly (readonly [environment: At<CborMap>, values: readonly At[]])[] =>
  (list === undefined ? [] : itemsAt(list, 'TRIPLES')).map((triple) => {
    const [environment, values] = itemsAt(triple, 'TRIPLES');
    if (environment === undefined || values === undefined) return refuse('TRIPLES', triple.path);
    const path = triple.path;
    return [mapAt({ item: environment.item, path }, 'TRIPLES'), itemsAt({ item: values.item, path }, 'TRIPLES')];
  });

const unsigned = (source: Uint8Array, item: CborItem, crypto: Crypto): CorimContents => {
  const corim = mapAt({ item: inTag(item, TAG.corim) ?? item, path: 'corim' }, 'NOT_CORIM');
  const { of, generation } = profileOf(corim);
  const tags = memberAt(corim, CORIM.tags, 'tags') ?? refuse('TAGS', corim.path);
  const entries = itemsAt({ item: tags.item, path: 'tags' }, 'TAGS');
  const platforms: CorimPlatform[] = [];
  const anchors: CorimAnchor[] = [];
  const realms: CorimRealm[] = [];
  for (const entry of entries) {
    const comid = comidOf(source, entry);
    const triples = memberAt(comid, COMID_TRIPLES, 'triples') ?? refuse('TRIPLES', comid.path);
    const map = mapAt({ item: triples.item, path: entry.path }, 'TRIPLES');
    for (const [environment, values] of pairsAt(memberAt(map, REFERENCE_TRIPLES, 'reference'))) {
      if (of === 'platform') platforms.push(platformReference(environment, values, generation));
      else realms.push(realmReference(environment, values, generation));
    }
    for (const [environment, keys] of pairsAt(memberAt(map, ATTESTER_KEYS[generation], 'attester-keys'))) {
      if (of === 'platform') anchors.push(platformAnchor(environment, keys, generation, crypto));
    }
  }
  if (platforms.length + anchors.length + realms.length === 0) refuse('NOTHING', corim.path);
  return { platforms, anchors, realms };
};

const signed = (bytes: Uint8Array, crypto: Crypto): CorimContents => {
  const decoded = decodeSign1(bytes);
  if (!decoded.ok) return refuse(decoded.error.code === 'NOT_CBOR' ? 'NOT_CBOR' : 'NOT_CORIM', 'corim');
  const { value: sign1 } = decoded;
  const type = headerValue(sign1.protected, HEADER.contentType);
  if (type?.type !== 'text' || type.value !== CONTENT_TYPE) return refuse('CONTENT_TYPE', 'corim');
  const algorithm = signatureAlgorithmOf(sign1.algorithm);
  if (algorithm === undefined || sign1.deviations.length > 0) return refuse('NOT_CORIM', 'corim');
  const { payload, signature, protectedBytes } = sign1;
  return {
    ...unsigned(payload, openItem(payload, 'corim'), crypto),
    signature: { algorithm, toBeSigned: sigStructure(protectedBytes, payload), signature },
  };
};

/**
 * Reads a CoRIM of a CCA platform or Realm, unsigned or signed, in the profile of 2025 or in the one before.
 *
 * Total: any bytes give what it says, or one line that says where it is wrong and how. It is refused whole: what is wrong
 * in one place is not to be trusted in another.
 */
export const parseCorim = (bytes: Uint8Array, crypto: Crypto): ParsedCorim => {
  try {
    if (bytes.length > MAX_BYTES) refuse('TOO_LARGE', 'corim');
    const value =
      bytes[0] === SIGN1_TAG_BYTE ? signed(bytes, crypto) : unsigned(bytes, openItem(bytes, 'corim'), crypto);
    return { ok: true, value };
  } catch (error) {
    if (error instanceof CorimRefusal) return { ok: false, ...error.reason };
    throw error;
  }
};

/** Whether the signature of a signed CoRIM is this key's. */
export const corimSignatureHolds = (
  { algorithm, toBeSigned, signature }: CorimSignature,
  key: PublicKey,
  crypto: Crypto,
): boolean => crypto.isOnCurve(key) && crypto.verify(algorithm, key, toBeSigned, signature);
