import { equalBytes } from '../bytes/index.ts';
import type { Crypto, HashName } from '../crypto/index.ts';
import type { Tell } from './findings.ts';
import { VERIFY_CLAIM_LABELS } from './labels.ts';
import type { PlatformClaims } from './platform-claims.ts';
import type { PlatformProfile } from './profiles.ts';
import type { RealmClaims } from './realm-claims.ts';

const LABEL = VERIFY_CLAIM_LABELS.platform;

/** What the platform token has to hold the hash of: the content of claim 44237, or the unsigned Realm claims. */
export interface Bound {
  readonly bytes: Uint8Array | undefined;
  /** Claim 44240 names it for a key, claim 44236 for claims. */
  readonly algorithm: HashName | undefined;
}

/**
 * Checks that the platform token vouches for this Realm token.
 *
 * The bytes are hashed as they stand in the token, never encoded again. The hash stands in claim 10, and in claim 2408
 * since draft -04.
 *
 * @returns whether all that is compared was there.
 */
export const checkBinding = (
  profile: PlatformProfile,
  platform: PlatformClaims,
  { claims: realm, bound: { bytes, algorithm } }: { readonly claims: RealmClaims; readonly bound: Bound },
  crypto: Crypto,
  tell: Tell,
): boolean => {
  const since2026 = profile.generation === '2026';
  const claimed = since2026 ? platform.workload_binding : platform.challenge;
  const label = since2026 ? LABEL.workload_binding : LABEL.challenge;
  if (claimed === undefined || bytes === undefined || algorithm === undefined) return false;
  if (!equalBytes(claimed, crypto.hash(algorithm).digest(bytes))) {
    tell('BINDING_MISMATCH', `platform/${label}`, { algorithm });
  }
  if (profile.model !== 'hesrak') return true;
  if (platform.challenge === undefined || realm.challenge === undefined) return false;
  if (!equalBytes(platform.challenge, realm.challenge)) {
    tell('REALM_CHALLENGE_NOT_BOUND', `platform/${LABEL.challenge}`);
  }
  return true;
};
