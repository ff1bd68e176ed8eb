import { encode } from '../cbor/index.ts';
import type { SignatureAlgorithm } from '../crypto/index.ts';
import { type ClaimsOf, claim, claimsMap } from './claim.ts';
import type { Dialect } from './dialect.ts';
import {
  type componentClaims2024,
  components,
  PLATFORM_ORDERS,
  PLATFORM_PROFILES,
  type platformClaims2024,
  type platformClaims2026,
} from './platform-claims.ts';
import { signToken } from './sign.ts';

/** A software component: what the profile does not know of it is left out. */
export type SoftwareComponent = ClaimsOf<typeof componentClaims2024>;

/** What a platform says of itself, whatever the profile; what the profile does not have is left out. */
export type PlatformClaims = Omit<
  ClaimsOf<typeof platformClaims2024> & ClaimsOf<typeof platformClaims2026>,
  'challenge' | 'workload_binding' | 'profile' | 'client_id'
> & {
  /** Hash of the RAK: claim 10 or claim 2408, as the profile has it. */
  readonly binding: Uint8Array;
};

/** The one client of a platform token: the Realm Management security domain (token 4, 2394). */
const CLIENT_RMSD = 1;

/** The payload of a platform token in a dialect. */
export const encodePlatformClaims = (dialect: Dialect, { binding, ...claims }: PlatformClaims): Uint8Array => {
  const profile = PLATFORM_PROFILES[dialect.platformProfile];
  const { label, doc } = profile.claims.sw_components;
  const sw_components = claim(label, components(profile.component, dialect.componentOrder), doc);
  return encode(
    claimsMap({ ...profile.claims, sw_components }, PLATFORM_ORDERS[dialect.platformOrder], {
      ...claims,
      profile: profile.value,
      client_id: CLIENT_RMSD,
      [profile.binding]: binding,
    }),
  );
};

/**
 * Makes a platform token: a tagged COSE_Sign1 with an empty unprotected header.
 *
 * @param sign  signs bytes with the CPAK.
 */
export const buildPlatformToken = (
  dialect: Dialect,
  claims: PlatformClaims,
  algorithm: SignatureAlgorithm,
  sign: (toBeSigned: Uint8Array) => Uint8Array,
): Uint8Array => signToken(encodePlatformClaims(dialect, claims), algorithm, sign);
