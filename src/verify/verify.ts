import { equalBytes, toHex } from '../bytes/index.ts';
import type { Crypto, PublicKey } from '../crypto/index.ts';
import { checkBinding } from './binding.ts';
import type { TokenClaims, TokenIdentity } from './corim-reference.ts';
import { checkDevices } from './devices.ts';
import type { CheckName } from './findings.ts';
import { VERIFY_CLAIM_LABELS } from './labels.ts';
import type { Place } from './layer.ts';
import { lifecycleStateOf } from './lifecycle.ts';
import type { PlatformClaims } from './platform-claims.ts';
import { type PlatformPart, readPlatform } from './platform-part.ts';
import { isLifecycleAllowed, type Policy } from './policy.ts';
import { member } from './readers.ts';
import type { RealmClaims } from './realm-claims.ts';
import { openRealm, type RealmPart } from './realm-part.ts';
import { compareWithReference, type ReferenceValues } from './reference.ts';
import { Ledger, type Report } from './report.ts';
import { checkRules } from './rules.ts';
import { checkSignature, openSign1 } from './sign1.ts';
import { type Opened, openToken, type TokenKind } from './wrapper.ts';

/** Larger than any token has a reason to be; the RMM's own buffers hold a few pages. */
export const TOKEN_MAX_BYTES = 1 << 20;

/** Finds the platform attestation key of an instance: the trust anchor. */
export type KeyLookup = (id: TokenIdentity) => PublicKey | undefined;

/** Finds what a token has to say by what it says it is. */
export type ReferenceLookup = (claims: TokenClaims) => ReferenceValues | undefined;

export interface VerifyOptions {
  readonly crypto: Crypto;
  /** The platform attestation key, or where to find it. Without it the platform signature stays unchecked and the answer is no. */
  readonly key?: PublicKey | KeyLookup | undefined;
  /** The 64 bytes that the Realm was asked to have signed. */
  readonly challenge?: Uint8Array | undefined;
  readonly reference?: ReferenceValues | ReferenceLookup | undefined;
  readonly policy?: Policy | undefined;
  /** Whether warnings refuse, too. */
  readonly strict?: boolean | undefined;
}

/** Whether a COSE_Sign1 alone is a Realm token: it carries the key that only Realm tokens carry. */
const isRealmToken = (bytes: Uint8Array): boolean => {
  const claims = openSign1(bytes, { path: '', base: undefined, tell: () => {} })?.claims;
  return claims !== undefined && member(claims, VERIFY_CLAIM_LABELS.realm.public_key) !== undefined;
};

const findKey = (key: VerifyOptions['key'], claims: PlatformClaims, ledger: Ledger): PublicKey | undefined => {
  if (key === undefined) {
    ledger.notDone('platform_signature', 'no key was given');
    ledger.tell('KEY_MISSING', 'platform');
    return undefined;
  }
  if (typeof key !== 'function') return key;
  const { instance_id: instanceId, implementation_id: implementationId } = claims;
  const found = instanceId && key({ instanceId, implementationId });
  if (found === undefined) {
    ledger.notDone('platform_signature', 'no key is known for this instance');
    ledger.tell('KEY_OF_INSTANCE_UNKNOWN', `platform/${VERIFY_CLAIM_LABELS.platform.instance_id}`, {
      ...(instanceId === undefined ? {} : { instance: toHex(instanceId) }),
    });
  }
  return found;
};

const checkPlatformSignature = (
  part: PlatformPart | undefined,
  { key, crypto }: VerifyOptions,
  ledger: Ledger,
): PublicKey | undefined => {
  const found = findKey(key, part?.claims ?? {}, ledger);
  if (found === undefined) return undefined;
  if (!crypto.isOnCurve(found)) {
    ledger.tell('KEY_NOT_ON_CURVE', 'platform', { curve: found.curve });
    return undefined;
  }
  if (part === undefined || !checkSignature(part.signed, found, crypto, 'PLATFORM')) {
    ledger.notDone('platform_signature', 'there is no signature to check');
  }
  return found;
};

