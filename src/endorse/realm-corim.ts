import { type CborValue, sortedMap } from '../cbor/index.ts';
import type { Crypto } from '../crypto/index.ts';
import { comid, corim, digest, environment, intMap, measurement, taggedBytes, uuidOf } from './corim.ts';
import { CORIM_PROFILES, type CorimProfile } from './platform-corim.ts';
import type { EndorsedRealm } from './subject.ts';

const measurements2025 = ({ hash, rim, rems, rpv }: EndorsedRealm): CborValue[] => [
  measurement('cca.rim', { digests: [digest(hash, rim)] }),
  ...rems.map((rem, i) => measurement(`cca.rem${i}`, { digests: [digest(hash, rem)] })),
  measurement('cca.rpv', { rawValue: taggedBytes(rpv) }),
];

/** Before 2025 one measurement without a key held all registers by name. */
const measurementsSsd1 = ({ hash, rim, rems, rpv }: EndorsedRealm): CborValue[] => {
  const registers = new Map<string, CborValue>([
    ['rim', [digest(hash, rim)]],
    ...rems.map((rem, i): [string, CborValue] => [`rem${i}`, [digest(hash, rem)]]),
  ]);
  return [
    measurement(undefined, { rawValue: taggedBytes(rpv), integrityRegisters: sortedMap([...registers.entries()]) }),
  ];
};

/** The CoMID with a Realm's reference values, found by its RIM. */
export const realmReferenceComid = (crypto: Crypto, realm: EndorsedRealm, profile: CorimProfile): Uint8Array => {
  const rim = taggedBytes(realm.rim);
  const env = profile === '2025' ? environment({ class: intMap({ 0: rim }) }) : environment({ instance: rim });
  return comid(uuidOf(crypto, realm.rim, ...realm.rems, realm.rpv), {
    referenceValues: [[env, profile === '2025' ? measurements2025(realm) : measurementsSsd1(realm)]],
  });
};

/** The unsigned CoRIM of a Realm. No key is in it: the RAK is trusted through the platform token. */
export const realmCorim = (crypto: Crypto, realm: EndorsedRealm, profile: CorimProfile = '2025'): Uint8Array => {
  const comids = [realmReferenceComid(crypto, realm, profile)];
  return corim(uuidOf(crypto, ...comids), CORIM_PROFILES[profile].realm, comids);
};
