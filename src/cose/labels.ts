import type { SignatureAlgorithm } from '../crypto/index.ts';

/** COSE_Sign1 (RFC 9052 2). */
export const SIGN1_TAG = 18;

/** Header parameters (RFC 9052 3.1). */
export const HEADER = { alg: 1, crit: 2, contentType: 3, kid: 4 } as const;

/** Signature algorithms by their COSE identifier (RFC 9053 2.1). */
export const ALGORITHM_ID = { ES256: -7, ES384: -35, ES512: -36 } as const satisfies Record<SignatureAlgorithm, number>;

/** @returns undefined for an identifier that is none of ours, of whatever type. */
export const signatureAlgorithmOf = (id: unknown): SignatureAlgorithm | undefined =>
  (Object.keys(ALGORITHM_ID) as SignatureAlgorithm[]).find((name) => ALGORITHM_ID[name] === id);
