import type { FindingCode, VerifyOptions } from '../../src/verify/index.ts';
import {
  array,
  bytes,
  FALSE,
  float,
  head,
  indefinite,
  int,
  join,
  map,
  NULL,
  TRUE,
  tag,
  text,
} from '../support/cbor-writer.ts';
import {
  algHeader,
  CHALLENGE,
  CPAK,
  component,
  coseKey,
  coseKeyEntries,
  deviceClaims,
  digestOf,
  type Forgery,
  fill,
  forge,
  INSTANCE_ID,
  OTHER,
  platformPart,
  publicOf,
  RAK,
  RAK_P256,
  RIM,
  rawPoint,
  realmPart,
  record,
} from '../support/forge.ts';

/** One way to break a token, and the finding that names the rule that it breaks. */
export interface Row {
  readonly code: FindingCode;
  readonly path: string;
  readonly what: string;
  readonly token: () => Uint8Array;
  readonly options?: Partial<VerifyOptions>;
}

const row = (
  code: FindingCode,
  path: string,
  what: string,
  token: Forgery | (() => Uint8Array),
  options: Partial<VerifyOptions> = {},
): Row => ({
  code,
  path,
  what,
  token: typeof token === 'function' ? token : () => forge(token),
  options,
});

const key = publicOf(RAK);
const algTwice = map([1, int(-35)], [1, int(-35)]);
const utf8Broken = Uint8Array.of(0x62, 0xc3, 0x28);
const nest = (depth: number): Uint8Array => join(new Uint8Array(depth).fill(0x81), int(0));
const extension = (changes: readonly (readonly [number, Uint8Array | null])[] = []): Uint8Array => {
  const base = new Map<number, Uint8Array>([
    [2, bytes(fill(32, 2))],
    [3, bytes(fill(32, 3))],
    [4, TRUE],
    [5, text('spdm-1.2.0')],
    [6, bytes(fill(32, 6))],
  ]);
  for (const [label, value] of changes) {
    if (value === null) base.delete(label);
    else base.set(label, value);
  }
  return array(map(...base));
};
const withDevices = (device: Uint8Array, hash: Uint8Array | null = digestOf('sha-256', device)): Forgery => ({
  year: '2024',
  realm: hash === null ? {} : { 44257: bytes(hash) },
  entries: { 44258: record(device, 601) },
});
const raw = (secret = RAK): Uint8Array => rawPoint(publicOf(secret));
const keyWith = (...more: (readonly [number, Uint8Array])[]): Uint8Array => map(...coseKeyEntries(key), ...more);
const keyBut = (label: number, value: Uint8Array | null): Uint8Array =>
  map(
    ...coseKeyEntries(key).flatMap(([each, item]): (readonly [number, Uint8Array])[] =>
      each !== label ? [[each as number, item]] : value === null ? [] : [[label, value]],
    ),
  );
const offCurve = { ...key, y: fill(48, 1) };
const reference = (values: NonNullable<VerifyOptions['reference']>): Partial<VerifyOptions> => ({ reference: values });
const value55 = fill(32, 0x55);
const signer66 = fill(32, 0x66);

