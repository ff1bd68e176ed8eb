import { fromBigEndian } from '../../bytes/index.ts';
import { CURVES } from '../curves.ts';
import {
  add,
  and,
  type Code,
  compile,
  constant,
  FIRST_LOCAL,
  get,
  load,
  multiply,
  type Operation,
  set,
  shiftLeft,
  shiftRight,
  shiftRightUnsigned,
  store,
  subtract,
  xor,
} from './wasm.ts';

/**
 * Arithmetic modulo the prime of P-384 on numbers that lie side by side in a memory of WebAssembly.
 *
 * A number is 13 limbs of 30 bits: a column of 13 products fits 64 bits without a sign, and what is folded in later fits
 * them with one. It is always less than the prime: equal numbers have equal limbs.
 */
export interface Residues {
  /** out = left · right; all three are places, and may be the same. */
  times(out: number, left: number, right: number): void;
  /** out = left − right. */
  minus(out: number, left: number, right: number): void;
  copy(out: number, from: number): void;
  write(at: number, value: bigint): void;
  read(at: number): bigint;
  same(left: number, right: number): boolean;
}

const { prime: P, size: SIZE } = CURVES['P-384'];
const LIMBS = 13;
const WIDTH = 30;
const MASK = (1n << 30n) - 1n;
/** Six digits of five bits are a limb. */
const RADIX = 32;
const LIMB_DIGITS = 6;
/** Bits of the highest limb that are below 2^384. */
const TOP = 24n;
/** Bytes from one number to the next. */
const STRIDE = 64;

/** What 2^384 weighs modulo the prime, and so what is added to subtract the prime: ±2^exponent (SP 800-186 G.1.2). */
const FOLD: readonly (readonly [sign: 1 | -1, exponent: number])[] = [
  [1, 128],
  [1, 96],
  [-1, 32],
  [1, 0],
];
/** Bits by which the limbs reach above 2^384. */
const ABOVE = LIMBS * WIDTH - 384;

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
const masked = (local: number, mask: bigint): Code => set(local, and(get(local), constant(mask)));

/** Numbers the locals of one operation. */
const numbering = (): { take(count: number): number[]; taken(): number } => {
  let next = FIRST_LOCAL;
  return {
    take(count) {
      next += count;
      return range(next - count, next);
    },
    taken: () => next - FIRST_LOCAL,
  };
};

/** Moves what a limb has too much, or owes where numbers have a sign, to the next; the last one keeps it. */
const carry = (limbs: readonly number[], shift = shiftRight): Code =>
  limbs.slice(1).flatMap((next, i) => {
    const limb = limbs[i] ?? 0;
    return [...set(next, add(get(next), shift(get(limb), constant(BigInt(WIDTH))))), ...masked(limb, MASK)];
  });

/** Adds to `limbs` what `value`, which stands for so many times 2^(384 + above), weighs. */
const foldIn = (limbs: readonly number[], value: number, above: number): Code =>
  FOLD.flatMap(([sign, exponent]) => {
    const bit = exponent + above;
    const limb = limbs[Math.floor(bit / WIDTH)] ?? 0;
    const shifted = shiftLeft(get(value), constant(BigInt(bit % WIDTH)));
    return set(limb, (sign === 1 ? add : subtract)(get(limb), shifted));
  });

/** Stores a number that is less than twice the prime, less the prime if it is not below it. */
const storeReduced = (limbs: readonly number[], less: readonly number[], mask: number): Code => {
  const one = limbs.flatMap((limb, i) => set(less[i] ?? 0, get(limb)));
  const top = less[LIMBS - 1] ?? 0;
  const fold = FOLD.flatMap(([sign, exponent]) => {
    const limb = less[Math.floor(exponent / WIDTH)] ?? 0;
    return set(limb, add(get(limb), constant(BigInt(sign) << BigInt(exponent % WIDTH))));
  });
  const chosen = limbs.flatMap((limb, i) => {
    const difference = xor(get(limb), get(less[i] ?? 0));
    return store(0, 4 * i, xor(get(limb), and(difference, get(mask))));
  });
  return [
    ...one,
    ...fold,
    ...carry(less),
    // All ones when 2^384 came out, which is when the prime could be subtracted.
    ...set(mask, subtract(constant(0n), shiftRight(get(top), constant(TOP)))),
    ...masked(top, (1n << TOP) - 1n),
    ...chosen,
  ];
};

