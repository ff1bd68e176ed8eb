import type { Mutation } from '../mutation.ts';
import { array, bytes, embedded, int, map, TRUE, text } from '../wire.ts';
import { add, fill, push, remove, resize, set } from './edits.ts';
import {
  CLIENT,
  COMPONENTS,
  CONFIG,
  FIRST,
  HASH,
  IMPLEMENTATION,
  INSTANCE,
  LIFECYCLE,
  lifecycle,
  OF_2023,
  PROFILE,
  profile,
  SERVICE,
  substitution,
  weak,
} from './platform-names.ts';
import { rowsOf } from './row.ts';

const { reject, accept, policy } = rowsOf('platform', 'form');

/** The rows of the sheet. */
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
];
