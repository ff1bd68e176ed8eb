import { equalBytes } from '../../bytes/index.ts';
import type { CborItem, CborMap } from '../../cbor/index.ts';
import { type PublicKey, parseSec1Point } from '../../crypto/index.ts';
import {
  type Fields,
  type GoStruct,
  type GoType,
  goBytes,
  goItem,
  goNonces,
  goProfile,
  goSlice,
  goText,
  goTypeName,
  goUint16,
  isBadTag,
  isNull,
  readStruct,
  withoutSelfDescribed,
} from '../go-cbor.ts';
import { type GoSign1, goKey, goSign1, goVerify } from '../go-sign1.ts';
import { isDigestSize, isLifecycle, LABEL, PROFILE, quoted } from '../items.ts';
import type { Input, Model, Rule } from '../rule.ts';

const { platform: P, realm: R, component: C } = LABEL;

const COMPONENT = {
  [C.type]: goText,
  [C.value]: goBytes,
  [C.version]: goText,
  [C.signer]: goBytes,
  [C.description]: goText,
} as const satisfies Fields;
type Component = GoStruct<typeof COMPONENT>['fields'];

/** A component, or the null that crashes whoever looks at it. */
const goComponent: GoType<Component> = {
  name: '*psatoken.SwComponent',
  read: (given) => {
    const item = withoutSelfDescribed(given);
    if (isNull(item)) return { value: undefined };
    if (item.type === 'tag') return goComponent.read(item.content);
    if (item.type !== 'map') return { wrong: goTypeName(item) };
    const { fields, error } = readStruct(item, COMPONENT);
    return error === undefined ? { value: fields } : { wrong: error };
  },
};

const PLATFORM = {
  [P.profile]: goProfile,
  [P.challenge]: goNonces,
  [P.implementationId]: goBytes,
  [P.instanceId]: goBytes,
  [P.config]: goBytes,
  [P.lifecycle]: goUint16,
  [P.components]: goSlice(goComponent, '[]*psatoken.SwComponent'),
  [P.service]: goText,
  [P.hash]: goText,
} as const satisfies Fields;

const REALM = {
  [R.profile]: goProfile,
  [R.challenge]: goNonces,
  [R.rpv]: goBytes,
  [R.rim]: goBytes,
  [R.rems]: goSlice(goBytes, '[][]uint8'),
  [R.hash]: goText,
  [R.key]: goBytes,
  [R.keyHash]: goText,
} as const satisfies Fields;

type Entries = { readonly platform?: Uint8Array; readonly realm?: Uint8Array; readonly error?: string };

/** What the library has read when it comes to a check. */
export interface GoView {
  readonly input: Input;
  readonly outer: CborItem | { readonly error: string };
  /** The innermost item under the tags of the collection, and their numbers. */
  readonly tags: readonly (number | bigint)[];
  readonly collection: CborItem | undefined;
  readonly entries: Entries;
  readonly platformSign1: ReturnType<typeof goSign1>;
  readonly realmSign1: ReturnType<typeof goSign1>;
  readonly platform: GoStruct<typeof PLATFORM>;
  readonly realm: GoStruct<typeof REALM>;
}

const RECORD_FORMAT = 0;
const RECORD_VALUE = 1;

/** A record of a CMW collection: any number will do for its format, its value is the token. */
const goRecord: GoType<Uint8Array> = {
  name: 'ccatoken.CMWRecord',
  read: (item) => {
    if (isNull(item)) return { value: undefined };
    if (item.type !== 'array' || item.items.length !== 2) return { wrong: goTypeName(item) };
    const [format, value] = [item.items[RECORD_FORMAT], item.items[RECORD_VALUE]];
    if (format === undefined || value === undefined) return { wrong: 'array' };
    const read = goUint16.read(format);
    return 'wrong' in read ? read : goBytes.read(value);
  },
};

const entriesOf = (collection: CborItem | undefined, tag: number | bigint | undefined): Entries => {
  if (collection?.type !== 'map') return {};
  const type = tag === LABEL.tag.cmw ? goRecord : goBytes;
  const { fields, error } = readStruct(collection as CborMap, {
    [LABEL.collection.platform]: type,
    [LABEL.collection.realm]: type,
  });
  const { [LABEL.collection.platform]: platform, [LABEL.collection.realm]: realm } = fields;
  return {
    ...(platform === undefined ? {} : { platform }),
    ...(realm === undefined ? {} : { realm }),
    ...(error === undefined ? {} : { error }),
  };
};

const claimsOf = <F extends Fields>(sign1: GoView['platformSign1'], fields: F): GoStruct<F> => {
  if ('error' in sign1) return { fields: {}, error: sign1.error };
  const item = goItem(sign1.payload);
  if ('error' in item) return { fields: {}, error: item.error };
  const plain = withoutSelfDescribed(item);
  const inner = plain.type === 'tag' ? contentOf(plain) : plain;
  if (isNull(inner)) return { fields: {} };
  return inner.type === 'map' ? readStruct(inner, fields) : { fields: {}, error: 'cbor: cannot unmarshal …' };
};