const checkRealmSignature = (realm: RealmPart | undefined, direct: boolean, crypto: Crypto, ledger: Ledger): void => {
  if (direct) ledger.notDone('realm_signature', 'the Realm claims are unsigned in the direct model');
  else if (realm?.signed === undefined || realm.rak === undefined) {
    ledger.notDone('realm_signature', 'there is no Realm attestation key to check it with');
  } else if (!checkSignature(realm.signed, realm.rak, crypto, 'REALM')) {
    ledger.notDone('realm_signature', 'there is no signature to check');
  }
};

const checkRealmPart = (
  opened: Opened,
  platform: PlatformPart | undefined,
  realm: RealmPart | undefined,
  token: Place,
  { crypto }: VerifyOptions,
  ledger: Ledger,
): void => {
  const profile = platform?.profile;
  checkRealmSignature(realm, profile?.model === 'direct', crypto, ledger);
  if (realm === undefined) {
    for (const check of ['realm_claims', 'profiles', 'binding', 'devices'] as const) {
      ledger.notDone(check, 'the Realm token cannot be read');
    }
    return;
  }
  if (profile === undefined || realm.profile === undefined) ledger.notDone('profiles', 'a profile is unknown');
  else if (!profile.realms.includes(realm.profileName)) {
    ledger.tell('PROFILE_PAIR_MIXED', `realm/${VERIFY_CLAIM_LABELS.realm.profile}`, {
      platform: platform?.claims.profile ?? '',
      realm: realm.profileName,
    });
  }
  const { claims } = realm;
  if (platform === undefined || profile === undefined) ledger.notDone('binding', 'the platform profile is unknown');
  else if (!checkBinding(profile, platform.claims, realm, crypto, ledger.tell)) {
    ledger.notDone('binding', 'a claim that it needs is missing');
  }
  const definesDevices = realm.profile !== undefined && realm.profile.generation !== '1';
  if (!definesDevices) ledger.notDone('devices', 'the Realm profile knows no devices');
  else checkDevices(opened.devices?.open(), claims, crypto, { ...token, path: 'devices' });
};

const checkLifecycle = ({ lifecycle }: PlatformClaims, policy: Policy, ledger: Ledger): void => {
  if (lifecycle === undefined) ledger.notDone('lifecycle', 'there is no valid lifecycle claim');
  else if (!isLifecycleAllowed(lifecycle, policy)) {
    ledger.tell('LIFECYCLE_REFUSED', `platform/${VERIFY_CLAIM_LABELS.platform.lifecycle}`, {
      found: `0x${lifecycle.toString(16)}`,
      state: lifecycleStateOf(lifecycle) ?? 'undefined',
    });
  }
};

const checkChallenge = (expected: Uint8Array | undefined, realm: RealmClaims, ledger: Ledger): void => {
  const path = `realm/${VERIFY_CLAIM_LABELS.realm.challenge}`;
  if (expected === undefined) ledger.notDone('challenge', 'no challenge was given');
  else if (realm.challenge === undefined) ledger.tell('CHALLENGE_UNCHECKED', path);
  else if (!equalBytes(realm.challenge, expected)) {
    ledger.tell('CHALLENGE_MISMATCH', path, { expected: toHex(expected), found: toHex(realm.challenge) });
  }
};

/**
 * What an acceptance rests upon, whatever else holds. Each way not to do one of these has its finding; should one be
 * forgotten, the answer is no all the same. In the direct model the binding covers the Realm claims, which are unsigned.
 */
const restsOn = (kind: TokenKind, direct: boolean): readonly CheckName[] => {
  if (kind === 'platform') return ['platform_signature'];
  return direct ? ['platform_signature', 'binding'] : ['platform_signature', 'realm_signature', 'binding'];
};

