import type { Mutation } from '../mutation.ts';
import { array, bytes, FALSE, int, map, NULL, text, type Wire } from '../wire.ts';
import { add, copy, fill, push, remove, set } from './edits.ts';
import {
  CLIENT,
  COMPONENTS,
  FIRST,
  IMPLEMENTATION,
  OF_2023,
  OF_2024,
  OF_2026,
  PROFILE,
  substitution,
} from './platform-names.ts';
import { rowsOf } from './row.ts';
import { extensionDevice } from './valid.ts';

const { reject, policy } = rowsOf('platform', 'form');

/** A component with only what must be there, and what is told. */
const component = (...more: readonly (readonly [number, Wire])[]): Wire =>
  map([1, text('EXTRA')], [2, bytes(fill(32, 0x52))], [5, bytes(fill(32, 0x55))], ...more);

/** Claims of the profiles after 2023, and values that only reference values can judge. */
export const PLATFORM_LATER: readonly Mutation[] = [
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
