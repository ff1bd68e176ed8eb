import type { Mutation } from '../mutation.ts';
import { array, bytes, embedded, int, map, NULL, text } from '../wire.ts';
import { ALG, forgery, LABEL, signature, TAG } from './cose-names.ts';
import { add, fill, push, remove, repeat, retag, set, tail, unwrap, wrap, zero } from './edits.ts';
import { rowsOf } from './row.ts';

const { reject, accept } = rowsOf('cose', 'form');

/** Other forms of messages and headers than those of the sheet. */
export const COSE_FORMS: readonly Mutation[] = [
  reject('C64', 'Realm COSE_Sign1 tagged 98, COSE_Sign', 'cose-tag', 'COSE_TAG_UNKNOWN', {
    after: [retag('realm.message', TAG.sign)],
  }),
  reject('C65', 'Realm COSE_Sign1 tagged 17, COSE_Mac0', 'cose-tag', 'COSE_TAG_UNKNOWN', {
    after: [retag('realm.message', TAG.mac0)],
  }),
  reject('C66', 'platform COSE_Sign1 tagged twice', 'cose-tag', 'COSE_NOT_SIGN1', {
    after: [wrap('platform.message', TAG.sign1)],
  }),
  reject('C67', 'platform COSE_Sign1 in tag 61, CWT', 'cose-tag', 'COSE_TAG_UNKNOWN', {
    after: [wrap('platform.message', 61)],
  }),
  reject(
    'C68',
    'Realm COSE_Sign1 of three',
    'cose-sign1',
    'COSE_NOT_SIGN1',
    { after: [remove(signature('realm'))] },
    forgery,
  ),
  reject('C69', 'Realm COSE_Sign1 of five', 'cose-sign1', 'COSE_NOT_SIGN1', { after: [push('realm.array', NULL)] }),
  reject('C70', 'Realm payload nil, detached', 'cose-payload', 'COSE_PAYLOAD_ABSENT', {
    after: [set('realm.payload', NULL)],
  }),
  reject('C71', 'Realm payload of no bytes', 'cose-payload', 'COSE_PAYLOAD_ABSENT', {
    before: [set('realm.payload', bytes(new Uint8Array()))],
  }),
  reject('C72', 'platform payload a map, not in a byte string', 'cose-payload', 'COSE_NOT_SIGN1', {
    after: [unwrap('platform.payload')],
  }),
  reject('C73', 'platform payload in a text string', 'cose-payload', 'COSE_NOT_SIGN1', {
    after: [set('platform.payload', text('claims'))],
  }),
  reject(
    'C74',
    'platform signature an integer',
    'cose-sign1',
    'COSE_NOT_SIGN1',
    { after: [set(signature('platform'), int(0))] },
    forgery,
  ),
  reject(
    'C75',
    'platform signature nil',
    'cose-sign1',
    'COSE_NOT_SIGN1',
    { after: [set(signature('platform'), NULL)] },
    forgery,
  ),
  reject('C76', 'platform unprotected header an array', 'cose-sign1', 'COSE_NOT_SIGN1', {
    after: [set('platform.unprotected', array())],
  }),
  reject('C77', 'platform unprotected header in a byte string', 'cose-sign1', 'COSE_NOT_SIGN1', {
    after: [set('platform.unprotected', embedded(map()))],
  }),
  reject('C78', 'platform protected header an array', 'cose-protected', 'COSE_PROTECTED_MALFORMED', {
    before: [set('platform.protected', embedded(array(int(ALG.es384))))],
  }),
  reject('C79', 'platform protected header in two byte strings', 'cose-protected', 'COSE_PROTECTED_MALFORMED', {
    before: [set('platform.protected', embedded(embedded(map([LABEL.alg, int(ALG.es384)]))))],
  }),
  reject('C80', 'platform protected header of no bytes', 'cose-alg-protected', 'ALG_MISSING', {
    before: [set('platform.protected', bytes(new Uint8Array()))],
  }),
  reject('C81', 'Realm protected header an empty map', 'cose-alg-protected', 'ALG_MISSING', {
    before: [remove('realm.protected/1')],
  }),
  reject('C82', 'platform alg by its name', 'cose-alg-known', 'ALG_UNSUPPORTED', {
    before: [set('platform.protected/1', text('ES384'))],
  }),
  reject(
    'C83',
    'platform alg HMAC 256/256',
    'cose-alg-known',
    'ALG_UNSUPPORTED',
    { before: [set('platform.protected/1', int(ALG.hs256))] },
    forgery,
  ),
  reject('C84', 'platform alg RS256', 'cose-alg-known', 'ALG_UNSUPPORTED', {
    before: [set('platform.protected/1', int(ALG.rs256))],
  }),
  reject(
    'C85',
    'platform alg 0, reserved',
    'cose-alg-known',
    'ALG_UNSUPPORTED',
    { before: [set('platform.protected/1', int(0))] },
    forgery,
  ),
  reject(
    'C86',
    'platform alg nil',
    'cose-alg-known',
    'ALG_UNSUPPORTED',
    { before: [set('platform.protected/1', NULL)] },
    forgery,
  ),
  reject('C87', 'Realm alg EdDSA', 'cose-alg-known', 'ALG_UNSUPPORTED', {
    before: [set('realm.protected/1', int(ALG.eddsa))],
  }),
  reject(
    'C88',
    'Realm alg in both headers, differing',
    'cose-label-once',
    'HEADER_REPEATED',
    { before: [add('realm.unprotected', LABEL.alg, int(ALG.es256))] },
    { gain: 'ambiguity' },
  ),
  reject('C89', 'Realm token with an unknown critical parameter', 'cose-crit', 'CRIT_UNKNOWN', {
    before: [add('realm.protected', LABEL.crit, array(int(99))), add('realm.protected', 99, int(0))],
  }),
  reject('C90', 'an empty list of critical parameters', 'cose-crit-form', 'CRIT_MALFORMED', {
    before: [add('platform.protected', LABEL.crit, array())],
  }),
  reject('C91', 'a critical parameter that is absent', 'cose-crit-form', 'CRIT_MALFORMED', {
    before: [add('platform.protected', LABEL.crit, array(int(LABEL.kid)))],
  }),
  reject('C92', 'crit in the unprotected header', 'cose-crit-form', 'CRIT_MALFORMED', {
    before: [add('platform.unprotected', LABEL.crit, array(int(LABEL.alg)))],
  }),
  reject('C93', 'crit that is no array', 'cose-crit-form', 'CRIT_MALFORMED', {
    before: [add('platform.protected', LABEL.crit, int(LABEL.alg))],
  }),
  reject('C94', 'a byte string as header label', 'cose-label', 'HEADER_LABEL_TYPE', {
    before: [add('platform.unprotected', bytes(zero), int(0))],
  }),
  reject(
    'C95',
    'a label twice in the unprotected header',
    'cose-label-once',
    'CBOR_DUPLICATE_KEY',
    { before: [add('platform.unprotected', 99, int(0)), repeat('platform.unprotected/99')] },
    { gain: 'ambiguity' },
  ),
  reject('C96', 'a byte after the Realm COSE_Sign1', 'cbor-one-item', 'CBOR_TRAILING_BYTES', {
    after: [tail('realm.entry', zero)],
  }),
  accept('C97', 'kid in the protected header', 'cose-kid', {
    before: [set('platform.protected/4', bytes(fill(32, 0x4b)))],
  }),
  accept('C98', 'kid of no bytes', 'cose-kid', { before: [set('platform.unprotected/4', bytes(new Uint8Array()))] }),
  accept('C99', 'kid of a thousand bytes', 'cose-kid', {
    before: [set('platform.unprotected/4', bytes(fill(1000, 0x4b)))],
  }),
  accept('C100', 'kid of the Realm token', 'cose-kid', { before: [set('realm.unprotected/4', bytes(fill(32, 0x4b)))] }),
  accept('C101', 'content type in the protected header', 'cose-unknown-header', {
    before: [add('platform.protected', LABEL.contentType, int(61))],
  }),
  accept('C102', 'an x5t thumbprint in the protected header', 'cose-unknown-header', {
    before: [add('platform.protected', LABEL.x5t, array(int(-16), bytes(fill(32, 0x34))))],
  }),
  accept('C103', 'an unknown parameter with a map as value', 'cose-unknown-header', {
    before: [add('realm.unprotected', -70_001, map([1, array(int(1), text('two'), NULL)]))],
  }),
  accept('C104', 'a known parameter that is critical', 'cose-crit', {
    before: [
      add('platform.protected', LABEL.crit, array(int(LABEL.kid))),
      add('platform.protected', LABEL.kid, bytes(zero)),
    ],
  }),
  accept('C105', 'parameters before alg in the protected header', 'cbor-any-order', {
    before: [add('platform.protected', 99, int(0), 0)],
  }),
];
