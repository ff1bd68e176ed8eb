import { concatBytes, fromBigEndian, toBigEndian } from '../bytes/index.ts';
import { HASH_OF } from './algorithms.ts';
import { CURVES, scalarOf } from './curves.ts';
import { invertAll, multiplyBaseX, N, timesN } from './p384.ts';
import type { Crypto, PrivateKey, SignatureAlgorithm } from './ports.ts';
import { signWithNonce } from './rfc6979.ts';

export interface BatchRequest {
  readonly algorithm: SignatureAlgorithm;
  readonly key: PrivateKey;
  readonly message: Uint8Array;
}

/** Signatures that are made together; more gain nothing. */
const BATCH = 128;
const CURVE = CURVES['P-384'];

interface Work {
  readonly index: number;
  readonly secret: bigint;
  readonly hash: bigint;
  readonly nonce: bigint;
}

const workOf = (crypto: Crypto, { algorithm, key, message }: BatchRequest, index: number): Work | undefined => {
  const secret = scalarOf(key);
  if (algorithm !== 'ES384' || key.curve !== 'P-384' || secret === undefined) return undefined;
  const name = HASH_OF[algorithm];
  const hash = fromBigEndian(crypto.hash(name).digest(message)) % N;
  return { index, secret, hash, nonce: signWithNonce(crypto, name, CURVE, key.scalar, hash, (nonce) => nonce) };
};

/** r‖s of each, or undefined where r or s is zero and the next nonce is due. */
const signTogether = (works: readonly Work[]): readonly (Uint8Array | undefined)[] => {
  const nonces = works.map(({ nonce }) => nonce);
  const x = multiplyBaseX(nonces);
  const inverses = invertAll(nonces);
  return works.map(({ secret, hash }, i) => {
    const r = (x[i] ?? 0n) % N;
    const s = timesN(inverses[i] ?? 0n, (hash + r * secret) % N);
    return r === 0n || s === 0n ? undefined : concatBytes(toBigEndian(r, CURVE.size), toBigEndian(s, CURVE.size));
  });
};

/**
 * Signs many messages at once: ES384 on P-384 in batches, with the nonces of RFC 6979 and so the same bytes as
 * `Crypto.sign`, everything else one by one.
 */
export const signBatch = (crypto: Crypto, requests: readonly BatchRequest[]): readonly Uint8Array[] => {
  const signatures = new Array<Uint8Array | undefined>(requests.length);
  for (let from = 0; from < requests.length; from += BATCH) {
    const works = requests.slice(from, from + BATCH).flatMap((request, i) => workOf(crypto, request, from + i) ?? []);
    signTogether(works).forEach((signature, i) => {
      signatures[works[i]?.index ?? 0] = signature;
    });
  }
  return requests.map(({ algorithm, key, message }, i) => signatures[i] ?? crypto.sign(algorithm, key, message));
};
