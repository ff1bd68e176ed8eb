import { CURVES } from '../curves.ts';
import { inverse } from '../inverse.ts';

export const { prime: P, order: N } = CURVES['P-384'];

const BITS = 384;
/** 2^384 modulo the prime: what lies above 384 bits weighs this much (SP 800-186 G.1.2). */
const FOLD = 2n ** 128n + 2n ** 96n - 2n ** 32n + 1n;

/** The residue of a product of two residues, or of a sum of a few such products. */
export const reduce = (value: bigint): bigint => {
  const high = value >> 384n;
  const once = BigInt.asUintN(BITS, value) + high * FOLD;
  const twice = BigInt.asUintN(BITS, once) + (once >> 384n) * FOLD;
  return twice >= P ? twice - P : twice;
};

export const subtract = (a: bigint, b: bigint): bigint => (a >= b ? a - b : a - b + P);

/**
 * The inverses of many residues at the price of one, and three products each (Montgomery's trick).
 *
 * @param values  none of them zero; they are replaced by their inverses.
 * @param times   the product modulo `modulus`.
 */
export const invertAll = (values: bigint[], modulus: bigint, times: (a: bigint, b: bigint) => bigint): void => {
  const before: bigint[] = [];
  let product = 1n;
  for (const value of values) {
    before.push(product);
    product = times(product, value);
  }
  let rest = inverse(product, modulus);
  for (let i = values.length - 1; i >= 0; i--) {
    const value = values[i] ?? 1n;
    values[i] = times(rest, before[i] ?? 1n);
    rest = times(rest, value);
  }
};

export const timesP = (a: bigint, b: bigint): bigint => reduce(a * b);
export const timesN = (a: bigint, b: bigint): bigint => (a * b) % N;
