import { ed25519PublicKey } from '../../crypto/ed25519.ts';
import type { Mutation } from '../mutation.ts';
import { array, bytes, embedded, FALSE, int, map, TRUE, text } from '../wire.ts';
import { add, enlist, fill, flip, join, push, remove, resize, set, unwrap } from './edits.ts';
import {
  CHALLENGE,
  CRV,
  forged,
  HASH,
  KEYED,
  KTY,
  LEGACY,
  MEC,
  measuredBy,
  PROFILE,
  RAK,
  RAK_HASH,
  REMS,
  RIM,
  RPV,
  rems,
  SIGN,
  VERIFY,
  weak,
} from './realm-names.ts';
import { rowsOf } from './row.ts';

const { reject, accept, policy } = rowsOf('realm', 'form');

/** The rows of the sheet. */
export const REALM: readonly Mutation[] = [
  reject(
    'R01',
    'no challenge',
    'realm-mandatory',
    'CLAIM_MISSING',
    { before: [remove(CHALLENGE)] },
    { gain: 'substitution' },
  ),
  reject('R02', 'no personalization value', 'realm-mandatory', 'CLAIM_MISSING', { before: [remove(RPV)] }),
  reject('R03', 'no RIM', 'realm-mandatory', 'CLAIM_MISSING', { before: [remove(RIM)] }, { gain: 'substitution' }),
  reject('R04', 'no extensible measurements', 'realm-mandatory', 'CLAIM_MISSING', { before: [remove(REMS)] }),
  reject('R05', 'no hash algorithm', 'realm-mandatory', 'CLAIM_MISSING', { before: [remove(HASH)] }),
  reject('R06', 'no Realm key', 'realm-mandatory', 'CLAIM_MISSING', { before: [remove(RAK)] }, forged),
  reject('R07', 'no algorithm for the Realm key', 'realm-mandatory', 'CLAIM_MISSING', { before: [remove(RAK_HASH)] }),
  reject(
    'R08',
    'no profile, and a COSE_Key all the same',
    'realm-rak-form',
    'RAK_FORM',
    { form: KEYED, before: [remove(PROFILE)] },
    { gain: 'ambiguity' },
  ),
  reject('R09', 'a challenge of 32 bytes', 'realm-challenge', 'CLAIM_SIZE', { before: [resize(CHALLENGE, 32)] }),
  reject('R10', 'a challenge of 63 bytes', 'realm-challenge', 'CLAIM_SIZE', { before: [resize(CHALLENGE, 63)] }),
  reject('R11', 'the challenge in an array', 'realm-challenge', 'CLAIM_TYPE', { before: [enlist(CHALLENGE)] }),
  reject('R12', 'the challenge a text', 'realm-challenge', 'CLAIM_TYPE', {
    before: [set(CHALLENGE, text('c'.repeat(64)))],
  }),
  reject('R13', 'a personalization value of 63 bytes', 'realm-rpv', 'CLAIM_SIZE', { before: [resize(RPV, 63)] }),
  reject('R14', 'a personalization value of 65 bytes', 'realm-rpv', 'CLAIM_SIZE', { before: [resize(RPV, 65)] }),
  reject('R15', 'a RIM of 31 bytes', 'realm-measurement', 'CLAIM_SIZE', { before: [resize(RIM, 31)] }),
  reject('R16', 'a RIM of 48 bytes by sha-256', 'realm-measurement-size', 'MEASUREMENT_SIZE', {
    before: [...measuredBy('sha-256', 32), set(RIM, bytes(fill(48, 0x11)))],
  }),
  accept('R17', 'measurements of 64 bytes by sha-512', 'realm-measurement-size', { before: measuredBy('sha-512', 64) }),
  reject('R18', 'three extensible measurements', 'realm-rem', 'REM_COUNT', { before: [remove(`${REMS}/3`)] }),
  reject('R19', 'five extensible measurements', 'realm-rem', 'REM_COUNT', {
    before: [push(REMS, bytes(fill(32, 0x25)))],
  }),
  reject('R20', 'no extensible measurement in the array', 'realm-rem', 'REM_COUNT', { before: [set(REMS, array())] }),
  reject('R21', 'an extensible measurement of 20 bytes', 'realm-measurement', 'CLAIM_SIZE', {
    before: [resize(`${REMS}/1`, 20)],
  }),
  reject('R22', 'extensible measurements in one byte string', 'realm-rem', 'CLAIM_TYPE', {
    before: [set(REMS, bytes(fill(128, 0x20)))],
  }),
  reject('R23', 'extensible measurements of 32, 48 and 64 bytes', 'realm-measurement-size', 'MEASUREMENT_SIZE', {
    before: [set(REMS, rems(32, 48, 64, 32))],
  }),
  accept('R24', 'measurements of 48 bytes by sha-384', 'realm-measurement-size', { before: measuredBy('sha-384', 48) }),
  reject('R25', 'an empty name of the hash algorithm', 'realm-hash', 'HASH_UNKNOWN', { before: [set(HASH, text(''))] }),
  reject('R26', 'the hash algorithm md17', 'realm-hash', 'HASH_UNKNOWN', { before: [set(HASH, text('md17'))] }, weak),
  reject('R27', 'the hash algorithm an integer', 'realm-hash', 'CLAIM_TYPE', { before: [set(HASH, int(-16))] }),
  reject('R28', 'the 2024 profile on claims of 2023', 'realm-mandatory', 'CLAIM_MISSING', {
    form: KEYED,
    before: [set(PROFILE, text('tag:arm.com,2024:realm#2.0.0'))],
  }),
  reject('R29', 'the profile an integer', 'realm-profile', 'CLAIM_TYPE', { before: [set(PROFILE, int(1))] }),
  reject('R30', 'the platform’s profile in the Realm token', 'realm-profile', 'PROFILE_UNKNOWN', {
    before: [set(PROFILE, text('tag:arm.com,2023:cca_platform#1.0.0'))],
  }),
  reject(
    'R31',
    'a raw point under the 2023 profile, bound',
    'realm-rak-form',
    'RAK_FORM',
    { form: { ...KEYED, rak: 'raw' } },
    { gain: 'ambiguity' },
  ),
  reject(
    'R32',
    'a COSE_Key without a profile on a legacy platform, bound',
    'realm-rak-form',
    'RAK_FORM',
    { form: { ...LEGACY, rak: 'cose-key' } },
    { gain: 'ambiguity' },
  ),
  policy('R33', 'a Realm key on P-256 that signs with ES256, bound', 'cose-key', [], { form: KEYED, rak: 'p-256' }),
  reject(
    'R34',
    'a COSE_Key off its curve, bound',
    'key-on-curve',
    'RAK_NOT_ON_CURVE',
    { form: KEYED, before: [flip(`${RAK}/-3`)], bind: true },
    weak,
  ),
  reject(
    'R35',
    'a raw point off its curve, bound',
    'key-on-curve',
    'RAK_NOT_ON_CURVE',
    { form: LEGACY, before: [flip(RAK)], bind: true },
    weak,
  ),
  reject('R36', 'a raw compressed point, bound', 'realm-rak-raw', 'RAK_FORM', {
    form: LEGACY,
    before: ({ rak }) => [set(RAK, bytes(join(Uint8Array.of(2 + ((rak.y.at(-1) ?? 0) & 1)), rak.x)))],
    bind: true,
  }),
  policy('R37', 'a COSE_Key with the sign bit for y, bound', 'cose-key-sign-bit', ['RAK_COMPRESSED'], {
    form: KEYED,
    before: ({ rak }) => [set(`${RAK}/-3`, ((rak.y.at(-1) ?? 0) & 1) === 1 ? TRUE : FALSE)],
    bind: true,
  }),
  reject('R38', 'a COSE_Key without kty, bound', 'cose-key', 'RAK_MALFORMED', {
    form: KEYED,
    before: [remove(`${RAK}/1`)],
    bind: true,
  }),
  policy(
    'R39',
    'a COSE_Key with its private part, bound',
    'cose-key-public',
    ['RAK_PRIVATE'],
    { form: KEYED, before: [add(RAK, -4, bytes(fill(48, 0x4d)))], bind: true },
    { refused: true },
  ),
  policy('R40', 'a COSE_Key with an unknown member, bound', 'cose-key-other', [], {
    form: KEYED,
    before: [add(RAK, -70_001, int(0))],
    bind: true,
  }),
  policy('R41', 'a COSE_Key for verifying, bound', 'cose-key-ops', [], {
    form: KEYED,
    before: [add(RAK, 4, array(int(VERIFY)))],
    bind: true,
  }),
  reject('R42', 'a COSE_Key for signing, bound', 'cose-key-ops', 'RAK_KEY_OPS', {
    form: KEYED,
    before: [add(RAK, 4, array(int(SIGN)))],
    bind: true,
  }),
  reject('R43', 'a COSE_Key for ES256, bound, and ES384 in the header', 'cose-key-alg', 'RAK_ALG', {
    form: KEYED,
    before: [add(RAK, 3, int(-7))],
    bind: true,
  }),
  reject(
    'R44',
    'a Realm key of no bytes',
    'cose-key',
    'RAK_MALFORMED',
    { form: KEYED, before: [set(RAK, bytes(new Uint8Array()))] },
    forged,
  ),
  reject('R45', 'the Realm key a map, not in a byte string', 'realm-rak', 'CLAIM_TYPE', {
    form: KEYED,
    before: [unwrap(RAK)],
  }),
  accept('R46', 'a raw point whose x starts with a zero byte, bound', 'realm-rak-raw', { form: LEGACY, rak: 'zero-x' }),
  accept('R47', 'a COSE_Key whose x starts with a zero byte, bound', 'cose-key-width', { form: KEYED, rak: 'zero-x' }),
  reject('R48', 'a COSE_Key whose x lost its leading zero, bound', 'cose-key-width', 'RAK_MALFORMED', {
    form: KEYED,
    rak: 'zero-x',
    before: ({ rak }) => [set(`${RAK}/-2`, bytes(rak.x.subarray(1)))],
    bind: true,
  }),
  accept('R49', 'an unknown claim, by number', 'claims-unknown', { before: [add('realm', 1234567, int(1))] }),
  accept('R50', 'an unknown claim, by name', 'claims-unknown', { before: [add('realm', 'note', text('seen'))] }),
  policy('R51', 'MEC policy bogus, where the profile does not define it', 'realm-mec', ['MEC_POLICY_UNKNOWN'], {
    form: KEYED,
    before: [set(MEC, text('bogus'))],
  }),
  accept('R52', 'MEC policy under its old label, 44241', 'claims-unknown', {
    form: KEYED,
    before: [set('realm/44241', text('shared'))],
  }),
  policy(
    'R53',
    'an Ed25519 key that signs with EdDSA, bound',
    'cose-alg-known',
    ['ALG_UNSUPPORTED', 'RAK_TYPE_UNSUPPORTED'],
    {
      form: KEYED,
      before: ({ ed25519 }) => [
        set(RAK, embedded(map([1, int(KTY.okp)], [-1, int(CRV.ed25519)], [-2, bytes(ed25519PublicKey(ed25519))]))),
        set('realm.protected/1', int(-8)),
      ],
      bind: true,
      sign: { realm: { key: 'ed25519' } },
    },
    { refused: true },
  ),
];
