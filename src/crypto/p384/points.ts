import { invertAll, P, reduce, subtract, timesP } from './field.ts';

/** Points by their coordinates, side by side; a negative x is the point at infinity. */
export interface Points {
  readonly x: bigint[];
  readonly y: bigint[];
}

export const INFINITY = -1n;

/** SEC 2 2.5.1. */
export const BASE_POINT = {
  x: 0xaa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7n,
  y: 0x3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5fn,
} as const;

/** The slope of the tangent is (3x² − 3) / 2y, that of a chord (y₂ − y₁) / (x₂ − x₁); neither has y = 0 on this curve. */
const tangent = (x: bigint): bigint => reduce(3n * reduce(x * x) + 3n * (P - 1n));

/**
 * Adds a point to each of many, in place: q to p, one for one. One inversion serves all (affine addition, SEC 1 2.2.1).
 *
 * @param at  which of the points of `p` take part; `qx` and `qy` are as long.
 */
export const addEach = (p: Points, at: readonly number[], qx: readonly bigint[], qy: readonly bigint[]): void => {
  const lanes: number[] = [];
  const numerators: bigint[] = [];
  const denominators: bigint[] = [];
  at.forEach((lane, i) => {
    const [px = INFINITY, py = 0n, x = INFINITY, y = 0n] = [p.x[lane], p.y[lane], qx[i], qy[i]];
    if (x === INFINITY) return;
    if (px === INFINITY) {
      p.x[lane] = x;
      p.y[lane] = y;
    } else if (px !== x) {
      lanes.push(i);
      numerators.push(subtract(y, py));
      denominators.push(subtract(x, px));
    } else if (py === y) {
      lanes.push(i);
      numerators.push(tangent(x));
      denominators.push(reduce(2n * y));
    } else {
      p.x[lane] = INFINITY;
      p.y[lane] = 0n;
    }
  });
  if (lanes.length === 0) return;
  invertAll(denominators, P, timesP);
  lanes.forEach((i, n) => {
    const lane = at[i] ?? 0;
    const [px = 0n, py = 0n, x = 0n] = [p.x[lane], p.y[lane], qx[i]];
    const slope = reduce((numerators[n] ?? 0n) * (denominators[n] ?? 0n));
    const sumX = reduce(slope * slope + 2n * P - px - x);
    p.x[lane] = sumX;
    p.y[lane] = reduce(slope * subtract(px, sumX) + P - py);
  });
};
