import { utf8 } from '../../bytes/index.ts';
import type { Mutation } from '../mutation.ts';
import { array, bytes, int, NULL, type Part } from '../wire.ts';
import { ALG, forgery, LABEL, signature, signedWith, TAG, WIDTH } from './cose-names.ts';
import {
  add,
  der,
  fill,
  flip,
  negateS,
  push,
  remove,
  repeat,
  resize,
  retag,
  set,
  tail,
  unwrap,
  widen,
  zero,
} from './edits.ts';
import { rowsOf } from './row.ts';

const { reject, accept, policy } = rowsOf('cose', 'form');

const unprotectedAlg = (part: Part) => [
  set(`${part}.protected`, bytes(new Uint8Array())),
  add(`${part}.unprotected`, LABEL.alg, int(ALG.es384)),
];

/** The rows of the sheet. */
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
];
