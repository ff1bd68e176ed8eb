import { type PublicKey, parseSec1Point } from '../../crypto/index.ts';
import { goKey } from '../go-sign1.ts';
import { isDigestSize, isLifecycle, LABEL } from '../items.ts';
import type { Rule } from '../rule.ts';
import type { Component, GoView } from './go-view.ts';

const { platform: P, realm: R, component: C } = LABEL;

const PLATFORM_INVALID = 'validation of cca-platform-claims failed: validating ';
const REALM_INVALID = 'validation of cca-realm-claims failed: validating realm ';
const MISSING = 'missing mandatory claim';
const SYNTAX = 'wrong syntax: ';

type Checked<T> = (value: T) => string | undefined;

const sized =
  (size: number, text: (found: number) => string): Checked<Uint8Array> =>
  (value) =>
    value.length === size ? undefined : text(value.length);
const digest: Checked<Uint8Array> = ({ length }) =>
  isDigestSize(length) ? undefined : `${SYNTAX}length ${length} (hash MUST be 32, 48 or 64 bytes)`;
const measurement: Checked<Uint8Array> = ({ length }) =>
  isDigestSize(length) ? undefined : `${SYNTAX}length ${length} (realm measurement MUST be 32, 48 or 64 bytes)`;
const exactly = (size: number): Checked<Uint8Array> =>
  sized(size, (found) => `${SYNTAX}invalid length ${found} (MUST be ${size} bytes)`);
const oneNonce =
  (check: Checked<Uint8Array>): Checked<readonly Uint8Array[]> =>
  (nonces) => {
    const [only, ...more] = nonces;
    return only === undefined || more.length > 0 ? `${SYNTAX}got ${nonces.length} nonces, want 1` : check(only);
  };
const ueid: Checked<Uint8Array> = (value) =>
  exactly(33)(value) ?? (value[0] === 1 ? undefined : `${SYNTAX}invalid EUID type (MUST be RAND=0x01)`);
const notEmpty: Checked<string> = (value) => (value === '' ? `${SYNTAX}empty string` : undefined);

/** Names of hash algorithms that PSA's library knows. */
const PLATFORM_HASHES = ['md2', 'md5', 'sha-1', 'sha-224', 'sha-256', 'sha-384', 'sha-512', 'shake128', 'shake256'];
const platformHash: Checked<string> = (value) => (PLATFORM_HASHES.includes(value) ? undefined : `${SYNTAX}…`);

const component = (found: Component | undefined): string | undefined => {
  // A component that is null is a pointer to nothing.
  if (found === undefined) return PANIC;
  for (const [label, name] of [
    [C.value, 'measurement value'],
    [C.signer, 'signer ID'],
  ] as const) {
    const value = found[label];
    const problem = value === undefined ? 'missing mandatory field' : digest(value);
    if (problem !== undefined) return `${name}: ${problem}`;
  }
  return undefined;
};

/** A crash of the library: what follows depends on the release of Go. */
const PANIC = '…';

const components = (found: readonly (Component | undefined)[] | undefined): string | undefined => {
  if (found === undefined || found.length === 0) return `${MISSING} (MUST have at least one sw component)`;
  const problems = found.map(component);
  const at = problems.findIndex((problem) => problem !== undefined);
  const problem = problems[at];
  if (problem === undefined) return undefined;
  return problem === PANIC ? PANIC : `failed at index ${at}: ${problem}`;
};

/** A check of one claim: whether it is there, if it has to be, and what it is. */
const claim = <T>(
  id: string,
  says: string,
  prefix: string,
  value: (view: GoView) => T | undefined,
  check: Checked<T> = () => undefined,
  mandatory = true,
): Rule<GoView> => ({
  id,
  stage: 'validate',
  says,
  refuses: (view) => {
    const found = value(view);
    const problem = found === undefined ? (mandatory ? MISSING : undefined) : check(found);
    return problem === undefined ? undefined : problem === PANIC ? PANIC : `${prefix}: ${problem}`;
  },
});

