import type { Mutation } from '../mutation.ts';
import { array, bytes, embedded, FALSE, int, map, NULL, TRUE, text, type Wire } from '../wire.ts';
import { add, copy, fill, flatten, push, rekey, remove, resize, set, swap } from './edits.ts';
import { rowsOf } from './row.ts';
import { extensionDevice } from './valid.ts';

const { reject, accept, policy } = rowsOf('platform', 'form');
const weak = { gain: 'weakness' } as const;
const substitution = { gain: 'substitution' } as const;

const INSTANCE = 'platform/256';
const PROFILE = 'platform/265';
const CLIENT = 'platform/2394';
const LIFECYCLE = 'platform/2395';
const IMPLEMENTATION = 'platform/2396';
const COMPONENTS = 'platform/2399';
const FIRST = `${COMPONENTS}/0`;
const SERVICE = 'platform/2400';
const CONFIG = 'platform/2401';
const HASH = 'platform/2402';

const OF_2023 = { dialect: 'rmm-1.0' } as const;
const OF_2024 = { dialect: 'rmm-2.0' } as const;
const OF_2026 = { dialect: 'draft-04' } as const;

const lifecycle = (value: number | bigint) => ({ before: [set(LIFECYCLE, int(value))] });
const profile = (value: string) => ({ before: [set(PROFILE, text(value))] });
/** A component with only what must be there, and what is told. */
const component = (...more: readonly (readonly [number, Wire])[]): Wire =>
  map([1, text('EXTRA')], [2, bytes(fill(32, 0x52))], [5, bytes(fill(32, 0x55))], ...more);