const times = (): Operation & { readonly name: 'times' } => {
  const { take, taken } = numbering();
  const [left, right, columns, over] = [take(LIMBS), take(LIMBS), take(2 * LIMBS), take(4)];
  const [less, [mask = 0, top = 0]] = [take(LIMBS), take(2)];
  const products = range(0, 2 * LIMBS - 1).flatMap((column) => {
    const pairs = range(Math.max(0, column - LIMBS + 1), Math.min(column, LIMBS - 1) + 1);
    const terms = pairs.map((i) => multiply(get(left[i] ?? 0), get(right[column - i] ?? 0)));
    return set(columns[column] ?? 0, terms.reduce(add));
  });
  const low = columns.slice(0, LIMBS);
  // What folding the upper half moves above the lower one again is less than four limbs and a few bits, then less than one limb.
  const wide = [...low, ...over];
  const highest = low[LIMBS - 1] ?? 0;
  return {
    name: 'times',
    locals: taken(),
    code: [
      ...left.flatMap((local, i) => set(local, load(1, 4 * i))),
      ...right.flatMap((local, i) => set(local, load(2, 4 * i))),
      ...products,
      ...carry(columns, shiftRightUnsigned),
      ...columns.slice(LIMBS).flatMap((value, i) => foldIn(wide, value, ABOVE + WIDTH * i)),
      ...carry(wide),
      ...over.flatMap((value, i) => foldIn(low, value, ABOVE + WIDTH * i)),
      ...carry(low),
      ...set(top, shiftRight(get(highest), constant(TOP))),
      ...masked(highest, (1n << TOP) - 1n),
      ...foldIn(low, top, 0),
      ...carry(low),
      ...storeReduced(low, less, mask),
    ],
  };
};

const limbsOf = (value: bigint): bigint[] => range(0, LIMBS).map((i) => (value >> BigInt(WIDTH * i)) & MASK);

const minus = (): Operation & { readonly name: 'minus' } => {
  const { take, taken } = numbering();
  const [limbs, less, [mask = 0]] = [take(LIMBS), take(LIMBS), take(1)];
  const differences = limbsOf(P).flatMap((prime, i) =>
    set(limbs[i] ?? 0, add(subtract(load(1, 4 * i), load(2, 4 * i)), constant(prime))),
  );
  return {
    name: 'minus',
    locals: taken(),
    code: [...differences, ...carry(limbs), ...storeReduced(limbs, less, mask)],
  };
};

let compiled: ReturnType<typeof compile<'times' | 'minus'>> | undefined;

/** So many numbers, all zero, in a memory of their own. */
export const residues = (count: number): Residues => {
  compiled ??= compile([times(), minus()]);
  const { buffer, ...operations } = compiled(STRIDE * count);
  const words = new Uint32Array(buffer);
  const wordOf = (at: number): number => (at * STRIDE) / 4;
  return {
    times: (out, left, right) => operations.times(out * STRIDE, left * STRIDE, right * STRIDE),
    minus: (out, left, right) => operations.minus(out * STRIDE, left * STRIDE, right * STRIDE),
    copy(out, from) {
      words.copyWithin(wordOf(out), wordOf(from), wordOf(from) + LIMBS);
    },
    write(at, value) {
      const digits = value.toString(RADIX).padStart(LIMBS * LIMB_DIGITS, '0');
      for (let i = 0; i < LIMBS; i++) {
        const end = digits.length - LIMB_DIGITS * i;
        words[wordOf(at) + i] = Number.parseInt(digits.slice(end - LIMB_DIGITS, end), RADIX);
      }
    },
    read(at) {
      const bytes = new DataView(new ArrayBuffer(SIZE));
      // 32 bits at a time: those from bit 32n on begin at bit 2n of limb n.
      for (let n = 0; n < LIMBS - 1; n++) {
        const [low = 0, high = 0] = [words[wordOf(at) + n], words[wordOf(at) + n + 1]];
        bytes.setUint32(SIZE - 4 * (n + 1), (low >>> (2 * n)) | (high << (WIDTH - 2 * n)));
      }
      return fromBigEndian(new Uint8Array(bytes.buffer));
    },
    same(left, right) {
      for (let i = 0; i < LIMBS; i++) if (words[wordOf(left) + i] !== words[wordOf(right) + i]) return false;
      return true;
    },
  };
};
