import type { Mutation } from '../mutation.ts';
import { array, bytes, embedded, FALSE, int, map, NULL, raw, TRUE, tag, text, type Wire } from '../wire.ts';
import { add, fill, order, push, resize, set, widen } from './edits.ts';
import { rowsOf } from './row.ts';

const { accept } = rowsOf('legal', 'form');

const COMPONENTS = 'platform/2399';
const FIRST = `${COMPONENTS}/0`;
const component = (i: number): Wire => map([1, text(`PART_${i}`)], [2, bytes(fill(32, i))], [5, bytes(fill(32, 0x55))]);
/** Claims that nobody has registered, of every type that CBOR has. */
const ODD_VALUES: readonly Wire[] = [
  int(-1),
  int(2n ** 64n - 1n),
  int(-(2n ** 64n)),
  text(''),
  bytes(new Uint8Array()),
  array(array(array())),
  map(['a', map([1, NULL])]),
  tag(1, int(0)),
  tag(2n ** 40n, text('far')),
  TRUE,
  FALSE,
  NULL,
  raw(0xf9, 0x3c, 0x00),
  raw(0xfb, 0x3f, 0xf0, fill(6)),
  raw(0xf8, 0xff),
];
const UNKNOWN = -70_100;

/** Odd, and allowed: what a verifier that refuses it has read too much into the documents. */
export const LEGAL: readonly Mutation[] = [
  accept('W01', 'every head of the platform claims of eight bytes', 'cbor-any-width', {
    before: [widen('platform', 8, 'all')],
  }),
  accept('W02', 'every head of the Realm claims of eight bytes', 'cbor-any-width', {
    before: [widen('realm', 8, 'all')],
    bind: true,
  }),
  accept('W03', 'lifecycle in a head of eight bytes', 'cbor-any-width', { before: [widen('platform/2395', 8)] }),
  accept('W04', 'labels of platform claims in longer heads', 'cbor-any-width', {
    before: [widen('platform/2395', 4, 'key'), widen('platform/2396', 8, 'key')],
  }),
  accept('W05', 'the profile with a length of eight bytes', 'cbor-any-width', { before: [widen('platform/265', 8)] }),
  accept('W06', 'tag 18 in a longer head', 'cbor-any-width', {
    after: [widen('platform.message', 4), widen('realm.message', 8)],
  }),
  accept('W07', 'the array of a COSE_Sign1 in a longer head', 'cbor-any-width', {
    after: [widen('platform.array', 1), widen('realm.array', 8)],
  }),
  accept('W08', 'the protected header with a length of eight bytes', 'cbor-any-width', {
    after: [widen('platform.protected', 8)],
  }),
  accept('W09', 'the map in the protected header in a longer head', 'cbor-any-width', {
    before: [set('platform.protected', embedded({ ...map([1, int(-35)]), width: 1 }))],
  }),
  accept('W10', 'payload and signature with lengths of eight bytes', 'cbor-any-width', {
    after: [widen('realm.payload', 8), widen('realm.signature', 8)],
  }),
  accept('W11', 'the unprotected header in a longer head', 'cbor-any-width', {
    after: [widen('platform.unprotected', 1)],
  }),
  accept('W12', 'the components in longer heads', 'cbor-any-width', {
    before: [widen(COMPONENTS, 4), widen(FIRST, 8)],
  }),
  accept('W13', 'the extensible measurements in longer heads', 'cbor-any-width', {
    before: [widen('realm/44239', 8), widen('realm/44239/0', 4)],
  }),
  accept('W14', 'Realm claims in the order of their encoded keys', 'cbor-any-order', {
    before: [order('realm', 'encoded')],
  }),
  accept('W15', 'Realm claims in reverse', 'cbor-any-order', { before: [order('realm', 'reversed')] }),
  accept('W16', 'platform claims in reverse', 'cbor-any-order', { before: [order('platform', 'reversed')] }),
  accept('W17', 'the members of a component in reverse', 'cbor-any-order', { before: [order(FIRST, 'reversed')] }),
  accept('W18', 'the profile as the last claim of both tokens', 'cbor-any-order', {
    form: { dialect: 'rmm-1.0', realmOrder: 'go', platformOrder: 'go' },
    before: [order('realm', 'reversed'), order('platform', 'reversed')],
  }),
  accept('W19', 'unknown claims of every type in the Realm token', 'claims-unknown', {
    before: ODD_VALUES.map((value, i) => add('realm', UNKNOWN - i, value)),
  }),
  accept('W20', 'unknown claims of every type in the platform token', 'claims-unknown', {
    before: ODD_VALUES.map((value, i) => add('platform', UNKNOWN - i, value)),
  }),
  accept('W21', 'an unknown claim before all others', 'claims-unknown', {
    before: [add('realm', UNKNOWN, int(0), 0), add('platform', UNKNOWN, int(0), 0)],
  }),
  accept('W22', 'an unknown claim under a label of 64 bits', 'claims-unknown', {
    before: [add('realm', int(2n ** 63n), int(0)), add('realm', int(-(2n ** 63n) - 1n), int(0))],
  }),
  accept('W23', 'an unknown claim under label 0', 'claims-unknown', {
    before: [add('realm', 0, int(0)), add('platform', 0, int(0))],
  }),
  accept('W24', 'an unknown claim under an empty text', 'claims-unknown', { before: [add('realm', '', int(0))] }),
  accept('W25', 'an unknown claim of four kilobytes', 'claims-unknown', {
    before: [add('realm', UNKNOWN, bytes(fill(4096, 0x61)))],
  }),
  accept('W26', 'a hundred unknown claims', 'claims-unknown', {
    before: Array.from({ length: 100 }, (_, i) => add('platform', UNKNOWN - i, int(i))),
  }),
  accept('W27', 'registered claims of CWT that CCA does not use', 'claims-unknown', {
    before: [
      add('platform', 1, text('issuer')),
      add('platform', 6, int(1_700_000_000)),
      add('realm', 7, bytes(fill(8, 7))),
    ],
  }),
  accept('W28', 'an unknown claim whose text is a label of another', 'claims-unknown', {
    before: [add('platform', '2395', int(0x6000))],
  }),
  accept('W29', 'a component measurement of 64 bytes', 'component-digest', {
    before: [resize(`${FIRST}/2`, 64, 0x52)],
  }),
  accept('W30', 'a component measurement of 48 bytes', 'component-digest', {
    before: [resize(`${FIRST}/2`, 48, 0x52)],
  }),
  accept('W31', 'a component signer of 64 bytes', 'component-digest', { before: [resize(`${FIRST}/5`, 64, 0x55)] }),
  accept('W32', 'a component signer of 48 bytes', 'component-digest', { before: [resize(`${FIRST}/5`, 48, 0x55)] }),
  accept('W33', 'a component type of a thousand letters', 'component-optional', {
    before: [set(`${FIRST}/1`, text('T'.repeat(1000)))],
  }),
  accept('W34', 'a component version of a thousand letters', 'component-optional', {
    before: [set(`${FIRST}/4`, text('1'.repeat(1000)))],
  }),
  accept('W35', 'an empty component type', 'component-optional', { before: [set(`${FIRST}/1`, text(''))] }),
  accept('W36', 'an empty component version', 'component-optional', { before: [set(`${FIRST}/4`, text(''))] }),
  accept('W37', 'a component without version', 'component-optional', {
    before: [set(`${FIRST}/4`, text('')), { do: 'remove', at: `${FIRST}/4` }],
  }),
  accept('W38', 'a component without algorithm', 'component-optional', {
    before: [set(`${FIRST}/6`, text('')), { do: 'remove', at: `${FIRST}/6` }],
  }),
  accept('W39', 'a component type in other scripts', 'component-optional', {
    before: [set(`${FIRST}/1`, text('Прошивка 固件 🛡'))],
  }),
  accept('W40', 'a component type with control characters', 'component-optional', {
    before: [set(`${FIRST}/1`, text('RMM\u0000\u001b[31m\u202e'))],
  }),
  accept('W41', 'sixty components', 'component-list', {
    before: Array.from({ length: 60 }, (_, i) => push(COMPONENTS, component(i))),
  }),
  accept('W42', 'one component', 'component-list', { before: [set(COMPONENTS, array(component(0)))] }),
  accept('W43', 'a configuration of four kilobytes', 'platform-config', {
    before: [resize('platform/2401', 4096, 0xcf)],
  }),
  accept('W44', 'a configuration of one byte', 'platform-config', { before: [resize('platform/2401', 1)] }),
  accept('W45', 'a verification service of two thousand letters', 'platform-vsi', {
    before: [set('platform/2400', text(`https://swcca.invalid/${'v'.repeat(2000)}`))],
  }),
  accept('W46', 'a verification service that is no URL', 'platform-vsi', {
    before: [set('platform/2400', text('ask next door'))],
  }),
  accept('W47', 'lifecycle 0x3000, the first of its range', 'platform-lifecycle-low-byte', {
    before: [set('platform/2395', int(0x3000))],
  }),
  accept('W48', 'the platform hash algorithm sha-512', 'platform-hash', {
    before: [set('platform/2402', text('sha-512'))],
  }),
  accept('W49', 'a personalization value of ones', 'realm-rpv', {
    before: [set('realm/44235', bytes(fill(64, 0xff)))],
  }),
  accept(
    'W50',
    'a challenge of zeros that was asked for',
    'realm-challenge',
    { before: [set('realm/10', bytes(fill(64)))] },
    [],
    { given: () => ({ challenge: fill(64) }) },
  ),
  accept(
    'W51',
    'a challenge of ones that was asked for',
    'realm-challenge',
    { before: [set('realm/10', bytes(fill(64, 0xff)))] },
    [],
    { given: () => ({ challenge: fill(64, 0xff) }) },
  ),
  accept('W52', 'extensible measurements that are all alike', 'realm-rem', {
    before: [
      { do: 'copy', at: 'realm/44239/1', from: 'realm/44239/0' },
      { do: 'copy', at: 'realm/44239/2', from: 'realm/44239/0' },
    ],
  }),
  accept('W53', 'bound by sha-512, measured by sha-384', 'binding', {
    before: [
      set('realm/44240', text('sha-512')),
      set('realm/44236', text('sha-384')),
      set('realm/44238', bytes(fill(48, 0x11))),
      set('realm/44239', array(...[1, 2, 3, 4].map((i) => bytes(fill(48, i))))),
    ],
    bind: true,
  }),
  accept('W54', 'other parameters in both unprotected headers', 'cose-unknown-header', {
    before: [add('platform.unprotected', -1, map()), add('realm.unprotected', 'where', text('here'))],
  }),
  accept('W55', 'a token of sixteen kilobytes', 'claims-unknown', {
    before: [add('realm', UNKNOWN, bytes(fill(16_384, 0x2e)))],
  }),
  accept('W56', 'an instance id that is not the hash of the key', 'platform-instance-id', {
    before: [set('platform/256', bytes(Uint8Array.of(1, ...fill(32, 0x44))))],
  }),
  accept('W57', 'a configuration that is no CBOR', 'platform-config', {
    before: [set('platform/2401', bytes(fill(4, 0xff)))],
  }),
  accept('W58', 'a component signer of zeros', 'component-digest', { before: [set(`${FIRST}/5`, bytes(fill(32)))] }),
];
