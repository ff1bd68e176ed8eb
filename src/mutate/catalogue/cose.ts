import { toBigEndian, utf8 } from '../../bytes/index.ts';
import { CURVES } from '../../crypto/index.ts';
import type { Mutation, Operation } from '../mutation.ts';
import { array, bytes, embedded, int, map, NULL, type Part, text } from '../wire.ts';
import {
  add,
  der,
  fill,
  flip,
  join,
  negateS,
  order,
  push,
  remove,
  repeat,
  resize,
  retag,
  set,
  swap,
  tail,
  unwrap,
  widen,
  wrap,
  zero,
} from './edits.ts';
import { rowsOf } from './row.ts';

const { reject, accept, policy } = rowsOf('cose', 'form');
const forgery = { gain: 'forgery' } as const;

const LABEL = { alg: 1, crit: 2, contentType: 3, kid: 4, x5chain: 33, x5t: 34 } as const;
const ALG = { es256: -7, eddsa: -8, es384: -35, hs256: 5, rs256: -257 } as const;
const TAG = { mac0: 17, sign1: 18, sign: 98 } as const;
const WIDTH = 48;
const ORDER = CURVES['P-384'].order;

const signature = (part: Part): string => `${part}.signature`;
const r = (value: bigint): Uint8Array => toBigEndian(value, WIDTH);

/** A signature in place of the right one. */
const signedWith = (part: Part, value: Uint8Array): Operation => ({ after: [set(signature(part), bytes(value))] });

const unprotectedAlg = (part: Part) => [
  set(`${part}.protected`, bytes(new Uint8Array())),
  add(`${part}.unprotected`, LABEL.alg, int(ALG.es384)),
];

