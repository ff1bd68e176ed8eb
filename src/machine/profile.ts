import { Bug } from '../bytes/index.ts';

/** A range of physical addresses. */
export interface Region {
  readonly base: bigint;
  readonly size: bigint;
}

/** What depends on the silicon: the answers of RMI_FEATURES and the map of physical memory. */
export interface MachineProfile {
  /** Width of a physical address in bits, 32 to 52. */
  readonly pa_width: number;
  /** Memory that a Host may delegate. */
  readonly dram: readonly Region[];
  /** Device memory: accessible from the Normal world, never delegable. */
  readonly device: readonly Region[];
  /** Memory of the Secure world: inside no DRAM region that can be delegated. */
  readonly secure: readonly Region[];
  /** Largest IPA width of a Realm, in bits (RmiFeatureRegister0.S2SZ). */
  readonly s2sz: number;
  readonly lpa2: boolean;
  /** Largest SVE vector length, as encoded: (value + 1) × 128 bits; undefined without SVE. */
  readonly sve_vl: number | undefined;
  /** Breakpoints and watchpoints, as encoded: count minus one. */
  readonly num_bps: number;
  readonly num_wps: number;
  /** PMU counters; undefined without a PMU. */
  readonly pmu_num_ctrs: number | undefined;
  /** FEAT_HPMN0: a PMU may be given to a Realm with no counters. */
  readonly hpmn0: boolean;
  readonly hash_sha_256: boolean;
  readonly hash_sha_512: boolean;
  /** GICv3 List Registers, as encoded: count minus one. */
  readonly gicv3_num_lrs: number;
  /** A Realm has at most 2^order - 1 RECs. */
  readonly max_recs_order: number;
  /** Width of a VMID in bits: 8 or 16. */
  readonly vmid_width: number;
  /** Auxiliary granules that each REC needs, 0 to 16. */
  readonly rec_aux_count: number;
  /** What a wiped granule reads as. */
  readonly wipe_fill: number;
}

const MIB = 1n << 20n;

/** 1 GiB of DRAM at 0x80000000, and the features of the machine on which the reference RMM was observed. */
export const DEFAULT_PROFILE: MachineProfile = {
  pa_width: 48,
  dram: [{ base: 0x8000_0000n, size: 1024n * MIB }],
  device: [{ base: 0x0800_0000n, size: 0x0800_0000n }],
  secure: [{ base: 0x0600_0000n, size: 32n * MIB }],
  s2sz: 48,
  lpa2: true,
  sve_vl: undefined,
  num_bps: 5,
  num_wps: 3,
  pmu_num_ctrs: 31,
  hpmn0: false,
  hash_sha_256: true,
  hash_sha_512: true,
  gicv3_num_lrs: 3,
  max_recs_order: 10,
  vmid_width: 8,
  rec_aux_count: 16,
  wipe_fill: 0,
};

export const contains = (region: Region, pa: bigint): boolean => pa >= region.base && pa < region.base + region.size;

/** Names what makes a profile unusable, one sentence each. */
export const profileProblems = (p: MachineProfile): string[] => {
  const problems: string[] = [];
  const range = (name: string, value: number, low: number, high: number): void => {
    if (!Number.isInteger(value) || value < low || value > high) problems.push(`${name} must be ${low} to ${high}`);
  };
  range('pa_width', p.pa_width, 32, 52);
  range('s2sz', p.s2sz, 32, p.lpa2 ? 52 : 48);
  if (p.sve_vl !== undefined) range('sve_vl', p.sve_vl, 0, 15);
  range('num_bps', p.num_bps, 1, 63);
  range('num_wps', p.num_wps, 1, 63);
  if (p.pmu_num_ctrs !== undefined) range('pmu_num_ctrs', p.pmu_num_ctrs, 0, 31);
  range('gicv3_num_lrs', p.gicv3_num_lrs, 0, 15);
  range('max_recs_order', p.max_recs_order, 0, 15);
  range('rec_aux_count', p.rec_aux_count, 0, 16);
  range('wipe_fill', p.wipe_fill, 0, 255);
  if (p.vmid_width !== 8 && p.vmid_width !== 16) problems.push('vmid_width must be 8 or 16');
  if (p.dram.length === 0) problems.push('dram must name at least one region');
  // A width that is no width has been named: regions are then held against the widest.
  const width = Number.isInteger(p.pa_width) && p.pa_width >= 0 && p.pa_width <= 52 ? p.pa_width : 52;
  const regions = [...p.dram, ...p.device, ...p.secure];
  for (const { base, size } of regions) {
    if (base % 0x1000n !== 0n || size % 0x1000n !== 0n || size <= 0n) {
      problems.push(`region 0x${base.toString(16)} must be made of whole granules`);
    }
    if (base < 0n || base + size > 1n << BigInt(width)) {
      problems.push(`region 0x${base.toString(16)} lies outside ${width}-bit physical addresses`);
    }
  }
  const sorted = [...regions].sort((a, b) => (a.base < b.base ? -1 : a.base > b.base ? 1 : 0));
  for (const [i, region] of sorted.entries()) {
    const next = sorted[i + 1];
    if (next !== undefined && region.base + region.size > next.base) {
      problems.push(`regions 0x${region.base.toString(16)} and 0x${next.base.toString(16)} overlap`);
    }
  }
  return problems;
};

/** A profile with some members replaced. Whoever takes one from outside asks `profileProblems` first. */
export const machineProfile = (changes: Partial<MachineProfile> = {}): MachineProfile => {
  const profile = { ...DEFAULT_PROFILE, ...changes };
  const [problem] = profileProblems(profile);
  if (problem !== undefined) throw new Bug(`machine profile: ${problem}`);
  return profile;
};
