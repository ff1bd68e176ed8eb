import { equalBytes } from '../../bytes/index.ts';
import { type CborItem, type CborMap, decodePrefix } from '../../cbor/index.ts';
import { parseCoseKey, signatureAlgorithmOf, sigStructure } from '../../cose/index.ts';
import { type PublicKey, parseSec1Point } from '../../crypto/index.ts';
import { isDigestSize, isInteger, isLifecycle, LABEL, memberOf, PROFILE, someItem } from '../items.ts';
import type { Input, Model, Rule, Stage } from '../rule.ts';

const { platform: P, realm: R, component: C } = LABEL;

/** What differs between the release and the development code. */
interface Edition {
  readonly platformProfiles: readonly string[];
  /** Whether a Realm profile is read, and its key as a COSE_Key then. */
  readonly realmProfile: boolean;
}

const RELEASE: Edition = { platformProfiles: [PROFILE.legacy], realmProfile: false };
const MAIN: Edition = { platformProfiles: [PROFILE.legacy, PROFILE.platform2023], realmProfile: true };

/** How deep the reader goes into nested items. */
const NESTED_MOST = 256;

class Refusal extends Error {}

const refuse = (text: string): never => {
  throw new Refusal(text);
};

const syntax = (text: string): never => refuse(`Syntax error: ${text}`);
const semantic = (text: string): never => refuse(`Semantic error: ${text}`);
const mismatch = (text: string): never => refuse(`Claim type mismatch: ${text}`);

/** What cannot be read as a value: text that is not UTF-8, simple values without a name. */
const isUnreadable = (item: CborItem): boolean =>
  someItem(item, (each) =>
    each.type === 'text' ? !each.validUtf8 : each.type === 'simple' && (each.value < 20 || each.value > 23),
  );

/** One item; whatever follows is ignored. */
const readItem = (bytes: Uint8Array): CborItem => {
  const decoded = decodePrefix(bytes, { maxDepth: NESTED_MOST });
  if (!decoded.ok || isUnreadable(decoded.item)) return syntax('…');
  return decoded.item;
};

/** An integer; a big number counts when it is no longer than a plain one. */
const integerOf = (item: CborItem): bigint | undefined => {
  if (item.type === 'uint' || item.type === 'nint') return BigInt(item.value);
  if (item.type !== 'tag' || (item.tag !== 2 && item.tag !== 3) || item.content.type !== 'bytes') return undefined;
  const digits = item.content.value.subarray(item.content.value.findIndex((byte) => byte !== 0));
  if (digits.length > 8) return undefined;
  const value = digits.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  return item.tag === 2 ? value : -1n - value;
};

const bytesAt = (item: CborItem, name: string): Uint8Array =>
  item.type === 'bytes' ? item.value : mismatch(`${name} MUST be bstr`);
const textAt = (item: CborItem, name: string): string =>
  item.type === 'text' ? item.value : mismatch(`${name} MUST be tstr`);
const sizedAt = (item: CborItem, name: string, size: number): Uint8Array => {
  const bytes = bytesAt(item, name);
  return bytes.length === size ? bytes : semantic(`${name}: expecting ${size} bytes, got ${bytes.length}`);
};
const measurementAt = (item: CborItem, name: string): Uint8Array => {
  const bytes = bytesAt(item, name);
  return isDigestSize(bytes.length) ? bytes : semantic(`${name}: expecting 32, 48 or 64 bytes, got ${bytes.length}`);
};
const HASHES = ['sha-256', 'sha-512'] as const;
const hashAt = (item: CborItem, name: string): (typeof HASHES)[number] => {
  const text = textAt(item, name);
  return HASHES.find((each) => each === text) ?? semantic(`unknown ${name} ${text}`);
};

/** A claim: its name in errors, and what reads it. */
type Claim = readonly [name: string, read: (item: CborItem) => unknown];
type Claims = ReadonlyMap<number, unknown>;