export const COSE: readonly Mutation[] = [
  reject(
    'C01',
    'platform signature: one bit',
    'cose-signature',
    'PLATFORM_SIG_INVALID',
    { after: [flip(signature('platform'))] },
    forgery,
  ),
  reject(
    'C02',
    'Realm signature: one bit',
    'cose-signature',
    'REALM_SIG_INVALID',
    { after: [flip(signature('realm'))] },
    forgery,
  ),
  reject(
    'C03',
    'platform config: one bit, after signing',
    'cose-signature',
    'PLATFORM_SIG_INVALID',
    { after: [flip('platform/2401')] },
    forgery,
  ),
  reject(
    'C04',
    'RIM: one bit, after signing',
    'cose-signature',
    'REALM_SIG_INVALID',
    { after: [flip('realm/44238')] },
    forgery,
  ),
  policy('C05', 'platform token signed by ES256 with a key on P-384', 'cose-alg-curve', ['PLATFORM_ALG_UNUSUAL'], {
    sign: { platform: { algorithm: 'ES256' } },
  }),
  policy('C06', 'Realm token signed by ES256 with a key on P-384', 'cose-alg-curve', ['REALM_ALG_UNUSUAL'], {
    sign: { realm: { algorithm: 'ES256' } },
  }),
  reject('C07', 'platform token names no alg, its protected header an empty map', 'cose-alg-protected', 'ALG_MISSING', {
    before: [remove('platform.protected/1')],
  }),
  reject('C08', 'platform alg in the unprotected header alone', 'cose-alg-protected', 'ALG_UNPROTECTED', {
    before: unprotectedAlg('platform'),
  }),
  reject('C09', 'Realm alg in the unprotected header alone', 'cose-alg-protected', 'ALG_UNPROTECTED', {
    before: unprotectedAlg('realm'),
  }),
  reject('C10', 'platform alg -999', 'cose-alg-known', 'ALG_UNSUPPORTED', {
    before: [set('platform.protected/1', int(-999))],
  }),
  reject('C11', 'platform alg EdDSA', 'cose-alg-known', 'ALG_UNSUPPORTED', {
    before: [set('platform.protected/1', int(ALG.eddsa))],
  }),
  reject('C12', 'platform COSE_Sign1 without a tag', 'cose-tag', 'COSE_TAG_MISSING', {
    after: [unwrap('platform.message')],
  }),
  reject('C13', 'Realm COSE_Sign1 without a tag', 'cose-tag', 'COSE_TAG_MISSING', { after: [unwrap('realm.message')] }),
  reject('C14', 'platform tag 98, COSE_Sign', 'cose-tag', 'COSE_TAG_UNKNOWN', {
    after: [retag('platform.message', TAG.sign)],
  }),
  reject('C15', 'platform tag 17, COSE_Mac0', 'cose-tag', 'COSE_TAG_UNKNOWN', {
    after: [retag('platform.message', TAG.mac0)],
  }),
  reject(
    'C16',
    'platform COSE_Sign1 of three',
    'cose-sign1',
    'COSE_NOT_SIGN1',
    { after: [remove(signature('platform'))] },
    forgery,
  ),
  reject('C17', 'platform COSE_Sign1 of five', 'cose-sign1', 'COSE_NOT_SIGN1', {
    after: [push('platform.array', NULL)],
  }),
  reject('C18', 'platform payload nil, detached', 'cose-payload', 'COSE_PAYLOAD_ABSENT', {
    after: [set('platform.payload', NULL)],
  }),
  reject('C19', 'platform payload of no bytes', 'cose-payload', 'COSE_PAYLOAD_ABSENT', {
    before: [set('platform.payload', bytes(new Uint8Array()))],
  }),
  reject(
    'C20',
    'platform signature of no bytes',
    'cose-signature-form',
    'PLATFORM_SIG_SIZE',
    signedWith('platform', new Uint8Array()),
    forgery,
  ),
  reject('C21', 'platform signature of 95 bytes', 'cose-signature-form', 'PLATFORM_SIG_SIZE', {
    after: [resize(signature('platform'), 2 * WIDTH - 1)],
  }),
  reject(
    'C22',
    'platform signature of 40 bytes',
    'cose-signature-form',
    'PLATFORM_SIG_SIZE',
    { after: [resize(signature('platform'), 40)] },
    forgery,
  ),
  reject('C23', 'platform signature of 97 bytes', 'cose-signature-form', 'PLATFORM_SIG_SIZE', {
    after: [resize(signature('platform'), 2 * WIDTH + 1)],
  }),
  reject('C24', 'platform signature in DER', 'cose-signature-form', 'PLATFORM_SIG_SIZE', {
    after: [der(signature('platform'))],
  }),
  accept('C25', 'platform signature with n - s for s', 'ecdsa-either-s', { after: [negateS(signature('platform'))] }),
  reject(
    'C26',
    'platform signature of zeros',
    'ecdsa-range',
    'PLATFORM_SIG_INVALID',
    signedWith('platform', fill(2 * WIDTH)),
    forgery,
  ),
  reject('C27', 'platform token signed with external data', 'cose-sig-structure', 'PLATFORM_SIG_INVALID', {
    sign: { platform: { aad: utf8('x') } },
  }),
  reject('C28', 'platform token with an unknown critical parameter', 'cose-crit', 'CRIT_UNKNOWN', {
    before: [add('platform.protected', LABEL.crit, array(int(99))), add('platform.protected', 99, int(0))],
  }),
  accept('C29', 'an unknown parameter in the protected header', 'cose-unknown-header', {
    before: [add('platform.protected', 99, int(0))],
  }),
  accept('C30', 'an unknown parameter in the unprotected header', 'cose-unknown-header', {
    before: [add('platform.unprotected', 99, int(0))],
  }),
  accept('C31', 'kid in the unprotected header', 'cose-kid', {
    before: [set('platform.unprotected/4', bytes(fill(32, 0x4b)))],
  }),
  policy('C32', 'an x5chain that is no chain', 'cose-x5chain', [], {
    before: [add('platform.unprotected', LABEL.x5chain, bytes(fill(16, 0x33)))],
  }),
  accept('C33', 'a parameter with a text as label', 'cose-unknown-header', {
    before: [add('platform.unprotected', 'note', int(0))],
  }),
  reject(
    'C34',
    'platform alg twice in the protected header',
    'cose-label-once',
    'CBOR_DUPLICATE_KEY',
    { before: [repeat('platform.protected/1')] },
    { gain: 'ambiguity' },
  ),
  reject(
    'C35',
    'platform alg in both headers',
    'cose-label-once',
    'HEADER_REPEATED',
    { before: [add('platform.unprotected', LABEL.alg, int(ALG.es384))] },
    { gain: 'ambiguity' },
  ),
  accept('C36', 'platform alg in a longer head', 'cbor-any-width', { before: [widen('platform.protected/1', 2)] }),
  reject(
    'C37',
    'platform token signed by the RAK',
    'cose-signature',
    'PLATFORM_SIG_INVALID',
    { sign: { platform: { key: 'rak' } } },
    forgery,
  ),
  reject(
    'C38',
    'Realm token signed by another key than it carries',
    'cose-signature',
    'REALM_SIG_INVALID',
    { sign: { realm: { key: 'stranger' } } },
    forgery,
  ),
  reject('C39', 'a byte after the platform COSE_Sign1', 'cbor-one-item', 'CBOR_TRAILING_BYTES', {
    after: [tail('platform.entry', zero)],
  }),
  reject('C40', 'platform protected header a map, not in a byte string', 'cose-protected', 'COSE_PROTECTED_MALFORMED', {
    after: [unwrap('platform.protected')],
  }),
  reject('C41', 'a byte after the map in the platform protected header', 'cbor-one-item', 'COSE_PROTECTED_MALFORMED', {
    before: [tail('platform.protected', zero)],
  }),

  reject(
    'C42',
    'platform token signed by nobody known',
    'cose-signature',
    'PLATFORM_SIG_INVALID',
    { sign: { platform: { key: 'stranger' } } },
    forgery,
  ),
  reject(
    'C43',
    'Realm token signed by the platform key',
    'cose-signature',
    'REALM_SIG_INVALID',
    { sign: { realm: { key: 'cpak' } } },
    forgery,
  ),
  reject(
    'C44',
    'the two signatures exchanged',
    'cose-signature',
    'PLATFORM_SIG_INVALID',
    { after: [swap(signature('platform'), signature('realm'))] },
    forgery,
  ),
  reject(
    'C45',
    'the two payloads exchanged after signing',
    'cose-signature',
    'PLATFORM_SIG_INVALID',
    { after: [swap('platform.payload', 'realm.payload')] },
    forgery,
  ),
  reject(
    'C46',
    'platform protected header changed after signing',
    'cose-sig-structure',
    'PLATFORM_SIG_INVALID',
    { after: [add('platform.protected', 99, int(0))] },
    forgery,
  ),
  reject(
    'C47',
    'platform alg changed after signing',
    'cose-sig-structure',
    'PLATFORM_SIG_INVALID',
    { after: [set('platform.protected/1', int(ALG.es256))] },
    forgery,
  ),
  reject(
    'C48',
    'platform alg written again in a longer head, after signing',
    'cose-sig-structure',
    'PLATFORM_SIG_INVALID',
    { after: [widen('platform.protected/1', 2)] },
    { gain: 'ambiguity' },
  ),
  reject(
    'C49',
    'platform claims in another order, after signing',
    'cose-sig-structure',
    'PLATFORM_SIG_INVALID',
    { after: [order('platform', 'reversed')] },
    { gain: 'ambiguity' },
  ),
  reject('C50', 'platform payload alone signed', 'cose-sig-structure', 'PLATFORM_SIG_INVALID', {
    sign: { platform: { bare: true } },
  }),
  reject('C51', 'platform token signed in the context Signature', 'cose-sig-structure', 'PLATFORM_SIG_INVALID', {
    sign: { platform: { context: 'Signature' } },
  }),
  reject('C52', 'platform token signed in the context CounterSignature', 'cose-sig-structure', 'PLATFORM_SIG_INVALID', {
    sign: { platform: { context: 'CounterSignature' } },
  }),
  reject('C53', 'Realm token signed with the challenge as external data', 'cose-sig-structure', 'REALM_SIG_INVALID', {
    sign: { realm: { aad: utf8('challenge') } },
  }),
  reject(
    'C54',
    'Realm signature of no bytes',
    'cose-signature-form',
    'REALM_SIG_SIZE',
    signedWith('realm', new Uint8Array()),
    forgery,
  ),
  reject('C55', 'Realm signature of 95 bytes', 'cose-signature-form', 'REALM_SIG_SIZE', {
    after: [resize(signature('realm'), 2 * WIDTH - 1)],
  }),
  reject('C56', 'Realm signature of 97 bytes', 'cose-signature-form', 'REALM_SIG_SIZE', {
    after: [resize(signature('realm'), 2 * WIDTH + 1)],
  }),
  reject('C57', 'Realm signature in DER', 'cose-signature-form', 'REALM_SIG_SIZE', {
    after: [der(signature('realm'))],
  }),
  reject(
    'C58',
    'Realm signature of zeros',
    'ecdsa-range',
    'REALM_SIG_INVALID',
    signedWith('realm', fill(2 * WIDTH)),
    forgery,
  ),
  accept('C59', 'Realm signature with n - s for s', 'ecdsa-either-s', { after: [negateS(signature('realm'))] }),
  reject(
    'C60',
    'platform signature with r = s = n',
    'ecdsa-range',
    'PLATFORM_SIG_INVALID',
    signedWith('platform', join(r(ORDER), r(ORDER))),
    forgery,
  ),
  reject(
    'C61',
    'platform signature with r = 0',
    'ecdsa-range',
    'PLATFORM_SIG_INVALID',
    signedWith('platform', join(r(0n), r(1n))),
    forgery,
  ),
  reject(
    'C62',
    'platform signature with s = 0',
    'ecdsa-range',
    'PLATFORM_SIG_INVALID',
    signedWith('platform', join(r(1n), r(0n))),
    forgery,
  ),
  reject(
    'C63',
    'platform signature with r = s = 1',
    'cose-signature',
    'PLATFORM_SIG_INVALID',
    signedWith('platform', join(r(1n), r(1n))),
    forgery,
  ),
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
