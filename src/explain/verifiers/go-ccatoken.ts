import { equalBytes } from '../../bytes/index.ts';
import type { PublicKey } from '../../crypto/index.ts';
import { goText, isNull, readStruct } from '../go-cbor.ts';
import { type GoSign1, goKey, goVerify } from '../go-sign1.ts';
import { LABEL, PROFILE, quoted } from '../items.ts';
import type { Model, Rule } from '../rule.ts';
import { isRaw, platformRules, rawKey, realmRules } from './go-claims.ts';
import { EVIDENCE, errorOf, outerOfNext, outerOfRelease, prefixed } from './go-outer.ts';
import { contentOf, type GoView, openGo } from './go-view.ts';

const { platform: P, realm: R } = LABEL;

const DECODING = 'decoding of CCA evidence failed: ';
const SIGN1 = `${DECODING}failed CBOR decoding for CWT: `;
const PLATFORM_CLAIMS = `${DECODING}failed CBOR decoding of CCA platform claims: `;
const REALM_CLAIMS = `${DECODING}failed CBOR decoding of CCA realm claims: `;

const PSA_PROFILES = ['', 'PSA_IOT_PROFILE_1', 'http://arm.com/psa/2.0.0', 'tag:psacertified.org,2023:psa#tfm'];
const CCA_PROFILES: readonly string[] = [PROFILE.legacy, PROFILE.platform2023];

/** The profile as text, before it is read as a URL; a token without one is taken for one of PSA. */
const selectedProfile = ({ platformItem: item }: GoView): string | undefined => {
  const inner = 'error' in item ? undefined : contentOf(item);
  if (inner === undefined) return undefined;
  if (isNull(inner)) return '';
  if (inner.type !== 'map') return undefined;
  const { fields, error } = readStruct(inner, { [P.profile]: goText });
  return error === undefined ? (fields[P.profile] ?? '') : undefined;
};

const DECODED_AS_PSA = `${PLATFORM_CLAIMS}…`;

const decodeRules: readonly Rule<GoView>[] = [
  {
    id: 'collection',
    stage: 'decode',
    says: 'the collection is a map, and its entries have the form that goes with the tag',
    refuses: ({ collection, entries }) =>
      collection?.type !== 'map' && !(collection !== undefined && isNull(collection))
        ? `${EVIDENCE}cbor: cannot unmarshal …`
        : prefixed(EVIDENCE, entries.error),
  },
  {
    id: 'platform-token',
    stage: 'decode',
    says: 'there is a platform token',
    refuses: ({ entries }) => (entries.platform === undefined ? 'CCA platform token not set' : undefined),
  },
  {
    id: 'realm-token',
    stage: 'decode',
    says: 'there is a Realm token',
    refuses: ({ entries }) => (entries.realm === undefined ? 'CCA realm token not set' : undefined),
  },
  {
    id: 'platform-sign1',
    stage: 'decode',
    says: 'the platform token is a tagged COSE_Sign1',
    refuses: ({ platformSign1 }) => prefixed(SIGN1, errorOf(platformSign1)),
  },
  {
    id: 'platform-profile',
    stage: 'decode',
    says: 'the platform profile is that of 2022 or of 2023',
    refuses: (view) => {
      if ('error' in view.platformSign1) return undefined;
      if ('error' in view.platformItem) return `${PLATFORM_CLAIMS}${view.platformItem.error}`;
      const profile = selectedProfile(view);
      if (profile === undefined) return `${PLATFORM_CLAIMS}…`;
      if (CCA_PROFILES.includes(profile)) return undefined;
      return PSA_PROFILES.includes(profile) ? DECODED_AS_PSA : `${PLATFORM_CLAIMS}unknown profile: ${quoted(profile)}`;
    },
  },
  {
    id: 'platform-claims',
    stage: 'decode',
    says: 'platform claims have the types that they should have',
    refuses: ({ platform }) => (platform.error === undefined ? undefined : `${PLATFORM_CLAIMS}…`),
  },
  {
    id: 'realm-sign1',
    stage: 'decode',
    says: 'the Realm token is a tagged COSE_Sign1',
    refuses: ({ realmSign1 }) => prefixed(SIGN1, errorOf(realmSign1)),
  },
  {
    id: 'realm-claims',
    stage: 'decode',
    says: 'Realm claims have the types that they should have',
    refuses: ({ realm }) => (realm.error === undefined ? undefined : `${REALM_CLAIMS}…`),
  },
];

