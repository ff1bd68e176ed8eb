import { hexNumber } from '../../bytes/index.ts';
import type { IpaRange } from '../../host/index.ts';
import type { Origin } from './opened.ts';

/** A range of IPAs and who asked for it. */
export interface AskedRange extends IpaRange {
  readonly origin: Origin;
}

const GRANULE = 4096n;

/** The bytes of whole granules that hold so many. */
export const granuleBytes = (bytes: number): bigint => ((BigInt(bytes) + GRANULE - 1n) / GRANULE) * GRANULE;

const rangeText = ({ base, size }: IpaRange): string => `${hexNumber(base)} to ${hexNumber(base + size)}`;

/**
 * A range of whole blocks inside the protected half of the IPA space, which is where private memory lives (RMM 1.0 A5.1).
 *
 * @throws {UsageError} by the range's origin.
 */
export const checkRange = (range: AskedRange, ipaWidth: number, block = GRANULE): void => {
  const { base, size, origin } = range;
  if (base % block !== 0n || size % block !== 0n) {
    throw origin.refuse(`${rangeText(range)} is not made of whole blocks of ${hexNumber(block)} bytes`);
  }
  const top = 1n << BigInt(ipaWidth - 1);
  if (base + size > top) {
    throw origin.refuse(
      `${rangeText(range)} leaves the protected half of the ${ipaWidth}-bit IPA space, which ends at ${hexNumber(top)}`,
    );
  }
};

/** @throws {UsageError} by the later in the list of two ranges that overlap. */
export const checkOverlap = (ranges: readonly AskedRange[]): void => {
  const ascending = [...ranges].sort((a, b) => (a.base < b.base ? -1 : a.base > b.base ? 1 : 0));
  for (const [i, range] of ascending.entries()) {
    const next = ascending[i + 1];
    if (next === undefined || range.base + range.size <= next.base) continue;
    const [first, second] = ranges.indexOf(range) < ranges.indexOf(next) ? [range, next] : [next, range];
    throw second.origin.refuse(`${rangeText(second)} overlaps ${first.origin.name}, ${rangeText(first)}`);
  }
};

/** What is loaded lies in memory: elsewhere the Realm would not look for it. @throws {UsageError} by the range's origin. */
export const checkInside = (range: AskedRange, memory: AskedRange, others: readonly AskedRange[]): void => {
  const holds = ({ base, size }: IpaRange): boolean => base <= range.base && range.base + range.size <= base + size;
  if ([memory, ...others].some(holds)) return;
  throw range.origin.refuse(`${rangeText(range)} is not inside the memory of the Realm, ${rangeText(memory)}`);
};

/** More RTT entries than anybody waits for: 4 GiB in pages. */
const MAX_RIPAS_ENTRIES = 1n << 20n;
const LARGEST_BLOCK = 1n << 30n;

/** How many entries RMI_RTT_INIT_RIPAS has to set is bounded. @throws {UsageError} by the range's origin. */
export const checkEntries = (range: AskedRange, block: 'auto' | number): void => {
  const entries = range.size / (block === 'auto' ? LARGEST_BLOCK : BigInt(block));
  if (entries <= MAX_RIPAS_ENTRIES) return;
  throw range.origin.refuse(`takes ${entries} table entries, more than ${MAX_RIPAS_ENTRIES}; use a larger block`);
};
