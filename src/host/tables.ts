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
}

export const createTables = (platform: Platform, granules: Granules, rd: bigint, startLevel: number): Tables => {
  const built = new Map<string, { readonly level: number; readonly base: bigint }>();
  return {
    ensure(ipa, level) {
      for (let next = startLevel + 1; next <= level; next += 1) {
        const base = ipa - (ipa % levelSize(next - 1));
        const key = `${next}/${base}`;
        if (built.has(key)) continue;
        callRmi(platform, 'RTT_CREATE', rd, granules.delegate(), base, BigInt(next));
        built.set(key, { level: next, base });
      }
    },
    destroy() {
      for (let level = RTT_PAGE_LEVEL; level > startLevel; level -= 1) {
        for (const table of built.values()) {
          if (table.level !== level) continue;
          const [, rtt = 0n] = callRmi(platform, 'RTT_DESTROY', rd, table.base, BigInt(level));
          granules.undelegate(rtt);
        }
      }
      built.clear();
    },
  };
};
