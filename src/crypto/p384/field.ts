import { CURVES } from '../curves.ts';
import { inverse } from '../inverse.ts';

export const { prime: P, order: N } = CURVES['P-384'];

/** The product of two scalars. */
export const timesN = (a: bigint, b: bigint): bigint => (a * b) % N;

/**
 * The inverses of many scalars at the price of one, and three products each (Montgomery's trick).
 *
 * @param values  none of them zero.
 */
export const invertAll = (values: readonly bigint[]): readonly bigint[] => {
  const before: bigint[] = [];
  let product = 1n;
  for (const value of values) {
    before.push(product);
    product = timesN(product, value);
  }
  let rest = inverse(product, N);
  const inverses = new Array<bigint>(values.length);
  for (let i = values.length - 1; i >= 0; i--) {
    inverses[i] = timesN(rest, before[i] ?? 1n);
    rest = timesN(rest, values[i] ?? 1n);
  }
  return inverses;
};
