import { GRANULE, RMI_RIPAS, RTT_PAGE_LEVEL } from '../abi/index.ts';
import type { Platform } from '../platform/index.ts';
import type { Granules } from './granules.ts';
import type { RealmPlan } from './plan.ts';
import { callRmi } from './rmi.ts';
import type { Tables } from './tables.ts';

/** A REC as its Host knows it. */
export interface HostRec {
  readonly rec: bigint;
  readonly aux: readonly bigint[];
  /** PA of its RecRun structure. */
  readonly run_ptr: bigint;
}

/** A Realm as its Host knows it. */
export interface HostRealm {
  readonly rd: bigint;
  readonly plan: RealmPlan;
  readonly recs: readonly HostRec[];
  readonly tables: Tables;
  readonly granules: Granules;
  /** Maps a page by the command that `create` issues for a fresh granule. */
  map(ipa: bigint, contents: 'loaded' | 'unknown', create: (pa: bigint) => void): void;
  /** Gives the Realm a page of unknown contents: what a Host does when the Realm touches memory that is not there. */
  mapUnknown(ipa: bigint): void;
  /** Takes a page away that the Realm has. Without one there, nothing happens. */
  destroyPage(ipa: bigint): void;
  /** Whether a page was taken away and the Realm has not asked for memory there since: it cannot be given another. */
  isDestroyed(ipa: bigint): boolean;
  /** Takes everything away again: afterwards each granule is back in the Normal world. */
  destroy(): void;
  /**
   * The same Realm in a machine that was forked from this one.
   *
   * @param granules  the Host's account of memory there, for all its Realms.
   * @param pages     told of the pages that the Realm has, and then of those that come and go.
   */
  fork(platform: Platform, granules: Granules, pages?: PageWatcher): HostRealm;
}

/** Told of the pages of a Realm as its Host maps and unmaps them. */
export interface PageWatcher {
  /** The page at `ipa` is the granule at `pa` now. It holds what was loaded, or nothing that anyone relies on. */
  mapped(ipa: bigint, pa: bigint, contents: 'loaded' | 'unknown'): void;
  /** The page is about to be taken away. */
  unmapped(ipa: bigint, pa: bigint): void;
}

/** What a Host remembers of a Realm. */
interface Parts {
  readonly plan: RealmPlan;
  readonly rd: bigint;
  readonly rttBase: bigint;
  readonly tableCount: number;
  /** A page of the Host, for parameters. */
  readonly page: bigint;
  readonly recs: readonly HostRec[];
  readonly tables: Tables;
  readonly granules: Granules;
  /** From IPA to PA. */
  readonly data: Map<bigint, bigint>;
  /** IPAs of pages that were taken away. */
  readonly taken: Set<bigint>;
}

export const hostRealm = (platform: Platform, parts: Parts, pages?: PageWatcher): HostRealm => {
  const { plan, rd, rttBase, tableCount, page, recs, tables, granules, data, taken } = parts;
  const realm: HostRealm = {
    rd,
    plan,
    recs,
    tables,
    granules,
    map(ipa, contents, create) {
      tables.ensure(ipa, RTT_PAGE_LEVEL);
      const pa = granules.delegate();
      try {
        create(pa);
      } catch (error) {
        granules.undelegate(pa);
        throw error;
      }
      data.set(ipa, pa);
      pages?.mapped(ipa, pa, contents);
    },
    mapUnknown: (ipa) => realm.map(ipa, 'unknown', (pa) => callRmi(platform, 'DATA_CREATE_UNKNOWN', rd, pa, ipa)),
    destroyPage(ipa) {
      const pa = data.get(ipa);
      if (pa === undefined) return;
      pages?.unmapped(ipa, pa);
      callRmi(platform, 'DATA_DESTROY', rd, ipa);
      granules.undelegate(pa);
      data.delete(ipa);
      taken.add(ipa);
    },
    isDestroyed(ipa) {
      if (!taken.has(ipa)) return false;
      const [, , , , ripas] = callRmi(platform, 'RTT_READ_ENTRY', rd, ipa, BigInt(RTT_PAGE_LEVEL));
      return ripas === BigInt(RMI_RIPAS.DESTROYED);
    },
    destroy() {
      for (const { rec, aux, run_ptr } of recs) {
        callRmi(platform, 'REC_DESTROY', rec);
        for (const pa of [rec, ...aux]) granules.undelegate(pa);
        granules.free(run_ptr);
      }
      for (const ipa of data.keys()) realm.destroyPage(ipa);
      tables.destroy();
      callRmi(platform, 'REALM_DESTROY', rd);
      granules.undelegate(rd);
      for (let i = 0; i < tableCount; i += 1) granules.undelegate(rttBase + BigInt(i) * GRANULE);
      granules.free(page);
    },
    fork(forked, account, watcher) {
      const theirs = {
        granules: account,
        tables: tables.fork(forked, account),
        data: new Map(data),
        taken: new Set(taken),
      };
      // Whatever a page holds by now is what the Realm relies on.
      for (const [ipa, pa] of data) watcher?.mapped(ipa, pa, 'loaded');
      return hostRealm(forked, { ...parts, ...theirs }, watcher);
    },
  };
  return realm;
};
