/** The value of the 16 bits of a half-precision float (RFC 8949 appendix D). */
export const fromHalf = (bits: number): number => {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (0x400 + fraction) * 2 ** (exponent - 25);
};

/** The half-precision bits of `value`, or undefined when it is not one of theirs. NaN is the quiet one without payload. */
export const toHalf = (value: number): number | undefined => {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size === Number.POSITIVE_INFINITY) return sign | 0x7c00;
  if (size < 2 ** -14) {
    const fraction = size * 2 ** 24;
    return Number.isInteger(fraction) ? sign | fraction : undefined;
  }
  const exponent = Math.floor(Math.log2(size));
  const fraction = (size / 2 ** exponent - 1) * 0x400;
  return exponent <= 15 && Number.isInteger(fraction) ? sign | ((exponent + 15) << 10) | fraction : undefined;
};

/** The width in bytes of the shortest float that holds `value` exactly (RFC 8949 4.1). */
export const floatWidth = (value: number): 2 | 4 | 8 => {
  if (toHalf(value) !== undefined) return 2;
  return Math.fround(value) === value ? 4 : 8;
};
