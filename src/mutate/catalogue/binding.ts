import { coseKeyBytes } from '../../cose/index.ts';
import { sec1Point } from '../../crypto/index.ts';
import type { TreeEdit } from '../edit.ts';
import type { Facts, Mutation } from '../mutation.ts';
import { array, bytes, int, text } from '../wire.ts';
import { add, enlist, fill, flip, order, remove, resize, set } from './edits.ts';
import { bytesOf } from './facts.ts';
import { rowsOf } from './row.ts';

const { reject, accept } = rowsOf('binding', 'forgery');

/** Rows about a COSE_Key need a profile that has one. */
const KEYED = { dialect: 'rmm-1.0' } as const;
const RAK = 'realm/44237';
const ALGORITHM = 'realm/44240';

/** The binding claim with a hash of other bytes. */
const bindTo =
  (content: (facts: Facts) => Uint8Array, hash: 'sha-256' | 'sha-512' = 'sha-256') =>
  (facts: Facts): readonly TreeEdit[] => [set(facts.binding, bytes(facts.crypto.hash(hash).digest(content(facts))))];

const named = (name: string): readonly TreeEdit[] => [set(ALGORITHM, text(name))];

export const BINDING: readonly Mutation[] = [
  reject('N01', 'the hash of the bare point, for a COSE_Key', 'binding', 'BINDING_MISMATCH', {
    form: KEYED,
    before: bindTo(({ rak }) => sec1Point(rak)),
  }),
  reject('N02', 'another key in the Realm token, which it signs, and the old hash', 'binding', 'BINDING_MISMATCH', {
    rak: 'stranger',
    bind: false,
  }),
  reject(
    'N03',
    'sha-512 named, and the hash by sha-256',
    'binding',
    'BINDING_MISMATCH',
    { before: named('sha-512') },
    { gain: 'ambiguity' },
  ),
  accept('N04', 'bound by sha-384', 'binding', { before: named('sha-384'), bind: true }),
  accept('N05', 'bound by sha-512', 'binding', { before: named('sha-512'), bind: true }),
  reject(
    'N06',
    'the algorithm sha3-256',
    'binding-hash',
    'HASH_UNKNOWN',
    { before: named('sha3-256') },
    { gain: 'form' },
  ),
  reject(
    'N07',
    'the algorithm in capitals, SHA-256',
    'binding-hash',
    'HASH_UNKNOWN',
    { before: named('SHA-256') },
    { gain: 'form' },
  ),
  reject('N08', 'a hash of 31 bytes', 'binding-type', 'CLAIM_SIZE', { before: ({ binding }) => [resize(binding, 31)] }),
  reject('N09', 'a hash of zeros', 'binding', 'BINDING_MISMATCH', {
    before: ({ binding }) => [set(binding, bytes(fill(32)))],
  }),
  reject('N10', 'a hash by sha-256, padded to 48 bytes', 'binding', 'BINDING_MISMATCH', {
    before: ({ binding }) => [resize(binding, 48)],
  }),
  accept('N11', 'the COSE_Key in the order y, x, crv, kty, bound as it stands', 'binding', {
    form: KEYED,
    before: [order(RAK, 'reversed')],
    bind: true,
  }),
  reject(
    'N12',
    'the COSE_Key in another order, and the hash of the usual one',
    'binding',
    'BINDING_MISMATCH',
    { form: KEYED, before: [order(RAK, 'reversed')] },
    { gain: 'ambiguity' },
  ),
  accept('N13', 'the COSE_Key names its algorithm, ES384', 'cose-key-alg', {
    form: KEYED,
    before: [add(RAK, 3, int(-35))],
    bind: true,
  }),
  reject(
    'N14',
    'bound by sha-224, 28 bytes',
    'binding-type',
    'CLAIM_SIZE',
    { before: ({ binding }) => [...named('sha-224'), resize(binding, 28)] },
    { gain: 'form' },
  ),
  reject(
    'N15',
    'the hash in an array of one',
    'binding-type',
    'CLAIM_TYPE',
    { before: ({ binding }) => [enlist(binding)] },
    { gain: 'form' },
  ),
  reject(
    'N16',
    'the hash in an array of two',
    'binding-type',
    'CLAIM_TYPE',
    { before: ({ binding }) => [enlist(binding, 2)] },
    { gain: 'ambiguity' },
  ),
  reject('N17', 'an empty name of the algorithm', 'binding-hash', 'HASH_UNKNOWN', { before: named('') }),

  reject('N18', 'one bit of the hash', 'binding', 'BINDING_MISMATCH', { before: ({ binding }) => [flip(binding)] }),
  reject('N19', 'the first bit of the hash', 'binding', 'BINDING_MISMATCH', {
    before: ({ binding }) => [flip(binding, 0)],
  }),
  reject('N20', 'the hash by sha-512 cut to 32 bytes', 'binding', 'BINDING_MISMATCH', {
    before: (facts) => [
      ...named('sha-512'),
      ...bindTo(({ at }) => bytesOf(at(RAK)), 'sha-512')(facts),
      resize(facts.binding, 32),
    ],
  }),
  reject(
    'N21',
    'the hash by sha-512, and sha-256 named',
    'binding',
    'BINDING_MISMATCH',
    { before: bindTo(({ at }) => bytesOf(at(RAK)), 'sha-512') },
    { gain: 'ambiguity' },
  ),
  reject(
    'N22',
    'the hash of the byte string with its head',
    'binding',
    'BINDING_MISMATCH',
    {
      form: KEYED,
      before: bindTo(({ rak }) => Uint8Array.of(0x58, 107, ...coseKeyBytes(rak))),
    },
    { gain: 'ambiguity' },
  ),
  reject('N23', 'the hash of x alone', 'binding', 'BINDING_MISMATCH', { before: bindTo(({ rak }) => rak.x) }),
  reject('N24', 'the hash of no bytes', 'binding', 'BINDING_MISMATCH', { before: bindTo(() => new Uint8Array()) }),
  reject('N25', 'the hash of the COSE_Key of the platform’s own key', 'binding', 'BINDING_MISMATCH', {
    before: bindTo(({ key }) => coseKeyBytes(key('cpak'))),
  }),
  reject('N26', 'the Realm challenge for the hash', 'binding', 'BINDING_MISMATCH', {
    before: ({ binding, challenge }) => [set(binding, bytes(challenge))],
  }),
  reject(
    'N27',
    'the COSE_Key for the raw point that is bound',
    'binding',
    'BINDING_MISMATCH',
    { form: { dialect: 'rmm-1.0-legacy' }, before: bindTo(({ rak }) => coseKeyBytes(rak)) },
    { gain: 'ambiguity' },
  ),
  reject('N28', 'the binding claim empty', 'binding-type', 'CLAIM_SIZE', {
    before: ({ binding }) => [set(binding, bytes(new Uint8Array()))],
  }),
  reject('N29', 'the binding claim a text', 'binding-type', 'CLAIM_TYPE', {
    before: ({ binding }) => [set(binding, text('hash'))],
  }),
  reject('N30', 'the binding claim an empty array', 'binding-type', 'CLAIM_TYPE', {
    before: ({ binding }) => [set(binding, array())],
  }),
  reject(
    'N31',
    'under the 2026 profile: claim 10 beside claim 2408',
    'binding-2026',
    'CLAIM_FORBIDDEN',
    {
      form: { dialect: 'draft-04' },
      before: ({ at, binding }) => [add('platform', 10, at(binding) ?? bytes(fill(32)))],
    },
    { gain: 'ambiguity' },
  ),
  reject(
    'N32',
    'under the 2026 profile: claim 10 for claim 2408',
    'binding-2026',
    'CLAIM_MISSING',
    {
      form: { dialect: 'draft-04' },
      before: [{ do: 'rekey', at: 'platform/2408', key: int(10) }],
    },
    { gain: 'form' },
  ),
  reject(
    'N33',
    'under the 2023 profile: claim 2408 for claim 10',
    'platform-mandatory',
    'CLAIM_MISSING',
    {
      form: KEYED,
      before: [{ do: 'rekey', at: 'platform/10', key: int(2408) }],
    },
    { gain: 'form' },
  ),
  reject(
    'N34',
    'under HESRAK: claim 10 is another challenge',
    'binding-2026',
    'REALM_CHALLENGE_NOT_BOUND',
    {
      form: { dialect: 'draft-04' },
      before: [
        set('platform/265', text('tag:arm.com,2026:cca_platform#2.0.0;HESRAK')),
        add('platform', 10, bytes(fill(64, 0xee))),
      ],
    },
    { gain: 'substitution' },
  ),
  reject(
    'N35',
    'under HESRAK: no claim 10',
    'binding-2026',
    'CLAIM_MISSING',
    {
      form: { dialect: 'draft-04' },
      before: [set('platform/265', text('tag:arm.com,2026:cca_platform#2.0.0;HESRAK'))],
    },
    { gain: 'substitution' },
  ),
  reject('N36', 'no Realm key and no algorithm for it', 'realm-mandatory', 'CLAIM_MISSING', {
    before: [remove(RAK), remove(ALGORITHM)],
  }),
  reject(
    'N37',
    'the algorithm with a space after it',
    'binding-hash',
    'HASH_UNKNOWN',
    { before: named('sha-256 ') },
    { gain: 'form' },
  ),
  reject(
    'N38',
    'the algorithm by its number, -16',
    'binding-hash',
    'CLAIM_TYPE',
    { before: [set(ALGORITHM, int(-16))] },
    { gain: 'form' },
  ),
  reject(
    'N39',
    'the algorithm md5, and the hash in 16 bytes',
    'binding-type',
    'CLAIM_SIZE',
    { before: ({ binding }) => [...named('md5'), resize(binding, 16)] },
    { gain: 'weakness' },
  ),
  accept('N40', 'the COSE_Key in the order crv, x, y, kty, bound as it stands', 'binding', {
    form: { ...KEYED, rakOrder: ['crv', 'x', 'y', 'kty'] },
  }),
  accept('N41', 'every head of the COSE_Key longer, bound as it stands', 'cbor-any-width', {
    form: KEYED,
    before: [{ do: 'widen', at: RAK, width: 4, of: 'all' }],
    bind: true,
  }),
];
