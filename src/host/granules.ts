import { GRANULE } from '../abi/index.ts';
import type { Platform } from '../platform/index.ts';
import { callRmi, HostError } from './rmi.ts';

/** The Host's own account of physical memory: which granules are free, which it delegated. */
export interface Granules {
  /** Contiguous granules in the Normal world, the first aligned to `align` granules. */
  allocate(count?: number, align?: number): bigint;
  /** The same, delegated to the Realm world. */
  delegate(count?: number, align?: number): bigint;
  free(pa: bigint): void;
  /** Takes a delegated granule back from the Realm world and frees it. */
  undelegate(pa: bigint): void;
  /** Granules that are allocated and not freed. */
  readonly inUse: number;
  /** The same account for a machine that was forked from this one. */
  fork(platform: Platform): Granules;
}

/** What an account has come to. */
interface Account {
  readonly free: readonly bigint[];
  readonly region: number;
  readonly next: bigint;
  readonly inUse: number;
}

export const createGranules = (platform: Platform, before?: Account): Granules => {
  const regions = platform.config.machine.dram;
  const free: bigint[] = [...(before?.free ?? [])];
  let region = before?.region ?? 0;
  let next = before?.next ?? regions[0]?.base ?? 0n;
  let inUse = before?.inUse ?? 0;

  const bump = (count: bigint, align: bigint): bigint => {
    for (;;) {
      const at = regions[region];
      if (at === undefined)
        throw new HostError('OUT_OF_MEMORY', 'the Host has no granule left: give the machine more DRAM');
      const size = align * GRANULE;
      const pa = align === 1n ? next : ((next + size - 1n) / size) * size;
      if (pa + count * GRANULE <= at.base + at.size) {
        for (let gap = next; gap < pa; gap += GRANULE) free.push(gap);
        next = pa + count * GRANULE;
        return pa;
      }
      region += 1;
      next = regions[region]?.base ?? 0n;
    }
  };

  const granules: Granules = {
    allocate(count = 1, align = 1) {
      const reused = count === 1 && align === 1 ? free.pop() : undefined;
      inUse += count;
      return reused ?? bump(BigInt(count), BigInt(align));
    },
    delegate(count = 1, align = 1) {
      const pa = granules.allocate(count, align);
      for (let i = 0; i < count; i += 1) callRmi(platform, 'GRANULE_DELEGATE', pa + BigInt(i) * GRANULE);
      return pa;
    },
    free(pa) {
      inUse -= 1;
      free.push(pa);
    },
    undelegate(pa) {
      callRmi(platform, 'GRANULE_UNDELEGATE', pa);
      granules.free(pa);
    },
    get inUse() {
      return inUse;
    },
    fork: (forked) => createGranules(forked, { free, region, next, inUse }),
  };
  return granules;
};
