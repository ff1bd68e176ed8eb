import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { measurementExtend } from '../../../src/rmm/rsi/index.ts';
import { conformance, when } from '../language/conformance.ts';
import { measurementIn } from '../language/measure.ts';
import type { World } from '../language/world.ts';
import { running } from './support.ts';

const VALUE = Uint8Array.from({ length: 64 }, (_, i) => 0xa0 + i);

/** A REM that was zero, extended once: the digest-sized head, then the value as long as it was given. */
const extended = (algorithm: 'sha256' | 'sha512', size: number): Uint8Array => {
  const old = new Uint8Array(algorithm === 'sha256' ? 32 : 64);
  const slot = new Uint8Array(64);
  slot.set(createHash(algorithm).update(old).update(VALUE.subarray(0, size)).digest());
  return slot;
};

const rem = (w: World, index: number): Uint8Array => measurementIn(w.call('RSI_MEASUREMENT_READ', index));

export const measurementExtendRows = conformance(measurementExtend, {
  given: (w) => ({ ...running(w), index: 1, size: 32, value: VALUE }),
  fails: {
    index_bound: {
      'index 0, the RIM': () => ({ index: 0 }),
      'index 5': () => ({ index: 5 }),
      'index 2^32 + 1': () => ({ index: 2 ** 32 + 1 }),
    },
    size_bound: {
      '65 bytes': () => ({ size: 65 }),
      '2^32 bytes': () => ({ size: 2 ** 32 }),
    },
  },
  passes: {
    index_bound: {
      'index 4': (_, w) => when({ index: 4 }, { sees: () => expect(rem(w, 4)).toEqual(extended('sha256', 32)) }),
    },
    size_bound: {
      '64 bytes': (_, w) => when({ size: 64 }, { sees: () => expect(rem(w, 1)).toEqual(extended('sha256', 64)) }),
      'no byte': (_, w) => when({ size: 0 }, { sees: () => expect(rem(w, 1)).toEqual(extended('sha256', 0)) }),
      'one byte': (_, w) => when({ size: 1 }, { sees: () => expect(rem(w, 1)).toEqual(extended('sha256', 1)) }),
    },
  },
  succeeds: {
    realm_meas: {
      'the hash of the old value and the new one': (_, w) =>
        when({}, { sees: () => expect(rem(w, 1)).toEqual(extended('sha256', 32)) }),
      'the other REMs are zero': (_, w) =>
        when(
          {},
          {
            sees: () => {
              for (const index of [2, 3, 4]) expect(rem(w, index)).toEqual(new Uint8Array(64));
            },
          },
        ),
      'the RIM is what it was': (_, w) => {
        const rim = rem(w, 0);
        return when({}, { sees: () => expect(rem(w, 0)).toEqual(rim) });
      },
      'with SHA-512, 64 bytes': (_, w) => {
        w.driver.interrupt('IRQ');
        running(w, { hash: 'SHA_512' });
        return when({}, { sees: () => expect(rem(w, 1)).toEqual(extended('sha512', 32)) });
      },
    },
  },
});
