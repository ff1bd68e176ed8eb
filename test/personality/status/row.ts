import type { MachineProfile } from '../../../src/machine/index.ts';
import type { Bench, Exit, Regs } from './bench.ts';

/** What was done to the reference RMM to get the answer of the row with this number. */
export interface Row {
  readonly n: number;
  readonly title: string;
  readonly play: (b: Bench) => Regs | Exit;
  /** What the machine has otherwise. */
  readonly machine: Partial<MachineProfile>;
}

export type Play = Row['play'];

export const row = (n: number, title: string, play: Play, machine: Partial<MachineProfile> = {}): Row => ({
  n,
  title,
  play,
  machine,
});

export const UNPROTECTED = 1n << 32n;
export const IPA_LIMIT = 1n << 33n;
/** Below no table but the root. */
export const UNTABLED = 0x4000_0000n;
export const OUTSIDE_DRAM = 0x4000_0000n;
export const ALL_ONES = (1n << 64n) - 1n;
