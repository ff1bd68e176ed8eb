import type { Hex } from '../bytes/index.ts';
import type { HashName } from '../crypto/index.ts';
import type { Epoch } from './state.ts';

/** What a chip was asked to do. */
export type ChipOp =
  | 'coldReset'
  | 'apReset'
  | 'setLifecycle'
  | 'rotateCpak'
  | 'rotateGuk'
  | 'activate'
  | 'extend'
  | 'getDelegatedKey'
  | 'getPlatformToken';

/**
 * One entry of a chip's event log: enough to show its life, and for a verifier to compute the slots again (hes 6.3).
 * Plain data, byte strings in hexadecimal, and nothing secret.
 */
export interface LogEntry {
  /** From 0, without a gap over the life of the chip. */
  readonly seq: number;
  readonly epoch: Epoch;
  readonly op: ChipOp;
  /** What came of it: a PSA status, an LFA status, or why the chip did not do it. */
  readonly result: string;
  readonly slot?: number;
  readonly swType?: string;
  readonly version?: string;
  readonly signerId?: Hex;
  readonly alg?: HashName | undefined;
  /** What the slot was extended with. */
  readonly value?: Hex;
  readonly newSlotValue?: Hex;
  readonly lock?: boolean;
  /** What an operation of the chip's life changed, for people. */
  readonly says?: string;
}

/** Entries that a chip keeps; the oldest go first, and `seq` tells how many went. */
export const LOG_LIMIT = 10_000;

/** The log of one chip. */
export interface ChipLog {
  readonly entries: readonly LogEntry[];
  add(entry: Omit<LogEntry, 'seq'>): void;
  fork(): ChipLog;
}

export const createLog = (earlier: readonly LogEntry[] = []): ChipLog => {
  const entries = earlier.slice(-LOG_LIMIT);
  let next = (entries.at(-1)?.seq ?? -1) + 1;
  return {
    get entries() {
      return entries;
    },
    add(entry) {
      entries.push({ seq: next, ...entry });
      next += 1;
      if (entries.length > LOG_LIMIT) entries.shift();
    },
    fork: () => createLog(entries),
  };
};