const reportOf = (
  ledger: Ledger,
  kind: TokenKind,
  strict: boolean,
  platform: PlatformPart | undefined,
  realm: RealmPart | undefined,
): Report => {
  const direct = platform?.profile?.model === 'direct';
  return {
    accepted: ledger.accepted(strict) && restsOn(kind, direct).every((check) => ledger.isDone(check)),
    readable: kind !== 'unknown',
    kind,
    strict,
    findings: ledger.findings,
    checks: ledger.checks(),
    claims: {
      ...(platform === undefined ? {} : { platform: platform.claims }),
      ...(realm === undefined ? {} : { realm: realm.claims }),
    },
  };
};

const NOT_OF_A_PLATFORM_TOKEN = ['realm_claims', 'profiles', 'realm_signature', 'binding', 'devices'] as const;
const NOT_WITHOUT_A_TOKEN = [
  'platform_claims',
  'platform_signature',
  ...NOT_OF_A_PLATFORM_TOKEN,
  'lifecycle',
  'challenge',
  'reference',
  'policy',
] as const satisfies readonly CheckName[];

/**
 * Judges a CCA token, or a platform token alone, with at most two signature verifications.
 *
 * Total: any bytes give a report. The rules are those of draft-ffm-rats-cca-token (-01 to -04) and of the RMM
 * specification; docs/policy.md says what was decided where they leave a choice.
 */
export const verifyToken = (bytes: Uint8Array, options: VerifyOptions): Report => {
  const { crypto, policy = {} } = options;
  const strict = (options.strict ?? false) || (policy.strict ?? false);
  const ledger = new Ledger(policy.warnings);
  const token: Place = { path: 'token', base: 0, tell: ledger.tell };
  if (bytes.length > TOKEN_MAX_BYTES) token.tell('TOKEN_TOO_LARGE', token.path, { size: bytes.length });
  const opened = bytes.length > TOKEN_MAX_BYTES ? undefined : openToken(bytes, token);
  if (opened === undefined) {
    for (const check of NOT_WITHOUT_A_TOKEN) ledger.notDone(check, 'the bytes are no token');
    return reportOf(ledger, 'unknown', strict, undefined, undefined);
  }

  const alone = opened.shape === 'sign1';
  const realmAlone = alone && opened.platform !== undefined && isRealmToken(opened.platform.bytes);
  const parts: Opened = realmAlone ? { ...opened, platform: undefined, realm: opened.platform } : opened;
  const kind: TokenKind = realmAlone ? 'realm' : alone ? 'platform' : 'cca';
  if (realmAlone) token.tell('ENTRY_MISSING', `${token.path}/${VERIFY_CLAIM_LABELS.collection.platform}`);

  const platform = parts.platform && readPlatform(parts.platform, { ...token, path: 'platform' });
  const realm = kind === 'platform' ? undefined : openRealm(parts, platform?.profile, token, crypto);
  if (platform === undefined) ledger.notDone('platform_claims', 'the platform token cannot be read');
  const key = checkPlatformSignature(platform, options, ledger);
  if (kind === 'platform') {
    for (const check of NOT_OF_A_PLATFORM_TOKEN) ledger.notDone(check, 'a platform token alone has no Realm part');
  } else checkRealmPart(parts, platform, realm, token, options, ledger);

  const claims = { platform: platform?.claims ?? {}, realm: realm?.claims ?? {} };
  checkLifecycle(claims.platform, policy, ledger);
  checkChallenge(options.challenge, claims.realm, ledger);
  const reference = typeof options.reference === 'function' ? options.reference(claims) : options.reference;
  if (reference === undefined) ledger.notDone('reference', 'no reference values were given');
  else compareWithReference(reference, claims.platform, claims.realm, ledger.tell);
  const shortest = [parts, platform?.signed, realm?.signed].every((part) => part?.shortest ?? true);
  if (policy.require === undefined) ledger.notDone('policy', 'no further rules were given');
  else checkRules(policy.require, { shortest, claims: claims.platform, key, crypto }, ledger.tell);
  return reportOf(ledger, kind, strict, platform, realm);
};
