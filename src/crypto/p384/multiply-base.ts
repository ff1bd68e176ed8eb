import { P } from './field.ts';
import { addEach, BASE_POINT, INFINITY, type Points } from './points.ts';

/** Bits of a digit: digits are signed, so that half as many multiples are kept. */
const WINDOW = 8;
const RADIX = 1 << WINDOW;
const MULTIPLES = RADIX / 2;
const HEX_DIGITS = 96;
/** One more than 384 bits fill, for the carry of the last. */
const DIGITS = 384 / WINDOW + 1;

interface Table {
  /** By digit place, the multiples 1 to 128 of 2^(8·place)·G. */
  readonly x: readonly (readonly bigint[])[];
  readonly y: readonly (readonly bigint[])[];
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** 2^(8·place)·G for every place. */
const firstMultiples = (): Points => {
  const first: Points = { x: [], y: [] };
  const point: Points = { x: [BASE_POINT.x], y: [BASE_POINT.y] };
  for (let place = 0; place < DIGITS; place++) {
    first.x.push(point.x[0] ?? INFINITY);
    first.y.push(point.y[0] ?? 0n);
    for (let bit = 0; bit < WINDOW; bit++) addEach(point, [0], [...point.x], [...point.y]);
  }
  return first;
};

const makeTable = (): Table => {
  const first = firstMultiples();
  const all = range(DIGITS);
  const running: Points = { x: [...first.x], y: [...first.y] };
  const table = { x: first.x.map((x) => [x]), y: first.y.map((y) => [y]) };
  for (let multiple = 2; multiple <= MULTIPLES; multiple++) {
    addEach(running, all, first.x, first.y);
    for (const place of all) {
      table.x[place]?.push(running.x[place] ?? INFINITY);
      table.y[place]?.push(running.y[place] ?? 0n);
    }
  }
  return table;
};

let made: Table | undefined;

/** Made when it is first needed, in a few hundredths of a second. */
const table = (): Table => {
  made ??= makeTable();
  return made;
};

/** A scalar below the order in signed digits from −127 to 128, the least significant first. */
const digitsOf = (scalar: bigint): Int16Array => {
  const digits = new Int16Array(DIGITS);
  const hex = scalar.toString(16).padStart(HEX_DIGITS, '0');
  let carry = 0;
  for (let place = 0; place < DIGITS - 1; place++) {
    const end = HEX_DIGITS - 2 * place;
    const digit = Number.parseInt(hex.slice(end - 2, end), 16) + carry;
    carry = digit > MULTIPLES ? 1 : 0;
    digits[place] = carry === 1 ? digit - RADIX : digit;
  }
  digits[DIGITS - 1] = carry;
  return digits;
};

/**
 * Multiples of the base point of P-384, many at once: about six products each for every eight bits, since one inversion
 * serves all. Not in constant time: for keys that anybody may derive.
 *
 * @param scalars  in [0, n−1].
 */
export const multiplyBase = (scalars: readonly bigint[]): Points => {
  const sums: Points = { x: scalars.map(() => INFINITY), y: scalars.map(() => 0n) };
  const digits = scalars.map(digitsOf);
  const { x, y } = table();
  for (let place = 0; place < DIGITS; place++) {
    const lanes: number[] = [];
    const qx: bigint[] = [];
    const qy: bigint[] = [];
    digits.forEach((digit, lane) => {
      const value = digit[place] ?? 0;
      if (value === 0) return;
      const multiple = Math.abs(value) - 1;
      const multipleY = y[place]?.[multiple] ?? 0n;
      lanes.push(lane);
      qx.push(x[place]?.[multiple] ?? INFINITY);
      qy.push(value < 0 ? P - multipleY : multipleY);
    });
    addEach(sums, lanes, qx, qy);
  }
  return sums;
};
