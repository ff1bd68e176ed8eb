import { utf8 } from '../../bytes/index.ts';
import type { Mutation } from '../mutation.ts';
import { array, bytes, embedded, int, map, NULL, raw, TRUE, text, UNDEFINED, type Wire } from '../wire.ts';
import { add, fill, flatten, indefinite, order, repeat, set, tail, widen, wrap, zero } from './edits.ts';
import { rowsOf } from './row.ts';

const { reject, accept, policy } = rowsOf('cbor', 'form');
const ambiguous = { gain: 'ambiguity' } as const;

const notUtf8 = text(Uint8Array.of(0xc3, 0x28));
/** 12288 as a half-precision float. */
const FLOAT_12288 = raw(0xf9, Uint8Array.of(0x72, 0x00));
const TAG = { bignum: 2, cwt: 61, bytesOfNode: 560 } as const;
/** A label that nobody has registered. */
const UNKNOWN = -70_010;

const nested = (depth: number): Wire => raw(new Uint8Array(depth).fill(0x81), 0);
/** A string that says it has 2^60 bytes. */
const ENDLESS_STRING = raw(0x5b, 0x10, fill(7));

const inRealm = (value: Wire) => [add('realm', UNKNOWN, value)];

export const CBOR: readonly Mutation[] = [
  reject('B01', 'collection of indefinite length', 'cbor-definite', 'CBOR_INDEFINITE_LENGTH', {
    after: [indefinite('collection')],
  }),
  reject('B02', 'platform claims of indefinite length', 'cbor-definite', 'CBOR_INDEFINITE_LENGTH', {
    before: [indefinite('platform')],
  }),
  reject('B03', 'implementation id of indefinite length', 'cbor-definite', 'CBOR_INDEFINITE_LENGTH', {
    before: [indefinite('platform/2396')],
  }),
  accept('B04', 'Realm label 10 in a head of four bytes', 'cbor-any-width', { before: [widen('realm/10', 4, 'key')] }),
  reject('B05', 'a byte after the collection', 'cbor-one-item', 'CBOR_TRAILING_BYTES', {
    bytes: [{ do: 'append', bytes: zero }],
  }),
  reject('B06', 'the last byte missing', 'cbor-well-formed', 'CBOR_MALFORMED', {
    bytes: [{ do: 'truncate', bytes: 1 }],
  }),
  reject(
    'B07',
    'platform binding claim twice, the same value',
    'cbor-unique-keys',
    'CBOR_DUPLICATE_KEY',
    { before: ({ binding }) => [repeat(binding)] },
    ambiguous,
  ),
  reject(
    'B08',
    'RIM twice, the second value another',
    'cbor-unique-keys',
    'CBOR_DUPLICATE_KEY',
    { before: [repeat('realm/44238', bytes(fill(32, 0xee)))] },
    ambiguous,
  ),
  reject(
    'B08b',
    'RIM twice, the second value of 31 bytes',
    'cbor-unique-keys',
    'CBOR_DUPLICATE_KEY',
    { before: [repeat('realm/44238', bytes(fill(31, 0xee)))] },
    ambiguous,
  ),
  accept('B09', 'platform claims in the order of their encoded keys', 'cbor-any-order', {
    before: [order('platform', 'encoded')],
  }),
  reject('B10', 'platform claims an array', 'claims-map', 'CLAIMS_NOT_MAP', { before: [flatten('platform')] }),
  reject('B11', 'a byte after the platform claims', 'cbor-one-item', 'CBOR_TRAILING_BYTES', {
    before: [tail('platform.payload', zero)],
  }),
  reject('B12', 'platform claims in tag 61', 'claims-map', 'CLAIMS_NOT_MAP', { before: [wrap('platform', TAG.cwt)] }),
  reject('B13', 'verification service that is not UTF-8', 'cbor-utf8', 'CBOR_INVALID_UTF8', {
    before: [set('platform/2400', notUtf8)],
  }),
  reject('B14', 'lifecycle the float 12288.0', 'platform-lifecycle', 'CLAIM_TYPE', {
    before: [set('platform/2395', FLOAT_12288)],
  }),
  reject('B15', 'lifecycle negative', 'platform-lifecycle', 'CLAIM_TYPE', { before: [set('platform/2395', int(-1))] }),
  reject('B16', 'lifecycle a bignum', 'platform-lifecycle', 'CLAIM_TYPE', {
    before: [set('platform/2395', { type: 'tag', tag: TAG.bignum, content: bytes(Uint8Array.of(0x30, 0x03)) })],
  }),
  reject('B17', 'implementation id in tag 560', 'platform-implementation-id', 'CLAIM_TYPE', {
    before: [wrap('platform/2396', TAG.bytesOfNode)],
  }),
  reject('B18', 'Realm claims an empty map', 'realm-mandatory', 'CLAIM_MISSING', { before: [set('realm', map())] }),
  reject('B19', 'platform binding claim null', 'binding-type', 'CLAIM_TYPE', {
    before: ({ binding }) => [set(binding, NULL)],
  }),
  reject('B20', 'RIM null', 'realm-measurement', 'CLAIM_TYPE', { before: [set('realm/44238', NULL)] }),

  reject('B21', 'Realm claims of indefinite length', 'cbor-definite', 'CBOR_INDEFINITE_LENGTH', {
    before: [indefinite('realm')],
  }),
  reject('B22', 'platform COSE_Sign1 of indefinite length', 'cbor-definite', 'CBOR_INDEFINITE_LENGTH', {
    after: [indefinite('platform.array')],
  }),
  reject('B23', 'platform signature of indefinite length', 'cbor-definite', 'CBOR_INDEFINITE_LENGTH', {
    after: [indefinite('platform.signature')],
  }),
  reject('B24', 'Realm payload of indefinite length', 'cbor-definite', 'CBOR_INDEFINITE_LENGTH', {
    after: [indefinite('realm.payload')],
  }),
  reject(
    'B25',
    'platform protected header in a byte string of indefinite length',
    'cbor-definite',
    'CBOR_INDEFINITE_LENGTH',
    { after: [indefinite('platform.protected')] },
  ),
  reject('B26', 'platform unprotected header of indefinite length', 'cbor-definite', 'CBOR_INDEFINITE_LENGTH', {
    after: [indefinite('platform.unprotected')],
  }),
  reject('B27', 'software components of indefinite length', 'cbor-definite', 'CBOR_INDEFINITE_LENGTH', {
    before: [indefinite('platform/2399')],
  }),
  reject('B28', 'a software component of indefinite length', 'cbor-definite', 'CBOR_INDEFINITE_LENGTH', {
    before: [indefinite('platform/2399/0')],
  }),
  reject('B29', 'extensible measurements of indefinite length', 'cbor-definite', 'CBOR_INDEFINITE_LENGTH', {
    before: [indefinite('realm/44239')],
  }),
  reject('B30', 'Realm hash algorithm of indefinite length', 'cbor-definite', 'CBOR_INDEFINITE_LENGTH', {
    before: [indefinite('realm/44236')],
  }),
  reject('B31', 'platform entry of indefinite length', 'cbor-definite', 'CBOR_INDEFINITE_LENGTH', {
    after: [indefinite('platform.entry')],
  }),
  reject('B32', 'an unknown claim of indefinite length', 'cbor-definite', 'CBOR_INDEFINITE_LENGTH', {
    before: inRealm({ ...array(int(1)), indefinite: true }),
  }),
  reject(
    'B33',
    'platform lifecycle twice, the second time in a longer head',
    'cbor-unique-keys',
    'CBOR_DUPLICATE_KEY',
    { before: [add('platform', { ...int(2395), width: 4 }, int(0x6000))] },
    ambiguous,
  ),
  reject(
    'B34',
    'platform lifecycle twice, the same value',
    'cbor-unique-keys',
    'CBOR_DUPLICATE_KEY',
    { before: [repeat('platform/2395')] },
    ambiguous,
  ),
  reject(
    'B35',
    'platform implementation id twice, the second another',
    'cbor-unique-keys',
    'CBOR_DUPLICATE_KEY',
    { before: [repeat('platform/2396', bytes(fill(32, 0xee)))] },
    ambiguous,
  ),
  reject(
    'B36',
    'Realm challenge twice, the second another',
    'cbor-unique-keys',
    'CBOR_DUPLICATE_KEY',
    { before: [repeat('realm/10', bytes(fill(64, 0xee)))] },
    ambiguous,
  ),
  reject(
    'B37',
    'Realm public key twice, the second a stranger’s',
    'cbor-unique-keys',
    'CBOR_DUPLICATE_KEY',
    { before: [repeat('realm/44237', bytes(fill(97, 4)))] },
    { gain: 'forgery' },
  ),
  reject(
    'B38',
    'measurement of a component twice, the second another',
    'cbor-unique-keys',
    'CBOR_DUPLICATE_KEY',
    { before: [repeat('platform/2399/0/2', bytes(fill(32, 0xee)))] },
    ambiguous,
  ),
  reject(
    'B39',
    'an unknown claim twice',
    'cbor-unique-keys',
    'CBOR_DUPLICATE_KEY',
    { before: [...inRealm(int(0)), repeat(`realm/${UNKNOWN}`)] },
    ambiguous,
  ),
  reject(
    'B40',
    'a text key twice in an unknown claim',
    'cbor-unique-keys',
    'CBOR_DUPLICATE_KEY',
    { before: inRealm(map(['a', int(1)], ['a', int(2)])) },
    ambiguous,
  ),
  reject('B41', 'profile that is not UTF-8', 'cbor-utf8', 'CBOR_INVALID_UTF8', {
    before: [set('platform/265', notUtf8)],
  }),
  reject('B42', 'an unknown claim that is not UTF-8', 'cbor-utf8', 'CBOR_INVALID_UTF8', { before: inRealm(notUtf8) }),
  reject('B43', 'a surrogate in the version of a component', 'cbor-utf8', 'CBOR_INVALID_UTF8', {
    before: [set('platform/2399/0/4', text(Uint8Array.of(0xed, 0xa0, 0x80)))],
  }),
  reject('B44', 'a byte after the Realm claims', 'cbor-one-item', 'CBOR_TRAILING_BYTES', {
    before: [tail('realm.payload', zero)],
  }),
  reject('B45', 'Realm claims an array', 'claims-map', 'CLAIMS_NOT_MAP', { before: [flatten('realm')] }),
  reject('B46', 'Realm claims in tag 61', 'claims-map', 'CLAIMS_NOT_MAP', { before: [wrap('realm', TAG.cwt)] }),
  reject('B47', 'Realm claims in a byte string once more', 'claims-map', 'CLAIMS_NOT_MAP', {
    before: ({ at }) => [set('realm', embedded(at('realm') ?? map()))],
  }),
  reject('B48', 'a reserved head in an unknown claim', 'cbor-well-formed', 'CBOR_MALFORMED', {
    before: inRealm(raw(0x1c)),
  }),
  reject('B49', 'a break in an unknown claim', 'cbor-well-formed', 'CBOR_MALFORMED', { before: inRealm(raw(0xff)) }),
  reject('B50', 'simple(20) in two bytes in an unknown claim', 'cbor-well-formed', 'CBOR_MALFORMED', {
    before: inRealm(raw(0xf8, 20)),
  }),
  reject('B51', 'an unknown claim that ends too early', 'cbor-well-formed', 'CBOR_MALFORMED', {
    before: inRealm(raw(0x58, 0x20, 1)),
  }),
  reject('B52', 'an unknown claim of 2^60 bytes, as it says', 'cbor-well-formed', 'CBOR_MALFORMED', {
    before: inRealm(ENDLESS_STRING),
  }),
  reject('B53', 'an unknown claim of 2^60 items, as it says', 'cbor-well-formed', 'CBOR_MALFORMED', {
    before: inRealm(raw(0x9b, 0x10, fill(7))),
  }),
  reject('B54', 'an integer of indefinite length', 'cbor-well-formed', 'CBOR_MALFORMED', {
    before: inRealm(raw(0x1f)),
  }),
  reject('B55', 'half of the token', 'cbor-well-formed', 'CBOR_MALFORMED', {
    after: [set('realm', NULL)],
    bytes: [{ do: 'truncate', bytes: 200 }],
  }),
  reject('B56', 'a zero byte before the token', 'cbor-one-item', 'CBOR_TRAILING_BYTES', {
    bytes: [{ do: 'prepend', bytes: zero }],
  }),
  reject('B57', 'a line feed after the token', 'cbor-one-item', 'CBOR_TRAILING_BYTES', {
    bytes: [{ do: 'append', bytes: utf8('\n') }],
  }),
  reject('B58', 'RIM undefined', 'realm-measurement', 'CLAIM_TYPE', { before: [set('realm/44238', UNDEFINED)] }),
  reject('B59', 'lifecycle true', 'platform-lifecycle', 'CLAIM_TYPE', { before: [set('platform/2395', TRUE)] }),
  reject('B60', 'lifecycle NaN', 'platform-lifecycle', 'CLAIM_TYPE', {
    before: [set('platform/2395', raw(0xf9, 0x7e, 0x00))],
  }),
  reject('B61', 'a map as claim key', 'claims-map', 'CLAIM_KEY_TYPE', { before: [add('realm', map(), int(0))] }),
  reject('B62', 'a float as claim key', 'claims-map', 'CLAIM_KEY_TYPE', {
    before: [add('platform', FLOAT_12288, int(0))],
  }),
  reject('B63', 'a byte string as claim key', 'claims-map', 'CLAIM_KEY_TYPE', {
    before: [add('platform', bytes(zero), int(0))],
  }),
  policy('B64', 'an unknown claim of arrays twenty deep', 'cbor-depth', [], { before: inRealm(nested(20)) }),
  policy(
    'B65',
    'an unknown claim of arrays two hundred deep',
    'cbor-depth',
    ['CBOR_TOO_COMPLEX'],
    { before: inRealm(nested(200)) },
    { refused: true },
  ),
  policy(
    'B66',
    'an unknown claim of arrays ten thousand deep',
    'cbor-depth',
    ['CBOR_TOO_COMPLEX'],
    { before: inRealm(nested(10_000)) },
    { refused: true },
  ),
  reject('B67', 'a map that says it has one entry more', 'cbor-well-formed', 'CBOR_MALFORMED', {
    before: inRealm(raw(0xa2, 1, 2)),
  }),
  reject('B68', 'a platform claim as text of its label', 'platform-mandatory', 'CLAIM_MISSING', {
    before: [{ do: 'rekey', at: 'platform/2395', key: text('2395') }],
  }),
  reject('B69', 'platform claims an empty map', 'platform-mandatory', 'CLAIM_MISSING', {
    before: [set('platform', map())],
  }),
];
