import { inverse } from '../inverse.ts';
import { P } from './field.ts';
import { type Residues, residues } from './residues.ts';

/** A point by its coordinates; undefined is the point at infinity. */
export type Point = { readonly x: bigint; readonly y: bigint } | undefined;

/** SEC 2 2.5.1. */
export const BASE_POINT = {
  x: 0xaa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7n,
  y: 0x3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5fn,
} as const;

/** Additions that share one inversion; more gain nothing. */
const TOGETHER = 2560;

/** Places that hold no coordinate: what is only needed while points are added. */
const ZERO = 0;
const ONE = 1;
const THREE = 2;
const A = 3;
const B = 4;
const REST = 5;
const WORK = 6;
const RESERVED = WORK + 3 * TOGETHER + 3;

/** Each addition under way has places of its own; `inverseOf` holds the product of all denominators before, first. */
const numeratorOf = (work: number): number => WORK + 3 * work;
const denominatorOf = (work: number): number => WORK + 3 * work + 1;
const inverseOf = (work: number): number => WORK + 3 * work + 2;

const xOf = (index: number): number => RESERVED + 2 * index;
const yOf = (index: number): number => RESERVED + 2 * index + 1;

/**
 * Points side by side, by number, at infinity at first.
 *
 * Many additions at once cost about six products each, since one inversion serves all. Not in constant time: for keys that
 * anybody may derive.
 */
export class Points {
  readonly #at: Residues;
  readonly #finite: Uint8Array;

  constructor(count: number) {
    this.#at = residues(RESERVED + 2 * count);
    this.#finite = new Uint8Array(count);
    this.#at.write(ONE, 1n);
    this.#at.write(THREE, 3n);
  }

  set(index: number, point: Point): void {
    this.#finite[index] = point === undefined ? 0 : 1;
    if (point === undefined) return;
    this.#at.write(xOf(index), point.x);
    this.#at.write(yOf(index), point.y);
  }

  get(index: number): Point {
    if (this.#finite[index] !== 1) return undefined;
    return { x: this.#at.read(xOf(index)), y: this.#at.read(yOf(index)) };
  }

  /** The x coordinate alone; undefined at infinity. */
  x(index: number): bigint | undefined {
    return this.#finite[index] === 1 ? this.#at.read(xOf(index)) : undefined;
  }

  /**
   * Adds to each of some points another one (affine addition, SEC 1 2.2.1).
   *
   * @param targets  each at most once.
   * @param sources  one for each target, none of them another's target; `~index` means the negative of a point.
   */
  add(targets: readonly number[], sources: readonly number[]): void {
    for (let from = 0; from < targets.length; from += TOGETHER) {
      const end = Math.min(targets.length, from + TOGETHER);
      const pairs: number[] = [];
      for (let i = from; i < end; i++) {
        if (this.#begin(targets[i] ?? 0, sources[i] ?? 0, pairs.length)) pairs.push(i);
      }
      this.#invert(pairs.length);
      pairs.forEach((i, work) => {
        this.#finish(targets[i] ?? 0, sources[i] ?? 0, work);
      });
    }
  }

  /** The slope as a fraction, or the sum where it takes none. Neither fraction has zero below: no point has y = 0. */
  #begin(target: number, source: number, work: number): boolean {
    const other = source < 0 ? ~source : source;
    if (this.#finite[other] !== 1) return false;
    const at = this.#at;
    const [x, y, otherX] = [xOf(target), yOf(target), xOf(other)];
    const [numerator, denominator] = [numeratorOf(work), denominatorOf(work)];
    let otherY = yOf(other);
    if (source < 0) {
      at.minus(A, ZERO, otherY);
      otherY = A;
    }
    if (this.#finite[target] !== 1) {
      this.#finite[target] = 1;
      at.copy(x, otherX);
      at.copy(y, otherY);
      return false;
    }
    if (!at.same(x, otherX)) {
      at.minus(numerator, otherY, y);
      at.minus(denominator, otherX, x);
      return true;
    }
    if (!at.same(y, otherY)) {
      this.#finite[target] = 0;
      return false;
    }
    // The tangent: (3x² − 3) / 2y.
    at.times(numerator, x, x);
    at.minus(numerator, numerator, ONE);
    at.times(numerator, numerator, THREE);
    at.minus(denominator, ZERO, y);
    at.minus(denominator, y, denominator);
    return true;
  }

  /** The inverses of the denominators at the price of one, and three products each (Montgomery's trick). */
  #invert(count: number): void {
    if (count === 0) return;
    const at = this.#at;
    at.copy(inverseOf(0), ONE);
    for (let work = 0; work < count; work++) at.times(inverseOf(work + 1), inverseOf(work), denominatorOf(work));
    at.write(REST, inverse(at.read(inverseOf(count)), P));
    for (let work = count - 1; work >= 0; work--) {
      at.times(inverseOf(work), inverseOf(work), REST);
      at.times(REST, REST, denominatorOf(work));
    }
  }

  /** x₃ = s² − x₁ − x₂ and y₃ = s · (x₁ − x₃) − y₁, with the slope s. */
  #finish(target: number, source: number, work: number): void {
    const at = this.#at;
    const [x, y, slope] = [xOf(target), yOf(target), numeratorOf(work)];
    at.times(slope, slope, inverseOf(work));
    at.times(A, slope, slope);
    at.minus(A, A, x);
    at.minus(A, A, xOf(source < 0 ? ~source : source));
    at.minus(B, x, A);
    at.times(B, B, slope);
    at.minus(y, B, y);
    at.copy(x, A);
  }
}
