import { concatBytes, fromBigEndian, toBigEndian } from '../bytes/index.ts';
import type { Curve } from './curves.ts';
import type { Crypto, HashName } from './ports.ts';

/**
 * The candidate nonces of deterministic ECDSA, each in [1, n-1] (RFC 6979 3.2, steps d to h).
 *
 * @param scalar  the private key, as wide as the order.
 * @param e       the hash of the message, cut to the order's width and reduced.
 */
export function* nonces(
  crypto: Pick<Crypto, 'hmac' | 'hash'>,
  hash: HashName,
  { bits, size, order }: Curve,
  scalar: Uint8Array,
  e: bigint,
): Generator<bigint> {
  const width = crypto.hash(hash).size;
  const seed = concatBytes(scalar, toBigEndian(e, size));
  let v: Uint8Array = new Uint8Array(width).fill(1);
  let k: Uint8Array = new Uint8Array(width);
  const step = (separator: number, extra: Uint8Array): void => {
    k = crypto.hmac(hash, k, concatBytes(v, Uint8Array.of(separator), extra));
    v = crypto.hmac(hash, k, v);
  };
  step(0, seed);
  step(1, seed);
  for (;;) {
    const parts: Uint8Array[] = [];
    for (let got = 0; got < size; got += width) {
      v = crypto.hmac(hash, k, v);
      parts.push(v);
    }
    const t = concatBytes(...parts);
    const candidate = fromBigEndian(t) >> BigInt(8 * t.length - bits);
    if (candidate > 0n && candidate < order) yield candidate;
    step(0, new Uint8Array());
  }
}
