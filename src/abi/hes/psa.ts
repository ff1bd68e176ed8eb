/** Status codes of PSA services, as HES answers with them (PSA Firmware Framework 1.1; PSA Status Code 1.0). */
export const PSA_STATUS = {
  PSA_SUCCESS: 0,
  PSA_ERROR_PROGRAMMER_ERROR: -129,
  PSA_ERROR_GENERIC_ERROR: -132,
  PSA_ERROR_NOT_PERMITTED: -133,
  PSA_ERROR_NOT_SUPPORTED: -134,
  PSA_ERROR_INVALID_ARGUMENT: -135,
  PSA_ERROR_BAD_STATE: -137,
  PSA_ERROR_BUFFER_TOO_SMALL: -138,
  PSA_ERROR_DOES_NOT_EXIST: -140,
  PSA_ERROR_SERVICE_FAILURE: -144,
} as const;
export type PsaStatus = keyof typeof PSA_STATUS;
export type PsaError = Exclude<PsaStatus, 'PSA_SUCCESS'>;

/** What a PSA call answers: output on success, a status alone otherwise. */
export type PsaReply<T> = { readonly status: 'PSA_SUCCESS'; readonly value: T } | { readonly status: PsaError };

/** PSA algorithm identifiers of the hashes that the services know, under the names that claims use. */
export const PSA_ALG = {
  'sha-256': 0x0200_0009,
  'sha-384': 0x0200_000a,
  'sha-512': 0x0200_000b,
} as const;

/** psa_ecc_family_t of the curves secp*r1. */
export const PSA_ECC_FAMILY_SECP_R1 = 0x12;