/** Reads claims in the order in which they are written. */
const readClaims = (
  map: CborMap,
  table: Readonly<Record<number, Claim>>,
  unknown: (key: CborItem) => void = () => undefined,
): Claims => {
  const found = new Map<number, unknown>();
  for (const { key, value } of map.entries) {
    const label = Number(integerOf(key) ?? Number.NaN);
    const claim = Object.hasOwn(table, label) ? table[label] : undefined;
    if (claim === undefined) {
      unknown(key);
      continue;
    }
    const [name, read] = claim;
    if (found.has(label)) refuse(`Duplicated claim: ${name}`);
    found.set(label, read(value));
  }
  return found;
};

const COMPONENT: Readonly<Record<number, Claim>> = {
  [C.type]: ['measurement-type', (item) => textAt(item, 'measurement-type')],
  [C.value]: ['measurement-value', (item) => measurementAt(item, 'measurement-value')],
  [C.version]: ['version', (item) => textAt(item, 'version')],
  [C.signer]: ['signer-id', (item) => bytesAt(item, 'signer-id')],
  [C.description]: ['hash-algo-id', (item) => hashAt(item, 'hash-algo-id')],
};

const need = (claims: Claims, names: Readonly<Record<number, string>>, order: readonly number[]): void => {
  const missing = order.find((label) => !claims.has(label));
  if (missing !== undefined) refuse(`Missing claim: ${names[missing]}`);
};

const componentsAt = (item: CborItem): void => {
  const { items } = item.type === 'array' ? item : mismatch('software-components MUST be array');
  if (items.length === 0) semantic('…');
  for (const [i, each] of items.entries()) {
    const map = each.type === 'map' ? each : mismatch(`sw-component[${i}] MUST be map`);
    const claims = readClaims(map, COMPONENT, (key) => {
      const label = integerOf(key);
      syntax(label === undefined ? 'non-integer key in sw-components' : `unknown key ${label} in sw-components`);
    });
    need(claims, { [C.value]: 'measurement-value', [C.signer]: 'signer-id' }, [C.value, C.signer]);
  }
};

const lifecycleAt = (item: CborItem): void => {
  const value = integerOf(item) ?? mismatch('lifecycle MUST be int');
  if (!isLifecycle(value)) semantic(`unknown lifecycle ${value}`);
};

const platformTable = ({ platformProfiles }: Edition): Readonly<Record<number, Claim>> => ({
  [P.profile]: [
    'profile',
    (item) => {
      const profile = textAt(item, 'profile');
      return platformProfiles.includes(profile)
        ? profile
        : refuse(platformProfiles.length > 1 ? '…' : `Semantic error: unknown profile ${profile}`);
    },
  ],
  [P.challenge]: ['challenge', (item) => measurementAt(item, 'challenge')],
  [P.implementationId]: ['implementation-id', (item) => sizedAt(item, 'implementation-id', 32)],
  [P.instanceId]: ['instance-id', (item) => sizedAt(item, 'instance-id', 33)],
  [P.config]: ['config', (item) => bytesAt(item, 'config')],
  [P.lifecycle]: ['lifecycle', lifecycleAt],
  [P.components]: ['software-components', componentsAt],
  [P.service]: ['verification-service', (item) => textAt(item, 'verification-service')],
  [P.hash]: ['hash-algo-id', (item) => hashAt(item, 'hash-algo-id')],
});

const PLATFORM_ORDER = [
  P.profile,
  P.challenge,
  P.implementationId,
  P.instanceId,
  P.config,
  P.lifecycle,
  P.components,
  P.hash,
];
const PLATFORM_NAMES = {
  [P.profile]: 'profile',
  [P.challenge]: 'challenge',
  [P.implementationId]: 'implementation-id',
  [P.instanceId]: 'instance-id',
  [P.config]: 'config',
  [P.lifecycle]: 'lifecycle',
  [P.components]: 'sw-components',
  [P.hash]: 'hash-algo',
};

const RAW_KEY_SIZE = 97;
const REM_COUNT = 4;

