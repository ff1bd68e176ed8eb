import { equalBytes } from '../../bytes/index.ts';
import { signatureAlgorithmOf, sigStructure } from '../../cose/index.ts';
import type { PublicKey } from '../../crypto/index.ts';
import { LABEL } from '../items.ts';
import type { Input, Model, Rule, Stage } from '../rule.ts';
import type { Message } from './rust-cose.ts';
import type { HASHES } from './rust-items.ts';
import { realmKeyOf } from './rust-keys.ts';
import { had, type Step } from './rust-refusal.ts';
import { openRust, type RustView, type RustViews } from './rust-view.ts';

const { platform: P, realm: R } = LABEL;

const rulesFor = (edition: keyof RustViews, rules: readonly Rule<RustView>[]): readonly Rule<RustViews>[] =>
  rules.map((each) => ({ ...each, refuses: (views) => each.refuses(views[edition]) }));

const errorOf = (step: Step<unknown>): string | undefined => ('error' in step ? step.error : undefined);

const rule = (
  id: string,
  stage: Stage,
  says: string,
  refuses: (view: RustView) => string | undefined,
): Rule<RustView> => ({ id, stage, says, refuses });

const isSigned = ({ algorithm, ...message }: Message, key: PublicKey, { crypto }: Input): boolean => {
  const name = signatureAlgorithmOf(algorithm);
  if (name === undefined) return false;
  const toBeSigned = sigStructure(message.protectedBytes, message.payload);
  return crypto.verify(name, key, toBeSigned, message.signature);
};

const VECTOR = 'a trust vector is not affirming';

const RULES: readonly Rule<RustView>[] = [
  rule(
    'collection',
    'decode',
    'the collection is tag 399 around two byte strings under the labels 44234 and 44241',
    (view) => errorOf(view.entries),
  ),
  rule('platform-cose', 'decode', 'the platform token is a COSE_Sign1 without unknown headers', (view) =>
    errorOf(view.platformMessage),
  ),
  rule('realm-cose', 'decode', 'the Realm token is a COSE_Sign1 without unknown headers', (view) =>
    errorOf(view.realmMessage),
  ),
  rule('platform-claims', 'decode', 'platform claims are there, once each, of a known profile', (view) =>
    errorOf(view.platform),
  ),
  rule('realm-claims', 'decode', 'Realm claims are there, once each, of a known profile', (view) =>
    errorOf(view.realm),
  ),
  rule(
    'trust-anchor',
    'verify',
    'there is a trust anchor for the instance id',
    ({ platform, input: { key, instanceId } }) =>
      key === undefined ||
      instanceId === undefined ||
      equalBytes(had(platform).get(P.instanceId) as Uint8Array, instanceId)
        ? undefined
        : VECTOR,
  ),
  rule(
    'platform-signature',
    'verify',
    'the platform token is signed by the trust anchor',
    ({ platformMessage, input }) =>
      input.key === undefined || isSigned(had(platformMessage), input.key, input) ? undefined : '…',
  ),
  rule('realm-signature', 'verify', 'the Realm token is signed by the Realm attestation key', (view) => {
    const key = realmKeyOf(view);
    return key !== undefined && isSigned(had(view.realmMessage), key, view.input) ? undefined : '…';
  }),
  rule(
    'binding',
    'verify',
    'the platform challenge is the hash of the Realm attestation key',
    ({ platform, realm, input }) => {
      const name = had(realm).get(R.keyHash) as (typeof HASHES)[number];
      const binder = input.crypto.hash(name).digest(had(realm).get(R.key) as Uint8Array);
      return equalBytes(binder, had(platform).get(P.challenge) as Uint8Array) ? undefined : VECTOR;
    },
  ),
];

/** The only release: the legacy profile and a raw key. */
export const rustCcatoken: Model<RustViews> = {
  id: 'rust-ccatoken-0.1.0',
  title: 'Rust ccatoken 0.1.0',
  evidence: 'measured',
  open: openRust,
  rules: rulesFor('release', RULES),
};

/** The development code, which Trustee uses. */
export const rustCcatokenMain: Model<RustViews> = {
  id: 'rust-ccatoken',
  title: 'rust-ccatoken dfe9ca2 (2025-07)',
  evidence: 'predicted',
  open: openRust,
  rules: rulesFor('main', RULES),
};

const TRUSTEE_TEXT: Readonly<Partial<Record<Stage, string>>> = {
  decode: 'decoding CCA evidence',
  verify: 'RAK signature or RAK attestation could not be verified',
};

/** Trustee's CCA backend with local stores, which turns vectors into one sentence. */
export const trustee: Model<RustViews> = {
  id: 'trustee',
  title: 'CoCo Trustee CCA backend 78962cd',
  evidence: 'predicted',
  open: openRust,
  wrap: (stage, text) => TRUSTEE_TEXT[stage] ?? text,
  rules: rulesFor('main', [
    ...RULES,
    rule('challenge', 'appraise', 'the Realm challenge is the report data', ({ realm, input: { challenge } }) =>
      challenge === undefined || equalBytes(had(realm).get(R.challenge) as Uint8Array, challenge)
        ? undefined
        : 'realm token challenge claim does not match expected_report_data',
    ),
  ]),
};
