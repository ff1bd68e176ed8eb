import { fromBigEndian, toBigEndian } from '../bytes/index.ts';
import { CURVES, type CurveName, type PublicKey } from '../crypto/index.ts';

/** The constant term of each curve y² = x³ - 3x + b (SP 800-186 3.2.1). */
const B = {
  'P-256': 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  'P-384': 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  'P-521':
    0x51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
} as const satisfies Record<CurveName, bigint>;

const power = (base: bigint, exponent: bigint, modulus: bigint): bigint => {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
};

/**
 * The point with this x and this parity of y (SEC 1 2.3.4).
 *
 * @returns undefined when x is not as wide as the field, or belongs to no point of the curve.
 */
export const decompress = (curve: CurveName, xBytes: Uint8Array, yIsOdd: boolean): PublicKey | undefined => {
  const { prime, size } = CURVES[curve];
  const x = fromBigEndian(xBytes);
  if (xBytes.length !== size || x >= prime) return undefined;
  const square = (x * x * x - 3n * x + B[curve]) % prime;
  const ySquared = square < 0n ? square + prime : square;
  // All three primes are 3 modulo 4.
  const root = power(ySquared, (prime + 1n) / 4n, prime);
  if ((root * root) % prime !== ySquared) return undefined;
  const y = (root & 1n) === (yIsOdd ? 1n : 0n) ? root : prime - root;
  return { curve, x: Uint8Array.from(xBytes), y: toBigEndian(y, size) };
};
