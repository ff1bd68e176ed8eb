import type { Realm, Rec } from '../rmm/index.ts';

/** The members of the objects that a script can look at, under the specification's names. */
export const OBJECT_MEMBERS = {
  granule: ['state', 'gpt', 'is_zero'],
  realm: [
    'state',
    'feat_lpa2',
    'ipa_width',
    'hash_algo',
    'measurements',
    'rtt_base',
    'rtt_level_start',
    'rtt_num_start',
    'vmid',
    'rpv',
    'rec_index',
    'num_recs',
    'sve_vl',
    'num_bps',
    'num_wps',
    'pmu_num_ctrs',
  ] satisfies readonly (keyof Realm)[],
  rec: [
    'owner',
    'mpidr',
    'aux',
    'state',
    'runnable',
    'gprs',
    'pc',
    'psci_pending',
    'host_call_pending',
    'ripas_addr',
    'ripas_top',
    'ripas_value',
    'ripas_destroyed',
    'exception',
    'attest_state',
    'emulatable_abort',
  ] satisfies readonly (keyof Rec | 'attest_state' | 'emulatable_abort')[],
  rtt: ['level', 'rtt', 'index', 'state', 'ripas', 'addr', 'attr'],
} as const;

export type ObjectKind = keyof typeof OBJECT_MEMBERS;