const remsAt = (item: CborItem): void => {
  const { items } = item.type === 'array' ? item : mismatch('extensible-measurements MUST be array');
  if (items.length !== REM_COUNT) {
    semantic(`extensible-measurements: expecting ${REM_COUNT} slots, got ${items.length}`);
  }
  for (const [i, each] of items.entries()) measurementAt(each, `extensible-measurement[${i}]`);
};

const realmTable = (isCoseKey: boolean): Readonly<Record<number, Claim>> => ({
  [R.challenge]: ['challenge', (item) => sizedAt(item, 'challenge', 64)],
  [R.rpv]: ['personalization-value', (item) => sizedRpv(item)],
  [R.rim]: ['initial-measurement', (item) => measurementAt(item, 'initial-measurement')],
  [R.rems]: ['extensible-measurements', remsAt],
  [R.hash]: ['hash-algo-id', (item) => hashAt(item, 'hash-algo-id')],
  [R.key]: [
    'public-key',
    (item) => (isCoseKey ? bytesAt(item, 'public-key') : sizedAt(item, 'public-key', RAW_KEY_SIZE)),
  ],
  [R.keyHash]: ['public-key-hash-algo-id', (item) => hashAt(item, 'public-key-hash-algo-id')],
});

const sizedRpv = (item: CborItem): Uint8Array => {
  const bytes = item.type === 'bytes' ? item.value : refuse('Claim type mismatch: …');
  return bytes.length === 64 ? bytes : refuse('Semantic error: …');
};

const REALM_ORDER = [R.challenge, R.rpv, R.rim, R.rems, R.hash, R.key, R.keyHash];
const REALM_NAMES = {
  [R.challenge]: 'challenge',
  [R.rpv]: 'personalization-value',
  [R.rim]: 'initial-measurement',
  [R.rems]: 'extensible-measurements',
  [R.hash]: 'hash-algo-id',
  [R.key]: 'public-key',
  [R.keyHash]: 'public-key-hash-algo-id',
};

