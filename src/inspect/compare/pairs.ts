/** Members of two containers that stand for each other, as indices, and those that stand alone. */
export interface Pairs {
  readonly both: readonly (readonly [number, number])[];
  readonly onlyA: readonly number[];
  readonly onlyB: readonly number[];
  /** Whether those in both stand in another order. */
  readonly reordered: boolean;
}

/** The key of each entry, the second one with the same key apart from the first. */
const nth = (keys: readonly number[]): readonly string[] => {
  const seen = new Map<number, number>();
  return keys.map((key) => {
    const before = seen.get(key) ?? 0;
    seen.set(key, before + 1);
    return `${key} ${before}`;
  });
};

/** Entries of two maps, by their keys. */
export const entryPairs = (a: readonly number[], b: readonly number[]): Pairs => {
  const [keysA, keysB] = [nth(a), nth(b)];
  const inB = new Map(keysB.map((key, index) => [key, index]));
  const both = keysA.flatMap((key, index) => {
    const other = inB.get(key);
    return other === undefined ? [] : [[index, other] as const];
  });
  const paired = new Set(both.map(([, index]) => index));
  return {
    both,
    onlyA: keysA.flatMap((key, index) => (inB.has(key) ? [] : [index])),
    onlyB: keysB.flatMap((_, index) => (paired.has(index) ? [] : [index])),
    reordered: both.some(([, index], i) => index < (both[i - 1]?.[1] ?? 0)),
  };
};

const range = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, i) => from + i);

/**
 * Members of two arrays, by what they say: what is the same at both ends stands for each other, what is between them
 * in turn, unless it is the same members in another order.
 */
export const memberPairs = (a: readonly number[], b: readonly number[]): Pairs => {
  const least = Math.min(a.length, b.length);
  let first = 0;
  while (first < least && a[first] === b[first]) first += 1;
  let last = 0;
  while (last < least - first && a[a.length - 1 - last] === b[b.length - 1 - last]) last += 1;
  const [endA, endB] = [a.length - last, b.length - last];
  const [middleA, middleB] = [a.slice(first, endA), b.slice(first, endB)];
  const ends = [
    ...range(0, first).map((i) => [i, i] as const),
    ...range(0, last).map((i) => [endA + i, endB + i] as const),
  ];
  const sorted = (ids: readonly number[]): string => [...ids].sort((x, y) => x - y).join();
  if (middleA.length > 0 && sorted(middleA) === sorted(middleB)) {
    const inner = entryPairs(middleA, middleB).both.map(([i, j]) => [first + i, first + j] as const);
    return { both: [...ends, ...inner], onlyA: [], onlyB: [], reordered: true };
  }
  const between = Math.min(middleA.length, middleB.length);
  return {
    both: [...ends, ...range(0, between).map((i) => [first + i, first + i] as const)],
    onlyA: range(first + between, endA),
    onlyB: range(first + between, endB),
    reordered: false,
  };
};
