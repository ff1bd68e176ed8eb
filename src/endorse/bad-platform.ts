import { Bug, utf8 } from '../bytes/index.ts';
import { Tagged } from '../cbor/index.ts';
import type { Crypto, PublicKey } from '../crypto/index.ts';
import {
  badForms,
  flipped,
  inAnchor,
  inMeasurements,
  inReference,
  without,
  withoutMeasurements,
  withValue,
} from './bad.ts';
import { CORIM_TAG, intMap, type Measurement, taggedBytes } from './corim.ts';
import { PLATFORM_MKEY } from './platform-corim.ts';
import type { EndorsedComponent, EndorsedPlatform, EndorsementSubject } from './subject.ts';

const { component: COMPONENT, config: CONFIG } = PLATFORM_MKEY;

const inPlatform =
  (edit: (platform: EndorsedPlatform, crypto: Crypto) => Partial<EndorsedPlatform>) =>
  (good: EndorsementSubject, crypto: Crypto): EndorsementSubject => ({
    ...good,
    platform: { ...good.platform, ...edit(good.platform, crypto) },
  });

/** Changes the last component: mostly the RMM, or what it loaded. */
const inLast = (edit: (component: EndorsedComponent) => EndorsedComponent) =>
  inPlatform(({ components }) => ({
    components: components.map((each, i) => (i === components.length - 1 ? edit(each) : each)),
  }));

/** A key that belongs to nobody: the scalar is public. */
const strangersKey = ({ curve, x }: PublicKey, crypto: Crypto): PublicKey => {
  const scalar = new Uint8Array(x.length);
  scalar[scalar.length - 1] = 7;
  const key = crypto.publicKey({ curve, scalar });
  if (key === undefined) throw new Bug('the scalar 7 is in range');
  return key;
};

const inFirst = (edit: (measurement: Measurement) => Measurement) =>
  inReference(inMeasurements(COMPONENT, edit, { first: true }));

const mkey = (key: Measurement['key']) => inFirst(({ value }) => ({ ...(key === undefined ? {} : { key }), value }));

/** A certificate of nobody, which signed itself; it was made for this place and its key was thrown away. */
const CERTIFICATE = [
  '-----BEGIN CERTIFICATE-----',
  'MIIBczCCARqgAwIBAgIBATAKBggqhkjOPQQDAjAYMRYwFAYDVQQDDA1zd2NjYS5p',
  'bnZhbGlkMCAXDTI2MTEyNDA3NTE0MFoYDzIxMjYxMDMxMDc1MTQwWjAYMRYwFAYD',
  'VQQDDA1zd2NjYS5pbnZhbGlkMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEFdQD',
  'kLmAi3+Ujb5Oe9y2kJIssHz9p5aABV2gkacwDXmO7TSknUSglTc9e+S2KoY3zuUM',
  'pr6D52NvqUtDgb2JTaNTMFEwHQYDVR0OBBYEFGBfCYmAAddgH+UWVuYkcLzBxypB',
  'MB8GA1UdIwQYMBaAFGBfCYmAAddgH+UWVuYkcLzBxypBMA8GA1UdEwEB/wQFMAMB',
  'Af8wCgYIKoZIzj0EAwIDRwAwRAIgNVX5OH7dcNsXo1WbA2LjB8V5jr3gmMIq1C+F',
  '4bhMzxMCIEoyg76XkoNtODDbuPmF0p6hDovjuTBqfnGJdcuHkSqW',
  '-----END CERTIFICATE-----',
].join('\n');
/** Version schemes of CoSWID: semantic versioning. */
const SCHEME_SEMVER = 16384;

const UNMATCHED = { platform: { hardware: 97 }, realm: { all: 0 } } as const;
const NO_ANCHOR = { problem: 'no trust anchor for evidence' } as const;