/** Each refuses the token, strict or not. */
export const ERROR_ROWS: readonly Row[] = [
  row('TOKEN_TOO_LARGE', 'token', 'a token of more than a mebibyte', () => new Uint8Array((1 << 20) + 1)),
  row('CBOR_MALFORMED', 'token', 'no bytes', () => new Uint8Array()),
  row('CBOR_MALFORMED', 'token', 'a token that lacks its last byte', () => forge().subarray(0, -1)),
  row('CBOR_MALFORMED', 'platform', 'an empty platform entry', { entries: { 44234: bytes(new Uint8Array()) } }),
  row('CBOR_TOO_COMPLEX', 'token', 'arrays a hundred deep', () => nest(100)),
  row('CBOR_TOO_COMPLEX', 'platform', 'a claim whose arrays are a hundred deep', { platform: { 70000: nest(100) } }),
  row('CBOR_TRAILING_BYTES', 'token', 'a byte after the token', () => join(forge(), int(0))),
  row('CBOR_TRAILING_BYTES', 'platform', 'a byte after the COSE_Sign1', {
    platformDraft: { after: (item) => join(item, int(0)) },
  }),
  row('CBOR_TRAILING_BYTES', 'realm', 'a byte after the Realm claims', () =>
    forge({ realmDraft: { payload: join(payloadOf(realmPart()), int(0)) } }),
  ),
  row('CBOR_TRAILING_BYTES', 'platform', 'a byte after the protected header', {
    platformDraft: { protectedHeader: join(algHeader('ES384'), int(0)) },
  }),
  row('CBOR_TRAILING_BYTES', 'realm/44237', 'a byte after the COSE_Key', { rak: join(coseKey(key), int(0)) }),
  row('CBOR_INDEFINITE_LENGTH', 'token', 'an indefinite collection', {
    collection: (p, r) => tag(399, indefinite(map([44234, bytes(p)], [44241, bytes(r)]))),
  }),
  row('CBOR_INDEFINITE_LENGTH', 'platform', 'an indefinite byte string as claim', {
    platform: { 2396: indefinite(bytes(fill(32, 0x33))) },
  }),
  row('CBOR_INDEFINITE_LENGTH', 'platform', 'an indefinite length in a claim nobody knows', {
    platform: { 70000: indefinite(array(int(1))) },
  }),
  row('CBOR_INDEFINITE_LENGTH', 'realm', 'an indefinite map in the unprotected header', {
    realmDraft: { unprotected: map([99, indefinite(map())]) },
  }),
  row('CBOR_INDEFINITE_LENGTH', 'realm/44237', 'an indefinite COSE_Key', { rak: indefinite(coseKey(key)) }),
  row('CBOR_DUPLICATE_KEY', 'token', 'two platform entries', {
    collection: (p, r) => tag(399, map([44234, bytes(p)], [44241, bytes(r)], [44234, bytes(p)])),
  }),
  row('CBOR_DUPLICATE_KEY', 'realm', 'a claim twice, once under a longer key', () =>
    forge({ realmDraft: { payload: withKey(payloadOf(realmPart()), int(44238, 4), bytes(RIM)) } }),
  ),
  row('CBOR_DUPLICATE_KEY', 'platform', 'alg twice', { platformDraft: { protectedHeader: algTwice } }),
  row('CBOR_DUPLICATE_KEY', 'realm/44237', 'a coordinate twice', { rak: keyWith([-2, bytes(key.x)]) }),
  row('CBOR_INVALID_UTF8', 'platform', 'a text that is not UTF-8', { platform: { 2400: utf8Broken } }),

  row('NOT_A_TOKEN', 'token', 'a number', () => int(42)),
  row('NOT_A_TOKEN', 'token', 'an empty map', () => map()),
  row('WRAPPER_TAG_MISSING', 'token', 'a collection without a tag', {
    collection: (p, r) => map([44234, bytes(p)], [44241, bytes(r)]),
  }),
  row('WRAPPER_TAG_UNKNOWN', 'token', 'tag 400', {
    collection: (p, r) => tag(400, map([44234, bytes(p)], [44241, bytes(r)])),
  }),
  row('COLLECTION_NOT_MAP', 'token', 'an array under tag 399', {
    collection: (p, r) => tag(399, array(bytes(p), bytes(r))),
  }),
  row('COLLECTION_KEY_TYPE', 'token', 'a byte string as key of the collection', {
    collection: (p, r) => tag(399, map([44234, bytes(p)], [44241, bytes(r)], [bytes(fill(1, 1)), int(0)])),
  }),
  row('ENTRY_MISSING', 'token/44234', 'no platform entry', { entries: { 44234: null } }),
  row('ENTRY_MISSING', 'token/44241', 'no Realm entry', { entries: { 44241: null } }),
  row('ENTRY_MISSING', 'token/44234', 'keys that are texts', {
    collection: (p, r) => tag(399, map(['44234', bytes(p)], [44241, bytes(r)])),
  }),
  row('ENTRY_MISSING', 'token/44234', 'a Realm token alone', () => realmPart()),
  row('ENTRY_FORM', 'token/44234', 'byte strings under tag 907', {
    collection: (p, r) => tag(907, map([44234, bytes(p)], [44241, bytes(r)])),
  }),
  row('ENTRY_FORM', 'token/44241', 'a record and a byte string under tag 907', {
    collection: (p, r) => tag(907, map([44234, record(p)], [44241, bytes(r)])),
  }),
  row('ENTRY_FORM', 'token/44234', 'records under tag 399', {
    collection: (p, r) => tag(399, map([44234, record(p)], [44241, record(r)])),
  }),
  row('ENTRY_FORM', 'token/44234', 'a COSE_Sign1 without its byte string', {
    collection: (p, r) => tag(399, map([44234, p], [44241, bytes(r)])),
  }),
  row('ENTRY_FORM', 'token/44234', 'a record of four', {
    collection: (p, r) => tag(907, map([44234, array(int(263), bytes(p), int(4), int(0))], [44241, record(r)])),
  }),
  row('CONTENT_FORMAT', 'token/44234', 'content format 10001', {
    collection: (p, r) => tag(907, map([44234, record(p, 10001)], [44241, record(r)])),
  }),
  row('CONTENT_FORMAT', 'token/44241', 'a media type in place of the content format', {
    collection: (p, r) => tag(907, map([44234, record(p)], [44241, array(text('application/eat+cwt'), bytes(r))])),
  }),

  row('COSE_TAG_MISSING', 'platform', 'an untagged COSE_Sign1', { platformDraft: { tag: null } }),
  row('COSE_TAG_MISSING', 'platform', 'an untagged platform token alone', () =>
    platformPart({ platformDraft: { tag: null } }),
  ),
  row('COSE_TAG_UNKNOWN', 'realm', 'tag 98', { realmDraft: { tag: 98 } }),
  row('COSE_TAG_UNKNOWN', 'platform', 'tag 17', { platformDraft: { tag: 17 } }),
  row('COSE_NOT_SIGN1', 'platform', 'three elements', { platformDraft: { drop: 1 } }),
  row('COSE_NOT_SIGN1', 'platform', 'five elements', { platformDraft: { more: [int(0)] } }),
  row('COSE_NOT_SIGN1', 'platform', 'an unprotected header that is no map', {
    platformDraft: { unprotected: array() },
  }),
  row('COSE_PROTECTED_MALFORMED', 'platform', 'a bare map as protected header', {
    platformDraft: { protectedItem: algHeader('ES384') },
  }),
  row('COSE_PROTECTED_MALFORMED', 'realm', 'a protected header that holds an array', {
    realmDraft: { protectedHeader: array(int(1)) },
  }),
  row('COSE_PAYLOAD_ABSENT', 'platform', 'a detached payload', { platformDraft: { payloadItem: NULL } }),
  row('COSE_PAYLOAD_ABSENT', 'platform', 'an empty payload', { platformDraft: { payload: new Uint8Array() } }),
  row('HEADER_LABEL_TYPE', 'platform', 'a byte string as header label', {
    platformDraft: { unprotected: map([bytes(fill(1, 1)), int(0)]) },
  }),
  row('HEADER_REPEATED', 'platform', 'alg in both headers', { platformDraft: { unprotected: algHeader('ES384') } }),
  row('ALG_MISSING', 'platform', 'an empty map as protected header', { platformDraft: { protectedHeader: map() } }),
  row('ALG_UNPROTECTED', 'realm', 'alg in the unprotected header alone', {
    realmDraft: { protectedHeader: new Uint8Array(), unprotected: algHeader('ES384') },
  }),
  row('ALG_UNSUPPORTED', 'platform', 'algorithm -999', { platformDraft: { protectedHeader: map([1, int(-999)]) } }),
  row('ALG_UNSUPPORTED', 'platform', 'algorithm nil', { platformDraft: { protectedHeader: map([1, NULL]) } }),
  row('ALG_UNSUPPORTED', 'realm', 'an algorithm in an array', {
    realmDraft: { protectedHeader: map([1, array(int(-35))]) },
  }),
  row('ALG_UNSUPPORTED', 'realm', 'EdDSA', { realmDraft: { protectedHeader: map([1, int(-8)]) } }),
  row('ALG_UNSUPPORTED', 'realm', 'an algorithm by its name', {
    realmDraft: { protectedHeader: map([1, text('ES384')]) },
  }),
  row('CRIT_UNKNOWN', 'platform', 'a critical parameter that nobody knows', {
    platformDraft: { protectedHeader: map([1, int(-35)], [2, array(int(99))], [99, int(0)]) },
  }),
  row('CRIT_MALFORMED', 'platform', 'an empty list of critical parameters', {
    platformDraft: { protectedHeader: map([1, int(-35)], [2, array()]) },
  }),
  row('CRIT_MALFORMED', 'platform', 'a critical parameter that is absent', {
    platformDraft: { protectedHeader: map([1, int(-35)], [2, array(int(3))]) },
  }),
  row('CRIT_MALFORMED', 'platform', 'crit in the unprotected header', {
    platformDraft: { unprotected: map([2, array(int(1))]) },
  }),
  row('CLAIMS_NOT_MAP', 'platform', 'an array of claims', { platformDraft: { payload: array(int(1)) } }),
  row('CLAIMS_NOT_MAP', 'realm', 'claims under tag 61', () =>
    forge({ realmDraft: { payload: tag(61, payloadOf(realmPart())) } }),
  ),
  row('CLAIM_KEY_TYPE', 'realm', 'an array as claim key', () =>
    forge({ realmDraft: { payload: withKey(payloadOf(realmPart()), array(), int(0)) } }),
  ),

  ...[10, 256, 265, 2395, 2396, 2399, 2401, 2402].map((label) =>
    row('CLAIM_MISSING', `platform/${label}`, `platform claim ${label} gone`, { platform: { [label]: null } }),
  ),
  ...[10, 44235, 44236, 44237, 44238, 44239, 44240].map((label) =>
    row('CLAIM_MISSING', `realm/${label}`, `Realm claim ${label} gone`, { realm: { [label]: null } }),
  ),
  row('CLAIM_MISSING', 'platform/2394', 'no client id in 2024', { year: '2024', platform: { 2394: null } }),
  row('CLAIM_MISSING', 'platform/2408', 'no workload binding in 2026', { year: '2026', platform: { 2408: null } }),
  row('CLAIM_MISSING', 'realm/256', 'no Realm instance id in 2024', { year: '2024', realm: { 256: null } }),
  row('CLAIM_MISSING', 'realm/44243', 'no MEC policy in 2024', { year: '2024', realm: { 44243: null } }),
  row('CLAIM_MISSING', 'realm/256', 'no Realm instance id in 2026, text or not', {
    year: '2026',
    realm: { 256: null, 44243: text('shared') },
  }),
  row('CLAIM_MISSING', 'platform/2399/0/2', 'a component without value', {
    platform: { 2399: array(map([1, text('BL1')], [5, bytes(signer66)])) },
  }),
  row('CLAIM_MISSING', 'platform/2399/0/5', 'a component without signer', {
    platform: { 2399: array(map([1, text('BL1')], [2, bytes(value55)])) },
  }),
  row('CLAIM_MISSING', 'platform/2404/0/6', 'an SPDM device without its negotiation', {
    year: '2024',
    platform: { 2404: extension([[6, null]]) },
  }),
  row('CLAIM_FORBIDDEN', 'platform/2404/0/6', 'a negotiation digest of a device without SPDM', {
    year: '2024',
    platform: { 2404: extension([[5, text('other')]]) },
  }),
  row('CLAIM_MISSING', 'platform/2404/0/8', 'CXL memory that does not say where it is encrypted', {
    year: '2024',
    platform: { 2404: extension([[7, text('cxl-type-3')]]) },
  }),
  row('CLAIM_FORBIDDEN', 'platform/10', 'claim 10 in 2026', { year: '2026', platform: { 10: bytes(fill(32, 1)) } }),
  row('CLAIM_TYPE', 'platform/10', 'a challenge in an array', { platform: { 10: array(bytes(fill(32, 1))) } }),
  row('CLAIM_TYPE', 'platform/10', 'a null challenge', { platform: { 10: NULL } }),
  row('CLAIM_TYPE', 'platform/265', 'a profile in bytes', { platform: { 265: bytes(fill(3, 1)) } }),
  row('CLAIM_TYPE', 'platform/2395', 'a lifecycle as float', { platform: { 2395: float(0x7200) } }),
  row('CLAIM_TYPE', 'platform/2395', 'a negative lifecycle', { platform: { 2395: int(-1) } }),
  row('CLAIM_TYPE', 'platform/2395', 'a lifecycle as bignum', {
    platform: { 2395: tag(2, bytes(Uint8Array.of(0x30, 0x03))) },
  }),
  row('CLAIM_TYPE', 'platform/2396', 'a tagged implementation id', {
    platform: { 2396: tag(560, bytes(fill(32, 0x33))) },
  }),
  row('CLAIM_TYPE', 'platform/2399', 'components in a map', { platform: { 2399: map([1, component()]) } }),
  row('CLAIM_TYPE', 'platform/2399/0', 'a component in bytes', { platform: { 2399: array(bytes(component())) } }),
  row('CLAIM_TYPE', 'platform/2399/0/4', 'a version as number', {
    platform: { 2399: array(component('BL1', [[4, int(1)]])) },
  }),
  row('CLAIM_TYPE', 'platform/2399/0/7', 'live activation as number, in 2024', {
    year: '2024',
    platform: { 2399: array(component('BL1', [[7, int(1)]])) },
  }),
  row('CLAIM_TYPE', 'platform/2400', 'a verification service in bytes', { platform: { 2400: bytes(fill(3, 1)) } }),
  row('CLAIM_TYPE', 'platform/2401', 'a config as text', { platform: { 2401: text('config') } }),
  row('CLAIM_TYPE', 'realm/10', 'a challenge as text', { realm: { 10: text('challenge') } }),
  row('CLAIM_TYPE', 'realm/265', 'a profile as number', { realm: { 265: int(1) } }),
  row('CLAIM_TYPE', 'realm/44236', 'a hash algorithm as number', { realm: { 44236: int(1) } }),
  row('CLAIM_TYPE', 'realm/44237', 'a RAK that is a map', { realm: { 44237: coseKey(key) } }),
  row('CLAIM_TYPE', 'realm/44239', 'extensible measurements in bytes', { realm: { 44239: bytes(fill(128, 1)) } }),
  row('CLAIM_TYPE', 'realm/44243', 'a MEC policy in bytes, in 2024', {
    year: '2024',
    realm: { 44243: bytes(fill(1, 0)) },
  }),
  row('RAK_MALFORMED', 'realm/44237/-3', 'y as null', { rak: keyBut(-3, NULL) }),
  row('CLAIM_SIZE', 'platform/10', 'a challenge of 31 bytes', { platform: { 10: bytes(fill(31, 1)) } }),
  row('CLAIM_SIZE', 'platform/256', 'an instance id of 32 bytes', {
    platform: { 256: bytes(INSTANCE_ID.subarray(0, 32)) },
  }),
  row('CLAIM_SIZE', 'platform/2396', 'an implementation id of 31 bytes', { platform: { 2396: bytes(fill(31, 1)) } }),
  row('CLAIM_SIZE', 'platform/2399/0/2', 'a component value of 20 bytes', {
    platform: { 2399: array(map([1, text('BL1')], [2, bytes(fill(20, 1))], [5, bytes(signer66)])) },
  }),
  row('CLAIM_SIZE', 'platform/2399/0/5', 'a signer of 20 bytes', {
    platform: { 2399: array(map([1, text('BL1')], [2, bytes(value55)], [5, bytes(fill(20, 1))])) },
  }),
  row('CLAIM_SIZE', 'platform/2399/0/8', 'an empty list of countersigners, in 2024', {
    year: '2024',
    platform: { 2399: array(component('BL1', [[8, array()]])) },
  }),
  row('CLAIM_SIZE', 'realm/10', 'a challenge of 63 bytes', { realm: { 10: bytes(fill(63, 1)) } }),
  row('CLAIM_SIZE', 'realm/44235', 'a personalization value of 65 bytes', { realm: { 44235: bytes(fill(65, 1)) } }),
  row('CLAIM_SIZE', 'realm/44238', 'a RIM of 31 bytes', { realm: { 44238: bytes(fill(31, 1)) } }),
  row('CLAIM_SIZE', 'realm/44239/2', 'a REM of 20 bytes', {
    realm: { 44239: array(...[32, 32, 20, 32].map((size) => bytes(fill(size, 1)))) },
  }),
  row('CLAIM_VALUE', 'platform/2394', 'client 2', { year: '2024', platform: { 2394: int(2) } }),
  row('CLAIM_VALUE', 'realm/44243', 'MEC policy 2, in 2024', { year: '2024', realm: { 44243: int(2) } }),
  row('CLAIM_VALUE', 'realm/44243', 'MEC policy "bogus", in 2024', { year: '2024', realm: { 44243: text('bogus') } }),
  row('CLAIM_VALUE', 'realm/44244', 'LFA policy 2, in 2024', { year: '2024', realm: { 44244: int(2) } }),
  row('PROFILE_UNKNOWN', 'platform/265', 'a platform profile nobody knows', {
    platform: { 265: text('tag:arm.com,2025:cca_platform#9.9.9') },
  }),
  row('PROFILE_UNKNOWN', 'platform/265', 'a PSA profile', {
    platform: { 265: text('tag:psacertified.org,2023:psa#tfm') },
  }),
  row('PROFILE_UNKNOWN', 'platform/265', 'a model nobody knows', {
    year: '2026',
    platform: { 265: text('tag:arm.com,2026:cca_platform#2.0.0;other') },
  }),
  row('PROFILE_UNKNOWN', 'realm/265', 'the platform profile in the Realm token', {
    realm: { 265: text('tag:arm.com,2023:cca_platform#1.0.0') },
  }),
  row('PROFILE_UNKNOWN', 'realm/265', 'the word that stands for no profile', { realm: { 265: text('none') } }),
  row('PROFILE_UNKNOWN', 'realm/265', 'a name that objects have', { realm: { 265: text('__proto__') } }),
  row('UEID_TYPE', 'platform/256', 'an instance id that starts with 2', { platform: { 256: bytes(fill(33, 2)) } }),
  row('UEID_TYPE', 'realm/256', 'a Realm instance id that starts with 0', {
    year: '2024',
    realm: { 256: bytes(fill(33, 0)) },
  }),
  row('COMPONENTS_EMPTY', 'platform/2399', 'no components', { platform: { 2399: array() } }),
  row('COMPONENT_KEY_TYPE', 'platform/2399/0', 'a text as key of a component', {
    platform: { 2399: array(component('BL1', [['name', int(1)]])) },
  }),
  ...[0x3100, 0x7000, 0x10000, 0x0100].map((value) =>
    row('LIFECYCLE_UNDEFINED', 'platform/2395', `lifecycle ${value}`, { platform: { 2395: int(value) } }),
  ),
  row('REM_COUNT', 'realm/44239', 'three extensible measurements', {
    realm: { 44239: array(...[1, 2, 3].map((b) => bytes(fill(32, b)))) },
  }),
  row('REM_COUNT', 'realm/44239', 'five extensible measurements', {
    realm: { 44239: array(...[1, 2, 3, 4, 5].map((b) => bytes(fill(32, b)))) },
  }),
  row('REM_COUNT', 'realm/44239', 'no extensible measurements', { realm: { 44239: array() } }),
  row('HASH_UNKNOWN', 'realm/44236', 'measurements by md17', { realm: { 44236: text('md17') } }),
  row('HASH_UNKNOWN', 'realm/44236', 'measurements by an empty name', { realm: { 44236: text('') } }),
  row('HASH_UNKNOWN', 'realm/44240', 'a binding by SHA-256, in upper case', { realm: { 44240: text('SHA-256') } }),
  row('HASH_UNKNOWN', 'realm/44240', 'a binding by sha3-256', { realm: { 44240: text('sha3-256') } }),
  row('MEASUREMENT_SIZE', 'realm/44238', 'a RIM of 48 bytes by sha-256', { realm: { 44238: bytes(fill(48, 1)) } }),
  row('MEASUREMENT_SIZE', 'realm/44239/1', 'REMs of three sizes', {
    realm: { 44239: array(...[32, 48, 64, 32].map((size) => bytes(fill(size, 1)))) },
  }),
  row('MEASUREMENT_SIZE', 'realm/44238', 'measurements of 32 bytes by sha-512', { realm: { 44236: text('sha-512') } }),

  row('RAK_FORM', 'realm/44237', 'a raw RAK under the 2023 profile', { rak: raw() }),
  row('RAK_FORM', 'realm/44237', 'a COSE_Key under the legacy profile', { year: 'legacy', rak: coseKey(key) }),
  row('RAK_FORM', 'realm/44237', 'a COSE_Key without a Realm profile on a 2023 platform', { realm: { 265: null } }),
  row('RAK_FORM', 'realm/44237', 'a compressed raw RAK', { year: 'legacy', rak: Uint8Array.of(2, ...key.x) }),
  row('RAK_MALFORMED', 'realm/44237', 'an empty RAK', { rak: new Uint8Array() }),
  row('RAK_MALFORMED', 'realm/44237', 'a RAK that is an array', { rak: array(int(1)) }),
  row('RAK_MALFORMED', 'realm/44237', 'a COSE_Key without kty', { rak: keyBut(1, null) }),
  row('RAK_MALFORMED', 'realm/44237', 'a COSE_Key with an array as label', {
    rak: map(...coseKeyEntries(key), [array(), int(1)]),
  }),
  row('RAK_MALFORMED', 'realm/44237/-2', 'x of 47 bytes', { rak: keyBut(-2, bytes(key.x.subarray(1))) }),
  row('RAK_MALFORMED', 'realm/44237/-3', 'no y', { rak: keyBut(-3, null) }),
  row('RAK_TYPE_UNSUPPORTED', 'realm/44237', 'an Ed25519 key', {
    rak: map([1, int(1)], [-1, int(6)], [-2, bytes(fill(32, 1))]),
  }),
  row('RAK_NOT_ON_CURVE', 'realm/44237', 'a COSE_Key off its curve', { rak: coseKey(offCurve) }),
  row('RAK_NOT_ON_CURVE', 'realm/44237', 'a raw RAK off its curve', { year: 'legacy', rak: rawPoint(offCurve) }),
  row('RAK_NOT_ON_CURVE', 'realm/44237/-3', 'a compressed RAK that is no point', {
    rak: map([1, int(2)], [-1, int(2)], [-2, bytes(fill(48, 0xff))], [-3, TRUE]),
  }),
  row('RAK_KEY_OPS', 'realm/44237/4', 'a RAK for signing', { rak: keyWith([4, array(int(1))]) }),
  row('RAK_ALG', 'realm/44237/3', 'a RAK for ES256', { rak: keyWith([3, int(-7)]) }),
  row('RAK_PRIVATE', 'realm/44237/-4', 'a RAK with its private part', { rak: keyWith([-4, bytes(fill(48, 1))]) }),

  row('KEY_MISSING', 'platform', 'no key', {}, { key: undefined }),
  row('KEY_OF_INSTANCE_UNKNOWN', 'platform/256', 'a key of another instance', {}, { key: () => undefined }),
  row('KEY_NOT_ON_CURVE', 'platform', 'a key off its curve', {}, { key: { ...publicOf(CPAK), y: fill(48, 1) } }),
  row('PLATFORM_SIG_SIZE', 'platform', 'an empty signature', { platformDraft: { signature: () => new Uint8Array() } }),
  row('PLATFORM_SIG_SIZE', 'platform', 'a signature of 95 bytes', {
    platformDraft: { signature: (good) => good.subarray(1) },
  }),
  row('PLATFORM_SIG_INVALID', 'platform', 'a flipped bit', { platformDraft: { signature: flipped } }),
  row('PLATFORM_SIG_INVALID', 'platform', 'a signature of zeros', {
    platformDraft: { signature: () => new Uint8Array(96) },
  }),
  row('PLATFORM_SIG_INVALID', 'platform', 'another key', { cpak: OTHER }),
  row('PLATFORM_SIG_INVALID', 'platform', 'external data', { platformDraft: { aad: fill(1, 0x78) } }),
  row('REALM_SIG_SIZE', 'realm', 'a signature of 97 bytes', {
    realmDraft: { signature: (good) => join(good, int(0)) },
  }),
  row('REALM_SIG_INVALID', 'realm', 'a flipped bit', { realmDraft: { signature: flipped } }),
  row('REALM_SIG_INVALID', 'realm', 'another key than the claim', { rakSecret: OTHER, rak: coseKey(key) }),

  row('BINDING_MISMATCH', 'platform/10', 'the raw point hashed for a COSE_Key', { boundBytes: raw() }),
  row('BINDING_MISMATCH', 'platform/10', 'another RAK', { boundBytes: coseKey(publicOf(OTHER)) }),
  row('BINDING_MISMATCH', 'platform/10', 'a challenge of zeros', { platform: { 10: bytes(fill(32, 0)) } }),
  row('BINDING_MISMATCH', 'platform/10', 'sha-512 named, sha-256 used', { realm: { 44240: text('sha-512') } }),
  row('BINDING_MISMATCH', 'platform/10', 'a digest padded to 48 bytes', {
    platform: { 10: bytes(join(digestOf('sha-256', coseKey(key)), fill(16, 0))) },
  }),
  row('BINDING_MISMATCH', 'platform/2408', 'another RAK, in 2026', {
    year: '2026',
    boundBytes: coseKey(publicOf(OTHER)),
  }),
  row('REALM_CHALLENGE_NOT_BOUND', 'platform/10', 'HESRAK with another challenge', {
    year: '2026',
    platform: { 265: text('tag:arm.com,2026:cca_platform#2.0.0;HESRAK'), 10: bytes(fill(64, 9)) },
  }),
  row('DEVICES_TOKEN_MISSING', 'realm/44257', 'a hash of devices that are not there', {
    year: '2024',
    realm: { 44257: bytes(fill(32, 1)) },
  }),
  row('DEVICES_TOKEN_UNBOUND', 'devices', 'devices without a hash', withDevices(deviceClaims(), null)),
  row('DEVICES_HASH_MISMATCH', 'realm/44257', 'other devices', withDevices(deviceClaims(), fill(32, 1))),
  row('CLAIM_MISSING', 'devices/265', 'devices without profile', withDevices(deviceClaims({ 265: null }))),
  row('PROFILE_UNKNOWN', 'devices/265', 'devices of an unknown profile', withDevices(deviceClaims({ 265: text('x') }))),
  row(
    'CLAIM_TYPE',
    'devices/44259/0/4',
    'a device with a number for a truth value',
    withDevices(deviceClaims({}, { 4: int(1) })),
  ),
  row('CLAIM_TYPE', 'devices', 'devices in a text', withDevices(text('devices'))),
  row('ENTRY_FORM', 'token/44258', 'devices that are no record', {
    ...withDevices(deviceClaims()),
    entries: { 44258: bytes(deviceClaims()) },
  }),

  ...[0x0000, 0x1000, 0x2000, 0x4000, 0x5000, 0x60ff].map((value) =>
    row('LIFECYCLE_REFUSED', 'platform/2395', `lifecycle ${value}`, { platform: { 2395: int(value) } }),
  ),
  row('CHALLENGE_MISMATCH', 'realm/10', 'another challenge', {}, { challenge: fill(64, 9) }),
  row('CHALLENGE_MISMATCH', 'realm/10', 'a shorter challenge', {}, { challenge: CHALLENGE.subarray(0, 32) }),
  row('CHALLENGE_UNCHECKED', 'realm/10', 'a challenge asked of a platform token', () => platformPart(), {
    challenge: CHALLENGE,
  }),

  row(
    'IMPLEMENTATION_ID_MISMATCH',
    'platform/2396',
    'another implementation',
    {},
    reference({ implementation_id: fill(32, 9) }),
  ),
  row('INSTANCE_ID_MISMATCH', 'platform/256', 'another instance', {}, reference({ instance_id: fill(33, 1) })),
  row('CONFIG_MISMATCH', 'platform/2401', 'another configuration', {}, reference({ config: fill(5, 0xcf) })),
  row('RIM_MISMATCH', 'realm/44238', 'another RIM', {}, reference({ rim: fill(32, 9) })),
  row('REM_MISMATCH', 'realm/44239/3', 'another REM 4', {}, reference({ rems: [null, null, null, fill(32, 9)] })),
  row('RPV_MISMATCH', 'realm/44235', 'another personalization value', {}, reference({ rpv: fill(64, 9) })),
  row(
    'COMPONENT_MISMATCH',
    'platform/2399/1/2',
    'another value of a component',
    {},
    reference({
      components: [
        { component_type: 'BL1', measurement_value: value55 },
        { component_type: 'RMM', measurement_value: fill(32, 9) },
      ],
    }),
  ),
  row(
    'COMPONENT_MISMATCH',
    'platform/2399/0/5',
    'another signer of a component',
    {},
    reference({
      components: [
        { component_type: 'BL1', measurement_value: value55, signer_id: fill(32, 9) },
        { component_type: 'RMM', measurement_value: value55, signer_id: signer66 },
      ],
    }),
  ),
  row(
    'COMPONENT_ABSENT',
    'platform/2399',
    'a component that is gone',
    { platform: { 2399: array(component('BL1')) } },
    reference({
      components: [
        { component_type: 'BL1', measurement_value: value55 },
        { component_type: 'RMM', measurement_value: value55 },
      ],
    }),
  ),
  row(
    'COMPONENT_UNEXPECTED',
    'platform/2399/1',
    'a component too many',
    {},
    reference({ components: [{ component_type: 'BL1', measurement_value: value55 }] }),
  ),
  row(
    'REFERENCE_UNCHECKED',
    'realm/44238',
    'a RIM asked of a platform token',
    () => platformPart(),
    reference({ rim: RIM }),
  ),
  row(
    'REFERENCE_UNCHECKED',
    'realm/44239/0',
    'a REM asked of a platform token',
    () => platformPart(),
    reference({ rems: [RIM, null, null, null] }),
  ),
  row(
    'REFERENCE_UNCHECKED',
    'platform/2399',
    'components asked of a token without',
    { platform: { 2399: array() } },
    reference({ components: [] }),
  ),

  row(
    'ENCODING_NOT_SHORTEST',
    'token',
    'a longer head where the policy wants the shortest',
    { platform: { 2395: int(0x3003, 4) } },
    { policy: { require: ['shortest-encoding'] } },
  ),
  row(
    'INSTANCE_ID_NOT_OF_KEY',
    'platform/256',
    'an instance id of its own where the policy wants the key',
    {},
    { policy: { require: ['instance-id-hashes-key'] } },
  ),
  row(
    'CONFIG_DEBUG',
    'platform/2401',
    'a configuration without debug bits where the policy wants them off',
    {},
    { policy: { require: ['config-debug-off'] } },
  ),
];

