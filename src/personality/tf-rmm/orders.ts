/**
 * The order in which TF-RMM checks conditions (runtime/rmi/*.c and runtime/rsi/*.c at rmm-spec-v1.0-rel0). Each extends the
 * published partial order. Granules that a command names together are taken in the order of their addresses; all of
 * their conditions have one result, so that the order given here cannot be told from that one.
 */
const RD = ['rd_align', 'rd_bound', 'rd_state'] as const;
const IN_SPACE = ['ipa_bound', 'ipa_align'] as const;
const WALK = ['rtt_walk', 'rtte_state'] as const;

export const TF_RMM_ORDERS: { readonly [command: string]: readonly string[] } = {
  RMI_GRANULE_DELEGATE: ['gran_align', 'gran_bound', 'gran_state', 'gran_gpt'],
  RMI_GRANULE_UNDELEGATE: ['gran_align', 'gran_bound', 'gran_state'],
  RMI_DATA_CREATE: [
    'flags_valid',
    ...['src_align', 'src_bound', 'src_pas'],
    ...['data_align', 'data_bound', 'data_state'],
    ...RD,
    'realm_state',
    ...IN_SPACE,
    'data_bound2',
    ...WALK,
  ],
  RMI_DATA_CREATE_UNKNOWN: ['data_align', 'data_bound', 'data_state', ...RD, ...IN_SPACE, 'data_bound2', ...WALK],
  RMI_DATA_DESTROY: [...RD, ...IN_SPACE, ...WALK],
  RMI_REALM_ACTIVATE: [...RD, 'realm_state'],
  RMI_REALM_CREATE: [
    ...['params_align', 'params_bound', 'params_pas'],
    ...['params_supp', 'rtt_num_level', 'params_valid', 'vmid_valid'],
    'alias',
    ...RD,
    ...['rtt_align', 'rtt_state'],
  ],
  RMI_REALM_DESTROY: [...RD, 'realm_live'],
  RMI_REC_AUX_COUNT: RD,
  RMI_REC_CREATE: [
    ...['params_align', 'params_bound', 'params_pas'],
    'num_aux_max',
    ...['aux_align', 'aux_state', 'aux_alias'],
    ...['rec_align', 'rec_bound', 'rec_state'],
    ...RD,
    ...['num_recs', 'realm_state'],
    ...['mpidr_index', 'num_aux'],
  ],
  RMI_REC_DESTROY: ['rec_align', 'rec_bound', 'rec_gran_state', 'rec_state'],
  RMI_REC_ENTER: [
    ...['run_align', 'run_bound', 'run_pas'],
    ...['rec_align', 'rec_bound', 'rec_gran_state'],
    'rec_state',
    ...['realm_new', 'system_off'],
    ...['rec_runnable', 'rec_psci', 'rec_gicv3', 'rec_sea', 'rec_mmio'],
  ],
  RMI_RTT_CREATE: [
    ...['rtt_align', 'rtt_bound', 'rtt_state'],
    ...RD,
    'level_bound',
    ...IN_SPACE,
    'rtt_bound2',
    ...WALK,
  ],
  RMI_RTT_DESTROY: [...RD, 'level_bound', ...IN_SPACE, ...WALK, 'rtt_live'],
  RMI_RTT_FOLD: [...RD, 'level_bound', ...IN_SPACE, ...WALK, 'rtt_homo'],
  RMI_RTT_MAP_UNPROTECTED: [
    ...RD,
    ...['attr_valid', 'addr_align', 'addr_bound'],
    ...['level_bound', 'ipa_align', 'ipa_bound'],
    ...WALK,
  ],
  RMI_RTT_UNMAP_UNPROTECTED: [...RD, 'level_bound', 'ipa_align', 'ipa_bound', ...WALK],
  RMI_RTT_READ_ENTRY: [...RD, 'level_bound', ...IN_SPACE],
  RMI_RTT_INIT_RIPAS: [
    'size_valid',
    ...RD,
    ...['base_gran_align', 'top_gran_align', 'top_bound'],
    'realm_state',
    ...['base_align', 'rtte_state', 'no_progress'],
  ],
  RMI_RTT_SET_RIPAS: [
    'size_valid',
    ...RD,
    ...['rec_align', 'rec_bound', 'rec_gran_state'],
    ...['rec_state', 'rec_owner'],
    ...['base_bound', 'top_bound', 'top_gran_align'],
    ...['base_align', 'no_progress'],
  ],
  RMI_PSCI_COMPLETE: [
    ...['calling_align', 'target_align', 'alias'],
    ...['calling_bound', 'calling_state', 'target_bound', 'target_state'],
    ...['pending', 'owner', 'target', 'status'],
  ],
  RSI_MEASUREMENT_READ: ['index_bound'],
  RSI_MEASUREMENT_EXTEND: ['index_bound', 'size_bound'],
  RSI_ATTESTATION_TOKEN_CONTINUE: [
    ...['addr_align', 'offset_bound', 'size_bound', 'size_overflow'],
    ...['addr_bound', 'state', 'unknown'],
  ],
  RSI_REALM_CONFIG: ['addr_align', 'addr_bound'],
  RSI_IPA_STATE_SET: ['ripas_valid', 'base_align', 'top_align', 'size_valid', 'rgn_bound'],
  RSI_IPA_STATE_GET: ['base_align', 'end_align', 'size_valid', 'rgn_bound'],
  RSI_HOST_CALL: ['addr_align', 'addr_bound'],
  PSCI_CPU_ON: ['sve_hint', 'entry', 'mpidr', 'runnable'],
  PSCI_AFFINITY_INFO: ['sve_hint', 'target_bound', 'target_match'],
};
