import { type Crypto, type HashName, spkiPem, toBase64, toBase64Url } from '../crypto/index.ts';
import { ENTITY, NAMED_INFORMATION, uuidOf, uuidText } from './corim.ts';
import { PLATFORM_MKEY, SSD_1_CONFIG_LABEL } from './platform-corim.ts';
import { CORIM_PROFILES, type TemplateProfile } from './profile.ts';
import { REALM_MKEY, realmClassUuid } from './realm-corim.ts';
import type { EndorsedComponent, EndorsedPlatform, EndorsedRealm, EndorsementSubject } from './subject.ts';

type Json = Readonly<Record<string, unknown>>;

/** Byte values are standard base64, digests base64url without padding: the templates mix both (endorsements 2). */
const bytes = (value: Uint8Array): Json => ({ type: 'bytes', value: toBase64(value) });
const string = (value: string): Json => ({ type: 'string', value });

/** Where the two generations of tools want the same things in other words. */
interface Vocabulary {
  readonly digests: (algorithm: HashName, value: Uint8Array) => readonly unknown[];
  readonly platformClass: (platform: EndorsedPlatform) => Json;
  readonly component: (component: EndorsedComponent) => Json;
  readonly config: (config: Uint8Array) => Json;
  readonly realmEnvironment: (crypto: Crypto, realm: EndorsedRealm) => Json;
  readonly realmMeasurements: (realm: EndorsedRealm) => readonly Json[];
  readonly profile: (name: string) => Json;
}

const digests2025: Vocabulary['digests'] = (algorithm, value) => [[NAMED_INFORMATION[algorithm], toBase64Url(value)]];
const digestsSsd1: Vocabulary['digests'] = (algorithm, value) => [`${algorithm};${toBase64(value)}`];

const VOCABULARY = {
  '2025': {
    digests: digests2025,
    platformClass: ({ implementationId }) => ({ id: bytes(implementationId) }),
    component: ({ type, version, measurement, signerId, algorithm }) => ({
      key: string(PLATFORM_MKEY.component),
      value: {
        cryptokeys: [bytes(signerId)],
        digests: digests2025(algorithm, measurement),
        ...(type === undefined ? {} : { name: type }),
        ...(version === undefined ? {} : { version: { value: version } }),
      },
    }),
    config: (config) => ({
      key: string(PLATFORM_MKEY.config),
      value: { 'raw-value': bytes(config), 'raw-value-mask': toBase64(new Uint8Array(config.length).fill(0xff)) },
    }),
    realmEnvironment: (_, { rim }) => ({ class: { id: bytes(rim) } }),
    realmMeasurements: ({ hash, rim, rems, rpv }) => [
      { key: string(REALM_MKEY.rim), value: { digests: digests2025(hash, rim) } },
      ...rems.map((rem, i) => ({ key: string(REALM_MKEY.rem(i)), value: { digests: digests2025(hash, rem) } })),
      { key: string(REALM_MKEY.rpv), value: { 'raw-value': bytes(rpv) } },
    ],
    profile: (name) => ({ profile: { type: 'uri', value: name } }),
  },
  'ssd-1': {
    digests: digestsSsd1,
    platformClass: ({ implementationId }) => ({ id: { type: 'psa.impl-id', value: toBase64(implementationId) } }),
    component: ({ type, version, measurement, signerId, algorithm }) => ({
      key: {
        type: 'psa.refval-id',
        value: {
          ...(type === undefined ? {} : { label: type }),
          ...(version === undefined ? {} : { version }),
          'signer-id': toBase64(signerId),
        },
      },
      value: { digests: digestsSsd1(algorithm, measurement) },
    }),
    config: (config) => ({
      key: { type: 'cca.platform-config-id', value: SSD_1_CONFIG_LABEL },
      value: { 'raw-value': bytes(config) },
    }),
    realmEnvironment: (crypto, realm) => ({
      class: { id: { type: 'uuid', value: uuidText(realmClassUuid(crypto, realm)) }, vendor: ENTITY.name },
      instance: bytes(realm.rim),
    }),
    realmMeasurements: ({ hash, rim, rems, rpv }) => [
      {
        value: {
          'raw-value': bytes(rpv),
          'integrity-registers': Object.fromEntries(
            [rim, ...rems].map((register, i) => [
              i === 0 ? 'rim' : `rem${i - 1}`,
              { 'key-type': 'text', value: digestsSsd1(hash, register) },
            ]),
          ),
        },
      },
    ],
    // Releases until corim v1.1.2 read `profiles`, what came after them reads `profile`; both ignore the other.
    profile: (name) => ({ profiles: [name], profile: name }),
  },
} as const satisfies Readonly<Record<TemplateProfile, Vocabulary>>;

const comidTemplate = (id: Uint8Array, triples: Json): Json => ({
  lang: 'en-GB',
  'tag-identity': { id: uuidText(id), version: 0 },
  entities: [{ ...ENTITY, roles: ['tagCreator', 'creator', 'maintainer'] }],
  triples,
});

/** The JSON from which CoRIM tools build the same CoMIDs and CoRIMs, by file name. */
export const corimTemplates = (
  crypto: Crypto,
  { platform, realm }: EndorsementSubject,
  profile: TemplateProfile = '2025',
): Readonly<Record<string, Json>> => {
  const words: Vocabulary = VOCABULARY[profile];
  const platformClass = { class: words.platformClass(platform) };
  const anchor = {
    environment: { ...platformClass, instance: { type: 'ueid', value: toBase64(platform.instanceId) } },
    'verification-keys': [{ type: 'pkix-base64-key', value: spkiPem(platform.cpak).trimEnd() }],
  };
  const id = (...content: readonly Uint8Array[]) => uuidOf(crypto, ...content);
  const corimTemplate = (name: string, uuid: Uint8Array): Json => ({
    'corim-id': uuidText(uuid),
    ...words.profile(name),
    entities: [{ ...ENTITY, roles: ['manifestCreator'] }],
  });
  const names = CORIM_PROFILES[profile];
  return {
    'comid-platform-refval.json': comidTemplate(id(platform.implementationId), {
      'reference-values': [
        {
          environment: platformClass,
          measurements: [...platform.components.map(words.component), words.config(platform.config)],
        },
      ],
    }),
    'comid-platform-ta.json': comidTemplate(id(platform.instanceId), { 'attester-verification-keys': [anchor] }),
    'comid-realm-refval.json': comidTemplate(id(realm.rim), {
      'reference-values': [
        { environment: words.realmEnvironment(crypto, realm), measurements: words.realmMeasurements(realm) },
      ],
    }),
    'corim-platform.json': corimTemplate(names.platform, id(platform.implementationId, platform.instanceId)),
    'corim-realm.json': corimTemplate(names.realm, id(realm.rim, realm.rpv)),
  };
};
