/** Numbers that RMI structures and registers carry, by their names (RMM 1.0 B4.4). */
export const RMI_HASH_ALGORITHM = { SHA_256: 0, SHA_512: 1 } as const;
export type RmiHashAlgorithm = keyof typeof RMI_HASH_ALGORITHM;

export const RMI_RIPAS = { EMPTY: 0, RAM: 1, DESTROYED: 2 } as const;
export type Ripas = keyof typeof RMI_RIPAS;

export const RMI_RTT_ENTRY_STATE = { UNASSIGNED: 0, ASSIGNED: 1, TABLE: 2 } as const;

export const RMI_REC_EXIT_REASON = {
  SYNC: 0,
  IRQ: 1,
  FIQ: 2,
  PSCI: 3,
  RIPAS_CHANGE: 4,
  HOST_CALL: 5,
  SERROR: 6,
} as const;
export type RecExitReason = keyof typeof RMI_REC_EXIT_REASON;
export const recExitReasonName = (value: number): RecExitReason | undefined =>
  (Object.entries(RMI_REC_EXIT_REASON) as [RecExitReason, number][]).find(([, number]) => number === value)?.[0];

/** RmiRealmFlags (B4.4.11). */
export const RMI_REALM_FLAG = { lpa2: 1n, sve: 2n, pmu: 4n } as const;
/** RmiRecCreateFlags (B4.4.13). */
export const RMI_REC_FLAG = { runnable: 1n } as const;
/** RmiDataFlags (B4.4.2). */
export const RMI_DATA_FLAG = { measure: 1n } as const;
/** RmiRecEnterFlags (B4.4.15). */
export const RMI_ENTER_FLAG = {
  emul_mmio: 1n,
  inject_sea: 2n,
  trap_wfi: 4n,
  trap_wfe: 8n,
  ripas_response: 16n,
} as const;

/** PA and IPA granule size in bytes; Gn in the specification. */
export const GRANULE = 0x1000n;
/** Entries of an RTT. */
export const RTT_ENTRIES = 512;
/** The level whose entries describe single granules. */
export const RTT_PAGE_LEVEL = 3;
