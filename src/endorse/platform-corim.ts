import { type CborValue, Tagged } from '../cbor/index.ts';
import { type Crypto, spkiPem } from '../crypto/index.ts';
import { CORIM_TAG, comid, corim, digest, environment, intMap, measurement, taggedBytes, uuidOf } from './corim.ts';
import type { EndorsedComponent, EndorsedPlatform } from './subject.ts';

/** How the profiles of CCA platforms write the same facts (endorsements 1, 2). */
export type CorimProfile = '2025' | 'ssd-1';

/** Profile names of platform and Realm CoRIMs. */
export const CORIM_PROFILES = {
  '2025': { platform: 'tag:arm.com,2025:cca_platform#1.0.0', realm: 'tag:arm.com,2025:cca_realm#1.0.0' },
  'ssd-1': { platform: 'http://arm.com/cca/ssd/1', realm: 'http://arm.com/cca/realm/1' },
} as const satisfies Record<CorimProfile, { readonly platform: string; readonly realm: string }>;

/** Tags of the profile before 2025: an implementation id, the key of a component, the label of a config. */
const SSD_1_TAG = { implementationId: 600, component: 601, config: 602 } as const;
const SSD_1_CONFIG_LABEL = 'cca platform config';

const component2025 = ({ type, version, measurement: value, signerId, algorithm }: EndorsedComponent): CborValue =>
  measurement('cca.software-component', {
    digests: [digest(algorithm, value)],
    cryptokeys: [taggedBytes(signerId)],
    ...(type === undefined ? {} : { name: type }),
    ...(version === undefined ? {} : { version: intMap({ 0: version }) }),
  });

const componentSsd1 = ({ type, version, measurement: value, signerId, algorithm }: EndorsedComponent): CborValue =>
  measurement(new Tagged(SSD_1_TAG.component, intMap({ 1: type, 4: version, 5: signerId })), {
    digests: [digest(algorithm, value)],
  });

const measurements = (platform: EndorsedPlatform, profile: CorimProfile): CborValue[] =>
  profile === '2025'
    ? [
        ...platform.components.map(component2025),
        measurement('cca.platform-config', {
          rawValue: taggedBytes(platform.config),
          // Every bit counts. The profile asks for a mask; verifiers compare the whole value.
          rawValueMask: new Uint8Array(platform.config.length).fill(0xff),
        }),
      ]
    : [
        ...platform.components.map(componentSsd1),
        measurement(new Tagged(SSD_1_TAG.config, SSD_1_CONFIG_LABEL), { rawValue: taggedBytes(platform.config) }),
      ];

const classOf = (platform: EndorsedPlatform, profile: CorimProfile): CborValue =>
  profile === '2025'
    ? intMap({ 0: taggedBytes(platform.implementationId) })
    : intMap({ 0: new Tagged(SSD_1_TAG.implementationId, platform.implementationId) });

/** The CoMID with the platform's reference values. */
export const platformReferenceComid = (crypto: Crypto, platform: EndorsedPlatform, profile: CorimProfile): Uint8Array =>
  comid(uuidOf(crypto, platform.implementationId, ...platform.components.map((each) => each.measurement)), {
    referenceValues: [[environment({ class: classOf(platform, profile) }), measurements(platform, profile)]],
  });

/** The CoMID with the chip's trust anchor: its CPAK, under its instance id. */
export const platformAnchorComid = (crypto: Crypto, platform: EndorsedPlatform, profile: CorimProfile): Uint8Array => {
  const env = environment({
    class: classOf(platform, profile),
    instance: new Tagged(CORIM_TAG.ueid, platform.instanceId),
  });
  // Libraries compare the text: PEM without the newline at its end.
  const pem = spkiPem(platform.cpak).trimEnd();
  return comid(uuidOf(crypto, platform.implementationId, platform.instanceId), {
    attesterKeys: [[env, [new Tagged(CORIM_TAG.pkixBase64Key, pem)]]],
  });
};

/** The unsigned CoRIM of a platform: reference values and trust anchor. */
export const platformCorim = (
  crypto: Crypto,
  platform: EndorsedPlatform,
  profile: CorimProfile = '2025',
): Uint8Array => {
  const comids = [platformReferenceComid(crypto, platform, profile), platformAnchorComid(crypto, platform, profile)];
  return corim(uuidOf(crypto, ...comids), CORIM_PROFILES[profile].platform, comids);
};
