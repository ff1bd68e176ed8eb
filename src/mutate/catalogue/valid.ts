import type { TreeEdit } from '../edit.ts';
import type { Facts, Mutation } from '../mutation.ts';
import {
  array,
  bytes,
  contentOf,
  embedded,
  FALSE,
  int,
  map,
  TRUE,
  text,
  type Wire,
  type WireEmbedded,
} from '../wire.ts';
import { add, fill, remove, set } from './edits.ts';
import { realmHash } from './facts.ts';
import { rowsOf } from './row.ts';

const { accept, policy } = rowsOf('valid', 'form');

/** The device claims of one assigned device (token-next 3.2). */
export const deviceClaims = (year: '2025' | '2026'): Wire =>
  map(
    [265, text(`tag:arm.com,${year}:cca_device#2.0.0`)],
    [44259, array(map([1, bytes(fill(32, 0x88))], [2, bytes(fill(32, 0x99))], [4, FALSE], [5, TRUE]))],
  );

/** A device that extends the platform, as RMM 2.0 has it (token-next 3, 2404). */
export const extensionDevice = map(
  [2, bytes(fill(32, 0x22))],
  [3, bytes(fill(32, 0x33))],
  [4, TRUE],
  [5, text('spdm-1.2.0')],
  [6, bytes(fill(32, 0x66))],
);

const FORMAT_UCCS = 601;

/** Puts device claims into the collection, and their hash into the Realm token. */
export const withDevices = (facts: Facts, content: WireEmbedded): readonly TreeEdit[] => [
  add('realm', 44257, bytes(realmHash(facts)(contentOf(content)))),
  add('collection', 44258, array(int(FORMAT_UCCS), content)),
];

