import { ALGORITHM_ID, encodeSign1, HEADER } from '../cose/index.ts';
import type { SignatureAlgorithm } from '../crypto/index.ts';

/**
 * Puts a payload of claims into a tagged COSE_Sign1: `alg` alone is protected (token 2).
 *
 * @param kid  for the unprotected header, which is empty without it.
 */
export const signToken = (
  payload: Uint8Array,
  algorithm: SignatureAlgorithm,
  sign: (toBeSigned: Uint8Array) => Uint8Array,
  kid?: Uint8Array,
): Uint8Array => {
  const header = new Map([[HEADER.alg, ALGORITHM_ID[algorithm]]]);
  const unprotected = new Map(kid === undefined ? [] : [[HEADER.kid, kid]]);
  return encodeSign1({ protected: header, unprotected, payload }, sign);
};
