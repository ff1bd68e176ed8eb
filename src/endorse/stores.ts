import { toHex } from '../bytes/index.ts';
import { publicJwk, toBase64 } from '../crypto/index.ts';
import type { EndorsementSubject } from './subject.ts';

type Json = Readonly<Record<string, unknown>>;

/** Trust anchors of rust-ccatoken and Trustee: the CPAK, found by instance id (endorsements 5). */
export const trustAnchorStore = ({ platform }: EndorsementSubject): readonly Json[] => [
  {
    pkey: publicJwk(platform.cpak),
    'implementation-id': toHex(platform.implementationId),
    'instance-id': toHex(platform.instanceId),
  },
];

/** Reference values of rust-ccatoken and Trustee. Components stand in the token's order, which is compared. */
export const referenceValueStore = ({ platform, realm }: EndorsementSubject): Json => ({
  platform: [
    {
      'implementation-id': toHex(platform.implementationId),
      'platform-configuration': toHex(platform.config),
      'sw-components': platform.components.map(({ type, version, measurement, signerId }) => ({
        'measurement-value': toHex(measurement),
        'signer-id': toHex(signerId),
        ...(version === undefined ? {} : { version }),
        ...(type === undefined ? {} : { 'component-type': type }),
      })),
    },
  ],
  realm: [
    {
      'initial-measurement': toHex(realm.rim),
      'rak-hash-algorithm': 'sha-256',
      'extensible-measurements': realm.rems.map(toHex),
      'personalization-value': toHex(realm.rpv),
    },
  ],
});

/** Configuration of Trustee's local CCA verifier, for stores at these paths. */
export const trusteeConfig = (taStore: string, rvStore: string): Json => ({
  'cca-verifier': { type: 'local', 'ta-store': taStore, 'rv-store': rvStore },
});

/** What Trustee's default policy asks its RVPS for. */
export const trusteeReferenceValues = ({ realm }: EndorsementSubject): Json => ({
  'cca.realm.cca-realm-initial-measurement': [toBase64(realm.rim)],
});

/** Evidence as a Trustee client submits it. */
export const trusteeEvidence = (token: Uint8Array): Json => ({ token: [...token] });
