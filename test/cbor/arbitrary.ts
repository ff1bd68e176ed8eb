import fc from 'fast-check';
import { type CborValue, Float, Simple, Tagged } from '../../src/cbor/index.ts';

const UINT64_MAX = 2n ** 64n - 1n;
const SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** Integers of every head width, as `toValue` gives them: bigint beyond 2^53 only. */
export const someInteger: fc.Arbitrary<number | bigint> = fc
  .tuple(fc.constantFrom(5n, 8n, 16n, 32n, 53n, 64n), fc.bigInt(0n, UINT64_MAX), fc.boolean())
  .map(([bits, raw, negative]) => {
    const size = raw & ((1n << bits) - 1n);
    const value = negative ? -1n - size : size;
    return value >= -SAFE && value <= SAFE ? Number(value) : value;
  });

export const someText = fc.string({ unit: 'grapheme', maxLength: 30 });
export const someBytes = fc.uint8Array({ maxLength: 300 });
export const someFraction = fc
  .oneof(fc.double(), fc.float(), fc.constantFrom(1.5, 2 ** -24, 2 ** -25, 1 / 3, Number.NaN, Number.POSITIVE_INFINITY))
  .filter((value) => !Number.isInteger(value));
const TAGS = [18, 61, 399, 501, 907, 0x1_0000];

interface Kinds {
  /** With what cbor-x does not know or keep: whole floats, simple values without a name, tags beyond 32 bits. */
  readonly exotic: boolean;
}

/** Values that come back from `toValue(decode(encode(value)))` as they were. */
export const someValue = ({ exotic }: Kinds): fc.Arbitrary<CborValue> =>
  fc.letrec<{ value: CborValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      someInteger,
      someText,
      someBytes,
      someFraction,
      fc.constantFrom(true, false, null, undefined),
      ...(exotic
        ? [
            fc.integer({ min: -1e6, max: 1e6 }).map((value) => new Float(value)),
            fc.constantFrom(-0, 1e300, 2 ** 60).map((value) => new Float(value)),
            fc.constantFrom(0, 16, 19, 32, 255).map((value) => new Simple(value)),
          ]
        : []),
      fc.array(tie('value'), { maxLength: 30 }),
      fc
        .uniqueArray(fc.tuple(fc.oneof(someInteger, someText), tie('value')), {
          selector: ([key]) => key,
          maxLength: 30,
        })
        .map((entries) => new Map(entries)),
      fc
        .tuple(fc.constantFrom(...TAGS, ...(exotic ? [2 ** 40, 2n ** 64n - 1n] : [])), tie('value'))
        .map(([tag, content]) => new Tagged(tag, content)),
    ),
  })).value;
