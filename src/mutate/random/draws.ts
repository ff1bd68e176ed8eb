import type { Entropy } from '../../crypto/index.ts';

/** Choices out of a stream of random bytes. */
export interface Draws {
  /** A whole number from 0, below `count`. */
  below(count: number): number;
  /** @returns undefined of an empty list. */
  pick<T>(list: readonly T[]): T | undefined;
  bytes(length: number): Uint8Array;
  /** The indices below `count` in some order. */
  shuffled(count: number): readonly number[];
}

const WORD = 4;

export const drawsFrom = (entropy: Entropy): Draws => {
  let pool: Uint8Array = new Uint8Array();
  const word = (): number => {
    if (pool.length < WORD) pool = entropy.bytes(64);
    const [a = 0, b = 0, c = 0, d = 0] = pool;
    pool = pool.subarray(WORD);
    return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  };
  // What 2^32 leaves over favours small numbers by less than one in a million, and nobody's safety rests upon it.
  const below = (count: number): number => word() % count;
  return {
    below,
    pick: (list) => list[list.length === 0 ? 0 : below(list.length)],
    bytes: (length) => entropy.bytes(length),
    shuffled(count) {
      const order = Array.from({ length: count }, (_, i) => i);
      for (let i = count - 1; i > 0; i--) {
        const j = below(i + 1);
        const [a, b] = [order[i] ?? 0, order[j] ?? 0];
        order[i] = b;
        order[j] = a;
      }
      return order;
    },
  };
};
