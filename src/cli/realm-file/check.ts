import { hexNumber } from '../../bytes/index.ts';
import type { IpaRange } from '../../host/index.ts';
import { misfit, type Place } from '../yaml/read.ts';

/** A range of IPAs with the place in the file that asked for it. */
export interface PlacedRange extends IpaRange {
  readonly place: Place;
}

const GRANULE = 4096n;

export const granules = (bytes: number): bigint => ((BigInt(bytes) + GRANULE - 1n) / GRANULE) * GRANULE;

const rangeText = ({ base, size }: IpaRange): string => `${hexNumber(base)} to ${hexNumber(base + size)}`;

/** A range of whole blocks inside the protected half of the IPA space, which is where private memory lives (RMM 1.0 A5.1). */
export const checkRange = (range: PlacedRange, ipaWidth: number, block = GRANULE): void => {
  const { base, size, place } = range;
  if (base % block !== 0n || size % block !== 0n) {
    throw misfit(place, `${rangeText(range)} is not made of whole blocks of ${hexNumber(block)} bytes`);
  }
  const top = 1n << BigInt(ipaWidth - 1);
  if (base + size > top) {
    throw misfit(
      place,
      `${rangeText(range)} leaves the protected half of the ${ipaWidth}-bit IPA space, which ends at ${hexNumber(top)}`,
    );
  }
};

/** @throws {UsageError} INPUT, at the later of two ranges that overlap. */
export const checkOverlap = (ranges: readonly PlacedRange[]): void => {
  const ascending = [...ranges].sort((a, b) => (a.base < b.base ? -1 : a.base > b.base ? 1 : 0));
  for (const [i, range] of ascending.entries()) {
    const next = ascending[i + 1];
    if (next === undefined || range.base + range.size <= next.base) continue;
    const [first, second] = range.place.line <= next.place.line ? [range, next] : [next, range];
    throw misfit(second.place, `${rangeText(second)} overlaps ${first.place.key}, ${rangeText(first)}`);
  }
};