/** Each is warned about, and refuses the token only when warnings do. */
export const WARNING_ROWS: readonly Row[] = [
  row('RECORD_INDICATOR', 'token/44234', 'a record with an indicator', {
    collection: (p, r) => tag(907, map([44234, array(int(263), bytes(p), int(4))], [44241, record(r)])),
  }),
  row('WRAPPER_SELF_DESCRIBED', 'token', 'tag 55799', () => tag(55799, forge())),
  row('WRAPPER_SELF_DESCRIBED', 'token', 'tag 55799 around a platform token', () => tag(55799, platformPart())),
  row('CLAIM_OF_OTHER_REVISION', 'realm/44243', 'a MEC policy as text, in 2026', {
    year: '2026',
    realm: { 44243: text('shared') },
  }),
  row('CLAIM_OF_OTHER_REVISION', 'platform/2406', 'peer signers in bytes, in 2026', {
    year: '2026',
    platform: { 2406: bytes(fill(4, 1)) },
  }),
  row('CLAIM_OF_OTHER_REVISION', 'platform/2406', 'peer signers in an array, in 2024', {
    year: '2024',
    platform: { 2406: array(bytes(fill(4, 1))) },
  }),
  row('CLAIM_OF_OTHER_REVISION', 'platform/2404', 'extension devices in 2026 #2.0.0', {
    year: '2026',
    platform: { 2404: extension() },
  }),
  row('COMPONENT_KEY_RESERVED', 'platform/2399/0/3', 'key 3 of a component', {
    platform: { 2399: array(component('BL1', [[3, int(1)]])) },
  }),
  row('COMPONENT_TYPE_MISSING', 'platform/2399/0', 'a component without type', {
    platform: { 2399: array(map([2, bytes(value55)], [5, bytes(signer66)])) },
  }),
  row('PLATFORM_HASH_UNKNOWN', 'platform/2402', 'SHA256 as platform algorithm', { platform: { 2402: text('SHA256') } }),
  row('MEASUREMENT_SLOT', 'realm', 'whole slots by sha-256', {
    realm: { 44238: bytes(fill(64, 1)), 44239: array(...[1, 2, 3, 4].map((b) => bytes(fill(64, b)))) },
  }),
  row('MEC_POLICY_UNKNOWN', 'realm/44243', 'MEC policy "bogus" under the 2023 profile', {
    realm: { 44243: text('bogus') },
  }),
  row('MEC_POLICY_UNKNOWN', 'realm/44243', 'MEC policy in bytes under the 2023 profile', {
    realm: { 44243: bytes(fill(1, 0)) },
  }),
  row('MEC_POLICY_UNKNOWN', 'realm/44243', 'MEC policy 7 without a profile', {
    year: 'legacy',
    realm: { 44243: int(7) },
  }),
  row('PROFILE_INHERITED', 'realm', 'a Realm token without profile on a 2024 platform', {
    year: '2024',
    realm: { 265: null },
  }),
  row('RAK_COMPRESSED', 'realm/44237/-3', 'a compressed RAK', {
    rak: map([1, int(2)], [-1, int(2)], [-2, bytes(key.x)], [-3, (key.y[47] ?? 0) & 1 ? TRUE : FALSE]),
  }),
  row('PROFILE_PAIR_MIXED', 'realm/265', 'a legacy platform with a 2023 Realm', { year: 'legacy', realmYear: '2023' }),
  row('PROFILE_PAIR_MIXED', 'realm/265', 'a 2023 platform with a legacy Realm', { year: '2023', realmYear: 'legacy' }),
  row('PROFILE_PAIR_MIXED', 'realm/265', 'a 2026 platform with a raw RAK', { year: '2026', realmYear: 'legacy' }),
  row('PLATFORM_ALG_UNUSUAL', 'platform', 'ES256 on P-384', { platformDraft: { algorithm: 'ES256' } }),
  row('REALM_ALG_UNUSUAL', 'realm', 'ES512 on P-256', {
    rakSecret: RAK_P256,
    realmDraft: { algorithm: 'ES512' },
  }),
];

function flipped(good: Uint8Array): Uint8Array {
  return good.map((byte, i) => (i === 10 ? byte ^ 1 : byte));
}

/** The payload of a COSE_Sign1 of this forge, whose header always takes ten bytes and whose signature the last 98. */
function payloadOf(message: Uint8Array): Uint8Array {
  const at = message.indexOf(0x59, 8);
  return message.subarray(at + 3, message.length - 98);
}

/** A map of less than 23 entries with one more. */
function withKey(claims: Uint8Array, label: Uint8Array, value: Uint8Array): Uint8Array {
  return join(head(5, ((claims[0] ?? 0) & 0x1f) + 1), claims.subarray(1), label, value);
}
