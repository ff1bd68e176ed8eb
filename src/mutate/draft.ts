import { concatBytes, toHex, utf8 } from '../bytes/index.ts';
import { decode } from '../cbor/index.ts';
import { ALGORITHM_ID, HEADER, SIGN1_TAG } from '../cose/index.ts';
import { type Crypto, type PublicKey, type SignatureAlgorithm, seededEntropy } from '../crypto/index.ts';
import {
  COLLECTION,
  CONTENT_FORMAT,
  DIALECTS,
  type Dialect,
  type DialectName,
  encodePlatformClaims,
  encodeRealmClaims,
  keyBytes,
  PLATFORM_PROFILES,
} from '../token/index.ts';
import { type BaseToken, basePart, basePlatformClaims, baseRealmClaims } from './base.ts';
import { wireOf } from './from-item.ts';
import { pathOf } from './place.ts';
import { itemAt, replaceAt } from './tree.ts';
import { array, bytes, contentOf, embedded, int, map, type Part, tag, type Wire } from './wire.ts';

/** A form to put a token into before anything else is done to it: a named dialect, single parts of one, or both. */
export interface Form extends Partial<Omit<Dialect, 'name' | 'summary'>> {
  readonly dialect?: DialectName;
}

/** The dialect that a form makes of another. */
export const formed = (dialect: Dialect, { dialect: name, ...parts }: Form): Dialect => ({
  ...(name === undefined ? dialect : DIALECTS[name]),
  ...parts,
});

const itemOf = (encoded: Uint8Array): Wire => {
  const decoded = decode(encoded);
  return decoded.ok ? wireOf(decoded.item) : { type: 'raw', bytes: encoded };
};

/** Claim 44237: a COSE_Key can be changed member by member. */
export const rakWire = (dialect: Pick<Dialect, 'rak' | 'rakOrder'>, key: PublicKey): Wire => {
  const content = keyBytes(dialect.rak, key, dialect.rakOrder);
  return dialect.rak === 'raw' ? bytes(content) : embedded(itemOf(content));
};

const RAK = 'realm/44237';

/** The place of the claim that binds the RAK. */
export const bindingPlace = ({ platformProfile }: Dialect): string => {
  const { claims, binding } = PLATFORM_PROFILES[platformProfile];
  return `platform/${(claims as Readonly<Record<string, { readonly label: number }>>)[binding]?.label}`;
};

const message = (part: Part, algorithm: SignatureAlgorithm, unprotected: Wire, claims: Wire): Wire =>
  tag(
    SIGN1_TAG,
    array(embedded(map([HEADER.alg, int(ALGORITHM_ID[algorithm])])), unprotected, embedded(claims), {
      type: 'signature',
      of: part,
    }),
  );

/** The bytes of a claim of the base, by its place in the draft. */
const bytesAt = (root: Wire, place: string): Uint8Array | undefined => {
  const path = pathOf(root, place);
  const wire = path && itemAt(root, path);
  return wire?.type === 'bytes' || wire?.type === 'embedded' ? contentOf(wire) : undefined;
};

/** A random UEID for a Realm whose RMM did not give it one: the same for the same Realm. */
const realmInstanceId = (crypto: Crypto, { challenge }: BaseToken): Uint8Array =>
  concatBytes(
    Uint8Array.of(1),
    seededEntropy(crypto, concatBytes(utf8('swcca/mutate/realm-instance/'), challenge)).bytes(32),
  );

/** The claims of a part in another form. */
const reformedClaims = (crypto: Crypto, base: BaseToken, dialect: Dialect, rak: PublicKey): Record<Part, Wire> => {
  const realm = baseRealmClaims(base);
  const hash = dialect.rakHash ?? 'sha-256';
  const binding = crypto.hash(hash).digest(keyBytes(dialect.rak, rak, dialect.rakOrder));
  return {
    platform: itemOf(encodePlatformClaims(dialect, { ...basePlatformClaims(base), binding })),
    realm: itemOf(
      encodeRealmClaims(dialect, {
        ...realm,
        public_key: rak,
        public_key_hash_algo_id: hash,
        instance_id: realm.instance_id ?? realmInstanceId(crypto, base),
      }),
    ),
  };
};

/** Drafts of each base by all that decides what they are; a corpus has few of them. */
const drafts = new WeakMap<BaseToken, Map<string, Wire>>();
const KEPT_DRAFTS = 64;

/**
 * The token as items, signatures left open.
 *
 * @param dialect  another than the base's builds the claims anew; with the base's own they stay byte for byte.
 * @param cpak     the key that will sign the platform token, whose hash a kid names.
 */
export const draftOf = (
  crypto: Crypto,
  base: BaseToken,
  dialect: Dialect,
  rak: PublicKey,
  algorithms: Readonly<Record<Part, SignatureAlgorithm>>,
  cpak: PublicKey,
): Wire => {
  const own = dialect === base.dialect;
  const keys = [rak, cpak].map(({ curve, x }) => [curve, toHex(x)]);
  const id = JSON.stringify([own ? '' : dialect, keys, algorithms]);
  const ofBase = drafts.get(base) ?? new Map<string, Wire>();
  drafts.set(base, ofBase);
  const draft = ofBase.get(id) ?? makeDraft(crypto, base, dialect, rak, algorithms, cpak);
  if (ofBase.size < KEPT_DRAFTS) ofBase.set(id, draft);
  return draft;
};

const makeDraft = (
  crypto: Crypto,
  base: BaseToken,
  dialect: Dialect,
  rak: PublicKey,
  algorithms: Readonly<Record<Part, SignatureAlgorithm>>,
  cpak: PublicKey,
): Wire => {
  const parts = { platform: basePart(base.token, 'platform'), realm: basePart(base.token, 'realm') };
  const own = dialect === base.dialect;
  const claims = own
    ? { platform: wireOf(parts.platform.claims), realm: wireOf(parts.realm.claims) }
    : reformedClaims(crypto, base, dialect, rak);
  const kid = map([HEADER.kid, bytes(crypto.hash('sha-256').digest(keyBytes('cose-key', cpak)))]);
  const unprotected = (part: Part): Wire => {
    if (own) return wireOf(parts[part].sign1.unprotected);
    return part === 'platform' && dialect.kid === true ? kid : map();
  };
  const isRecord = dialect.entry === undefined ? dialect.outer === 907 : dialect.entry === 'record';
  const entry = (part: Part): Wire => {
    const content = embedded(message(part, algorithms[part], unprotected(part), claims[part]));
    return isRecord ? array(int(CONTENT_FORMAT.eatCwt), content) : content;
  };
  const root = tag(dialect.outer, map([COLLECTION.platform, entry('platform')], [COLLECTION.realm, entry('realm')]));
  const path = pathOf(root, RAK);
  return path === undefined ? root : replaceAt(root, path, () => rakWire(dialect, rak));
};

/** What has to be hashed to bind the Realm token: the content of claim 44237 as it stands. */
export const boundBytes = (root: Wire): Uint8Array | undefined => bytesAt(root, RAK);

/** What a text claim says, if it is one. */
export const textAt = (root: Wire, place: string): string | undefined => {
  const path = pathOf(root, place);
  const wire = path && itemAt(root, path);
  return wire?.type === 'text' ? new TextDecoder().decode(wire.value) : undefined;
};
