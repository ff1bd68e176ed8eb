import { compactVerify, errors, importJWK } from 'jose';
import { ALGORITHM_OF_CURVE, type PublicKey, publicJwk } from '../crypto/index.ts';
import { oneLine } from './io/terminal.ts';

const ALGORITHMS: ReadonlyMap<string, string> = new Map(Object.entries(ALGORITHM_OF_CURVE));

/** What a key on a curve signs JSON Web Tokens with, or undefined for other curves. */
export const jwsAlgorithm = (curve: string | undefined): string | undefined => ALGORITHMS.get(curve ?? '');

/**
 * Why a JSON Web Token is not signed with a key, in one line, or undefined when it is. Keys that the token itself names do
 * not count.
 */
export const signatureProblem = async (token: string, key: PublicKey): Promise<string | undefined> => {
  const algorithm = ALGORITHM_OF_CURVE[key.curve];
  try {
    await compactVerify(token, await importJWK({ ...publicJwk(key) }, algorithm), { algorithms: [algorithm] });
    return undefined;
  } catch (error) {
    if (error instanceof errors.JOSEError) return oneLine(error.message);
    throw error;
  }
};