/** Wrong endorsements of a platform. */
export const BAD_PLATFORM = badForms({
  'platform-bad-no-class': {
    file: 'platform',
    class: 'load',
    says: 'the reference values name no class, so no implementation id',
    error: 'environment.class is required',
    platform: inReference((triple) => ({ ...triple, environment: { instance: taggedBytes(utf8('no class')) } })),
  },
  'platform-bad-impl-id': {
    file: 'platform',
    class: 'load',
    says: 'the implementation id has 31 bytes, not 32',
    error: 'implementation-id',
    platform: inReference((triple) => ({
      ...triple,
      environment: { classId: taggedBytes(new Uint8Array(31).fill(1)) },
    })),
  },
  'platform-bad-ta-no-instance': {
    file: 'platform',
    class: 'load',
    says: 'the trust anchor names no instance',
    error: 'environment.instance (instance-id) is required',
    platform: inAnchor(({ environment: { instance: _, ...environment }, ...rest }) => ({ ...rest, environment })),
  },
  'platform-bad-ta-instance': {
    file: 'platform',
    class: 'load',
    says: 'the instance of the trust anchor is a byte string, not a UEID',
    error: "instance-id must be of type 'ueid', got 'bytes'",
    platform: inAnchor(({ environment, keys }) => ({
      environment: { ...environment, instance: taggedBytes(new Uint8Array(33).fill(1)) },
      keys,
    })),
  },
  'platform-bad-ta-ueid': {
    file: 'platform',
    class: 'load',
    says: 'the instance of the trust anchor is a UEID of another kind than random (its first byte is not 0x01)',
    error: 'instance-id',
    platform: inAnchor(({ environment, keys }) => ({
      environment: { ...environment, instance: new Tagged(CORIM_TAG.ueid, new Uint8Array(33).fill(2)) },
      keys,
    })),
  },
  'platform-bad-ta-cert': {
    file: 'platform',
    class: 'load',
    says: 'the trust anchor is a certificate, not a key',
    error: "verification-key must be of type 'pkix-base64-key', got 'pkix-base64-cert'",
    platform: inAnchor((triple) => ({ ...triple, keys: [new Tagged(CORIM_TAG.pkixBase64Cert, CERTIFICATE)] })),
  },
  'platform-bad-ta-no-key': {
    file: 'platform',
    class: 'load',
    says: 'the trust anchor has no key',
    error: 'no keys to validate',
    platform: inAnchor((triple) => ({ ...triple, keys: [] })),
  },
  'platform-bad-ta-two-keys': {
    file: 'platform',
    class: 'load',
    says: 'the trust anchor has two keys',
    error: 'verification-keys must contain exactly one entry',
    platform: inAnchor(({ keys, ...rest }) => ({ ...rest, keys: [...keys, ...keys] })),
  },
  'platform-bad-refval-no-mkey': {
    file: 'platform',
    class: 'load',
    says: 'a measurement has no key',
    error: 'mkey is mandatory but not set',
    platform: mkey(undefined),
  },
  'platform-bad-refval-mkey': {
    file: 'platform',
    class: 'load',
    says: 'the key of a measurement is a number',
    error: "mkey must be of type 'string', got 'uint'",
    platform: mkey(1),
  },
  'platform-bad-refval-mkey-string': {
    file: 'platform',
    class: 'load',
    says: 'the key of a measurement is unknown to the profile',
    error: 'invalid mkey "cca.bad-component"',
    platform: mkey('cca.bad-component'),
  },
  'platform-bad-refval-cryptokeys': {
    file: 'platform',
    class: 'load',
    says: 'the signer of a component is a thumbprint, not a byte string',
    error: "cryptokeys (signer-id) must be of type 'bytes'",
    platform: inFirst(withValue({ cryptokeys: [new Tagged(CORIM_TAG.thumbprint, [1, new Uint8Array(32)])] })),
  },
  'platform-bad-refval-signer-size': {
    file: 'platform',
    class: 'load',
    says: 'the signer of a component has 20 bytes',
    error: 'cryptokeys',
    platform: inFirst(withValue({ cryptokeys: [taggedBytes(new Uint8Array(20))] })),
  },
  'platform-bad-refval-no-digests': {
    file: 'platform',
    class: 'load',
    says: 'a component has no digest',
    error: 'digests field is mandatory but not set',
    platform: inFirst(without('digests')),
  },
  'platform-bad-refval-digest-size': {
    file: 'platform',
    class: 'load',
    says: 'the digest of a component has 31 bytes',
    error: 'digest at index 0',
    platform: inFirst(withValue({ digests: [[1, new Uint8Array(31)]] })),
  },
  'platform-bad-refval-version-scheme': {
    file: 'platform',
    class: 'load',
    says: 'the version of a component names a version scheme',
    error: 'version-scheme',
    platform: inFirst(withValue({ version: intMap({ 0: '1.0.0', 1: SCHEME_SEMVER }) })),
  },
  'platform-bad-refval-no-component': {
    file: 'platform',
    class: 'load',
    says: 'there is no software component',
    error: 'at least one software component measurement is required',
    platform: inReference(withoutMeasurements(COMPONENT)),
  },
  'platform-bad-refval-no-raw-value': {
    file: 'platform',
    class: 'load',
    says: 'the configuration has no value',
    error: 'raw-value is mandatory for cca.platform-config',
    platform: inReference(inMeasurements(CONFIG, without('rawValue'))),
  },
  'platform-bad-refval-no-mask': {
    file: 'platform',
    class: 'load',
    says: 'the configuration has no mask',
    error: 'raw-value-mask is mandatory for cca.platform-config',
    platform: inReference(inMeasurements(CONFIG, without('rawValueMask'))),
  },
  'platform-bad-refval-two-configs': {
    file: 'platform',
    class: 'load',
    says: 'there are two configurations',
    error: 'only one platform-config measurement allowed',
    platform: inReference((triple) => ({
      ...triple,
      measurements: [...triple.measurements, ...triple.measurements.filter(({ key }) => key === CONFIG)],
    })),
  },

  'platform-no-anchor': {
    file: 'platform',
    class: 'anchor',
    says: 'the trust anchor is left out',
    veraison: NO_ANCHOR,
    platform: ({ reference }) => ({ reference, anchor: undefined }),
  },
  'platform-wrong-instance': {
    file: 'platform',
    class: 'anchor',
    says: 'the trust anchor belongs to another instance',
    veraison: NO_ANCHOR,
    ccatoken: { platform: { instance_identity: 2, hardware: 2 }, realm: { instance_identity: 0, executables: 2 } },
    subject: inPlatform(({ instanceId }) => ({ instanceId: flipped(instanceId) })),
  },
  'platform-wrong-implementation': {
    file: 'platform',
    class: 'anchor',
    says: 'everything is said of another implementation',
    veraison: NO_ANCHOR,
    ccatoken: UNMATCHED,
    subject: inPlatform(({ implementationId }) => ({ implementationId: flipped(implementationId) })),
  },
  'platform-wrong-key': {
    file: 'platform',
    class: 'anchor',
    says: "the trust anchor is somebody else's key",
    veraison: { problem: 'unable to verify platform token: verification error' },
    ccatoken: {
      platform: { instance_identity: 2, storage_opaque: 99 },
      realm: { instance_identity: 0, executables: 2 },
    },
    subject: inPlatform(({ cpak }, crypto) => ({ cpak: strangersKey(cpak, crypto) })),
  },

  'platform-wrong-digest': {
    file: 'platform',
    class: 'appraisal',
    says: 'the digest of the last component differs in one bit',
    veraison: { platform: { executables: 33 } },
    ccatoken: UNMATCHED,
    subject: inLast((last) => ({ ...last, measurement: flipped(last.measurement) })),
  },
  'platform-wrong-version': {
    file: 'platform',
    class: 'tolerated',
    says: 'the version of the last component is another one; CoRIMs for Veraison name none',
    ccatoken: UNMATCHED,
    subject: inLast((last) => ({ ...last, version: `${last.version ?? '0'}-other` })),
  },
  'platform-wrong-type': {
    file: 'platform',
    class: 'appraisal',
    says: 'the type of the last component is another one',
    veraison: { platform: { executables: 33 } },
    ccatoken: UNMATCHED,
    subject: inLast((last) => ({ ...last, type: `${last.type ?? ''}_OTHER` })),
  },
  'platform-missing-component': {
    file: 'platform',
    class: 'appraisal',
    says: 'the last component is left out',
    veraison: { platform: { executables: 33 } },
    ccatoken: UNMATCHED,
    subject: inPlatform(({ components }) => ({ components: components.slice(0, -1) })),
  },
  'platform-wrong-config': {
    file: 'platform',
    class: 'appraisal',
    says: 'the configuration differs in one bit',
    veraison: { platform: { configuration: 32 } },
    ccatoken: UNMATCHED,
    subject: inPlatform(({ config }) => ({ config: config.length === 0 ? Uint8Array.of(1) : flipped(config) })),
  },
  'platform-no-config': {
    file: 'platform',
    class: 'appraisal',
    says: 'the configuration is left out, so that none can be equal',
    veraison: { platform: { configuration: 32 } },
    platform: inReference(withoutMeasurements(CONFIG)),
  },
  'platform-two-digests': {
    file: 'platform',
    class: 'appraisal',
    says: 'a component has two digests, which the draft allows and the appraisal does not',
    veraison: { problem: 'expected exactly 1 digest in measurement; found 2' },
    platform: inFirst(withValue(({ digests = [] }) => ({ digests: [...digests, [8, new Uint8Array(64).fill(0xa5)]] }))),
  },

  'platform-wrong-signer': {
    file: 'platform',
    class: 'tolerated',
    says: 'the signer of the last component is another one, which Veraison does not compare',
    veraison: { platform: { executables: 2, configuration: 2 } },
    ccatoken: UNMATCHED,
    subject: inLast((last) => ({ ...last, signerId: flipped(last.signerId) })),
  },
  'platform-other-order': {
    file: 'platform',
    class: 'tolerated',
    says: 'components stand in another order, which only list comparison sees',
    veraison: { platform: { executables: 2, configuration: 2 } },
    ccatoken: UNMATCHED,
    subject: inPlatform(({ components }) => ({ components: [...components].reverse() })),
  },
  'platform-extra-component': {
    file: 'platform',
    class: 'tolerated',
    says: 'a component is listed that the token does not have',
    veraison: { platform: { executables: 2, configuration: 2 } },
    ccatoken: UNMATCHED,
    subject: inPlatform(({ components }) => ({
      components: [
        ...components,
        {
          type: 'EXTRA',
          version: '0',
          measurement: new Uint8Array(32).fill(0xee),
          signerId: new Uint8Array(32).fill(0xee),
          algorithm: 'sha-256',
        },
      ],
    })),
  },
});
