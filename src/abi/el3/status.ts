/** Status of an RMM-EL3 call, in X0 as a signed 64-bit value (rmm-el3 4.1). */
export const E_RMM = {
  E_RMM_OK: 0n,
  E_RMM_UNK: -1n,
  E_RMM_BAD_ADDR: -2n,
  E_RMM_BAD_PAS: -3n,
  E_RMM_NOMEM: -4n,
  E_RMM_INVAL: -5n,
  E_RMM_AGAIN: -6n,
  E_RMM_FAULT: -7n,
  E_RMM_IN_PROGRESS: -8n,
} as const;
export type ERmm = keyof typeof E_RMM;

/** The curve argument of GET_REALM_KEY: the only one there is. */
export const ATTEST_KEY_CURVE_ECC_SECP384R1 = 0n;

/** Challenge sizes that start a platform token; 0 goes on with it. */
export const PLAT_TOKEN_CHALLENGE_SIZES: readonly bigint[] = [32n, 48n, 64n];

/** Feature register 0 of RMM_EL3_FEATURES. */
export const RMM_EL3_FEAT_REG_0 = { TOKEN_SIGN: 1n << 0n } as const;
