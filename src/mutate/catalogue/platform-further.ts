import type { Mutation } from '../mutation.ts';
import { array, bytes, embedded, int, map, NULL, text } from '../wire.ts';
import { add, fill, flatten, push, rekey, resize, set, swap } from './edits.ts';
import {
  COMPONENTS,
  CONFIG,
  FIRST,
  HASH,
  IMPLEMENTATION,
  INSTANCE,
  LIFECYCLE,
  lifecycle,
  PROFILE,
  profile,
  SERVICE,
  substitution,
  weak,
} from './platform-names.ts';
import { rowsOf } from './row.ts';

const { reject } = rowsOf('platform', 'form');

/** Other values of each claim. */
export const PLATFORM_FURTHER: readonly Mutation[] = [
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
];
