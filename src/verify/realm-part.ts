import type { CborMap } from '../cbor/index.ts';
import type { Crypto, PublicKey } from '../crypto/index.ts';
import type { Bound } from './binding.ts';
import { type Presence, readClaims } from './claims.ts';
import { VERIFY_CLAIM_LABELS } from './labels.ts';
import { openLayer, type Place, tellAt, within } from './layer.ts';
import { checkMeasurementSizes } from './measurements.ts';
import { INHERITED_REALM, NO_PROFILE, type PlatformProfile, REALM_PROFILES, type RealmProfile } from './profiles.ts';
import { rakFormOf, readRak } from './rak.ts';
import { member, shown } from './readers.ts';
import { REALM_CLAIMS, type RealmClaims } from './realm-claims.ts';
import { openSign1, type SignedClaims } from './sign1.ts';
import type { Embedded, Opened } from './wrapper.ts';

/** The Realm's part of the token as far as it can be read. */
export interface RealmPart {
  readonly signed: SignedClaims | undefined;
  readonly profileName: string;
  readonly profile: RealmProfile | undefined;
  readonly claims: RealmClaims;
  readonly rak: PublicKey | undefined;
  /** What the platform token has to vouch for. */
  readonly bound: Bound;
}

/**
 * The profile that governs the Realm claims: its own, or without one that of the first tokens. Since 2024 a platform
 * profile may describe the Realm claims instead; then the form of the key tells which of the two is meant.
 */
const realmProfileOf = (claims: CborMap, platform: PlatformProfile | undefined, place: Place) => {
  const item = member(claims, VERIFY_CLAIM_LABELS.realm.profile);
  const name = item?.type === 'text' ? item.value : NO_PROFILE;
  if (item === undefined) {
    const rak = member(claims, VERIFY_CLAIM_LABELS.realm.public_key);
    const inherited = platform && INHERITED_REALM[platform.generation];
    const isRaw = rak?.type === 'bytes' && rakFormOf(rak.value) === 'raw';
    if (inherited === undefined || isRaw) return { name, profile: REALM_PROFILES.get(NO_PROFILE) };
    place.tell('PROFILE_INHERITED', place.path);
    return { name: platform?.realms[0] ?? name, profile: inherited };
  }
  const profile = item.type === 'text' && name !== NO_PROFILE ? REALM_PROFILES.get(name) : undefined;
  if (profile === undefined && item.type === 'text') {
    tellAt(within(place, VERIFY_CLAIM_LABELS.realm.profile), item, 'PROFILE_UNKNOWN', { found: shown(name) });
  }
  return { name, profile };
};

const readRealmClaims = (
  map: CborMap,
  platform: PlatformProfile | undefined,
  place: Place,
): Pick<RealmPart, 'profileName' | 'profile' | 'claims'> => {
  const { name, profile } = realmProfileOf(map, platform, place);
  const keyless = platform?.model === 'direct';
  const presenceOf = (claim: string, presence: Presence): Presence => {
    if (keyless && (claim === 'public_key' || claim === 'public_key_hash_algo_id')) return '-';
    // Draft -03 has the text form of the MEC policy and no instance identifier, under the profile of 2024.
    const isDraft03 =
      profile?.generation === '2024' && member(map, VERIFY_CLAIM_LABELS.realm.mec_policy)?.type === 'text';
    return claim === 'instance_id' && presence === 'M' && isDraft03 ? 'O' : presence;
  };
  const claims = readClaims(map, REALM_CLAIMS, profile?.generation ?? '1', place, presenceOf);
  checkMeasurementSizes(claims, place);
  return { profileName: name, profile, claims };
};

const readRealm = (
  { bytes, base }: Embedded,
  platform: PlatformProfile | undefined,
  place: Place,
  crypto: Crypto,
): RealmPart | undefined => {
  const signed = openSign1(bytes, { ...place, base });
  if (signed?.claims === undefined) return undefined;
  const read = readRealmClaims(signed.claims, platform, signed.place);
  const label = VERIFY_CLAIM_LABELS.realm.public_key;
  const content = read.claims.public_key;
  const form = read.profile?.rak ?? (content && rakFormOf(content));
  // Claims are copies: offsets inside this one are not counted in the token.
  const at = { ...within(signed.place, label), base: undefined };
  const rak = content && form && readRak(content, form, signed.algorithm, at, crypto);
  const bound = { bytes: content, algorithm: read.claims.public_key_hash_algo_id };
  return { signed, ...read, rak, bound };
};

const readUnsignedRealm = (
  { bytes, base }: Embedded,
  platform: PlatformProfile | undefined,
  place: Place,
): RealmPart | undefined => {
  const layer = openLayer(bytes, { ...place, base });
  if (layer === undefined) return undefined;
  if (layer.item.type !== 'map') {
    tellAt(layer.place, layer.item, 'CLAIMS_NOT_MAP', { found: layer.item.type });
    return undefined;
  }
  const read = readRealmClaims(layer.item, platform, layer.place);
  return { signed: undefined, ...read, rak: undefined, bound: { bytes, algorithm: read.claims.hash_algo_id } };
};

/** Opens the Realm's part: signed, or unsigned where the platform profile says so. */
export const openRealm = (
  { realm, realmClaims }: Opened,
  platform: PlatformProfile | undefined,
  token: Place,
  crypto: Crypto,
): RealmPart | undefined => {
  const place = { ...token, path: 'realm' };
  const { realm: signedLabel, realm_claims: unsignedLabel } = VERIFY_CLAIM_LABELS.collection;
  if (platform?.model === 'direct') {
    const unsigned = realmClaims?.open();
    if (unsigned !== undefined) return readUnsignedRealm(unsigned, platform, place);
    if (realmClaims === undefined) token.tell('ENTRY_MISSING', `${token.path}/${unsignedLabel}`);
    return undefined;
  }
  if (realm !== undefined) return readRealm(realm, platform, place, crypto);
  if (realmClaims !== undefined) token.tell('ENTRY_MISSING', `${token.path}/${signedLabel}`);
  return undefined;
};