/** Forms that documents define or that producers make, each of them whole. */
export const VALID: readonly Mutation[] = [
  accept('V01', 'tag 399, 2023 profiles', 'outer-tag', { form: { dialect: 'rmm-1.0' } }),
  accept('V02', 'tag 907, 2023 profiles', 'entry-record', { form: { dialect: 'rmm-1.0', outer: 907 } }),
  accept('V03', 'legacy profile, raw RAK, tag 399', 'realm-rak-raw', { form: { dialect: 'rmm-1.0-legacy' } }),
  accept('V04', 'legacy profile, raw RAK, tag 907', 'either-wrapper', {
    form: { dialect: 'rmm-1.0-legacy', outer: 907 },
  }),
  accept('V05', '2024 Realm on a 2023 platform, MEC policy as integer, tag 907', 'realm-mec-forms', {
    form: { dialect: 'tf-rmm-main' },
  }),
  accept('V06', '2023 profiles, MEC policy as text, tag 907', 'realm-mec-forms', { form: { dialect: 'rmm-1.1' } }),
  accept('V07', '2024 profiles', 'platform-client', { form: { dialect: 'rmm-2.0' } }),
  accept('V08', '2026 profiles, binding in claim 2408', 'binding-2026', { form: { dialect: 'draft-04' } }),
  accept('V09', '2024 profiles under tag 399', 'either-wrapper', { form: { dialect: 'rmm-2.0', outer: 399 } }),
  accept('V10', '2026 profiles under tag 399', 'either-wrapper', { form: { dialect: 'draft-04', outer: 399 } }),
  accept('V11', '2026 profile with the suffix ;delegated', 'profile-suffix', {
    form: { dialect: 'draft-04' },
    before: [set('platform/265', text('tag:arm.com,2026:cca_platform#2.0.0;delegated'))],
  }),
  policy('V12', '2026 profile with the suffix #delegated', 'profile-suffix', [], {
    form: { dialect: 'draft-04' },
    before: [set('platform/265', text('tag:arm.com,2026:cca_platform#2.0.0#delegated'))],
  }),
  accept('V13', '2026 platform profile 2.1.0', 'profile-suffix', {
    form: { dialect: 'draft-04' },
    before: [set('platform/265', text('tag:arm.com,2026:cca_platform#2.1.0'))],
  }),
  accept('V14', '2026 model HESRAK: claim 10 repeats the Realm challenge', 'binding-2026', {
    form: { dialect: 'draft-04' },
    before: ({ challenge }) => [
      set('platform/265', text('tag:arm.com,2026:cca_platform#2.0.0;HESRAK')),
      add('platform', 10, bytes(challenge)),
    ],
  }),
  accept('V15', 'claims in the order of RSE and TF-RMM', 'cbor-any-order', {
    form: { platformOrder: 'rse', componentOrder: 'rse', realmOrder: 'tf-rmm' },
  }),
  accept('V16', 'claims in the order of the sample tokens', 'cbor-any-order', {
    form: { platformOrder: 'sample', componentOrder: 'sample', realmOrder: 'sample' },
  }),
  accept('V17', 'claims in the order of the Go library', 'cbor-any-order', {
    form: { platformOrder: 'go', componentOrder: 'go', realmOrder: 'go' },
  }),
  accept('V18', 'claims in the order of Islet', 'cbor-any-order', {
    form: { platformOrder: 'islet', componentOrder: 'islet', realmOrder: 'islet' },
  }),
  accept('V19', 'an assigned device, bound by its hash', 'devices-bound', {
    form: { dialect: 'rmm-2.0' },
    before: (facts) => withDevices(facts, embedded(deviceClaims('2025'))),
  }),
  accept('V20', 'manufacturing configuration and an extension device', 'platform-2024', {
    form: { dialect: 'rmm-2.0' },
    before: [add('platform', 2403, bytes(fill(5, 1))), add('platform', 2404, array(extensionDevice))],
  }),
  accept('V21', 'boot keys, peer signers and TPM binding data', 'platform-2026', {
    form: { dialect: 'draft-04' },
    before: [
      add('platform', 2405, array(map([1, text('CM')], [2, int(0)], [3, int(1)], [4, bytes(fill(32, 4))]))),
      add('platform', 2406, array(bytes(fill(32, 6)))),
      add('platform', 2407, bytes(fill(7, 7))),
    ],
  }),
  accept('V22', 'components that say how they are activated, and who else signed them', 'component-2024', {
    form: { dialect: 'rmm-2.0' },
    before: [
      set('platform/2399/0/7', TRUE),
      set('platform/2399/1/7', FALSE),
      set('platform/2399/0/8', array(bytes(fill(32, 8)), bytes(fill(48, 9)))),
    ],
  }),
  accept('V23', 'MEC policy private, as integer', 'realm-mec', {
    form: { dialect: 'rmm-2.0' },
    before: [set('realm/44243', int(1))],
  }),
  accept('V24', 'MEC policy private, as text', 'realm-mec', {
    form: { dialect: 'rmm-1.1' },
    before: [set('realm/44243', text('private'))],
  }),
  accept('V25', 'live activation allowed', 'realm-lfa', {
    form: { dialect: 'rmm-2.0' },
    before: [set('realm/44244', int(1))],
  }),
  accept('V26', 'no policy for live activation', 'realm-lfa', {
    form: { dialect: 'rmm-2.0', lfaPolicy: false },
  }),
  accept('V27', 'platform key on P-256, ES256', 'cose-alg-known', { cpak: 'p-256' }, [], {
    given: () => ({ key: 'p-256' }),
  }),
  accept('V28', 'platform key on P-521, ES512', 'cose-alg-known', { cpak: 'p-521' }, [], {
    given: () => ({ key: 'p-521' }),
  }),
  policy('V29', 'a Realm token without a profile on a 2024 platform', 'profile-pair', ['PROFILE_INHERITED'], {
    form: { dialect: 'rmm-2.0' },
    before: [remove('realm/265')],
  }),
  accept('V30', 'draft -03: 2024 profiles, MEC policy as text, no Realm instance id', 'realm-mec-forms', {
    form: { dialect: 'rmm-2.0', mec: 'text', realmInstanceId: false, lfaPolicy: false },
  }),
  accept('V31', 'platform key named by kid, as RSE can do', 'cose-kid', { form: { kid: true } }),
];
