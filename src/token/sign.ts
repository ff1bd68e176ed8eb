import { ALGORITHM_ID, encodeSign1, HEADER } from '../cose/index.ts';
import type { SignatureAlgorithm } from '../crypto/index.ts';

/** Puts a payload of claims into a tagged COSE_Sign1: `alg` alone is protected, the unprotected header is empty (token 2). */
export const signToken = (
  payload: Uint8Array,
  algorithm: SignatureAlgorithm,
  sign: (toBeSigned: Uint8Array) => Uint8Array,
): Uint8Array => encodeSign1({ protected: new Map([[HEADER.alg, ALGORITHM_ID[algorithm]]]), payload }, sign);
