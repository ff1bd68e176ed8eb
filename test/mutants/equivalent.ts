/** Mutants that do the same as the sound monitor wherever anybody can look, with the reason. */
export interface Equivalent {
  readonly reason: string;
  readonly ids: readonly string[];
}

const ofEach = (commands: readonly string[], what: string): string[] =>
  commands.map((command) => `${command}: ${what}`);
const before = (command: string, earlier: readonly string[], late: string): string[] =>
  earlier.map((id) => `${command}: ${id} is checked before ${late}`);

export const EQUIVALENT: readonly Equivalent[] = [
  {
    reason:
      'the granule reads as wiped already: it was wiped when it was delegated, and what it holds as RD, REC or RTT is kept as an object and not in memory',
    ids: [
      ...ofEach(
        ['RMI_GRANULE_UNDELEGATE', 'RMI_DATA_CREATE_UNKNOWN', 'RMI_RTT_DESTROY', 'RMI_RTT_FOLD'],
        'wipe does not happen',
      ),
      ...['first', 'second', 'third and later'].flatMap((which) =>
        ofEach(['RMI_REALM_DESTROY', 'RMI_REC_DESTROY'], `the ${which} wipe does not happen`),
      ),
    ],
  },
  {
    reason: 'kept for whoever shows a Realm: no command of RMM 1.0 reads it, and no token carries it',
    ids: ['sve_vl', 'num_bps', 'num_wps', 'pmu_num_ctrs'].map(
      (member) => `RMI_REALM_CREATE: createRealm gets wrong ${member}`,
    ),
  },
  {
    reason: 'read only while a RIPAS change is pending, and RSI_IPA_STATE_SET writes it when one begins',
    ids: ['ripas_value', 'ripas_destroyed'].map((member) => `RMI_REC_CREATE: createRec gets wrong ${member}`),
  },
  {
    reason: 'a value that is none of those asked for is as good as the one that says that nothing is open',
    ids: ['RMI_REC_CREATE: createRec gets wrong completes'],
  },
  {
    reason: 'the entry that completes the request writes the register again',
    ids: ofEach(['RSI_IPA_STATE_SET'], 'the output new_base is not written').concat(
      ofEach(['RSI_IPA_STATE_SET'], 'the output response is not written'),
    ),
  },
  {
    reason: 'the address is not compared: the condition asks whether there is a REC at all',
    ids: [
      'PSCI_AFFINITY_INFO: target_match takes target + 1',
      'PSCI_AFFINITY_INFO: target_match takes target - 1',
      'PSCI_CPU_ON: mpidr takes target + 1',
      'PSCI_CPU_ON: mpidr takes target - 1',
    ],
  },
  {
    reason:
      'a granule that cannot be delegated is in no state, so the condition on its state holds as well, still comes first, and answers the same',
    ids: [
      ...before('RMI_DATA_CREATE', ['realm_state', 'rtt_walk', 'rtte_state'], 'rd_bound'),
      ...['RMI_DATA_CREATE_UNKNOWN', 'RMI_DATA_DESTROY', 'RMI_RTT_CREATE', 'RMI_RTT_DESTROY', 'RMI_RTT_FOLD'].flatMap(
        (command) => before(command, ['rtt_walk', 'rtte_state'], 'rd_bound'),
      ),
      ...['RMI_RTT_MAP_UNPROTECTED', 'RMI_RTT_UNMAP_UNPROTECTED'].flatMap((command) =>
        before(command, ['rtt_walk', 'rtte_state'], 'rd_bound'),
      ),
      ...before('RMI_REALM_ACTIVATE', ['realm_state'], 'rd_bound'),
      ...before('RMI_REALM_DESTROY', ['realm_live'], 'rd_bound'),
      ...before('RMI_REC_CREATE', ['realm_state', 'num_recs'], 'rd_bound'),
      ...before('RMI_REC_DESTROY', ['rec_state'], 'rec_bound'),
      ...before(
        'RMI_REC_ENTER',
        ['rec_state', 'rec_runnable', 'rec_mmio', 'realm_new', 'system_off', 'rec_gicv3', 'rec_psci'],
        'rec_bound',
      ),
      ...before('RMI_RTT_INIT_RIPAS', ['realm_state', 'base_align', 'rtte_state', 'no_progress'], 'rd_bound'),
      ...before('RMI_RTT_SET_RIPAS', ['base_align', 'no_progress'], 'rd_bound'),
      ...before('RMI_RTT_SET_RIPAS', ['rec_state', 'rec_owner'], 'rec_bound'),
    ],
  },
  {
    reason: 'what is not there reads as zeros, and both conditions answer RMI_ERROR_INPUT',
    ids: [
      ...before(
        'RMI_REALM_CREATE',
        ['params_valid', 'params_supp', 'alias', 'rtt_align', 'rtt_num_level', 'rtt_state', 'vmid_valid'],
        'params_bound',
      ),
      ...before('RMI_REC_CREATE', ['mpidr_index', 'num_aux', 'aux_align', 'aux_alias', 'aux_state'], 'params_bound'),
    ],
  },
  {
    reason:
      'where the walk stops early it stops at no table, so rtte_state holds as well, still comes first, and answers the same',
    ids: [...before('RMI_RTT_DESTROY', ['rtt_live'], 'rtt_walk'), ...before('RMI_RTT_FOLD', ['rtt_homo'], 'rtt_walk')],
  },
  {
    reason: 'no REC belongs to what is no Realm, so rec_owner holds as well, still comes first, and may answer too',
    ids: before('RMI_RTT_SET_RIPAS', ['base_align', 'no_progress'], 'rd_state'),
  },
];

const REASONS: ReadonlyMap<string, string> = new Map(
  EQUIVALENT.flatMap(({ reason, ids }) => ids.map((id) => [id, reason] as const)),
);

/** Why nobody can tell a mutant from the sound monitor, or undefined where somebody has to. */
export const whyEquivalent = (id: string): string | undefined => REASONS.get(id);
