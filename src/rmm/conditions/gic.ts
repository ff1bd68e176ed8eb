/** Bits of ICH_HCR_EL2 that a Host may set: UIE, LRENPIE, NPIE, VGrp0EIE, VGrp0DIE, VGrp1EIE, VGrp1DIE, TDIR. */
export const GICV3_HCR_HOST = 0x40fen;

const STATE_SHIFT = 62n;
const HW = 1n << 61n;
/** Priority [55:48]; a CPU with 5 priority bits leaves the low three as zero. */
const PRIORITY_RES0 = 7n << 48n;
/** Of pINTID [44:32] only the end-of-interrupt bit may be set. */
const PINTID = 0x1fffn << 32n;
const EOI = 1n << 41n;

/** An interrupt identifier that an LR may carry: SGI, PPI, SPI or LPI. */
const intidIsValid = (intid: bigint): boolean => intid <= 1019n || intid >= 8192n;

/** Gicv3ConfigIsValid (RMM 1.0 B3.18): LRs beyond those the machine has are ignored, and so are inactive ones. */
export const gicv3ConfigIsValid = (hcr: bigint, lrs: readonly bigint[], gicv3_num_lrs: number): boolean => {
  if ((hcr & ~GICV3_HCR_HOST) !== 0n) return false;
  const seen = new Set<bigint>();
  for (const lr of lrs.slice(0, gicv3_num_lrs + 1)) {
    if (lr >> STATE_SHIFT === 0n) continue;
    const vintid = lr & 0xffff_ffffn;
    if ((lr & HW) !== 0n || (lr & PRIORITY_RES0) !== 0n || (lr & PINTID & ~EOI) !== 0n) return false;
    if (!intidIsValid(vintid) || seen.has(vintid)) return false;
    seen.add(vintid);
  }
  return true;
};
