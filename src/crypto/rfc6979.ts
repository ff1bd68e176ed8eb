import { concatBytes, fromBigEndian, toBigEndian } from '../bytes/index.ts';
import type { Curve } from './curves.ts';
import type { Crypto, HashName } from './ports.ts';

/**
 * Tries the nonces of deterministic ECDSA in turn, each in [1, n-1], until one gives a signature (RFC 6979 3.2 d to h).
 *
 * @param scalar   the private key, as wide as the order.
 * @param e        the hash of the message, cut to the order's width and reduced.
 * @param attempt  undefined when r or s came out as zero.
 */
export const signWithNonce = <T>(
  crypto: Pick<Crypto, 'hmac' | 'hash'>,
  hash: HashName,
  { bits, size, order }: Curve,
  scalar: Uint8Array,
  e: bigint,
  attempt: (nonce: bigint) => T | undefined,
): T => {
  const width = crypto.hash(hash).size;
  const seed = concatBytes(scalar, toBigEndian(e, size));
  let v: Uint8Array = new Uint8Array(width).fill(1);
  let k: Uint8Array = new Uint8Array(width);
  const reseed = (separator: number, extra: Uint8Array): void => {
    k = crypto.hmac(hash, k, concatBytes(v, Uint8Array.of(separator), extra));
    v = crypto.hmac(hash, k, v);
  };
  reseed(0, seed);
  reseed(1, seed);
  for (;;) {
    const parts: Uint8Array[] = [];
    for (let got = 0; got < size; got += width) {
      v = crypto.hmac(hash, k, v);
      parts.push(v);
    }
    const t = concatBytes(...parts);
    const nonce = fromBigEndian(t) >> BigInt(8 * t.length - bits);
    const signature = nonce > 0n && nonce < order ? attempt(nonce) : undefined;
    if (signature !== undefined) return signature;
    reseed(0, new Uint8Array());
  }
};
