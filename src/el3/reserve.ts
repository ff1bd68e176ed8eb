import type { ERmm } from '../abi/index.ts';
import { GRANULE_SIZE, type MachineProfile, type Region } from '../machine/index.ts';

const PAGE = BigInt(GRANULE_SIZE);

/**
 * Memory that EL3 can give to the RMM: a range beside the regions that overlaps none of them, behind the shared page
 * where that is there. Undefined when there is no such range.
 */
export const reservePool = (profile: MachineProfile, sharedPage: bigint, bytes: number): Region | undefined => {
  const size = BigInt(bytes);
  if (size === 0n) return undefined;
  const taken = [...profile.dram, ...profile.device, ...profile.secure, { base: sharedPage, size: PAGE }];
  const free = (base: bigint): boolean =>
    base > 0n &&
    base + size <= 1n << BigInt(profile.pa_width) &&
    taken.every((region) => base + size <= region.base || base >= region.base + region.size);
  const bases = taken.flatMap((region) => [region.base + region.size, region.base - size]);
  const base = bases.map((each) => each & ~(PAGE - 1n)).find(free);
  return base === undefined ? undefined : { base, size };
};

const LOCAL_CPU = 1n;
const ALIGNMENT_SHIFT = 56n;

export interface Reservation {
  readonly status: ERmm;
  readonly address: bigint;
  /** First byte of the pool that is not given away yet. */
  readonly next: bigint;
}

/** RMM_RESERVE_MEMORY: flags, then what is left (rmm-el3 4.8). Nothing is ever given back. */
export const reserveMemory = (pool: Region | undefined, next: bigint, size: bigint, args: bigint): Reservation => {
  const refuse = (status: ERmm): Reservation => ({ status, address: 0n, next });
  if ((args & ((1n << ALIGNMENT_SHIFT) - 1n) & ~LOCAL_CPU) !== 0n) return refuse('E_RMM_INVAL');
  if (pool === undefined) return refuse('E_RMM_NOMEM');
  const alignment = 1n << (args >> ALIGNMENT_SHIFT);
  const at = ((pool.base + next + alignment - 1n) / alignment) * alignment;
  const end = at + size;
  if (end > pool.base + pool.size) return refuse('E_RMM_NOMEM');
  return { status: 'E_RMM_OK', address: at, next: end - pool.base };
};
