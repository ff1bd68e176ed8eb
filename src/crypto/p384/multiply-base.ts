import { BASE_POINT, type Point, Points } from './points.ts';

/** Bits of a digit: digits are signed, so that half as many multiples are kept. */
const WINDOW = 10;
const RADIX = 1 << WINDOW;
const MULTIPLES = RADIX / 2;
const BITS = 384;
/** With room for the carry of the last. */
const DIGITS = Math.floor(BITS / WINDOW) + 1;

/** Sums that are worked out side by side; more gain nothing. */
const LANES = 128;
/** Partial sums of each: half of the digits' multiples are put there, the other half added, and then one half to the other. */
const PARTS = Math.ceil(DIGITS / 2);

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

const partOf = (lane: number, part: number): number => lane * PARTS + part;
/** Where the multiple of 2^(WINDOW·place)·G, from 1 to `MULTIPLES`, stands behind the partial sums. */
const indexOf = (place: number, multiple: number): number => LANES * PARTS + (multiple - 1) * DIGITS + place;

const makeTable = (): Points => {
  const points = new Points(indexOf(0, MULTIPLES + 1));
  points.set(0, BASE_POINT);
  for (let place = 0; place < DIGITS; place++) {
    points.set(indexOf(place, 1), points.get(0));
    for (let bit = 0; bit < WINDOW; bit++) points.add([0], [0]);
  }
  const first = range(0, DIGITS).map((place) => indexOf(place, 1));
  for (let multiple = 2; multiple <= MULTIPLES; multiple++) {
    const next = first.map((_, place) => indexOf(place, multiple));
    next.forEach((index, place) => {
      points.set(index, points.get(indexOf(place, multiple - 1)));
    });
    points.add(next, first);
  }
  return points;
};

let made: Points | undefined;

/** Made when it is first needed, in a few hundredths of a second. */
const table = (): Points => {
  made ??= makeTable();
  return made;
};

/** A scalar below the order in signed digits, at most `MULTIPLES` far from zero, the least significant first. */
const digitsOf = (scalar: bigint): Int16Array => {
  const digits = new Int16Array(DIGITS);
  const bits = scalar.toString(2).padStart(DIGITS * WINDOW, '0');
  let carry = 0;
  for (let place = 0; place < DIGITS; place++) {
    const end = bits.length - WINDOW * place;
    const digit = Number.parseInt(bits.slice(end - WINDOW, end), 2) + carry;
    carry = digit > MULTIPLES ? 1 : 0;
    digits[place] = carry === 1 ? digit - RADIX : digit;
  }
  return digits;
};

/** What is added to, and what is added to it. */
type Pairs = { readonly targets: number[]; readonly sources: number[] };

/** Leaves each multiple in the first part of its lane. */
const sumUp = (scalars: readonly bigint[]): Points => {
  const points = table();
  const digits = scalars.map(digitsOf);
  const pairsOf = (parts: number, sourceOf: (lane: number, part: number) => number | undefined): Pairs => {
    const pairs: Pairs = { targets: [], sources: [] };
    for (let lane = 0; lane < digits.length; lane++) {
      for (let part = 0; part < parts; part++) {
        const source = sourceOf(lane, part);
        if (source === undefined) continue;
        pairs.targets.push(partOf(lane, part));
        pairs.sources.push(source);
      }
    }
    return pairs;
  };
  const add = ({ targets, sources }: Pairs): void => points.add(targets, sources);
  const multipleAt = (lane: number, place: number): number | undefined => {
    const digit = digits[lane]?.[place] ?? 0;
    if (digit === 0) return undefined;
    return digit < 0 ? ~indexOf(place, -digit) : indexOf(place, digit);
  };

  for (let index = 0; index < partOf(digits.length, 0); index++) points.set(index, undefined);
  add(pairsOf(PARTS, multipleAt));
  add(pairsOf(DIGITS - PARTS, (lane, part) => multipleAt(lane, PARTS + part)));
  for (let parts = PARTS; parts > 1; ) {
    const kept = Math.ceil(parts / 2);
    add(pairsOf(parts - kept, (lane, part) => partOf(lane, kept + part)));
    parts = kept;
  }
  return points;
};

const inLanes = <T>(scalars: readonly bigint[], read: (points: Points, index: number) => T): readonly T[] => {
  const all: T[] = [];
  for (let from = 0; from < scalars.length; from += LANES) {
    const some = scalars.slice(from, from + LANES);
    const points = sumUp(some);
    for (let lane = 0; lane < some.length; lane++) all.push(read(points, partOf(lane, 0)));
  }
  return all;
};

/**
 * Multiples of the base point of P-384, many at once. Not in constant time: for keys that anybody may derive.
 *
 * @param scalars  in [0, n−1].
 */
export const multiplyBase = (scalars: readonly bigint[]): readonly Point[] =>
  inLanes(scalars, (points, index) => points.get(index));

/** Their x coordinates alone, zero for the point at infinity. */
export const multiplyBaseX = (scalars: readonly bigint[]): readonly bigint[] =>
  inLanes(scalars, (points, index) => points.x(index) ?? 0n);