/** What `Validate` asks of the claims of a platform, in its order. */
export const platformRules: readonly Rule<GoView>[] = [
  claim(
    'lifecycle',
    'the lifecycle lies in a defined range',
    `${PLATFORM_INVALID}security lifecycle`,
    ({ platform }) => platform.fields[P.lifecycle],
    (value) => (isLifecycle(value) ? undefined : `${SYNTAX}value ${value} is invalid`),
  ),
  claim(
    'implementation-id',
    'the implementation id has 32 bytes',
    `${PLATFORM_INVALID}implementation id`,
    ({ platform }) => platform.fields[P.implementationId],
    exactly(32),
  ),
  {
    id: 'software-components',
    stage: 'validate',
    says: 'there are software components, each with a measurement and a signer of 32, 48 or 64 bytes',
    refuses: ({ platform }) => {
      const problem = components(platform.fields[P.components]);
      if (problem === undefined) return undefined;
      return problem === PANIC ? PANIC : `${PLATFORM_INVALID}software components: ${problem}`;
    },
  },
  claim(
    'platform-challenge',
    'the platform challenge is one value of 32, 48 or 64 bytes',
    `${PLATFORM_INVALID}nonce`,
    ({ platform }) => platform.fields[P.challenge],
    oneNonce(digest),
  ),
  claim(
    'instance-id',
    'the instance id has 33 bytes, the first of them 0x01',
    `${PLATFORM_INVALID}instance id`,
    ({ platform }) => platform.fields[P.instanceId],
    ueid,
  ),
  claim(
    'verification-service',
    'the verification service is not empty',
    `${PLATFORM_INVALID}verification service indicator`,
    ({ platform }) => platform.fields[P.service],
    notEmpty,
    false,
  ),
  claim(
    'config',
    'there is a platform configuration',
    `${PLATFORM_INVALID}platform config`,
    ({ platform }) => platform.fields[P.config],
  ),
  claim(
    'platform-hash',
    'the hash algorithm of the platform is a known one',
    `${PLATFORM_INVALID}platform hash algo id`,
    ({ platform }) => platform.fields[P.hash],
    platformHash,
  ),
];

const RAW_KEY_SIZE = 97;

/** Without a profile the Realm key is a bare point. */
export const isRaw = ({ realm }: GoView): boolean => realm.fields[R.profile] === undefined;

export const rawKey = (view: GoView, bytes: Uint8Array): PublicKey | undefined => {
  const key = parseSec1Point('P-384', bytes);
  return key !== undefined && view.input.crypto.isOnCurve(key) ? key : undefined;
};

const keyProblem = (view: GoView, bytes: Uint8Array): string | undefined => {
  if (isRaw(view)) {
    if (bytes.length !== RAW_KEY_SIZE) {
      return `${SYNTAX}length ${bytes.length} (realm public key MUST be 97 bytes)`;
    }
    return rawKey(view, bytes) ? undefined : `${SYNTAX}checking raw public key coordinates are on curve P-384: …`;
  }
  const { state } = goKey(bytes);
  if (state === 'crash') return PANIC;
  if (state === 'unreadable') return `${SYNTAX}…`;
  return state === 'not EC2' ? `${SYNTAX}realm public key is not EC2` : undefined;
};

/** What it asks of the claims of a Realm. */
export const realmRules: readonly Rule<GoView>[] = [
  claim(
    'realm-challenge',
    'the Realm challenge is one value of 64 bytes',
    `${REALM_INVALID}challenge claim`,
    ({ realm }) => realm.fields[R.challenge],
    oneNonce(sized(64, (found) => `${SYNTAX}length ${found} (hash MUST be 64 bytes)`)),
  ),
  claim(
    'personalization-value',
    'the personalization value has 64 bytes',
    `${REALM_INVALID}personalization value claim`,
    ({ realm }) => realm.fields[R.rpv],
    sized(64, (found) => `${SYNTAX}length ${found} (personalization value MUST be 64 bytes)`),
  ),
  claim(
    'initial-measurement',
    'the initial measurement has 32, 48 or 64 bytes',
    `${REALM_INVALID}initial measurements claim`,
    ({ realm }) => realm.fields[R.rim],
    measurement,
  ),
  claim(
    'extensible-measurements',
    'there are extensible measurements, each of 32, 48 or 64 bytes',
    `${REALM_INVALID}extended measurements claim`,
    ({ realm }) => realm.fields[R.rems],
    (rems) => {
      if (rems.length === 0) return `${MISSING} realm extended measurements`;
      const problems = rems.map((rem) => measurement(rem ?? new Uint8Array()));
      const at = problems.findIndex((problem) => problem !== undefined);
      return at < 0 ? undefined : `incorrect realm extended measurement at index ${at}: ${problems[at]}`;
    },
  ),
  claim(
    'realm-hash',
    'the hash algorithm of the Realm is named',
    `${REALM_INVALID}hash alg ID claim`,
    ({ realm }) => realm.fields[R.hash],
    notEmpty,
  ),
  {
    id: 'realm-key',
    stage: 'validate',
    says: 'the Realm attestation key is a COSE_Key on a curve, or 97 bytes when there is no Realm profile',
    refuses: (view) => {
      const bytes = view.realm.fields[R.key];
      const problem = bytes === undefined ? MISSING : keyProblem(view, bytes);
      return problem === PANIC ? PANIC : problem && `${REALM_INVALID}public key claim: ${problem}`;
    },
  },
  claim(
    'realm-key-hash',
    'the hash algorithm of the Realm attestation key is named',
    `${REALM_INVALID}public key hash alg ID claim`,
    ({ realm }) => realm.fields[R.keyHash],
  ),
];
