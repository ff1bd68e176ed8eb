import type { HashName, SignatureAlgorithm } from './ports.ts';

/** The hash of each signature algorithm (RFC 9053 2.1). */
export const HASH_OF = {
  ES256: 'sha-256',
  ES384: 'sha-384',
  ES512: 'sha-512',
} as const satisfies Record<SignatureAlgorithm, HashName>;