/** A COSE message as cose-rust reads it. */
interface Message {
  readonly algorithm: number | undefined;
  readonly protectedBytes: Uint8Array;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

type Fits = (value: CborItem) => boolean;

/** Most of what the library reads it reads through tags. */
const untagged = (item: CborItem): CborItem => (item.type === 'tag' ? untagged(item.content) : item);

const isPlain = (item: CborItem): boolean => !('indefinite' in item && item.indefinite);
const ofType =
  (...types: readonly CborItem['type'][]): Fits =>
  (item) =>
    types.includes(item.type) && isPlain(item);
const isByteString: Fits = (item) => ofType('bytes')(untagged(item));

/** One certificate, not through a tag, or a list of them; a chain of several is verified, and nobody's holds. */
const certificates =
  (isChain: boolean): Fits =>
  (item) =>
    ofType('bytes')(item) ||
    (item.type === 'array' && isPlain(item) && item.items.every(isByteString) && !(isChain && item.items.length > 1));

/** An algorithm and a digest. */
const isThumbprint: Fits = (item) => {
  const [algorithm, digest, ...more] = item.type === 'array' && isPlain(item) ? item.items : [];
  if (algorithm === undefined || digest === undefined || more.length > 0 || !isByteString(digest)) return false;
  return (
    algorithm.type === 'uint' ||
    algorithm.type === 'nint' ||
    (algorithm.type === 'text' && algorithm.value in ALGORITHM_NAMES)
  );
};

/** Header labels that the library knows, and whether it can read a value; others end the reading. */
const HEADERS: Readonly<Record<number, Fits>> = {
  1: ofType('uint', 'nint', 'text'),
  2: (item) => item.type === 'array' && isPlain(item) && item.items.every(ofType('uint', 'nint')),
  3: ofType('uint', 'text'),
  4: ofType('bytes', 'text'),
  5: isByteString,
  6: isByteString,
  32: certificates(false),
  33: certificates(true),
  34: isThumbprint,
  35: ofType('text'),
  [-3]: isByteString,
  [-20]: isByteString,
  [-21]: isByteString,
  [-22]: isByteString,
  [-23]: isByteString,
  [-24]: isByteString,
  [-25]: isByteString,
  [-26]: isByteString,
  [-27]: isThumbprint,
  [-28]: ofType('text'),
  [-29]: certificates(true),
};
const INT32 = 1n << 31n;

const readHeader = (map: CborMap, isProtected: boolean, seen: Set<number>): number | undefined => {
  let algorithm: number | undefined;
  for (const { key: written, value } of map.entries) {
    const key = untagged(written);
    const label = key.type === 'uint' || key.type === 'nint' ? BigInt(key.value) : undefined;
    if (label === undefined || label >= INT32 || label < -INT32) return refuse('…');
    const small = Number(label);
    if (seen.has(small)) refuse(`DuplicateLabel(${small})`);
    seen.add(small);
    const fits = small === LABEL.header.crit && !isProtected ? undefined : HEADERS[small];
    // Keys and countersignatures are read in ways of their own, and nobody has made one that passes.
    if (fits === undefined || !fits(value)) return refuse('…');
    if (small !== LABEL.header.alg) continue;
    if (value.type === 'text') algorithm = ALGORITHM_NAMES[value.value] ?? refuse('…');
    else if (value.type === 'uint' || value.type === 'nint') algorithm = Number(value.value);
  }
  return algorithm;
};

const ALGORITHM_NAMES: Readonly<Record<string, number>> = { ES256: -7, ES384: -35, ES512: -36, EdDSA: -8 };

const MANY_SIGNERS_TAG = 98;
const MESSAGE_TAGS = [18, MANY_SIGNERS_TAG];

const MAJOR_BYTES = 2;
const MAJOR_ARRAY = 4;
const MAJOR_TAG = 6;
const INFO_INDEFINITE = 31;

/** Where a head begins and ends, and what it says. */
interface Head {
  readonly major: number;
  readonly argument: number;
  readonly end: number;
}

const headAt = (bytes: Uint8Array, start: number): Head | undefined => {
  const first = bytes[start];
  if (first === undefined) return undefined;
  const info = first & 0x1f;
  const size = info < 24 ? 0 : info < 28 ? 1 << (info - 24) : undefined;
  if (size === undefined) return info === INFO_INDEFINITE ? undefined : refuse('…');
  const end = start + 1 + size;
  if (end > bytes.length) return undefined;
  const argument = bytes.subarray(start + 1, end).reduce((sum, byte) => sum * 256 + byte, size === 0 ? info : 0);
  return { major: first >> 5, argument, end };
};

/** The signature is looked at by its head: what is no byte string is passed over, and then there is none. */
const signatureAt = (bytes: Uint8Array, start: number): Uint8Array | undefined => {
  if ((bytes[start] ?? 0) >> 5 !== MAJOR_BYTES) return undefined;
  const head = headAt(bytes, start) ?? refuse('…');
  return head.end + head.argument <= bytes.length ? bytes.subarray(head.end, head.end + head.argument) : refuse('…');
};

/** Reads a message item by item: how many the array says it has does not matter, nor what follows. */
const readMessage = (bytes: Uint8Array): Message => {
  const tag = headAt(bytes, 0) ?? refuse('…');
  const isTagged = tag.major === MAJOR_TAG;
  if (isTagged && !MESSAGE_TAGS.includes(tag.argument)) return refuse('Invalid(Tag)');
  let array = isTagged ? (headAt(bytes, tag.end) ?? refuse('…')) : tag;
  while (isTagged && array.major === MAJOR_TAG) array = headAt(bytes, array.end) ?? refuse('…');
  if (array.major !== MAJOR_ARRAY) return refuse('…');
  let at = array.end;
  const next = (): CborItem => {
    const decoded = decodePrefix(bytes, { start: at, maxDepth: NESTED_MOST });
    if (!decoded.ok) return refuse('…');
    at = decoded.item.end;
    return untagged(decoded.item);
  };
  const header = next();
  if (header.type !== 'bytes' || header.indefinite) return refuse('…');
  const seen = new Set<number>();
  let algorithm: number | undefined;
  if (header.value.length > 0) {
    const inner = decodePrefix(header.value, { maxDepth: NESTED_MOST });
    const map = inner.ok ? untagged(inner.item) : undefined;
    if (map?.type !== 'map' || map.indefinite) return refuse('…');
    algorithm = readHeader(map, true, seen);
  }
  const unprotected = next();
  if (unprotected.type !== 'map' || unprotected.indefinite) return refuse('…');
  const unprotectedAlgorithm = readHeader(unprotected, false, seen);
  const payload = next();
  if (payload.type !== 'bytes' || payload.indefinite) return refuse('…');
  if (payload.value.length === 0) return refuse('Missing(Payload)');
  const signature = signatureAt(bytes, at);
  // Under the tag of many signers a single signature is passed over, and what then looks for one crashes.
  const isSingle = !isTagged || tag.argument !== MANY_SIGNERS_TAG;
  if (isSingle && signature?.length === 0) return refuse('Missing(Signature)');
  return {
    algorithm: algorithm ?? unprotectedAlgorithm,
    protectedBytes: header.value,
    payload: payload.value,
    signature: (isSingle ? signature : undefined) ?? new Uint8Array(),
  };
};

/** What reading came to, step by step: the value, or the text that ended it. */
type Step<T> = { readonly value: T } | { readonly error: string };

const attempt = <T>(read: () => T): Step<T> => {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof Refusal) return { error: error.message };
    throw error;
  }
};

