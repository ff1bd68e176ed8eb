import { expect, test } from 'vitest';
import { decompress } from '../../src/verify/decompress.ts';
import { CPAK, CPAK_P521, fill, OTHER, publicOf, RAK, RAK_P256 } from '../support/forge.ts';

test.each([CPAK, RAK, OTHER, RAK_P256, CPAK_P521])(
  'a point is found again from x and the parity of y on $curve',
  (secret) => {
    const point = publicOf(secret);
    const isOdd = ((point.y.at(-1) ?? 0) & 1) === 1;
    expect(decompress(point.curve, point.x, isOdd)).toEqual(point);
    const other = decompress(point.curve, point.x, !isOdd);
    expect(other?.x).toEqual(point.x);
    expect(other?.y).not.toEqual(point.y);
  },
);

test('an x of the wrong width, beyond the field or of no point is refused', () => {
  expect(decompress('P-384', fill(47, 1), true)).toBeUndefined();
  expect(decompress('P-384', fill(48, 0xff), true)).toBeUndefined();
  const points = Array.from({ length: 32 }, (_, i) => decompress('P-256', fill(32, i + 1), true));
  expect(points.some((point) => point === undefined)).toBe(true);
  expect(points.some((point) => point !== undefined)).toBe(true);
});
