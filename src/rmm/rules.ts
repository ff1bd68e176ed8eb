import type { CommandRules } from '../spec/index.ts';

/**
 * Where identifiers of rules were read: a Markdown conversion of DEN0137 1.0-rel0, at the last commit that has them. Where
 * the conversion tore an identifier from its sentence it is left out.
 */
export const RULES_SOURCE = 'wuyongzheng/arm-md-specs dfa51ee, rmm/';

/** Passing through DELEGATED wipes a granule. */
const WIPES = ['R_TMGSL'] as const;
/** A PA from 2^48 on needs LPA2. */
const NEEDS_LPA2 = ['I_FSNMG'] as const;
/** How the RIM is extended, and by what. */
const EXTENDS_RIM = ['I_NQQTF', 'R_VMPZG', 'I_DQGPT'] as const;
/** RIPAS of a Realm that is being built. */
const NEW_RIPAS = ['I_BSBHN', 'I_BSGSW'] as const;
const GOES_TO_HOST = ['D_RFTQD', 'R_NTZNJ', 'R_SXGJK', 'R_YTDGT'] as const;
const NEEDS_COMPLETION = [...GOES_TO_HOST, 'I_KKFMQ'] as const;

/** The rules of the specification behind each command and its conditions, by their identifiers. */
export const COMMAND_RULES: { readonly [command: string]: CommandRules } = {
  RMI_VERSION: { command: ['I_JNVXJ', 'I_RMSLZ', 'I_GLDQG'] },
  RMI_FEATURES: { command: ['I_YRSDX', 'I_WMKGX', 'I_GVJMZ', 'I_KJVLJ', 'I_RVCQD', 'I_FLRMX', 'I_LYXCN'] },
  RMI_GRANULE_DELEGATE: { command: WIPES, conditions: { gran_bound: ['D_ZVRXC'], gran_gpt: ['D_VRSKZ'] } },
  RMI_GRANULE_UNDELEGATE: { command: WIPES, conditions: { gran_bound: ['D_ZVRXC'] } },
  RMI_REALM_CREATE: {
    command: ['I_QNJTQ', 'I_RRHJJ', 'I_XKSBZ', 'I_MDQRP', 'I_FDWZF', 'I_RYNXB'],
    conditions: {
      params_supp: ['R_KPBQM', 'R_SZVDK', 'R_FZZDS', 'R_CJQTB', 'R_PLMDH', 'R_XVRGD'],
      rtt_num_level: ['X_DNDKV', 'I_YCPMF'],
      vmid_valid: ['I_QRVTT'],
    },
  },
  RMI_REALM_ACTIVATE: { command: ['I_FQHFC'] },
  RMI_REALM_DESTROY: { command: WIPES, conditions: { realm_live: ['I_PVPQB', 'D_PCKRN', 'D_WTXTJ'] } },
  RMI_REC_AUX_COUNT: { command: ['I_RWFZF', 'R_MMBNR', 'I_TGLBK'] },
  RMI_REC_CREATE: {
    command: ['I_SCCMH', ...EXTENDS_RIM],
    conditions: { num_recs: ['I_LYXCN'], mpidr_index: ['D_KQVHN'], num_aux: ['I_RWFZF', 'R_MMBNR'] },
  },
  RMI_REC_DESTROY: { command: WIPES, conditions: { rec_state: ['D_HTXQY'] } },
  RMI_REC_ENTER: {
    command: [
      'I_HMSQM',
      'R_NMSFT',
      'R_RZRRM',
      'R_YSNYQ',
      'R_YWHKC',
      'R_TZVNK',
      'R_TWMDB',
      'R_BWZKH',
      'R_SCJWG',
      'R_LJWRK',
      'R_LDMLC',
      'I_HXKPB',
      'R_FNZKM',
      'R_MZGPT',
      'R_QBTPR',
    ],
    conditions: {
      run_pas: ['R_NLVXB'],
      rec_state: ['D_HTXQY'],
      rec_runnable: ['I_GHFNQ'],
      rec_mmio: ['I_KNFDT', 'R_TWMDB'],
      rec_gicv3: ['R_HLFRY', 'D_XZVGB', 'X_DMSDZ', 'D_CPLDX'],
      rec_psci: ['I_KKFMQ'],
    },
  },
  RMI_DATA_CREATE: { command: [...NEW_RIPAS, ...EXTENDS_RIM], conditions: { data_bound2: NEEDS_LPA2 } },
  RMI_DATA_CREATE_UNKNOWN: { command: ['I_WBRCN', 'S_VJWYH'], conditions: { data_bound2: NEEDS_LPA2 } },
  RMI_DATA_DESTROY: { command: ['I_YCPNY', 'I_YXLCP', 'I_KZVDC', 'I_RHLYZ', ...WIPES] },
  RMI_RTT_CREATE: {
    command: ['D_HQQMG', 'I_KWZXN', 'I_HMYSW'],
    conditions: { rtt_bound2: NEEDS_LPA2 },
  },
  RMI_RTT_DESTROY: {
    command: ['D_VXRZW', 'I_MDFQN', 'I_MCKSK', 'I_RHLYZ', ...WIPES],
    conditions: { rtt_live: ['I_PRMFR', 'D_YPSLW', 'I_MXJNY', 'I_YPLKM'] },
  },
  RMI_RTT_FOLD: {
    command: ['D_QPXCP', 'I_QMGWK', 'I_LLWGH', 'I_TPMGT', 'I_TJCGT', ...WIPES],
    conditions: { rtt_homo: ['I_KDXLT'] },
  },
  RMI_RTT_READ_ENTRY: { command: ['I_KJWKQ'] },
  RMI_RTT_INIT_RIPAS: { command: [...NEW_RIPAS, ...EXTENDS_RIM] },
  RMI_RTT_SET_RIPAS: {
    command: ['D_BTSQY', 'I_LPZWK', 'I_JHJGZ', 'I_FRJJH', 'I_HNFYR'],
    conditions: { base_bound: ['I_MMHMZ'] },
  },
  RMI_RTT_MAP_UNPROTECTED: {
    command: ['D_FJTMF', 'R_QFLWD'],
    conditions: { attr_valid: ['D_FJTMF', 'X_QHLKB'], addr_bound: NEEDS_LPA2 },
  },
  RMI_RTT_UNMAP_UNPROTECTED: { command: ['I_RHLYZ', 'X_GQPSF'] },
  RMI_PSCI_COMPLETE: { command: ['I_KKFMQ', 'I_SCCMH'], conditions: { pending: ['I_KKFMQ'], status: ['I_KKFMQ'] } },
  RSI_VERSION: { command: ['I_JNVXJ', 'I_RMSLZ', 'I_GLDQG'] },
  RSI_FEATURES: { command: ['I_ZHXGX'] },
  RSI_MEASUREMENT_READ: { command: ['I_LTWBL', 'I_CTMBT'] },
  RSI_MEASUREMENT_EXTEND: { command: ['I_QJDWM', 'D_YKDBY'] },
  RSI_ATTESTATION_TOKEN_INIT: { command: ['I_KRMRH', 'I_WTKDD'] },
  RSI_ATTESTATION_TOKEN_CONTINUE: { command: ['I_KRMRH', 'I_GKDJW', 'I_CXSJP'] },
  RSI_REALM_CONFIG: { command: ['I_XDBQB', 'I_MFRXD'] },
  RSI_IPA_STATE_SET: {
    command: ['I_NZXPG', 'I_VVFMX', 'D_JGCVY', 'R_QSSKK', 'I_DRPPK', 'S_TZYZV'],
    conditions: { ripas_valid: ['R_MLBDM', 'I_RXHXF'] },
  },
  RSI_IPA_STATE_GET: { command: ['I_ZPNZT'] },
  RSI_HOST_CALL: { command: ['D_YDJWT', 'I_XNFKZ', 'D_WFZXK', 'R_GTJRP'] },
  PSCI_VERSION: { command: ['R_TFCVF'] },
  PSCI_FEATURES: { command: ['I_GHKCJ'] },
  PSCI_CPU_SUSPEND: { command: GOES_TO_HOST },
  PSCI_CPU_OFF: { command: [...GOES_TO_HOST, 'I_SCCMH'] },
  PSCI_CPU_ON: { command: [...NEEDS_COMPLETION, 'I_SCCMH'] },
  PSCI_AFFINITY_INFO: { command: NEEDS_COMPLETION },
  PSCI_SYSTEM_OFF: { command: GOES_TO_HOST },
  PSCI_SYSTEM_RESET: { command: GOES_TO_HOST },
};

/** The rules that hold for every command (B1). */
export const GENERAL_RULES: { readonly [rule: string]: string } = {
  R_STJHR: 'input registers that a command does not name are SBZ',
  R_KBWJD: 'result registers that a command does not define are MBZ',
  I_KHJDY: 'failure conditions are checked in a partial order',
  I_JMTTY: 'the same call in the same state has the same outcome',
  R_WXZJJ: 'a condition that holds makes its answer',
  R_DDGDW: 'a command that fails is aborted',
  R_TFZMS: 'outputs of a command that fails are undefined, unless stated otherwise',
  R_VHFHD: 'a command none of whose conditions holds succeeds',
  R_MKRVV: 'a command that succeeds meets all its success conditions',
  R_WZYBV: 'nothing changes outside the footprint and the output registers',
};