const had = <T>(step: Step<T>): T => ('value' in step ? step.value : refuse(step.error));

interface RustView {
  readonly input: Input;
  readonly entries: Step<{ readonly platform: Uint8Array; readonly realm: Uint8Array }>;
  readonly platformMessage: Step<Message>;
  readonly realmMessage: Step<Message>;
  readonly platform: Step<Claims>;
  readonly realm: Step<Claims>;
  readonly isCoseKey: boolean;
}

const readCollection = (bytes: Uint8Array): { readonly platform: Uint8Array; readonly realm: Uint8Array } => {
  const outer = readItem(bytes);
  if (outer.type !== 'tag' || integerOf(outer) !== undefined) return syntax('expecting tag type');
  if (outer.tag !== LABEL.tag.collection) return syntax(`expecting tag 399, got ${outer.tag}`);
  if (outer.content.type !== 'map') return syntax('expecting map type');
  let platform = new Uint8Array();
  let realm = new Uint8Array();
  for (const { key, value } of outer.content.entries) {
    const label = integerOf(key) ?? syntax('expecting integer key');
    if (label === BigInt(LABEL.collection.platform)) platform = Uint8Array.from(bytesAt(value, 'platform token'));
    else if (label === BigInt(LABEL.collection.realm)) realm = Uint8Array.from(bytesAt(value, 'realm token'));
    else syntax(`unknown key ${label} in collection`);
  }
  if (platform.length === 0) syntax('missing platform token');
  if (realm.length === 0) syntax('missing realm token');
  return { platform, realm };
};

const messageOf = (part: 'platform' | 'realm', bytes: Uint8Array): Message => {
  const step = attempt(() => readMessage(bytes));
  return 'value' in step ? step.value : syntax(`${part} token: ${step.error}`);
};

const realmProfileOf = (map: CborMap, { realmProfile }: Edition): boolean => {
  const profile = realmProfile ? memberOf(map, R.profile) : undefined;
  if (profile === undefined) return false;
  return textAt(profile, 'profile') === PROFILE.realm1 ? true : refuse('…');
};

/** What either edition reads in the same way. */
interface Reading {
  readonly input: Input;
  readonly entries: RustView['entries'];
  readonly platformMessage: Step<Message>;
  readonly realmMessage: Step<Message>;
  readonly platformMap: Step<CborMap>;
  readonly realmMap: Step<CborMap>;
}

