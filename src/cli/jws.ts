import { compactVerify, errors, importJWK } from 'jose';
import { type CurveName, type PublicKey, publicJwk } from '../crypto/index.ts';
import { oneLine } from './io/terminal.ts';

const ALGORITHM: ReadonlyMap<string, string> = new Map([
  ['P-256', 'ES256'],
  ['P-384', 'ES384'],
  ['P-521', 'ES512'],
] satisfies [CurveName, string][]);

/** The one algorithm that a key on a curve signs JSON Web Tokens with (RFC 7518 3.4), or undefined for other curves. */
export const jwsAlgorithm = (curve: string | undefined): string | undefined => ALGORITHM.get(curve ?? '');

/**
 * Why a JSON Web Token is not signed with a key, in one line, or undefined when it is. Keys that the token itself names do
 * not count.
 */
export const signatureProblem = async (token: string, key: PublicKey): Promise<string | undefined> => {
  const algorithm = jwsAlgorithm(key.curve) ?? '';
  try {
    await compactVerify(token, await importJWK({ ...publicJwk(key) }, algorithm), { algorithms: [algorithm] });
    return undefined;
  } catch (error) {
    if (error instanceof errors.JOSEError) return oneLine(error.message);
    throw error;
  }
};