export const PLATFORM: readonly Mutation[] = [
  reject('P01', 'no profile', 'platform-mandatory', 'CLAIM_MISSING', { before: [remove(PROFILE)] }),
  reject(
    'P02',
    'no binding claim',
    'platform-mandatory',
    'CLAIM_MISSING',
    { before: ({ binding }) => [remove(binding)] },
    { gain: 'forgery' },
  ),
  reject(
    'P03',
    'no implementation id',
    'platform-mandatory',
    'CLAIM_MISSING',
    { before: [remove(IMPLEMENTATION)] },
    substitution,
  ),
  reject('P04', 'no instance id', 'platform-mandatory', 'CLAIM_MISSING', { before: [remove(INSTANCE)] }, substitution),
  reject('P05', 'no configuration', 'platform-mandatory', 'CLAIM_MISSING', { before: [remove(CONFIG)] }),
  reject('P06', 'no lifecycle', 'platform-mandatory', 'CLAIM_MISSING', { before: [remove(LIFECYCLE)] }, weak),
  reject(
    'P07',
    'no software components',
    'platform-mandatory',
    'CLAIM_MISSING',
    { before: [remove(COMPONENTS)] },
    weak,
  ),
  reject('P08', 'no hash algorithm', 'platform-mandatory', 'CLAIM_MISSING', { before: [remove(HASH)] }),
  accept('P09', 'no verification service', 'platform-optional', { before: [remove(SERVICE)] }),
  reject('P10', 'an implementation id of 31 bytes', 'platform-implementation-id', 'CLAIM_SIZE', {
    before: [resize(IMPLEMENTATION, 31)],
  }),
  reject('P11', 'an instance id of 32 bytes', 'platform-instance-id', 'CLAIM_SIZE', { before: [resize(INSTANCE, 32)] }),
  reject('P12', 'an instance id that starts with 2', 'platform-instance-id', 'UEID_TYPE', {
    before: [set(INSTANCE, bytes(fill(33, 2)))],
  }),
  policy('P13', 'a configuration of no bytes', 'platform-config', [], { before: [resize(CONFIG, 0)] }),
  reject('P14', 'the configuration a text', 'platform-config', 'CLAIM_TYPE', { before: [set(CONFIG, text('config'))] }),
  reject('P15', 'lifecycle 0x3100, in no range', 'platform-lifecycle', 'LIFECYCLE_UNDEFINED', lifecycle(0x3100), weak),
  reject('P16', 'lifecycle 0x7000, in no range', 'platform-lifecycle', 'LIFECYCLE_UNDEFINED', lifecycle(0x7000), weak),
  reject(
    'P17',
    'lifecycle 0x10000, in no range',
    'platform-lifecycle',
    'LIFECYCLE_UNDEFINED',
    lifecycle(0x1_0000),
    weak,
  ),
  reject(
    'P18',
    'lifecycle 0x4000, debug of other parts than the platform RoT',
    'platform-secured',
    'LIFECYCLE_REFUSED',
    lifecycle(0x4000),
    weak,
  ),
  reject(
    'P19',
    'lifecycle 0x5000, recoverable debug',
    'platform-secured',
    'LIFECYCLE_REFUSED',
    lifecycle(0x5000),
    weak,
  ),
  reject('P20', 'lifecycle 0, unknown', 'platform-secured', 'LIFECYCLE_REFUSED', lifecycle(0), weak),
  reject(
    'P21',
    'lifecycle 0x1000, assembly and test',
    'platform-secured',
    'LIFECYCLE_REFUSED',
    lifecycle(0x1000),
    weak,
  ),
  reject('P22', 'lifecycle 0x2000, provisioning', 'platform-secured', 'LIFECYCLE_REFUSED', lifecycle(0x2000), weak),
  reject('P23', 'lifecycle 0x6000, decommissioned', 'platform-secured', 'LIFECYCLE_REFUSED', lifecycle(0x6000), weak),
  accept('P24', 'lifecycle 0x30ff, secured', 'platform-lifecycle-low-byte', lifecycle(0x30ff)),
  reject(
    'P25',
    'no component in the array',
    'platform-components',
    'COMPONENTS_EMPTY',
    { before: [set(COMPONENTS, array())] },
    weak,
  ),
  reject(
    'P26',
    'a component without measurement',
    'component-mandatory',
    'CLAIM_MISSING',
    { before: [remove(`${FIRST}/2`)] },
    weak,
  ),
  reject('P27', 'a component without signer', 'component-mandatory', 'CLAIM_MISSING', {
    before: [remove(`${FIRST}/5`)],
  }),
  reject('P28', 'a component measurement of 20 bytes', 'component-digest', 'CLAIM_SIZE', {
    before: [resize(`${FIRST}/2`, 20)],
  }),
  reject('P29', 'a component signer of 20 bytes', 'component-digest', 'CLAIM_SIZE', {
    before: [resize(`${FIRST}/5`, 20)],
  }),
  policy('P30', 'component key 7 under the 2023 profile', 'component-closed', [], {
    form: OF_2023,
    before: [set(`${FIRST}/7`, TRUE)],
  }),
  policy('P31', 'component key 3, reserved', 'component-closed', ['COMPONENT_KEY_RESERVED'], {
    before: [set(`${FIRST}/3`, text('reserved'))],
  }),
  reject('P32', 'a component in a byte string', 'component-map', 'CLAIM_TYPE', {
    before: ({ at }) => [set(FIRST, embedded(at(FIRST) ?? map()))],
  }),
  reject('P33', 'the components in a map', 'platform-components', 'CLAIM_TYPE', {
    before: ({ at }) => [set(COMPONENTS, map([1, at(FIRST) ?? map()]))],
  }),
  accept('P34', 'a component measured by sha-384', 'component-hash', {
    before: [set(`${FIRST}/6`, text('sha-384')), resize(`${FIRST}/2`, 48)],
  }),
  policy('P35', 'a description for the algorithm of a component', 'component-hash', [], {
    before: [set(`${FIRST}/6`, text('TF-M_SHA256MemPreXIP'))],
  }),
  reject('P36', 'a component version that is a number', 'component-types', 'CLAIM_TYPE', {
    before: [set(`${FIRST}/4`, int(1))],
  }),
  accept('P37', 'a component without type', 'component-optional', { before: [remove(`${FIRST}/1`)] }, [
    'COMPONENT_TYPE_MISSING',
  ]),
  reject('P38', 'a component with a text as key', 'component-map', 'COMPONENT_KEY_TYPE', {
    before: [add(FIRST, 'note', int(0))],
  }),
  policy('P39', 'an empty verification service', 'platform-vsi', [], { before: [set(SERVICE, text(''))] }),
  reject('P40', 'the verification service in a byte string', 'platform-vsi', 'CLAIM_TYPE', {
    before: [set(SERVICE, bytes(fill(4, 0x61)))],
  }),
  accept('P41', 'the platform hash algorithm sha-384', 'platform-hash', { before: [set(HASH, text('sha-384'))] }),
  policy('P42', 'the platform hash algorithm SHA256', 'platform-hash', ['PLATFORM_HASH_UNKNOWN'], {
    before: [set(HASH, text('SHA256'))],
  }),
  reject(
    'P43',
    'a profile that nobody knows',
    'platform-profile',
    'PROFILE_UNKNOWN',
    profile('tag:arm.com,2025:cca_platform#9.9.9'),
  ),
  reject(
    'P44',
    'the profile of a PSA token',
    'platform-profile',
    'PROFILE_UNKNOWN',
    profile('tag:psacertified.org,2023:psa#tfm'),
  ),
  reject('P45', 'the profile PSA 2.0.0', 'platform-profile', 'PROFILE_UNKNOWN', profile('http://arm.com/psa/2.0.0')),
  reject('P46', 'the profile PSA_IOT_PROFILE_1', 'platform-profile', 'PROFILE_UNKNOWN', profile('PSA_IOT_PROFILE_1')),
  policy('P47', 'the legacy platform profile with the 2023 Realm profile', 'profile-pair', ['PROFILE_PAIR_MIXED'], {
    form: { ...OF_2023, platformProfile: 'legacy' },
  }),
  policy('P48', 'the 2023 platform profile with a Realm without profile', 'profile-pair', ['PROFILE_PAIR_MIXED'], {
    form: { dialect: 'rmm-1.0-legacy', platformProfile: '2023' },
  }),
  accept('P49', 'an unknown claim, by number', 'claims-unknown', { before: [add('platform', 1234567, int(1))] }),
  accept('P50', 'an unknown claim, by name', 'claims-unknown', { before: [add('platform', 'note', text('seen'))] }),
  reject('P51', 'the profile an OID in a byte string', 'platform-profile', 'CLAIM_TYPE', {
    before: [set(PROFILE, bytes(Uint8Array.of(0x2b, 0x06, 1, 4, 1)))],
  }),
  policy('P52', 'the client id under the 2023 profile', 'claims-unknown', [], {
    form: OF_2023,
    before: [set(CLIENT, int(1))],
  }),
  reject('P53', 'an instance id of zeros', 'platform-instance-id', 'UEID_TYPE', {
    before: [set(INSTANCE, bytes(fill(33)))],
  }),
  policy('P54', 'a component twice', 'component-list', [], {
    before: ({ at }) => [push(COMPONENTS, at(FIRST) ?? map())],
  }),
  policy('P55', 'the components in another order', 'component-list', [], {
    before: [{ do: 'order', at: COMPONENTS, by: 'reversed' }],
  }),

  reject('P56', 'an implementation id of 33 bytes', 'platform-implementation-id', 'CLAIM_SIZE', {
    before: [resize(IMPLEMENTATION, 33)],
  }),
  reject('P57', 'an implementation id of 4 bytes', 'platform-implementation-id', 'CLAIM_SIZE', {
    before: [resize(IMPLEMENTATION, 4)],
  }),
  reject('P58', 'the implementation id a text', 'platform-implementation-id', 'CLAIM_TYPE', {
    before: [set(IMPLEMENTATION, text('i'.repeat(32)))],
  }),
  reject(
    'P59',
    'the implementation id null',
    'platform-implementation-id',
    'CLAIM_TYPE',
    { before: [set(IMPLEMENTATION, NULL)] },
    substitution,
  ),
  reject('P60', 'an instance id of 34 bytes', 'platform-instance-id', 'CLAIM_SIZE', { before: [resize(INSTANCE, 34)] }),
  reject('P61', 'an instance id of 7 bytes, the shortest UEID', 'platform-instance-id', 'CLAIM_SIZE', {
    before: [resize(INSTANCE, 7)],
  }),
  reject(
    'P62',
    'the instance id null',
    'platform-instance-id',
    'CLAIM_TYPE',
    { before: [set(INSTANCE, NULL)] },
    substitution,
  ),
  reject('P63', 'lifecycle 0x0100, in no range', 'platform-lifecycle', 'LIFECYCLE_UNDEFINED', lifecycle(0x0100), weak),
  reject('P64', 'lifecycle 0x2fff, in no range', 'platform-lifecycle', 'LIFECYCLE_UNDEFINED', lifecycle(0x2fff), weak),
  reject('P65', 'lifecycle 2^64 - 1', 'platform-lifecycle', 'LIFECYCLE_UNDEFINED', lifecycle(2n ** 64n - 1n), weak),
  reject(
    'P66',
    'lifecycle 2^32 + 0x3000, which 32 bits do not hold',
    'platform-lifecycle',
    'LIFECYCLE_UNDEFINED',
    lifecycle(2 ** 32 + 0x3000),
    weak,
  ),
  reject(
    'P67',
    'lifecycle 2^16 + 0x3000, which 16 bits do not hold',
    'platform-lifecycle',
    'LIFECYCLE_UNDEFINED',
    lifecycle(0x1_3000),
    weak,
  ),
  reject('P68', 'lifecycle 0x40ff', 'platform-secured', 'LIFECYCLE_REFUSED', lifecycle(0x40ff), weak),
  reject('P69', 'lifecycle 0x60ff', 'platform-secured', 'LIFECYCLE_REFUSED', lifecycle(0x60ff), weak),
  reject(
    'P70',
    'the lifecycle by its name',
    'platform-lifecycle',
    'CLAIM_TYPE',
    { before: [set(LIFECYCLE, text('secured'))] },
    weak,
  ),
  reject(
    'P71',
    'the lifecycle in a byte string',
    'platform-lifecycle',
    'CLAIM_TYPE',
    { before: [set(LIFECYCLE, bytes(Uint8Array.of(0x30, 0)))] },
    weak,
  ),
  reject('P72', 'the lifecycle null', 'platform-lifecycle', 'CLAIM_TYPE', { before: [set(LIFECYCLE, NULL)] }, weak),
  reject('P73', 'the configuration an integer', 'platform-config', 'CLAIM_TYPE', { before: [set(CONFIG, int(0))] }),
  reject('P74', 'the configuration null', 'platform-config', 'CLAIM_TYPE', { before: [set(CONFIG, NULL)] }),
  reject('P75', 'the hash algorithm an integer', 'platform-hash', 'CLAIM_TYPE', { before: [set(HASH, int(-16))] }),
  reject('P76', 'the hash algorithm null', 'platform-hash', 'CLAIM_TYPE', { before: [set(HASH, NULL)] }),
  reject('P77', 'the verification service an integer', 'platform-vsi', 'CLAIM_TYPE', {
    before: [set(SERVICE, int(0))],
  }),
  reject('P78', 'the components null', 'platform-components', 'CLAIM_TYPE', { before: [set(COMPONENTS, NULL)] }, weak),
  reject(
    'P79',
    'the components in a byte string',
    'platform-components',
    'CLAIM_TYPE',
    { before: ({ at }) => [set(COMPONENTS, embedded(at(COMPONENTS) ?? array()))] },
    weak,
  ),
  reject(
    'P80',
    'an empty component',
    'component-mandatory',
    'CLAIM_MISSING',
    { before: [push(COMPONENTS, map())] },
    weak,
  ),
  reject('P81', 'a component null', 'component-map', 'CLAIM_TYPE', { before: [push(COMPONENTS, NULL)] }),
  reject('P82', 'a component an array', 'component-map', 'CLAIM_TYPE', { before: [flatten(FIRST)] }),
  reject('P83', 'a component type that is a number', 'component-types', 'CLAIM_TYPE', {
    before: [set(`${FIRST}/1`, int(1))],
  }),
  reject('P84', 'a component type in a byte string', 'component-types', 'CLAIM_TYPE', {
    before: [set(`${FIRST}/1`, bytes(fill(3, 0x42)))],
  }),
  reject('P85', 'a component algorithm that is a number', 'component-types', 'CLAIM_TYPE', {
    before: [set(`${FIRST}/6`, int(-16))],
  }),
  reject('P86', 'a component measurement in hexadecimal', 'component-digest', 'CLAIM_TYPE', {
    before: [set(`${FIRST}/2`, text('52'.repeat(32)))],
  }),
  reject('P87', 'a component measurement of 33 bytes', 'component-digest', 'CLAIM_SIZE', {
    before: [resize(`${FIRST}/2`, 33)],
  }),
  reject(
    'P88',
    'a component measurement of no bytes',
    'component-digest',
    'CLAIM_SIZE',
    { before: [resize(`${FIRST}/2`, 0)] },
    weak,
  ),
  reject('P89', 'a component measurement of 65 bytes', 'component-digest', 'CLAIM_SIZE', {
    before: [resize(`${FIRST}/2`, 65)],
  }),
  reject('P90', 'a component signer of no bytes', 'component-digest', 'CLAIM_SIZE', {
    before: [resize(`${FIRST}/5`, 0)],
  }),
  reject('P91', 'a component signer that is a text', 'component-digest', 'CLAIM_TYPE', {
    before: [set(`${FIRST}/5`, text('ACME'))],
  }),
  reject('P92', 'a component with a map as key', 'component-map', 'COMPONENT_KEY_TYPE', {
    before: [add(FIRST, map(), int(0))],
  }),
  reject('P93', 'measurement and signer of a component exchanged for texts', 'component-types', 'CLAIM_TYPE', {
    before: [swap(`${FIRST}/2`, `${FIRST}/1`)],
  }),
  reject(
    'P94',
    'a profile with a space after it',
    'platform-profile',
    'PROFILE_UNKNOWN',
    profile('tag:arm.com,2023:cca_platform#1.0.0 '),
  ),
  reject(
    'P95',
    'a profile with a NUL after it',
    'platform-profile',
    'PROFILE_UNKNOWN',
    profile('tag:arm.com,2023:cca_platform#1.0.0\0'),
  ),
  reject(
    'P96',
    'a profile in capitals',
    'platform-profile',
    'PROFILE_UNKNOWN',
    profile('TAG:ARM.COM,2023:CCA_PLATFORM#1.0.0'),
  ),
  reject('P97', 'an empty profile', 'platform-profile', 'PROFILE_UNKNOWN', profile('')),
  reject('P98', 'the profile an integer', 'platform-profile', 'CLAIM_TYPE', { before: [set(PROFILE, int(1))] }),
  reject('P99', 'the profile in an array', 'platform-profile', 'CLAIM_TYPE', {
    before: [{ do: 'enlist', at: PROFILE, times: 1 }],
  }),
  reject(
    'P100',
    'the Realm’s profile in the platform token',
    'platform-profile',
    'PROFILE_UNKNOWN',
    profile('tag:arm.com,2023:realm#1.0.0'),
  ),
  reject(
    'P101',
    'the implementation id under the label of the instance id, and the reverse',
    'platform-instance-id',
    'CLAIM_SIZE',
    { before: [swap(INSTANCE, IMPLEMENTATION)] },
    substitution,
  ),
  reject('P102', 'a Realm claim for a platform claim: no lifecycle but an RPV', 'platform-mandatory', 'CLAIM_MISSING', {
    before: [rekey(LIFECYCLE, 44235)],
  }),

  reject('P103', '2024: no client id', 'platform-client', 'CLAIM_MISSING', { form: OF_2024, before: [remove(CLIENT)] }),
  reject(
    'P104',
    '2024: client id 2',
    'platform-client',
    'CLAIM_VALUE',
    { form: OF_2024, before: [set(CLIENT, int(2))] },
    substitution,
  ),
  reject(
    'P105',
    '2024: client id -1',
    'platform-client',
    'CLAIM_VALUE',
    { form: OF_2024, before: [set(CLIENT, int(-1))] },
    substitution,
  ),
  reject('P106', '2024: component key 7 an integer', 'component-2024', 'CLAIM_TYPE', {
    form: OF_2024,
    before: [set(`${FIRST}/7`, int(1))],
  }),
  reject('P107', '2024: no countersigner in the array', 'component-2024', 'CLAIM_SIZE', {
    form: OF_2024,
    before: [set(`${FIRST}/8`, array())],
  }),
  reject('P108', '2024: a countersigner of 20 bytes', 'component-2024', 'CLAIM_SIZE', {
    form: OF_2024,
    before: [set(`${FIRST}/8`, array(bytes(fill(20, 8))))],
  }),
  reject('P109', '2024: no extension device in the array', 'platform-2024', 'CLAIM_SIZE', {
    form: OF_2024,
    before: [add('platform', 2404, array())],
  }),
  reject('P110', '2024: an SPDM device without its negotiation', 'platform-2024', 'CLAIM_MISSING', {
    form: OF_2024,
    before: [add('platform', 2404, array(extensionDevice)), remove('platform/2404/0/6')],
  }),
  reject('P111', '2024: the negotiation of a device without SPDM', 'platform-2024', 'CLAIM_FORBIDDEN', {
    form: OF_2024,
    before: [add('platform', 2404, array(extensionDevice)), set('platform/2404/0/5', text('other'))],
  }),
  reject('P112', '2024: a manufacturing configuration that is a text', 'platform-2024', 'CLAIM_TYPE', {
    form: OF_2024,
    before: [add('platform', 2403, text('config'))],
  }),
  reject('P113', '2026: peer signers an integer', 'platform-2026', 'CLAIM_TYPE', {
    form: OF_2026,
    before: [add('platform', 2406, int(0))],
  }),
  policy('P114', '2026: peer signers as draft -03 had them', 'platform-2026', ['CLAIM_OF_OTHER_REVISION'], {
    form: OF_2026,
    before: [add('platform', 2406, bytes(fill(32, 6)))],
  }),
  policy('P115', '2026: extension devices under 2.0.0', 'platform-2026', ['CLAIM_OF_OTHER_REVISION'], {
    form: OF_2026,
    before: [add('platform', 2404, array(extensionDevice))],
  }),
  reject('P116', '2026: TPM binding data that is a text', 'platform-2026', 'CLAIM_TYPE', {
    form: OF_2026,
    before: [add('platform', 2407, text('tpm'))],
  }),
  reject('P117', '2026: a model that nobody knows', 'profile-suffix', 'PROFILE_UNKNOWN', {
    form: OF_2026,
    before: [set(PROFILE, text('tag:arm.com,2026:cca_platform#2.0.0;other'))],
  }),
  reject(
    'P118',
    '2026: the direct model around a signed Realm token',
    'collection-entries',
    'ENTRY_MISSING',
    { form: OF_2026, before: [set(PROFILE, text('tag:arm.com,2026:cca_platform#2.0.0;direct'))] },
    { gain: 'ambiguity' },
  ),
  policy('P119', 'the platform profile 1.1.0 of 2024', 'platform-profile', [], {
    form: OF_2023,
    before: [set(PROFILE, text('tag:arm.com,2024:cca_platform#1.1.0'))],
  }),
  policy('P120', 'a component that is all zeros', 'component-list', [], {
    before: [push(COMPONENTS, component([6, text('sha-256')])), set(`${FIRST}/2`, bytes(fill(32)))],
  }),
  policy('P121', 'an implementation id of zeros', 'platform-implementation-id', [], {
    before: [set(IMPLEMENTATION, bytes(fill(32)))],
  }),
  reject('P122', 'platform claims of 2024 with a component key 7 null', 'component-2024', 'CLAIM_TYPE', {
    form: OF_2024,
    before: [set(`${FIRST}/7`, NULL), copy(CLIENT, CLIENT)],
  }),
  reject('P123', '2024: an extension device whose IDE is 1', 'platform-2024', 'CLAIM_TYPE', {
    form: OF_2024,
    before: [add('platform', 2404, array(extensionDevice)), set('platform/2404/0/4', int(1))],
  }),
  policy('P124', '2024: live activation false and no countersigner', 'component-2024', [], {
    form: OF_2024,
    before: [set(`${FIRST}/7`, FALSE)],
  }),
];