const readingOf = (input: Input): Reading => {
  const entries = attempt(() => readCollection(input.token));
  const platformMessage = attempt(() => messageOf('platform', had(entries).platform));
  const realmMessage = attempt(() => messageOf('realm', had(entries).realm));
  const claimsMap = (message: Step<Message>, wrong: () => never): Step<CborMap> =>
    attempt(() => {
      const item = readItem(had(message).payload);
      return item.type === 'map' ? item : wrong();
    });
  const platformMap = claimsMap(platformMessage, () => syntax('expecting map type'));
  const realmMap = claimsMap(realmMessage, () => mismatch('expecting map type'));
  return { input, entries, platformMessage, realmMessage, platformMap, realmMap };
};

const viewOf = (edition: Edition, { platformMap, realmMap, ...read }: Reading): RustView => {
  const platform = attempt(() => {
    const claims = readClaims(had(platformMap), platformTable(edition));
    need(claims, PLATFORM_NAMES, PLATFORM_ORDER);
    return claims;
  });
  let isCoseKey = false;
  const realm = attempt(() => {
    const map = had(realmMap);
    isCoseKey = realmProfileOf(map, edition);
    const claims = readClaims(map, realmTable(isCoseKey));
    need(claims, REALM_NAMES, REALM_ORDER);
    return claims;
  });
  return { ...read, platform, realm, isCoseKey };
};

interface RustViews {
  readonly release: RustView;
  readonly main: RustView;
}

const open = (input: Input): RustViews => {
  const read = readingOf(input);
  return { release: viewOf(RELEASE, read), main: viewOf(MAIN, read) };
};

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

const UNCOMPRESSED = 4;
const HYBRID_EVEN = 6;

/** A point with both coordinates; OpenSSL also takes one that says as well whether y is odd. */
const pointOf = (bytes: Uint8Array): PublicKey | undefined => {
  const [form = 0] = bytes;
  const isHybrid = form === (HYBRID_EVEN | ((bytes.at(-1) ?? 0) & 1));
  return parseSec1Point('P-384', isHybrid ? Uint8Array.of(UNCOMPRESSED, ...bytes.subarray(1)) : bytes);
};

/** The key out of a point: numbers lose their leading zeros on the way, and a key that lost one fits no more. */
const rawKey = (bytes: Uint8Array, { crypto }: Input): PublicKey | undefined => {
  const key = pointOf(bytes);
  return key !== undefined && crypto.isOnCurve(key) && key.x[0] !== 0 && key.y[0] !== 0 ? key : undefined;
};

/** Members of a COSE_Key that the library knows; with any other it reads none. */
const KEY_LABELS = [1, 2, 3, 4, 5, -1, -2, -3, -4];
const OPERATION_VERIFY = 2;

const isKnownKey = (bytes: Uint8Array): boolean => {
  const decoded = decodePrefix(bytes, { maxDepth: NESTED_MOST });
  if (!decoded.ok || decoded.item.type !== 'map') return false;
  const map = decoded.item;
  if (map.entries.some(({ key }) => !KEY_LABELS.some((label) => isInteger(key, label)))) return false;
  const operations = memberOf(map, LABEL.coseKey.ops);
  return (
    operations === undefined ||
    (operations.type === 'array' && operations.items.some((each) => isInteger(each, OPERATION_VERIFY)))
  );
};

const realmKeyOf = ({ realm, isCoseKey, input }: RustView): PublicKey | undefined => {
  const bytes = had(realm).get(R.key) as Uint8Array;
  if (!isCoseKey) return rawKey(bytes, input);
  if (!isKnownKey(bytes)) return undefined;
  const parsed = parseCoseKey(bytes);
  return parsed.ok && input.crypto.isOnCurve(parsed.value) ? parsed.value : undefined;
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
  open,
  rules: rulesFor('release', RULES),
};

/** The development code, which Trustee uses. */
export const rustCcatokenMain: Model<RustViews> = {
  id: 'rust-ccatoken',
  title: 'rust-ccatoken dfe9ca2 (2025-07)',
  evidence: 'predicted',
  open,
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
  open,
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
