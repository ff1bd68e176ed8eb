import type { ERmm } from '../abi/index.ts';
import { contains, GRANULE_SIZE, type MachineProfile } from '../machine/index.ts';

const PAGE = BigInt(GRANULE_SIZE);
const pageOf = (pa: bigint): bigint => BigInt.asUintN(64, pa) & ~(PAGE - 1n);

/**
 * The page that EL3 and RMM share: the first granule beside a region that belongs to none, so that no Host can delegate it.
 *
 * @returns undefined when the regions leave no such granule.
 */
export const sharedBufferPa = (profile: MachineProfile): bigint | undefined => {
  const regions = [...profile.dram, ...profile.device, ...profile.secure];
  const free = (pa: bigint): boolean =>
    pa > 0n && pa < 1n << BigInt(profile.pa_width) && !regions.some((region) => contains(region, pa));
  return [...regions.map(({ base, size }) => base + size), ...regions.map(({ base }) => base - PAGE)].find(free);
};

/**
 * Whether an SMC's (address, size) lies in the shared page, as EL3 asks: the page of the first byte, then of the last
 * (rmm-el3 3). A size of 0 at the page's base therefore fails, and elsewhere passes.
 *
 * @returns the status to refuse with, or undefined.
 */
export const sharedBufferError = (page: bigint, bufPa: bigint, bufSize: bigint): ERmm | undefined => {
  if (pageOf(bufPa) !== page) return 'E_RMM_BAD_ADDR';
  if (pageOf(bufPa + bufSize - 1n) !== page) return 'E_RMM_INVAL';
  return undefined;
};

/** Bytes that may be used of a buffer that passed: a size so large that address and size wrap ends with the page. */
export const bufferRoom = (page: bigint, bufPa: bigint, bufSize: bigint): number => {
  const toEnd = page + PAGE - bufPa;
  return Number(bufSize < toEnd ? bufSize : toEnd);
};
