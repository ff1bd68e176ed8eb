import { array, at, bytes, type Infer, i64, layout, u8, u16, u32, u64 } from '../../bytes/index.ts';

/** What the Host asks for when it creates a Realm. */
export const RmiRealmParams = layout(
  'RmiRealmParams',
  { size: 0x1000, spec: 'RMM 1.0 B4.4.12' },
  {
    flags: at(0x000, u64, 'RmiRealmFlags: bit 0 LPA2, bit 1 SVE, bit 2 PMU'),
    s2sz: at(0x008, u8, 'requested IPA width, in bits'),
    sve_vl: at(0x010, u8, 'requested SVE vector length: (value + 1) × 128 bits'),
    num_bps: at(0x018, u8, 'requested number of breakpoints, minus one'),
    num_wps: at(0x020, u8, 'requested number of watchpoints, minus one'),
    pmu_num_ctrs: at(0x028, u8, 'requested number of PMU counters'),
    hash_algo: at(0x030, u8, 'RmiHashAlgorithm of every measurement of this Realm'),
    rpv: at(0x400, bytes(64), 'Realm Personalization Value'),
    vmid: at(0x800, u16, 'requested VMID'),
    rtt_base: at(0x808, u64, 'PA of the first starting-level RTT'),
    rtt_level_start: at(0x810, i64, 'level at which RTT walks start'),
    rtt_num_start: at(0x818, u32, 'number of starting-level RTTs, concatenated'),
  },
);
export type RmiRealmParams = Infer<typeof RmiRealmParams>;

/** What the Host asks for when it creates a REC. */
export const RmiRecParams = layout(
  'RmiRecParams',
  { size: 0x1000, spec: 'RMM 1.0 B4.4.19' },
  {
    flags: at(0x000, u64, 'RmiRecCreateFlags: bit 0 runnable'),
    mpidr: at(0x100, u64, 'RmiRecMpidr of the REC'),
    pc: at(0x200, u64, 'program counter at first entry'),
    gprs: at(0x300, array(8, u64), 'X0 to X7 at first entry'),
    num_aux: at(0x800, u64, 'number of auxiliary granules'),
    aux: at(0x808, array(16, u64), 'PAs of the auxiliary granules'),
  },
);
export type RmiRecParams = Infer<typeof RmiRecParams>;

/** The half of RmiRecRun that the Host writes. */
export const RmiRecEnter = layout(
  'RmiRecEnter',
  { size: 0x800, spec: 'RMM 1.0 B4.4.14' },
  {
    flags: at(0x000, u64, 'RmiRecEnterFlags'),
    gprs: at(0x200, array(31, u64), 'X0 to X30 for the completion of a host call or an emulated read'),
    gicv3_hcr: at(0x300, u64, 'ICH_HCR_EL2'),
    gicv3_lrs: at(0x308, array(16, u64), 'GICv3 List Registers'),
  },
);
export type RmiRecEnter = Infer<typeof RmiRecEnter>;

/** Where RmiRecExit starts inside RmiRecRun (B4.4.20). */
export const REC_EXIT_OFFSET = 0x800;

/** The half of RmiRecRun that the RMM writes. Offsets count from its own start. */
export const RmiRecExit = layout(
  'RmiRecExit',
  { size: 0x800, spec: 'RMM 1.0 B4.4.16' },
  {
    exit_reason: at(0x000, u8, 'RmiRecExitReason'),
    esr: at(0x100, u64, 'ESR_EL2, sanitised'),
    far: at(0x108, u64, 'FAR_EL2, sanitised'),
    hpfar: at(0x110, u64, 'HPFAR_EL2'),
    gprs: at(0x200, array(31, u64), 'X0 to X30, as far as the reason discloses them'),
    gicv3_hcr: at(0x300, u64, 'ICH_HCR_EL2'),
    gicv3_lrs: at(0x308, array(16, u64), 'GICv3 List Registers'),
    gicv3_misr: at(0x388, u64, 'ICH_MISR_EL2'),
    gicv3_vmcr: at(0x390, u64, 'ICH_VMCR_EL2'),
    cntp_ctl: at(0x400, u64, 'CNTP_CTL_EL0'),
    cntp_cval: at(0x408, u64, 'CNTP_CVAL_EL0'),
    cntv_ctl: at(0x410, u64, 'CNTV_CTL_EL0'),
    cntv_cval: at(0x418, u64, 'CNTV_CVAL_EL0'),
    ripas_base: at(0x500, u64, 'base IPA of a pending RIPAS change'),
    ripas_top: at(0x508, u64, 'top IPA of a pending RIPAS change, exclusive'),
    ripas_value: at(0x510, u8, 'RmiRipas of a pending RIPAS change'),
    imm: at(0x600, u16, 'immediate of a host call'),
    pmu_ovf_status: at(0x700, u8, 'RmiPmuOverflowStatus'),
  },
);
export type RmiRecExit = Infer<typeof RmiRecExit>;
