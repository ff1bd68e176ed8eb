/** Numbers that look random and are the same for the same seed: what a failure prints is enough to see it again. */
export interface Random {
  /** 32 random bits. */
  bits(): number;
  /** A whole number from 0 to `below` - 1. */
  below(below: number): number;
  /** True `percent` times out of a hundred. */
  chance(percent: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** One of the keys, as often as its weight says. */
  weighted<T>(items: readonly (readonly [weight: number, item: T])[]): T;
  /** 64 random bits, of which few, many or all are set. */
  word(): bigint;
  bytes(length: number): Uint8Array;
}

/** sfc32, a small generator without tables, started from any number. */
export const createRandom = (seed: number): Random => {
  let a = 0x9e37_79b9 ^ seed;
  let b = 0x243f_6a88 ^ Math.imul(seed, 0x85eb_ca6b);
  let c = 0xb7e1_5162;
  let counter = 1;

  const bits = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i += 1) bits();

  const random: Random = {
    bits,
    below: (below) => Math.floor((bits() / 0x1_0000_0000) * below),
    chance: (percent) => random.below(100) < percent,
    pick: (items) => {
      if (items.length === 0) throw new Error('nothing to pick from');
      return items[random.below(items.length)]!;
    },
    weighted: (items) => {
      let total = 0;
      for (const [weight] of items) total += weight;
      let left = random.below(total);
      for (const [weight, item] of items) {
        left -= weight;
        if (left < 0) return item;
      }
      throw new Error('nothing has a weight');
    },
    word: () => {
      const whole = (BigInt(bits()) << 32n) | BigInt(bits());
      switch (random.below(4)) {
        case 0:
          return whole & 0xffn;
        case 1:
          return 1n << BigInt(random.below(64));
        case 2:
          return BigInt.asUintN(64, -(whole & 0xfffn));
        default:
          return whole;
      }
    },
    bytes: (length) => Uint8Array.from({ length }, () => bits() & 0xff),
  };
  return random;
};
