import type { Mutation } from '../mutation.ts';
import { array, bytes, embedded, FALSE, int, map, text } from '../wire.ts';
import { add, fill, flip, remove, resize, set, zero } from './edits.ts';
import { CHALLENGE, INSTANCE, LFA, MEC, OF_2024, RIM } from './realm-names.ts';
import { rowsOf } from './row.ts';
import { deviceClaims, withDevices } from './valid.ts';

const { reject, policy } = rowsOf('realm', 'form');

/** Claims of the profiles after 2023, and labels that only look like theirs. */
export const REALM_LATER: readonly Mutation[] = [
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
