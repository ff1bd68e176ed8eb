/** PSCI return codes, as 64-bit two's complement (RMM 1.0 B6.4.1). */
export const PSCI_STATUS = {
  PSCI_SUCCESS: 0n,
  PSCI_OFF: 1n,
  PSCI_NOT_SUPPORTED: -1n,
  PSCI_INVALID_PARAMETERS: -2n,
  PSCI_DENIED: -3n,
  PSCI_ALREADY_ON: -4n,
  PSCI_ON_PENDING: -5n,
  PSCI_INTERNAL_FAILURE: -6n,
  PSCI_NOT_PRESENT: -7n,
  PSCI_DISABLED: -8n,
  PSCI_INVALID_ADDRESS: -9n,
} as const;
export type PsciStatus = keyof typeof PSCI_STATUS;

export const encodePsciStatus = (status: PsciStatus): bigint => BigInt.asUintN(64, PSCI_STATUS[status]);

/** The PSCI revision that a Realm sees: 1.1. */
export const PSCI_REVISION = 0x1_0001n;

/** PSCI function identifiers a Realm may use (RMM 1.0 B6.3). */
export const PSCI_FID = {
  PSCI_VERSION: 0x8400_0000,
  PSCI_CPU_SUSPEND: 0xc400_0001,
  PSCI_CPU_OFF: 0x8400_0002,
  PSCI_CPU_ON: 0xc400_0003,
  PSCI_AFFINITY_INFO: 0xc400_0004,
  PSCI_SYSTEM_OFF: 0x8400_0008,
  PSCI_SYSTEM_RESET: 0x8400_0009,
  PSCI_FEATURES: 0x8400_000a,
} as const;
