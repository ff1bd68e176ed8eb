import { ed25519PublicKey } from '../../crypto/ed25519.ts';
import type { Mutation } from '../mutation.ts';
import { array, bytes, embedded, FALSE, int, map, NULL, TRUE, text } from '../wire.ts';
import { add, enlist, fill, flip, join, push, remove, resize, set, tail, unwrap, zero } from './edits.ts';
import { rowsOf } from './row.ts';
import { deviceClaims, withDevices } from './valid.ts';

const { reject, accept, policy } = rowsOf('realm', 'form');
const weak = { gain: 'weakness' } as const;
const forged = { gain: 'forgery' } as const;

const CHALLENGE = 'realm/10';
const INSTANCE = 'realm/256';
const PROFILE = 'realm/265';
const RPV = 'realm/44235';
const HASH = 'realm/44236';
const RAK = 'realm/44237';
const RIM = 'realm/44238';
const REMS = 'realm/44239';
const RAK_HASH = 'realm/44240';
const MEC = 'realm/44243';
const LFA = 'realm/44244';

/** Rows about the forms of the Realm key name the profile that fixes it. */
const KEYED = { dialect: 'rmm-1.0' } as const;
const LEGACY = { dialect: 'rmm-1.0-legacy' } as const;
const OF_2024 = { dialect: 'rmm-2.0' } as const;

/** Members of a COSE_Key (RFC 9052 7.1, RFC 9053 7.1.1, 7.2). */
const KTY = { okp: 1, ec2: 2 } as const;
const CRV = { p256: 1, p384: 2, ed25519: 6 } as const;
const SIGN = 1;
const VERIFY = 2;

const rems = (...sizes: readonly number[]) => array(...sizes.map((size, i) => bytes(fill(size, 0x20 + i))));
/** Measurements of another algorithm: its name and its sizes. */
const measuredBy = (name: string, size: number) => [
  set(HASH, text(name)),
  set(RIM, bytes(fill(size, 0x11))),
  set(REMS, rems(size, size, size, size)),
];

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

  reject('R110', '2024: no Realm instance id', 'realm-mandatory', 'CLAIM_MISSING', {
    form: OF_2024,
    before: [remove(INSTANCE)],
  }),
  reject('R111', '2024: a Realm instance id of 32 bytes', 'realm-instance', 'CLAIM_SIZE', {
    form: OF_2024,
    before: [resize(INSTANCE, 32)],
  }),
  reject('R112', '2024: a Realm instance id that starts with 2', 'realm-instance', 'UEID_TYPE', {
    form: OF_2024,
    before: [set(INSTANCE, bytes(fill(33, 2)))],
  }),
  reject('R113', '2024: no MEC policy', 'realm-mandatory', 'CLAIM_MISSING', { form: OF_2024, before: [remove(MEC)] }),
  reject('R114', '2024: MEC policy 2', 'realm-mec', 'CLAIM_VALUE', { form: OF_2024, before: [set(MEC, int(2))] }),
  reject('R115', '2024: MEC policy bogus', 'realm-mec', 'CLAIM_VALUE', {
    form: OF_2024,
    before: [set(MEC, text('bogus'))],
  }),
  reject('R116', '2024: MEC policy in a byte string', 'realm-mec', 'CLAIM_TYPE', {
    form: OF_2024,
    before: [set(MEC, bytes(zero))],
  }),
  reject('R117', '2024: MEC policy false', 'realm-mec', 'CLAIM_TYPE', { form: OF_2024, before: [set(MEC, FALSE)] }),
  reject('R118', '2024: LFA policy 2', 'realm-lfa', 'CLAIM_VALUE', { form: OF_2024, before: [set(LFA, int(2))] }),
  reject('R119', '2024: LFA policy a text', 'realm-lfa', 'CLAIM_TYPE', {
    form: OF_2024,
    before: [set(LFA, text('allow'))],
  }),
  reject('R120', '2024: the hash of device claims that are absent', 'devices-bound', 'DEVICES_TOKEN_MISSING', {
    form: OF_2024,
    before: [add('realm', 44257, bytes(fill(32, 0x57)))],
  }),
  reject(
    'R121',
    '2024: device claims that the Realm token does not name',
    'devices-bound',
    'DEVICES_TOKEN_UNBOUND',
    { form: OF_2024, before: (facts) => withDevices(facts, embedded(deviceClaims('2025'))).slice(1) },
    { gain: 'substitution' },
  ),
  reject(
    'R122',
    '2024: other device claims than the Realm token names',
    'devices-bound',
    'DEVICES_HASH_MISMATCH',
    {
      form: OF_2024,
      before: (facts) => withDevices(facts, embedded(deviceClaims('2025'))),
      after: [flip('collection/44258/1')],
    },
    { gain: 'substitution' },
  ),
  reject('R123', '2024: device claims without devices', 'devices-claims', 'CLAIM_MISSING', {
    form: OF_2024,
    before: (facts) => withDevices(facts, embedded(map([265, text('tag:arm.com,2025:cca_device#2.0.0')]))),
  }),
  reject('R124', '2024: device claims of an unknown profile', 'devices-claims', 'PROFILE_UNKNOWN', {
    form: OF_2024,
    before: (facts) =>
      withDevices(facts, embedded(map([265, text('tag:arm.com,2025:cca_device#9.9.9')], [44259, array()]))),
  }),
  policy('R125', '2026: MEC policy as text', 'realm-mec-forms', ['CLAIM_OF_OTHER_REVISION'], {
    form: { dialect: 'draft-04', mec: 'text' },
  }),
  reject('R126', '2026: no Realm instance id', 'realm-mandatory', 'CLAIM_MISSING', {
    form: { dialect: 'draft-04' },
    before: [remove(INSTANCE)],
  }),
  reject('R127', 'the Realm claims under texts of their labels', 'realm-mandatory', 'CLAIM_MISSING', {
    before: [
      { do: 'rekey', at: RIM, key: text('44238') },
      { do: 'rekey', at: CHALLENGE, key: text('10') },
    ],
  }),
];
