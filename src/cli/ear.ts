import { importJWK, type JWK, SignJWT } from 'jose';
import { concatBytes, utf8 } from '../bytes/index.ts';
import { eccKeyFromStream, hkdf, type PrivateKey, publicJwk, toBase64Url } from '../crypto/index.ts';
import { nodeCrypto } from '../crypto/node.ts';
import { VERSION } from '../platform/version.ts';
import { type AttestationResult, earClaims, type Report } from '../verify/index.ts';
import { badInput } from './exit.ts';
import { INPUTS, inputName, readText } from './io/read.ts';
import { jwsAlgorithm } from './jws.ts';

const VERIFIER = { build: `swcca ${VERSION}`, developer: 'https://swcca.invalid/' };

const SIGNER_LABEL = 'swcca/ear-signer/v1';
const SIGNER_MARK = 'simulated by swcca: never trust it outside tests';

/** What signs results when nobody brings a key: everybody has it. */
const simulatedKey = (): PrivateKey =>
  eccKeyFromStream(
    'P-256',
    hkdf(nodeCrypto, 'sha-256', nodeCrypto.hash('sha-256').digest(concatBytes(utf8(SIGNER_LABEL)))),
  );

const simulatedJwk = (): JWK => {
  const key = simulatedKey();
  const publicKey = nodeCrypto.publicKey(key);
  if (publicKey === undefined) throw new RangeError('a derived key is in range');
  return { ...publicJwk(publicKey), d: toBase64Url(key.scalar), kid: SIGNER_MARK };
};

/** The public half of the key that signs results when nobody brings one. */
export const simulatedEarKey = (): JWK => {
  const { d: _, ...publicPart } = simulatedJwk();
  return publicPart;
};

/** @throws {UsageError} INPUT, when the file holds no private key that can sign. */
const readSigner = async (path: string): Promise<JWK> => {
  const text = await readText(path, { ...INPUTS.key, what: 'a private key' });
  let jwk: JWK;
  try {
    jwk = JSON.parse(text) as JWK;
  } catch (error) {
    throw badInput(`${inputName(path)}: is not JSON, and a JWK is needed`, error);
  }
  if (jwk?.kty !== 'EC' || typeof jwk.d !== 'string' || jwsAlgorithm(jwk.crv) === undefined) {
    throw badInput(`${inputName(path)}: is not the JWK of a private key on P-256, P-384 or P-521`);
  }
  return jwk;
};

export interface EarTokenOptions {
  readonly nonce: Uint8Array | undefined;
  /** A private JWK; without it the key is simulated. */
  readonly keyFile: string | undefined;
}

/**
 * An attestation result as a signed JSON Web Token (EAR).
 *
 * @throws {UsageError} INPUT, when the key cannot be used.
 */
export const earToken = async (
  result: AttestationResult,
  report: Report,
  { nonce, keyFile }: EarTokenOptions,
): Promise<string> => {
  const jwk = keyFile === undefined ? simulatedJwk() : await readSigner(keyFile);
  const algorithm = jwsAlgorithm(jwk.crv) ?? '';
  const claims = earClaims(result, report, { issuedAt: Math.floor(Date.now() / 1000), verifier: VERIFIER, nonce });
  try {
    const header = { alg: algorithm, typ: 'JWT', ...(jwk.kid === undefined ? {} : { kid: jwk.kid }) };
    return await new SignJWT(claims).setProtectedHeader(header).sign(await importJWK(jwk, algorithm));
  } catch (error) {
    throw badInput(`${keyFile ?? 'the simulated key'}: cannot sign: ${(error as Error).message}`, error);
  }
};
