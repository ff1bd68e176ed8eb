import type { SystemRegister } from './a64.ts';

/** Encodings of the Arm architecture (op0, op1, CRn, CRm, op2). */
export const SYSTEM = {
  MPIDR_EL1: [3, 0, 0, 0, 5],
  MIDR_EL1: [3, 0, 0, 0, 0],
  SCTLR_EL1: [3, 0, 1, 0, 0],
  SPSR_EL1: [3, 0, 4, 0, 0],
  ELR_EL1: [3, 0, 4, 0, 1],
  ESR_EL1: [3, 0, 5, 2, 0],
  FAR_EL1: [3, 0, 6, 0, 0],
  VBAR_EL1: [3, 0, 12, 0, 0],
  CPACR_EL1: [3, 0, 1, 0, 2],
  VPIDR_EL2: [3, 4, 0, 0, 0],
  VMPIDR_EL2: [3, 4, 0, 0, 5],
  HCR_EL2: [3, 4, 1, 1, 0],
  MDCR_EL2: [3, 4, 1, 1, 1],
  CPTR_EL2: [3, 4, 1, 1, 2],
  HSTR_EL2: [3, 4, 1, 1, 3],
  VTTBR_EL2: [3, 4, 2, 1, 0],
  VTCR_EL2: [3, 4, 2, 1, 2],
  SPSR_EL2: [3, 4, 4, 0, 0],
  ELR_EL2: [3, 4, 4, 0, 1],
  ESR_EL2: [3, 4, 5, 2, 0],
  FAR_EL2: [3, 4, 6, 0, 0],
  HPFAR_EL2: [3, 4, 6, 0, 4],
  VBAR_EL2: [3, 4, 12, 0, 0],
  ICC_SRE_EL2: [3, 4, 12, 9, 5],
  CNTVOFF_EL2: [3, 4, 14, 0, 3],
  CNTHCTL_EL2: [3, 4, 14, 1, 0],
} as const satisfies Readonly<Record<string, SystemRegister>>;
export type SystemName = keyof typeof SYSTEM;
