/** The inverse of `value` modulo the prime `modulus`, for a value in [1, modulus-1], by Euclid's algorithm. */
export const inverse = (value: bigint, modulus: bigint): bigint => {
  let [a, b] = [value, modulus];
  let [x, y] = [1n, 0n];
  while (a > 1n) {
    const quotient = b / a;
    [a, b] = [b - quotient * a, a];
    [x, y] = [y - quotient * x, x];
  }
  return x < 0n ? x + modulus : x;
};
