import { utf8 } from '../../bytes/index.ts';
import type { Mutation } from '../mutation.ts';
import { int } from '../wire.ts';
import { ALG, forgery, half, ORDER, signature, signedWith, WIDTH } from './cose-names.ts';
import { add, der, fill, join, negateS, order, resize, set, swap, widen } from './edits.ts';
import { rowsOf } from './row.ts';

const { reject, accept } = rowsOf('cose', 'form');

/** Other signatures than those of the sheet. */
export const COSE_SIGNATURES: readonly Mutation[] = [
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
    signedWith('platform', join(half(ORDER), half(ORDER))),
    forgery,
  ),
  reject(
    'C61',
    'platform signature with r = 0',
    'ecdsa-range',
    'PLATFORM_SIG_INVALID',
    signedWith('platform', join(half(0n), half(1n))),
    forgery,
  ),
  reject(
    'C62',
    'platform signature with s = 0',
    'ecdsa-range',
    'PLATFORM_SIG_INVALID',
    signedWith('platform', join(half(1n), half(0n))),
    forgery,
  ),
  reject(
    'C63',
    'platform signature with r = s = 1',
    'cose-signature',
    'PLATFORM_SIG_INVALID',
    signedWith('platform', join(half(1n), half(1n))),
    forgery,
  ),
];
