import type { CborMap } from '../cbor/index.ts';
import { type Presence, readClaims } from './claims.ts';
import { VERIFY_CLAIM_LABELS } from './labels.ts';
import { type Place, tellAt, within } from './layer.ts';
import { PLATFORM_CLAIMS, type PlatformClaims } from './platform-claims.ts';
import { PLATFORM_PROFILES, type PlatformProfile } from './profiles.ts';
import { member, shown } from './readers.ts';
import { openSign1, type SignedClaims } from './sign1.ts';
import type { Embedded } from './wrapper.ts';

const PROFILE = VERIFY_CLAIM_LABELS.platform.profile;

/** Taken when the profile is missing or unknown, so that the other claims are looked at all the same. */
const FALLBACK_PLATFORM: PlatformProfile = { generation: '1', model: 'delegated', extension: false, realms: [] };

/** The profile claim if it is a text. Whether it must be there is the claim table's business. */
const profileOf = (claims: CborMap): string | undefined => {
  const item = member(claims, PROFILE);
  return item?.type === 'text' ? item.value : undefined;
};

/** The platform token as far as it can be read. */
export interface PlatformPart {
  readonly signed: SignedClaims;
  readonly profile: PlatformProfile | undefined;
  readonly claims: PlatformClaims;
}

/** Reads the platform token and checks its claims against its profile. */
export const readPlatform = ({ bytes, base }: Embedded, place: Place): PlatformPart | undefined => {
  const signed = openSign1(bytes, { ...place, base });
  if (signed?.claims === undefined) return signed && { signed, profile: undefined, claims: {} };
  const at = signed.place;
  const name = profileOf(signed.claims);
  const profile = name === undefined ? undefined : PLATFORM_PROFILES.get(name);
  if (name !== undefined && profile === undefined) {
    const item = member(signed.claims, PROFILE);
    if (item !== undefined) tellAt(within(at, PROFILE), item, 'PROFILE_UNKNOWN', { found: shown(name) });
  }
  const { generation, model, extension } = profile ?? FALLBACK_PLATFORM;
  const presenceOf = (claim: string, presence: Presence): Presence =>
    claim === 'challenge' && model === 'hesrak' ? 'M' : presence;
  const claims = readClaims(signed.claims, PLATFORM_CLAIMS, generation, at, presenceOf);
  const label = VERIFY_CLAIM_LABELS.platform.extension;
  const early = generation === '2026' && !extension ? member(signed.claims, label) : undefined;
  if (early !== undefined) tellAt(within(at, label), early, 'CLAIM_OF_OTHER_REVISION', { expected: '2.1.0 or later' });
  return { signed, profile, claims };
};
