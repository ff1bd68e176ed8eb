import type { Mutation } from '../mutation.ts';
import { array, bytes, embedded, int, map, NULL, raw, text } from '../wire.ts';
import {
  add,
  copy,
  fill,
  flatten,
  push,
  rekey,
  remove,
  repeat,
  resize,
  retag,
  set,
  swap,
  unwrap,
  widen,
  wrap,
} from './edits.ts';
import { rowsOf } from './row.ts';

const { reject, accept, policy } = rowsOf('collection', 'form');

const PLATFORM = 'collection/44234';
const REALM = 'collection/44241';
const SELF_DESCRIBED = 55799;
/** A content format that nobody has registered. */
const NO_FORMAT = 10001;
const CBOR_FORMAT = 60;

const as907 = { form: { outer: 907 } } as const;

export const COLLECTION: readonly Mutation[] = [
  reject('L01', 'no outer tag', 'outer-tag', 'WRAPPER_TAG_MISSING', { after: [unwrap('token')] }),
  reject('L02', 'outer tag 400', 'outer-tag', 'WRAPPER_TAG_UNKNOWN', { after: [retag('token', 400)] }),
  reject('L03', 'tag 907 around bare byte strings', 'entry-record', 'ENTRY_FORM', {
    form: { outer: 907, entry: 'bstr' },
  }),
  reject('L04', 'tag 399 around records', 'entry-bstr', 'ENTRY_FORM', { form: { outer: 399, entry: 'record' } }),
  reject('L05', 'records of content format 10001', 'content-format', 'CONTENT_FORMAT', {
    ...as907,
    after: [set(`${PLATFORM}/0`, int(NO_FORMAT)), set(`${REALM}/0`, int(NO_FORMAT))],
  }),
  reject('L06', 'records that name a media type', 'content-format', 'CONTENT_FORMAT', {
    ...as907,
    after: [set(`${PLATFORM}/0`, text('application/eat+cwt')), set(`${REALM}/0`, text('application/eat+cwt'))],
  }),
  reject(
    'L07',
    'no platform entry',
    'collection-entries',
    'ENTRY_MISSING',
    { after: [remove(PLATFORM)] },
    { gain: 'forgery' },
  ),
  reject('L08', 'no Realm entry', 'collection-entries', 'ENTRY_MISSING', { after: [remove(REALM)] }),
  policy('L09', 'one entry more, under an integer', 'collection-open', [], {
    after: [add('collection', 44242, bytes(fill(8, 1)))],
  }),
  policy('L10', 'one entry more, under a text', 'collection-open', [], {
    after: [add('collection', 'note', bytes(fill(8, 1)))],
  }),
  policy('L11', 'the type of the collection, __cmwc_t', 'collection-open', [], {
    ...as907,
    after: [add('collection', '__cmwc_t', text('tag:arm.com,2025:cca'))],
  }),
  reject('L12', 'the labels as texts', 'collection-map', 'ENTRY_MISSING', {
    after: [rekey(PLATFORM, '44234'), rekey(REALM, '44241')],
  }),
  reject('L13', 'entries not in byte strings', 'entry-bstr', 'ENTRY_FORM', {
    after: [unwrap('platform.entry'), unwrap('realm.entry')],
  }),
  reject('L14', 'a platform entry of no bytes', 'cbor-well-formed', 'CBOR_MALFORMED', {
    after: [set('platform.entry', bytes(new Uint8Array()))],
  }),
  reject('L15', 'platform and Realm entry exchanged', 'entry-is-its-token', 'PROFILE_UNKNOWN', {
    after: [swap(PLATFORM, REALM)],
  }),
  accept('L16', 'the Realm entry first', 'cbor-any-order', {
    after: [{ do: 'order', at: 'collection', by: 'reversed' }],
  }),
  reject(
    'L17',
    'platform entry twice, the second of rubbish',
    'cbor-unique-keys',
    'CBOR_DUPLICATE_KEY',
    { after: [repeat(PLATFORM, bytes(fill(16, 0xee)))] },
    { gain: 'ambiguity' },
  ),
  reject('L18', 'the collection an array', 'collection-map', 'COLLECTION_NOT_MAP', { after: [flatten('collection')] }),
  policy('L19', 'records with an indicator', 'record-indicator', ['RECORD_INDICATOR'], {
    ...as907,
    after: [push(PLATFORM, int(4)), push(REALM, int(4))],
  }),
  policy('L20', 'the token in the self-described tag', 'cbor-self-described', ['WRAPPER_SELF_DESCRIBED'], {
    after: [wrap('token', SELF_DESCRIBED)],
  }),
  reject('L21', 'no bytes', 'cbor-well-formed', 'CBOR_MALFORMED', {
    bytes: [{ do: 'replace', bytes: new Uint8Array() }],
  }),
  reject('L22', 'tag 907 around a record and a bare byte string', 'entry-record', 'ENTRY_FORM', {
    ...as907,
    after: [copy('realm.entry', REALM)],
  }),

  reject('L23', 'tag 399 around a byte string and a record', 'entry-bstr', 'ENTRY_FORM', {
    form: { outer: 399, entry: 'record' },
    after: [copy('platform.entry', PLATFORM)],
  }),
  reject('L24', 'outer tag 18', 'outer-tag', 'WRAPPER_TAG_UNKNOWN', { after: [retag('token', 18)] }),
  reject('L25', 'outer tag 0', 'outer-tag', 'WRAPPER_TAG_UNKNOWN', { after: [retag('token', 0)] }),
  reject('L26', 'tag 399 around tag 907', 'collection-map', 'COLLECTION_NOT_MAP', {
    ...as907,
    after: [wrap('token', 399)],
  }),
  reject('L27', 'the outer tag twice', 'collection-map', 'COLLECTION_NOT_MAP', {
    form: { outer: 399 },
    after: [wrap('token', 399)],
  }),
  reject('L28', 'the collection in a byte string', 'collection-map', 'COLLECTION_NOT_MAP', {
    after: [set('collection', embedded(map()))],
  }),
  reject('L29', 'an empty collection', 'collection-entries', 'ENTRY_MISSING', { after: [set('collection', map())] }),
  reject(
    'L30',
    'the Realm token in both entries',
    'entry-is-its-token',
    'CLAIM_MISSING',
    { after: [copy(REALM, PLATFORM)] },
    { gain: 'forgery' },
  ),
  reject('L31', 'the platform token in both entries', 'entry-is-its-token', 'PROFILE_UNKNOWN', {
    after: [copy(PLATFORM, REALM)],
  }),
  reject('L32', 'the labels negative', 'collection-map', 'ENTRY_MISSING', {
    after: [rekey(PLATFORM, -44234), rekey(REALM, -44241)],
  }),
  reject('L33', 'the labels of other entries: 44235 and 44242', 'collection-entries', 'ENTRY_MISSING', {
    after: [rekey(PLATFORM, 44235), rekey(REALM, 44242)],
  }),
  reject('L34', 'the platform token alone', 'collection-entries', 'ENTRY_MISSING', {
    after: [remove(REALM), add('collection', 1, NULL)],
  }),
  reject('L35', 'a record of one element', 'entry-record', 'ENTRY_FORM', {
    ...as907,
    after: [remove(`${PLATFORM}/0`)],
  }),
  reject('L36', 'a record of four elements', 'entry-record', 'ENTRY_FORM', {
    ...as907,
    after: [push(PLATFORM, int(4)), push(PLATFORM, NULL)],
  }),
  reject('L37', 'a record with a text as indicator', 'record-indicator', 'ENTRY_FORM', {
    ...as907,
    after: [push(PLATFORM, text('evidence'))],
  }),
  reject('L38', 'a record of content format and content exchanged', 'entry-record', 'ENTRY_FORM', {
    ...as907,
    after: [{ do: 'order', at: PLATFORM, by: 'reversed' }],
  }),
  reject('L39', 'a record of content format 60, CBOR', 'content-format', 'CONTENT_FORMAT', {
    ...as907,
    after: [set(`${REALM}/0`, int(CBOR_FORMAT))],
  }),
  reject('L40', 'a record of content format -263', 'content-format', 'CONTENT_FORMAT', {
    ...as907,
    after: [set(`${REALM}/0`, int(-263))],
  }),
  reject('L41', 'the platform entry a text string', 'entry-bstr', 'ENTRY_FORM', {
    form: { outer: 399 },
    after: [set(PLATFORM, text('token'))],
  }),
  reject('L42', 'the platform entry null', 'entry-bstr', 'ENTRY_FORM', { after: [set(PLATFORM, NULL)] }),
  reject('L43', 'a Realm entry of no bytes', 'cbor-well-formed', 'CBOR_MALFORMED', {
    after: [set('realm.entry', bytes(new Uint8Array()))],
  }),
  reject('L44', 'the Realm entry cut at its half', 'cbor-well-formed', 'CBOR_MALFORMED', {
    after: [resize('realm.entry', 300)],
  }),
  reject('L45', 'the Realm entry in a byte string once more', 'cose-tag', 'COSE_NOT_SIGN1', {
    after: [set('realm.entry', embedded(embedded(int(0))))],
  }),
  reject(
    'L46',
    'the Realm entry twice, the second another',
    'cbor-unique-keys',
    'CBOR_DUPLICATE_KEY',
    { after: [repeat(REALM, bytes(fill(16, 0xee)))] },
    { gain: 'ambiguity' },
  ),
  reject(
    'L47',
    'a second token after the first',
    'cbor-one-item',
    'CBOR_TRAILING_BYTES',
    { bytes: [{ do: 'append', bytes: Uint8Array.of(0xd9, 0x01, 0x8f, 0xa0) }] },
    { gain: 'ambiguity' },
  ),
  reject('L48', 'an array as key of the collection', 'collection-map', 'COLLECTION_KEY_TYPE', {
    after: [add('collection', array(), int(0))],
  }),
  reject('L49', 'entries in an array, as in a bundle', 'collection-map', 'COLLECTION_NOT_MAP', {
    after: [set('collection', array(bytes(fill(4)), bytes(fill(4))))],
  }),
  reject('L50', 'a byte of value 255 for the token', 'cbor-well-formed', 'CBOR_MALFORMED', {
    bytes: [{ do: 'replace', bytes: Uint8Array.of(0xff) }],
  }),
  reject('L51', 'a thousand zeros for the token', 'cbor-one-item', 'CBOR_TRAILING_BYTES', {
    bytes: [{ do: 'replace', bytes: fill(1000) }],
  }),
  reject('L52', 'a map of 2^32 entries for the token, as it says', 'cbor-well-formed', 'CBOR_MALFORMED', {
    bytes: [{ do: 'replace', bytes: raw(0xd9, 0x01, 0x8f, 0xbb, fill(3), 1, fill(4)).bytes }],
  }),
  accept('L53', 'content formats in longer heads', 'cbor-any-width', {
    ...as907,
    after: [widen(`${PLATFORM}/0`, 4), widen(`${REALM}/0`, 8)],
  }),
  accept('L54', 'the outer tag in a longer head', 'cbor-any-width', { after: [widen('token', 8)] }),
  accept('L55', 'the labels of the collection in longer heads', 'cbor-any-width', {
    after: [widen(PLATFORM, 4, 'key'), widen(REALM, 8, 'key')],
  }),
  accept('L56', 'the lengths of the entries in longer heads', 'cbor-any-width', {
    after: [widen('platform.entry', 4), widen('realm.entry', 8)],
  }),
  accept('L57', 'the length of the collection in a longer head', 'cbor-any-width', { after: [widen('collection', 8)] }),
  accept('L58', 'the other wrapper: records under tag 907', 'either-wrapper', { form: { outer: 907 } }),
  accept('L59', 'the other wrapper: byte strings under tag 399', 'either-wrapper', { form: { outer: 399 } }),
];
