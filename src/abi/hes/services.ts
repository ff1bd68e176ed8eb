/** Measured boot: service identifier, handle on the AP side, and calls (hes 3.1). */
export const MEASURED_BOOT = {
  sid: 0xc0,
  handle: 0x4000_0110,
  calls: { READ: 1001, EXTEND: 1002 },
} as const;

/** Delegated attestation: service identifier, handle on the AP side, and calls (hes 2). */
export const DELEGATED_ATTESTATION = {
  sid: 0xe0,
  handle: 0x4000_0111,
  calls: { GET_DELEGATED_KEY: 1001, GET_PLATFORM_TOKEN: 1002 },
} as const;

/** Measured-boot slots. */
export const MEASUREMENT_SLOTS = 32;

/** Fewest and most bytes of what EXTEND takes. */
export const MEASUREMENT_LIMITS = {
  signer_id: { least: 32, most: 64 },
  version: { least: 0, most: 14 },
  sw_type: { least: 0, most: 32 },
  measurement_value: { least: 32, most: 64 },
} as const;

/** Sizes of a hash that GET_PLATFORM_TOKEN takes. */
export const CHALLENGE_SIZES: readonly number[] = [32, 48, 64];

/** The largest platform token that RSE makes. */
export const PLATFORM_TOKEN_LIMIT = 0x800;