const contentOf = (item: CborItem): CborItem => (item.type === 'tag' ? contentOf(item.content) : item);

const tagsOf = (item: CborItem): readonly (number | bigint)[] =>
  item.type === 'tag' ? [item.tag, ...tagsOf(item.content)] : [];

export const openGo = (input: Input): GoView => {
  const read = goItem(input.token);
  const outer = 'error' in read ? read : withoutSelfDescribed(read);
  const tags = 'error' in outer ? [] : tagsOf(outer);
  const collection = 'error' in outer ? undefined : contentOf(outer);
  const entries = entriesOf(collection, tags[0]);
  const platformSign1 = goSign1(entries.platform ?? new Uint8Array());
  const realmSign1 = goSign1(entries.realm ?? new Uint8Array());
  return {
    input,
    outer,
    tags,
    collection,
    entries,
    platformSign1,
    realmSign1,
    platform: claimsOf(platformSign1, PLATFORM),
    realm: claimsOf(realmSign1, REALM),
  };
};

const EVIDENCE = 'CBOR decoding of CCA evidence failed: ';
const DECODING = 'decoding of CCA evidence failed: ';
const SIGN1 = `${DECODING}failed CBOR decoding for CWT: `;
const PLATFORM_CLAIMS = `${DECODING}failed CBOR decoding of CCA platform claims: `;
const REALM_CLAIMS = `${DECODING}failed CBOR decoding of CCA realm claims: `;

const errorOf = (read: object): string | undefined => ('error' in read ? String(read.error) : undefined);
const prefixed = (prefix: string, text: string | undefined): string | undefined => text && `${prefix}${text}`;

const PSA_PROFILES = ['', 'PSA_IOT_PROFILE_1', 'http://arm.com/psa/2.0.0', 'tag:psacertified.org,2023:psa#tfm'];
const CCA_PROFILES: readonly string[] = [PROFILE.legacy, PROFILE.platform2023];

/** The profile as text, before it is read as a URL; a token without one is taken for one of PSA. */
const selectedProfile = (view: GoView): string | undefined => {
  if ('error' in view.platformSign1) return undefined;
  const item = goItem(view.platformSign1.payload);
  const inner = 'error' in item ? undefined : contentOf(item);
  if (inner === undefined) return undefined;
  if (isNull(inner)) return '';
  if (inner.type !== 'map') return undefined;
  const { fields, error } = readStruct(inner, { [P.profile]: goText });
  return error === undefined ? (fields[P.profile] ?? '') : undefined;
};

const DECODED_AS_PSA = `${PLATFORM_CLAIMS}…`;

const decodeRules = (tags: readonly number[]): readonly Rule<GoView>[] => [
  {
    id: 'cbor',
    stage: 'decode',
    says: 'the token is one item of CBOR with definite lengths',
    refuses: ({ outer }) => prefixed(EVIDENCE, errorOf(outer)),
  },
  {
    id: 'outer-tag',
    stage: 'decode',
    says: `the outer tag is ${tags.join(' or ')}`,
    refuses: ({ outer, tags: found }) => {
      if (found.length === 0) return `${EVIDENCE}cbor: cannot unmarshal …`;
      if (!('error' in outer) && isBadTag(outer)) return `${EVIDENCE}cbor: tag number …`;
      const [first] = found;
      if (found.length === 1 && tags.some((tag) => tag === first)) return undefined;
      const expected = tags[tags.length - 1];
      return `${EVIDENCE}cbor: wrong tag number for ccatoken.CBORCollection, got [${found.join(' ')}], expected [${expected}]`;
    },
  },
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
      const item = goItem(view.platformSign1.payload);
      if ('error' in item) return `${PLATFORM_CLAIMS}${item.error}`;
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

const platformRules: readonly Rule<GoView>[] = [
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

const isRaw = ({ realm }: GoView): boolean => realm.fields[R.profile] === undefined;

const rawKey = (view: GoView, bytes: Uint8Array): PublicKey | undefined => {
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

const realmRules: readonly Rule<GoView>[] = [
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
      return problem === PANIC ? PANIC : prefixed(`${REALM_INVALID}public key claim: `, problem);
    },
  },
  claim(
    'realm-key-hash',
    'the hash algorithm of the Realm attestation key is named',
    `${REALM_INVALID}public key hash alg ID claim`,
    ({ realm }) => realm.fields[R.keyHash],
  ),
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

/** The checks of a release, by the outer tags that it takes. */
export const goRules = (tags: readonly number[]): readonly Rule<GoView>[] => [
  ...decodeRules(tags),
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
  rules: goRules([LABEL.tag.collection]),
};

/** What is not released: it takes either form of the collection. */
export const goCcatokenMain: Model<GoView> = {
  id: 'go-ccatoken-main',
  title: 'Go ccatoken 4f1244e (2026-04)',
  evidence: 'predicted',
  open: openGo,
  rules: goRules([LABEL.tag.collection, LABEL.tag.cmw]),
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