/** Signatures are checked of messages that were read already. */
const asSign1 = (read: GoView['platformSign1']): GoSign1 => read as GoSign1;

const realmKey = (view: GoView): PublicKey | undefined => {
  const bytes = view.realm.fields[R.key] ?? new Uint8Array();
  if (isRaw(view)) return rawKey(view, bytes);
  const read = goKey(bytes);
  return read.state === 'key' ? read.key : undefined;
};

const BINDING_HASHES = ['sha-256', 'sha-384', 'sha-512'] as const;

const bindingProblem = ({ platform, realm, input }: GoView): string | undefined => {
  const name = realm.fields[R.keyHash] ?? '';
  const mismatch = 'platform nonce does not match RAK hash';
  // 28 bytes are never a platform challenge.
  if (name === 'sha-224') return mismatch;
  const hash = BINDING_HASHES.find((each) => each === name);
  if (hash === undefined)
    return `computing binder: mapping RAK hash algorithm: hash algorithm ${quoted(name)} not known`;
  const binder = input.crypto.hash(hash).digest(realm.fields[R.key] ?? new Uint8Array());
  const [challenge] = platform.fields[P.challenge] ?? [];
  return challenge !== undefined && equalBytes(challenge, binder) ? undefined : mismatch;
};

const verifyRules: readonly Rule<GoView>[] = [
  {
    id: 'platform-signature',
    stage: 'verify',
    says: 'the platform token is signed by the platform attestation key',
    refuses: ({ platformSign1, input: { key, crypto } }) =>
      key === undefined
        ? undefined
        : prefixed('unable to verify platform token: ', goVerify(asSign1(platformSign1), key, crypto)),
  },
  {
    id: 'realm-profile',
    stage: 'verify',
    says: 'the Realm profile is absent or that of 2023',
    refuses: ({ realm }) => {
      const profile = realm.fields[R.profile];
      return profile === undefined || profile === PROFILE.realm1
        ? undefined
        : `extracting realm profile: wrong profile: expecting ${quoted(PROFILE.realm1)}, got …`;
    },
  },
  {
    id: 'realm-key-usable',
    stage: 'verify',
    says: 'the Realm attestation key has a known curve and both coordinates',
    refuses: (view) => (realmKey(view) === undefined ? 'decoding RAK: …' : undefined),
  },
  {
    id: 'realm-signature',
    stage: 'verify',
    says: 'the Realm token is signed by the Realm attestation key',
    refuses: (view) => {
      const key = realmKey(view);
      return (
        key && prefixed('unable to verify realm token: ', goVerify(asSign1(view.realmSign1), key, view.input.crypto))
      );
    },
  },
  {
    id: 'binding',
    stage: 'verify',
    says: 'the platform challenge is the hash of the Realm attestation key',
    refuses: (view) => prefixed('binding verification failed: ', bindingProblem(view)),
  },
];

/** The checks of a version, by how it looks at what stands around the collection. */
const goRules = (outer: readonly Rule<GoView>[]): readonly Rule<GoView>[] => [
  ...outer,
  ...decodeRules,
  ...platformRules,
  ...realmRules,
  ...verifyRules,
];

/** The release that everybody gets. */
export const goCcatoken: Model<GoView> = {
  id: 'go-ccatoken',
  title: 'Go ccatoken v1.3.1',
  evidence: 'measured',
  open: openGo,
  rules: goRules(outerOfRelease),
};

/** What came after the release and Veraison's services pin: it takes either form of the collection. */
export const goCcatokenMain: Model<GoView> = {
  id: 'go-ccatoken-main',
  title: 'Go ccatoken b26aba0 (2025-05)',
  evidence: 'measured',
  open: openGo,
  rules: goRules(outerOfNext),
};

/** The command line around the release. */
export const evcli: Model<GoView> = {
  ...goCcatoken,
  id: 'evcli',
  title: 'evcli cca check 1685bf5',
  evidence: 'predicted',
  wrap: (stage, text) =>
    stage === 'verify'
      ? `verifying CCA evidence from TOKEN using key from KEY: ${text}`
      : `loading CCA evidence from TOKEN: ${text}`,
};
