import type { Crypto } from '../../crypto/index.ts';
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

/** Signs the claims with the RAK. */
export const signRealmToken = (crypto: Crypto, keys: AttestationKeys, claims: Uint8Array): Uint8Array =>
  signToken(claims, 'ES384', (toBeSigned) => crypto.sign('ES384', keys.rak, toBeSigned));

export const wholeToken = (dialect: Dialect, keys: AttestationKeys, realmToken: Uint8Array): Uint8Array =>
  ccaToken(keys.platformToken, realmToken, dialect.outer);
