import { RTT_PAGE_LEVEL } from '../abi/index.ts';
import type { Platform } from '../platform/index.ts';
import { levelSize } from '../rmm/index.ts';
import type { Granules } from './granules.ts';
import { callRmi } from './rmi.ts';

/** The translation tables that a Host built for one Realm, beyond the starting level. */
export interface Tables {
  /** Makes the walk to `ipa` reach `level`. */
  ensure(ipa: bigint, level: number): void;
  /** Removes every table, deepest first. */
  destroy(): void;
  /** The same tables in a machine that was forked from this one. */
  fork(platform: Platform, granules: Granules): Tables;
}

/** For each level, the first IPAs of the tables that stand. */
type Built = ReadonlyMap<number, ReadonlySet<bigint>>;

export const createTables = (
  platform: Platform,
  granules: Granules,
  rd: bigint,
  startLevel: number,
  before: Built = new Map(),
): Tables => {
  const built = new Map([...before].map(([level, bases]) => [level, new Set(bases)]));
  const ensure = (ipa: bigint, level: number): void => {
    if (level <= startLevel) return;
    const base = ipa - (ipa % levelSize(level - 1));
    const bases = built.get(level) ?? new Set();
    // A table that stands has those above it.
    if (bases.has(base)) return;
    ensure(ipa, level - 1);
    callRmi(platform, 'RTT_CREATE', rd, granules.delegate(), base, BigInt(level));
    built.set(level, bases.add(base));
  };
  return {
    ensure,
    destroy() {
      for (let level = RTT_PAGE_LEVEL; level > startLevel; level -= 1) {
        for (const base of built.get(level) ?? []) {
          const [, rtt = 0n] = callRmi(platform, 'RTT_DESTROY', rd, base, BigInt(level));
          granules.undelegate(rtt);
        }
      }
      built.clear();
    },
    fork: (forked, account) => createTables(forked, account, rd, startLevel, built),
  };
};
