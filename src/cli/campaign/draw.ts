import type { Entropy } from '../../crypto/index.ts';

/** A number below `limit`, which is at most 2^24, out of the next bytes. */
export const below = (entropy: Entropy, limit: number): number => {
  const [a = 0, b = 0, c = 0] = entropy.bytes(3);
  return ((a << 16) | (b << 8) | c) % limit;
};

export const oneOf = <T>(entropy: Entropy, choices: readonly T[]): T => choices[below(entropy, choices.length)] as T;
