import { Bug } from '../bytes/index.ts';
import { encode } from '../cbor/index.ts';
import type { PublicKey, SignatureAlgorithm } from '../crypto/index.ts';
import { type ClaimsOf, claimsMap } from './claim.ts';
import type { Dialect } from './dialect.ts';
import { keyBytes } from './key-form.ts';
import { MEC_POLICIES, type MecPolicy, REALM_ORDERS, REALM_PROFILES, type realmClaims2024 } from './realm-claims.ts';
import { signToken } from './sign.ts';

/** What an RMM says of a Realm, whatever the dialect; what the dialect does not have is left out. */
export interface RealmClaims
  extends Omit<
    ClaimsOf<typeof realmClaims2024>,
    'profile' | 'public_key' | 'instance_id' | 'mec_policy' | 'lfa_policy'
  > {
  /** The RAK. */
  readonly public_key: PublicKey;
  /** 33 bytes: 01, then 32 bytes drawn for this Realm. Needed by dialects that have it. */
  readonly instance_id?: Uint8Array | undefined;
  /** Default: shared. */
  readonly mec_policy?: MecPolicy;
  /** 0 disallows live activation, and is the default. */
  readonly lfa_policy?: 0 | 1;
}

/** The payload of a Realm token in a dialect. */
export const encodeRealmClaims = (dialect: Dialect, claims: RealmClaims): Uint8Array => {
  const { public_key, instance_id, mec_policy = 'shared', lfa_policy = 0, ...rest } = claims;
  if (dialect.realmInstanceId && instance_id === undefined)
    throw new Bug(`${dialect.name}: a Realm has no instance id`);
  const profile = REALM_PROFILES[dialect.realmProfile];
  const mec = { int: MEC_POLICIES.indexOf(mec_policy), text: mec_policy, none: undefined }[dialect.mec];
  return encode(
    claimsMap(profile.claims, REALM_ORDERS[dialect.realmOrder], {
      ...rest,
      public_key: keyBytes(dialect.rak, public_key, dialect.rakOrder),
      profile: profile.value,
      instance_id: dialect.realmInstanceId ? instance_id : undefined,
      mec_policy: mec,
      lfa_policy: dialect.lfaPolicy ? lfa_policy : undefined,
    }),
  );
};

/**
 * Makes a Realm token: a tagged COSE_Sign1 with an empty unprotected header.
 *
 * @param sign  signs bytes with the RAK.
 */
export const buildRealmToken = (
  dialect: Dialect,
  claims: RealmClaims,
  algorithm: SignatureAlgorithm,
  sign: (toBeSigned: Uint8Array) => Uint8Array,
): Uint8Array => signToken(encodeRealmClaims(dialect, claims), algorithm, sign);
