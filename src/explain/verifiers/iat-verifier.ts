import { equalBytes } from '../../bytes/index.ts';
import { ALGORITHM_ID, parseCoseKey } from '../../cose/index.ts';
import { type PublicKey, parseSec1Point } from '../../crypto/index.ts';
import { bytesOf, isInteger, LABEL, memberOf, PROFILE, textOf } from '../items.ts';
import type { Model, Rule, Stage } from '../rule.ts';
import { isSignedBy, openPlain, type PlainPart, type PlainView } from './plain-view.ts';

const { platform: P, realm: R } = LABEL;
const EAT_CWT = 263;
const COLLECTION_SIZE = 2;

/** The tool's own words are not known but for their drift: what is checked is what is told. */
const rule = (id: string, stage: Stage, says: string, holds: (view: PlainView) => boolean): Rule<PlainView> => ({
  id,
  stage,
  says,
  refuses: (view) => (holds(view) ? undefined : '…'),
});

const isRecord = ({ entry, sign1 }: PlainPart): boolean =>
  entry?.type === 'array' &&
  entry.items.length === COLLECTION_SIZE &&
  isInteger(entry.items[0], EAT_CWT) &&
  sign1 !== undefined;

const claim = ({ claims }: PlainPart, label: number) => claims && memberOf(claims, label);

const hasAll = (part: PlainPart, labels: readonly number[]): boolean =>
  labels.every((label) => claim(part, label) !== undefined);

const PLATFORM_MANDATORY = [
  P.profile,
  P.challenge,
  P.implementationId,
  P.instanceId,
  P.config,
  P.lifecycle,
  P.components,
  P.hash,
];
const REALM_MANDATORY = [R.challenge, R.instanceId, R.rpv, R.hash, R.key, R.rim, R.rems, R.keyHash, R.mec];

const REM_SIZES = [32, 64];

const realmKey = ({ realm, input }: PlainView): PublicKey | undefined => {
  const bytes = bytesOf(claim(realm, R.key));
  if (bytes === undefined) return undefined;
  const parsed = parseCoseKey(bytes);
  const key = parsed.ok ? parsed.value : parseSec1Point('P-384', bytes);
  return key !== undefined && input.crypto.isOnCurve(key) ? key : undefined;
};

const isPair = ({ platform, realm }: PlainView): boolean => {
  const realmProfile = textOf(claim(realm, R.profile));
  return textOf(claim(platform, P.profile)) === PROFILE.legacy
    ? realmProfile === undefined
    : realmProfile === PROFILE.realm2;
};

/** `check_iat -t CCA-token` of TF-M's tools. */
export const iatVerifier: Model<PlainView> = {
  id: 'iat-verifier',
  title: 'iat-verifier check_iat 08c16e9',
  evidence: 'predicted',
  open: openPlain,
  rules: [
    rule(
      'outer-tag',
      'decode',
      'the outer tag is 907',
      ({ outer }) => outer?.type === 'tag' && outer.tag === LABEL.tag.cmw,
    ),
    rule('records', 'decode', 'both entries are records [263, bytes] around a COSE_Sign1', ({ platform, realm }) =>
      [platform, realm].every(isRecord),
    ),
    rule('algorithm', 'decode', 'the algorithm is ES384', ({ platform, realm }) =>
      [platform, realm].every(({ sign1 }) => sign1?.algorithm === ALGORITHM_ID.ES384),
    ),
    rule('platform-claims', 'validate', 'all platform claims of 1.0 are there', ({ platform }) =>
      hasAll(platform, PLATFORM_MANDATORY),
    ),
    rule('realm-claims', 'validate', 'all Realm claims are there, instance id and MEC policy among them', ({ realm }) =>
      hasAll(realm, REALM_MANDATORY),
    ),
    rule('mec-policy', 'validate', 'the MEC policy is an integer', ({ realm }) => claim(realm, R.mec)?.type === 'uint'),
    rule('platform-profile', 'validate', 'the platform profile is that of 2022 or of 2023', ({ platform }) =>
      [PROFILE.legacy, PROFILE.platform2023].some((name) => name === textOf(claim(platform, P.profile))),
    ),
    rule('realm-profile', 'validate', 'the Realm profile is absent or 2.0.0', ({ realm }) => {
      const profile = claim(realm, R.profile);
      return profile === undefined || textOf(profile) === PROFILE.realm2;
    }),
    rule('extensible-measurements', 'validate', 'extensible measurements have 32 or 64 bytes', ({ realm }) => {
      const rems = claim(realm, R.rems);
      return rems?.type === 'array' && rems.items.every((rem) => REM_SIZES.includes(bytesOf(rem)?.length ?? 0));
    }),
    rule(
      'platform-signature',
      'verify',
      'the platform token is signed by the key that is given',
      ({ platform, input }) =>
        input.key === undefined || (platform.sign1 !== undefined && isSignedBy(platform.sign1, input.key, input)),
    ),
    rule('realm-signature', 'verify', 'the Realm token is signed by the key in it', (view) => {
      const key = realmKey(view);
      return key !== undefined && view.realm.sign1 !== undefined && isSignedBy(view.realm.sign1, key, view.input);
    }),
    rule(
      'profile-pair',
      'verify',
      'the old platform profile goes with no Realm profile, that of 2023 with 2.0.0',
      isPair,
    ),
    rule(
      'binding',
      'verify',
      'the platform challenge is the SHA-256 of the Realm attestation key',
      ({ platform, realm, input }) => {
        const bytes = bytesOf(claim(realm, R.key)) ?? new Uint8Array();
        const challenge = bytesOf(claim(platform, P.challenge));
        return challenge !== undefined && equalBytes(challenge, input.crypto.hash('sha-256').digest(bytes));
      },
    ),
  ],
};
