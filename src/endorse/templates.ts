import { type Crypto, spkiPem, toBase64, toBase64Url } from '../crypto/index.ts';
import { NAMED_INFORMATION, uuidOf, uuidText } from './corim.ts';
import { CORIM_PROFILES } from './platform-corim.ts';
import type { EndorsementSubject } from './subject.ts';

type Json = Readonly<Record<string, unknown>>;

/** Byte values are standard base64, digests base64url without padding: the templates mix both (endorsements 2). */
const bytes = (value: Uint8Array): Json => ({ type: 'bytes', value: toBase64(value) });

const comidTemplate = (id: Uint8Array, triples: Json): Json => ({
  lang: 'en-GB',
  'tag-identity': { id: uuidText(id), version: 0 },
  entities: [
    { name: 'swcca (simulated)', regid: 'https://swcca.invalid/', roles: ['tagCreator', 'creator', 'maintainer'] },
  ],
  triples,
});

/** The JSON from which CoRIM tools build the same CoMIDs and CoRIMs, in the profile of 2025. */
export const corimTemplates = (
  crypto: Crypto,
  { platform, realm }: EndorsementSubject,
): Readonly<Record<string, Json>> => {
  const platformClass = { class: { id: bytes(platform.implementationId) } };
  const digests = (algorithm: keyof typeof NAMED_INFORMATION, value: Uint8Array) => [
    [NAMED_INFORMATION[algorithm], toBase64Url(value)],
  ];
  const components = platform.components.map(({ type, version, measurement, signerId, algorithm }) => ({
    key: { type: 'string', value: 'cca.software-component' },
    value: {
      cryptokeys: [bytes(signerId)],
      digests: digests(algorithm, measurement),
      ...(type === undefined ? {} : { name: type }),
      ...(version === undefined ? {} : { version: { value: version } }),
    },
  }));
  const config = {
    key: { type: 'string', value: 'cca.platform-config' },
    value: {
      'raw-value': bytes(platform.config),
      'raw-value-mask': toBase64(new Uint8Array(platform.config.length).fill(0xff)),
    },
  };
  const anchor = {
    environment: { ...platformClass, instance: { type: 'ueid', value: toBase64(platform.instanceId) } },
    'verification-keys': [{ type: 'pkix-base64-key', value: spkiPem(platform.cpak).trimEnd() }],
  };
  const register = (name: string, value: Uint8Array) => ({
    key: { type: 'string', value: name },
    value: { digests: digests(realm.hash, value) },
  });
  const realmMeasurements = [
    register('cca.rim', realm.rim),
    ...realm.rems.map((rem, i) => register(`cca.rem${i}`, rem)),
    { key: { type: 'string', value: 'cca.rpv' }, value: { 'raw-value': bytes(realm.rpv) } },
  ];
  const id = (...content: readonly Uint8Array[]) => uuidOf(crypto, ...content);
  const corimTemplate = (profile: string, uuid: Uint8Array): Json => ({
    'corim-id': uuidText(uuid),
    profile: { type: 'uri', value: profile },
    entities: [{ name: 'swcca (simulated)', regid: 'https://swcca.invalid/', roles: ['manifestCreator'] }],
  });
  return {
    'comid-platform-refval.json': comidTemplate(id(platform.implementationId), {
      'reference-values': [{ environment: platformClass, measurements: [...components, config] }],
    }),
    'comid-platform-ta.json': comidTemplate(id(platform.instanceId), { 'attester-verification-keys': [anchor] }),
    'comid-realm-refval.json': comidTemplate(id(realm.rim), {
      'reference-values': [{ environment: { class: { id: bytes(realm.rim) } }, measurements: realmMeasurements }],
    }),
    'corim-platform.json': corimTemplate(
      CORIM_PROFILES['2025'].platform,
      id(platform.implementationId, platform.instanceId),
    ),
    'corim-realm.json': corimTemplate(CORIM_PROFILES['2025'].realm, id(realm.rim, realm.rpv)),
  };
};
