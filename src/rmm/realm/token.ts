import { type Crypto, HASH_OF, type PrivateKey } from '../../crypto/index.ts';
import { ccaToken, type Dialect, encodeRealmClaims, signToken } from '../../token/index.ts';
import type { AttestationKeys } from '../attestation-keys.ts';
import { HASH_NAME } from '../model/measurement.ts';
import type { Realm } from '../model/realm.ts';

/** Measurements leave the RMM as long as the digest, not as wide as the slot. */
const exported = (measurement: Uint8Array, size: number): Uint8Array => measurement.slice(0, size);

/** The claims of a Realm as they stand: what RSI_ATTESTATION_TOKEN_INIT fixes (rsi 3.2). */
export const realmClaims = (
  crypto: Crypto,
  dialect: Dialect,
  keys: AttestationKeys,
  realm: Realm,
  challenge: Uint8Array,
): Uint8Array => {
  const hash = HASH_NAME[realm.hash_algo];
  const { size } = crypto.hash(hash);
  const [rim, ...rems] = realm.measurements;
  return encodeRealmClaims(dialect, {
    challenge,
    personalization_value: realm.rpv,
    hash_algo_id: hash,
    public_key: keys.rakPublic,
    initial_measurement: exported(rim, size),
    extensible_measurements: rems.map((rem) => exported(rem, size)),
    public_key_hash_algo_id: keys.hash,
    instance_id: realm.instance_id,
  });
};

/** Algorithm of Realm tokens, hard-coded in every RMM (token 2). */
const REALM_ALGORITHM = 'ES384';

/** Bytes that are reserved for the signature of a Realm token: r‖s on P-384. */
export const REALM_SIGNATURE_SIZE = 96;

/** Signs the claims with the RAK. */
export const signRealmToken = (crypto: Crypto, rak: PrivateKey, claims: Uint8Array): Uint8Array =>
  signToken(claims, REALM_ALGORITHM, (toBeSigned) => crypto.sign(REALM_ALGORITHM, rak, toBeSigned));

/** What somebody else has to sign: the digest of the Sig_structure. */
export const realmTokenDigest = (crypto: Crypto, claims: Uint8Array): Uint8Array => {
  let digest = new Uint8Array();
  signToken(claims, REALM_ALGORITHM, (toBeSigned) => {
    digest = Uint8Array.from(crypto.hash(HASH_OF[REALM_ALGORITHM]).digest(toBeSigned));
    return digest;
  });
  return digest;
};

/** The claims with a signature that somebody else made, whatever it is. */
export const signedRealmToken = (claims: Uint8Array, signature: Uint8Array): Uint8Array =>
  signToken(claims, REALM_ALGORITHM, () => signature);

export const wholeToken = (dialect: Dialect, keys: AttestationKeys, realmToken: Uint8Array): Uint8Array =>
  ccaToken(keys.platformToken, realmToken, dialect.outer, undefined, dialect.entry);
