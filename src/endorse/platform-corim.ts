import { type CborValue, Tagged } from '../cbor/index.ts';
import { type Crypto, spkiPem } from '../crypto/index.ts';
import {
  CORIM_TAG,
  comid,
  corim,
  digest,
  intMap,
  type KeyTriple,
  type Measurement,
  type ReferenceTriple,
  taggedBytes,
  uuidOf,
} from './corim.ts';
import { CORIM_PROFILES, type CorimProfile, isSsd1 } from './profile.ts';
import type { EndorsedComponent, EndorsedPlatform } from './subject.ts';

/** Keys of the measurements of a platform, in the profile of 2025. */
export const PLATFORM_MKEY = { component: 'cca.software-component', config: 'cca.platform-config' } as const;

/** Tags of the profile before 2025: an implementation id, the key of a component, the label of a config. */
const SSD_1_TAG = { implementationId: 600, component: 601, config: 602 } as const;
export const SSD_1_CONFIG_LABEL = 'cca platform config';

const component2025 = ({ type, version, measurement, signerId, algorithm }: EndorsedComponent): Measurement => ({
  key: PLATFORM_MKEY.component,
  value: {
    digests: [digest(algorithm, measurement)],
    cryptokeys: [taggedBytes(signerId)],
    ...(type === undefined ? {} : { name: type }),
    ...(version === undefined ? {} : { version: intMap({ 0: version }) }),
  },
});

const componentSsd1 = ({ type, version, measurement, signerId, algorithm }: EndorsedComponent): Measurement => ({
  key: new Tagged(SSD_1_TAG.component, intMap({ 1: type, 4: version, 5: signerId })),
  value: { digests: [digest(algorithm, measurement)] },
});

const measurements = ({ components, config }: EndorsedPlatform, profile: CorimProfile): Measurement[] =>
  isSsd1(profile)
    ? [
        ...components.map(componentSsd1),
        { key: new Tagged(SSD_1_TAG.config, SSD_1_CONFIG_LABEL), value: { rawValue: taggedBytes(config) } },
      ]
    : [
        ...components.map(component2025),
        {
          key: PLATFORM_MKEY.config,
          // Every bit counts. The profile asks for a mask; verifiers compare the whole value.
          value: { rawValue: taggedBytes(config), rawValueMask: new Uint8Array(config.length).fill(0xff) },
        },
      ];

const classOf = (platform: EndorsedPlatform, profile: CorimProfile): CborValue =>
  isSsd1(profile)
    ? new Tagged(SSD_1_TAG.implementationId, platform.implementationId)
    : taggedBytes(platform.implementationId);

/** What a platform's CoRIM is going to say: its reference values, its trust anchor, or neither. */
export interface PlatformDraft {
  readonly reference: ReferenceTriple | undefined;
  readonly anchor: KeyTriple | undefined;
}

/** Everything that is known of the platform: its measurements, and its CPAK under its instance id. */
export const platformDraft = (platform: EndorsedPlatform, profile: CorimProfile): PlatformDraft => {
  const classId = classOf(platform, profile);
  return {
    reference: { environment: { classId }, measurements: measurements(platform, profile) },
    anchor: {
      environment: { classId, instance: new Tagged(CORIM_TAG.ueid, platform.instanceId) },
      // Libraries compare the text: PEM without the newline at its end.
      keys: [new Tagged(CORIM_TAG.pkixBase64Key, spkiPem(platform.cpak).trimEnd())],
    },
  };
};

/** The files that a draft becomes; those that it leaves out are undefined. */
export interface PlatformFiles {
  readonly reference: Uint8Array | undefined;
  readonly anchor: Uint8Array | undefined;
  readonly corim: Uint8Array;
}

/** Writes a draft: its CoMIDs, and the unsigned CoRIM around them. */
export const writePlatform = (
  crypto: Crypto,
  platform: EndorsedPlatform,
  draft: PlatformDraft,
  profile: CorimProfile,
): PlatformFiles => {
  const { implementationId, instanceId, components } = platform;
  const referenceId = uuidOf(crypto, implementationId, ...components.map((each) => each.measurement));
  const reference = draft.reference && comid(referenceId, { references: [draft.reference] }, profile);
  const anchorId = uuidOf(crypto, implementationId, instanceId);
  const anchor = draft.anchor && comid(anchorId, { attesterKeys: [draft.anchor] }, profile);
  const comids = [reference, anchor].filter((each) => each !== undefined);
  return {
    reference,
    anchor,
    corim: corim(uuidOf(crypto, ...comids), CORIM_PROFILES[profile].platform, comids, profile),
  };
};

/** The unsigned CoRIM of a platform: reference values and trust anchor. */
export const platformCorim = (crypto: Crypto, platform: EndorsedPlatform, profile: CorimProfile = '2025'): Uint8Array =>
  writePlatform(crypto, platform, platformDraft(platform, profile), profile).corim;
