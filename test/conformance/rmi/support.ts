import { RTT } from '../../../src/abi/index.ts';
import type { World } from '../language/world.ts';

export { RTT };

const HIGH = 1n << 48n;

/** A machine with RAM above 48 bits, which a Realm without LPA2 cannot map. */
export const HIGH_RAM = {
  setup: {
    machine: {
      pa_width: 52,
      dram: [
        { base: 0x8000_0000n, size: 0x4000_0000n },
        { base: HIGH, size: 0x1_0000n },
      ],
    },
  },
  /** The granule that the compliance suite names: 2^48 + 4K. */
  delegated(w: World): bigint {
    w.must('RMI_GRANULE_DELEGATE', HIGH + 0x1000n);
    return HIGH + 0x1000n;
  },
} as const;
