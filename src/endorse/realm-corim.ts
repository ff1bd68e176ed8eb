import { type CborValue, sortedMap, Tagged } from '../cbor/index.ts';
import type { Crypto } from '../crypto/index.ts';
import {
  CORIM_TAG,
  comid,
  corim,
  digest,
  ENTITY,
  type Measurement,
  type ReferenceTriple,
  taggedBytes,
  uuidOf,
} from './corim.ts';
import { CORIM_PROFILES, type CorimProfile, isSsd1 } from './profile.ts';
import type { EndorsedRealm } from './subject.ts';

/** Keys of the measurements of a Realm, in the profile of 2025. */
export const REALM_MKEY = { rim: 'cca.rim', rem: (index: number) => `cca.rem${index}`, rpv: 'cca.rpv' } as const;

const measurements2025 = ({ hash, rim, rems, rpv }: EndorsedRealm): Measurement[] => [
  { key: REALM_MKEY.rim, value: { digests: [digest(hash, rim)] } },
  ...rems.map((rem, i) => ({ key: REALM_MKEY.rem(i), value: { digests: [digest(hash, rem)] } })),
  { key: REALM_MKEY.rpv, value: { rawValue: taggedBytes(rpv) } },
];

/** Before 2025 one measurement without a key held all registers by name. */
const measurementsSsd1 = ({ hash, rim, rems, rpv }: EndorsedRealm): Measurement[] => {
  const registers = new Map<string, CborValue>([
    ['rim', [digest(hash, rim)]],
    ...rems.map((rem, i): [string, CborValue] => [`rem${i}`, [digest(hash, rem)]]),
  ]);
  return [{ value: { rawValue: taggedBytes(rpv), integrityRegisters: sortedMap([...registers.entries()]) } }];
};

/** The class of all Realms of a vendor before 2025, when the RIM was the instance; here a name for the Realm's CoMID. */
export const realmClassUuid = (crypto: Crypto, realm: EndorsedRealm): Uint8Array => uuidOf(crypto, realm.rim);

/** What a Realm's CoRIM is going to say. */
export type RealmDraft = ReferenceTriple;

/** Everything that is known of the Realm; it is found by its RIM. */
export const realmDraft = (crypto: Crypto, realm: EndorsedRealm, profile: CorimProfile): RealmDraft => {
  const rim = taggedBytes(realm.rim);
  return isSsd1(profile)
    ? {
        environment: {
          classId: new Tagged(CORIM_TAG.uuid, realmClassUuid(crypto, realm)),
          vendor: ENTITY.name,
          instance: rim,
        },
        measurements: measurementsSsd1(realm),
      }
    : { environment: { classId: rim }, measurements: measurements2025(realm) };
};

/** The files that a draft becomes. */
export interface RealmFiles {
  readonly reference: Uint8Array;
  readonly corim: Uint8Array;
}

/** Writes a draft: its CoMID, and the unsigned CoRIM around it. */
export const writeRealm = (
  crypto: Crypto,
  realm: EndorsedRealm,
  draft: RealmDraft,
  profile: CorimProfile,
): RealmFiles => {
  const id = uuidOf(crypto, realm.rim, ...realm.rems, realm.rpv);
  const reference = comid(id, { references: [draft] }, profile);
  return { reference, corim: corim(uuidOf(crypto, reference), CORIM_PROFILES[profile].realm, [reference], profile) };
};

/** The unsigned CoRIM of a Realm. No key is in it: the RAK is trusted through the platform token. */
export const realmCorim = (crypto: Crypto, realm: EndorsedRealm, profile: CorimProfile = '2025'): Uint8Array =>
  writeRealm(crypto, realm, realmDraft(crypto, realm, profile), profile).corim;
