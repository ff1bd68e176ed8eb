import type { CurveName, HashName, SignatureAlgorithm } from './ports.ts';

/** The hash of each signature algorithm (RFC 9053 2.1). */
export const HASH_OF = {
  ES256: 'sha-256',
  ES384: 'sha-384',
  ES512: 'sha-512',
} as const satisfies Record<SignatureAlgorithm, HashName>;

/** The algorithm that a key on each curve usually signs with (RFC 9053 2.1), and the only one in JSON (RFC 7518 3.4). */
export const ALGORITHM_OF_CURVE = {
  'P-256': 'ES256',
  'P-384': 'ES384',
  'P-521': 'ES512',
} as const satisfies Record<CurveName, SignatureAlgorithm>;
