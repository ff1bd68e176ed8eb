/**
 * Numbers of 64 bits in 16: a mantissa of 8 bits, a shift of 6, and in the two highest bits one more, one less, or the
 * negative of it. Every number below 2^16 that a boundary is made of, every power of two and its neighbours can be said.
 */
const FORMS = [
  (value: bigint) => value,
  (value: bigint) => value + 1n,
  (value: bigint) => value - 1n,
  (value: bigint) => -value,
] as const;

const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);

/** The number that 16 bits stand for. */
export const widen = (code: number): bigint => {
  const form = FORMS[(code >> 14) & 3] ?? FORMS[0];
  return u64(form(u64(BigInt(code & 0xff) << BigInt((code >> 8) & 63))));
};

let codes: ReadonlyMap<bigint, number> | undefined;

/** The smallest code of each number that has one. */
const allCodes = (): ReadonlyMap<bigint, number> => {
  const found = new Map<bigint, number>();
  for (let code = 0; code < 0x1_0000; code += 1) {
    const value = widen(code);
    if (!found.has(value)) found.set(value, code);
  }
  return found;
};

/** @returns the smallest code of a number, or undefined when it has none. */
export const narrow = (value: bigint): number | undefined => {
  codes ??= allCodes();
  return codes.get(u64(value));
};
