import type { Mutation } from '../mutation.ts';
import { array, bytes, embedded, FALSE, int, map, NULL, TRUE, text } from '../wire.ts';
import { add, enlist, fill, join, remove, resize, set, tail, zero } from './edits.ts';
import {
  CHALLENGE,
  CRV,
  forged,
  HASH,
  KEYED,
  KTY,
  LEGACY,
  measuredBy,
  PROFILE,
  RAK,
  REMS,
  RIM,
  RPV,
  weak,
} from './realm-names.ts';
import { rowsOf } from './row.ts';

const { reject, accept, policy } = rowsOf('realm', 'form');

/** Other values of each claim, and other forms of the Realm key. */
export const REALM_FURTHER: readonly Mutation[] = [
  reject('R54', 'a challenge of 65 bytes', 'realm-challenge', 'CLAIM_SIZE', { before: [resize(CHALLENGE, 65)] }),
  reject('R55', 'a challenge of no bytes', 'realm-challenge', 'CLAIM_SIZE', { before: [resize(CHALLENGE, 0)] }),
  reject('R56', 'a challenge of 48 bytes', 'realm-challenge', 'CLAIM_SIZE', { before: [resize(CHALLENGE, 48)] }),
  reject(
    'R57',
    'the challenge null',
    'realm-challenge',
    'CLAIM_TYPE',
    { before: [set(CHALLENGE, NULL)] },
    { gain: 'substitution' },
  ),
  reject('R58', 'a personalization value of no bytes', 'realm-rpv', 'CLAIM_SIZE', { before: [resize(RPV, 0)] }),
  reject('R59', 'the personalization value a text', 'realm-rpv', 'CLAIM_TYPE', {
    before: [set(RPV, text('r'.repeat(64)))],
  }),
  reject('R60', 'the personalization value null', 'realm-rpv', 'CLAIM_TYPE', { before: [set(RPV, NULL)] }),
  reject('R61', 'a RIM of no bytes', 'realm-measurement', 'CLAIM_SIZE', { before: [resize(RIM, 0)] }),
  reject('R62', 'a RIM of 33 bytes', 'realm-measurement', 'CLAIM_SIZE', { before: [resize(RIM, 33)] }),
  reject('R63', 'the RIM in hexadecimal', 'realm-measurement', 'CLAIM_TYPE', {
    before: [set(RIM, text('11'.repeat(32)))],
  }),
  reject('R64', 'the RIM in an array', 'realm-measurement', 'CLAIM_TYPE', { before: [enlist(RIM)] }),
  reject('R65', 'an extensible measurement of no bytes', 'realm-measurement', 'CLAIM_SIZE', {
    before: [resize(`${REMS}/0`, 0)],
  }),
  reject('R66', 'an extensible measurement null', 'realm-measurement', 'CLAIM_TYPE', {
    before: [set(`${REMS}/2`, NULL)],
  }),
  reject('R67', 'an extensible measurement an array', 'realm-measurement', 'CLAIM_TYPE', {
    before: [enlist(`${REMS}/3`)],
  }),
  reject('R68', 'extensible measurements in a map', 'realm-rem', 'CLAIM_TYPE', {
    before: ({ at }) => [set(REMS, map([0, at(`${REMS}/0`) ?? NULL], [1, at(`${REMS}/1`) ?? NULL]))],
  }),
  reject('R69', 'measurements of 32 bytes by sha-512', 'realm-measurement-size', 'MEASUREMENT_SIZE', {
    before: [...measuredBy('sha-512', 32)],
  }),
  reject('R70', 'measurements of 48 bytes by sha-256', 'realm-measurement-size', 'MEASUREMENT_SIZE', {
    before: [...measuredBy('sha-256', 48)],
  }),
  reject('R71', 'the hash algorithm SHA-256 in capitals', 'realm-hash', 'HASH_UNKNOWN', {
    before: [set(HASH, text('SHA-256'))],
  }),
  reject('R72', 'the hash algorithm null', 'realm-hash', 'CLAIM_TYPE', { before: [set(HASH, NULL)] }),
  reject('R73', 'the hash algorithm sha-1', 'realm-hash', 'HASH_UNKNOWN', { before: [set(HASH, text('sha-1'))] }, weak),
  reject('R74', 'the profile in a byte string', 'realm-profile', 'CLAIM_TYPE', {
    before: [set(PROFILE, bytes(fill(8, 1)))],
  }),
  reject('R75', 'an empty profile', 'realm-profile', 'PROFILE_UNKNOWN', { before: [set(PROFILE, text(''))] }),
  reject('R76', 'the profile in capitals', 'realm-profile', 'PROFILE_UNKNOWN', {
    before: [set(PROFILE, text('TAG:ARM.COM,2023:REALM#1.0.0'))],
  }),
  reject('R77', 'the profile with a NUL after it', 'realm-profile', 'PROFILE_UNKNOWN', {
    before: [set(PROFILE, text('tag:arm.com,2023:realm#1.0.0\0'))],
  }),
  reject('R78', 'a raw point without its first byte', 'realm-rak-raw', 'RAK_FORM', {
    form: LEGACY,
    before: ({ rak }) => [set(RAK, bytes(join(rak.x, rak.y)))],
    bind: true,
  }),
  reject('R79', 'a raw hybrid point, 06', 'realm-rak-raw', 'RAK_FORM', {
    form: LEGACY,
    before: ({ rak }) => [set(RAK, bytes(join(Uint8Array.of(6), rak.x, rak.y)))],
    bind: true,
  }),
  reject('R80', 'a byte after the raw point', 'realm-rak-raw', 'RAK_FORM', {
    form: LEGACY,
    before: [resize(RAK, 98)],
    bind: true,
  }),
  reject(
    'R81',
    'the point at infinity, one byte',
    'key-on-curve',
    'RAK_FORM',
    { form: LEGACY, before: [set(RAK, bytes(zero))], bind: true },
    weak,
  ),
  reject(
    'R82',
    'a raw point of zeros',
    'key-on-curve',
    'RAK_NOT_ON_CURVE',
    { form: LEGACY, before: [set(RAK, bytes(join(Uint8Array.of(4), fill(96))))], bind: true },
    weak,
  ),
  reject(
    'R83',
    'a COSE_Key of zeros',
    'key-on-curve',
    'RAK_NOT_ON_CURVE',
    { form: KEYED, before: [set(`${RAK}/-2`, bytes(fill(48))), set(`${RAK}/-3`, bytes(fill(48)))], bind: true },
    weak,
  ),
  reject(
    'R84',
    'a COSE_Key with coordinates of ones, beyond the field',
    'key-on-curve',
    'RAK_NOT_ON_CURVE',
    { form: KEYED, before: [set(`${RAK}/-2`, bytes(fill(48, 0xff)))], bind: true },
    weak,
  ),
  reject(
    'R85',
    'a COSE_Key with x and y exchanged',
    'key-on-curve',
    'RAK_NOT_ON_CURVE',
    { form: KEYED, before: [{ do: 'swap', at: `${RAK}/-2`, with: `${RAK}/-3` }], bind: true },
    weak,
  ),
  reject('R86', 'a COSE_Key that says P-256', 'cose-key-width', 'RAK_MALFORMED', {
    form: KEYED,
    before: [set(`${RAK}/-1`, int(CRV.p256))],
    bind: true,
  }),
  reject('R87', 'a COSE_Key that says OKP', 'cose-key', 'RAK_TYPE_UNSUPPORTED', {
    form: KEYED,
    before: [set(`${RAK}/1`, int(KTY.okp))],
    bind: true,
  }),
  reject('R88', 'a COSE_Key of an unknown curve', 'cose-key', 'RAK_TYPE_UNSUPPORTED', {
    form: KEYED,
    before: [set(`${RAK}/-1`, int(99))],
    bind: true,
  }),
  reject('R89', 'a COSE_Key without crv', 'cose-key', 'RAK_MALFORMED', {
    form: KEYED,
    before: [remove(`${RAK}/-1`)],
    bind: true,
  }),
  reject('R90', 'a COSE_Key without x', 'cose-key', 'RAK_MALFORMED', {
    form: KEYED,
    before: [remove(`${RAK}/-2`)],
    bind: true,
  }),
  reject('R91', 'a COSE_Key without y', 'cose-key', 'RAK_MALFORMED', {
    form: KEYED,
    before: [remove(`${RAK}/-3`)],
    bind: true,
  }),
  reject('R92', 'a COSE_Key with y null', 'cose-key', 'RAK_MALFORMED', {
    form: KEYED,
    before: [set(`${RAK}/-3`, NULL)],
    bind: true,
  }),
  reject('R93', 'a COSE_Key with y of 49 bytes', 'cose-key-width', 'RAK_MALFORMED', {
    form: KEYED,
    before: ({ rak }) => [set(`${RAK}/-3`, bytes(join(zero, rak.y)))],
    bind: true,
  }),
  reject(
    'R94',
    'a COSE_Key with the wrong sign bit for y',
    'cose-signature',
    'REALM_SIG_INVALID',
    {
      form: KEYED,
      before: ({ rak }) => [set(`${RAK}/-3`, ((rak.y.at(-1) ?? 0) & 1) === 1 ? FALSE : TRUE)],
      bind: true,
    },
    forged,
  ),
  reject(
    'R95',
    'x twice in the COSE_Key, bound',
    'cbor-unique-keys',
    'CBOR_DUPLICATE_KEY',
    { form: KEYED, before: [{ do: 'repeat', at: `${RAK}/-2` }], bind: true },
    { gain: 'ambiguity' },
  ),
  reject('R96', 'a byte after the COSE_Key, bound', 'cbor-one-item', 'CBOR_TRAILING_BYTES', {
    form: KEYED,
    before: [tail(RAK, zero)],
    bind: true,
  }),
  reject('R97', 'a COSE_Key of indefinite length, bound', 'cbor-definite', 'CBOR_INDEFINITE_LENGTH', {
    form: KEYED,
    before: [{ do: 'indefinite', at: `${RAK}/-2` }],
    bind: true,
  }),
  reject('R98', 'a COSE_Key in an array, a set of one', 'cose-key', 'RAK_MALFORMED', {
    form: KEYED,
    before: ({ at }) => [set(RAK, embedded(array(at(RAK) ?? NULL)))],
    bind: true,
  }),
  reject(
    'R99',
    'a symmetric COSE_Key',
    'cose-key',
    'RAK_TYPE_UNSUPPORTED',
    { form: KEYED, before: [set(RAK, embedded(map([1, int(4)], [-1, bytes(fill(32, 1))])))], bind: true },
    forged,
  ),
  reject('R100', 'the Realm key null', 'realm-rak', 'CLAIM_TYPE', { before: [set(RAK, NULL)] }, forged),
  reject(
    'R101',
    'the Realm key by its hash',
    'realm-rak-form',
    'RAK_MALFORMED',
    { form: KEYED, before: ({ at, binding }) => [set(RAK, at(binding) ?? NULL)] },
    forged,
  ),
  reject(
    'R102',
    'a COSE_Key of the legacy profile',
    'realm-rak-form',
    'RAK_FORM',
    { form: { ...LEGACY, rak: 'cose-key', outer: 907 } },
    { gain: 'ambiguity' },
  ),
  accept('R103', 'a raw point whose y starts with a zero byte, bound', 'realm-rak-raw', {
    form: LEGACY,
    rak: 'zero-y',
  }),
  accept('R104', 'a COSE_Key whose y starts with a zero byte, bound', 'cose-key-width', { form: KEYED, rak: 'zero-y' }),
  accept('R105', 'another Realm key than that of the machine, bound', 'binding', { rak: 'stranger' }),
  policy('R106', 'a Realm key on P-521 that signs with ES512, bound', 'cose-key', [], { form: KEYED, rak: 'p-521' }),
  policy('R107', 'a COSE_Key with a kid, bound', 'cose-key-other', [], {
    form: KEYED,
    before: [add(RAK, 2, bytes(fill(8, 2)))],
    bind: true,
  }),
  policy(
    'R108',
    'a COSE_Key with an empty list of operations, bound',
    'cose-key-ops',
    ['RAK_KEY_OPS'],
    { form: KEYED, before: [add(RAK, 4, array())], bind: true },
    { refused: true },
  ),
  policy('R109', 'measurements of 64 bytes by sha-256, whole slots', 'realm-measurement-size', ['MEASUREMENT_SLOT'], {
    before: measuredBy('sha-256', 64),
  }),
];
