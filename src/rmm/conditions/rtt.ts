import { RTT_ENTRIES, RTT_PAGE_LEVEL } from '../../abi/index.ts';
import type { Realm } from '../model/realm.ts';
import { levelSize, type Rtt, rtteIsLive } from '../model/rtt.ts';
import type { RmmView, Walk } from '../model/view.ts';

/** RttLevelIsValid: a level that the Realm's tree has (RMM 1.0 B3.67). */
export const rttLevelIsValid = (realm: Realm, level: number): boolean =>
  level >= realm.rtt_level_start && level <= RTT_PAGE_LEVEL;

/** A level at which a table can be added or removed: below the starting level. */
export const rttLevelIsStructural = (realm: Realm, level: number): boolean =>
  rttLevelIsValid(realm, level) && level !== realm.rtt_level_start;

/** RttLevelIsBlockOrPage: a level whose entries can map memory (RMM 1.0 B3.65). */
export const rttLevelIsBlockOrPage = (realm: Realm, level: number): boolean =>
  rttLevelIsValid(realm, level) && level >= 1;

/** Entries that a table of this level uses: level -1 translates 4 bits. */
const usedEntries = ({ level }: Rtt, atLevelMinus1 = 16): number => (level === -1 ? atLevelMinus1 : RTT_ENTRIES);

/**
 * RttSkipNonLiveEntries: the first IPA at or after `ipa` that a live entry of the same table describes, else the end of
 * that table (RMM 1.0 B3.76). When the entry at `ipa` is live, `ipa` itself.
 */
export const rttSkipNonLiveEntries = (rmm: RmmView, { level, rtt, index }: Walk, ipa: bigint): bigint => {
  const table = rmm.rtt(rtt);
  const { entries } = table;
  const from = entries[index];
  if (from !== undefined && rtteIsLive(from)) return ipa;
  let next = index + 1;
  for (; next < usedEntries(table, rmm.impDef.entriesAtLevelMinus1); next += 1) {
    const entry = entries[next];
    if (entry !== undefined && rtteIsLive(entry)) break;
  }
  const size = levelSize(level);
  return (ipa & ~(size - 1n)) + BigInt(next - index) * size;
};

/** What one call of RTT_INIT_RIPAS or RTT_SET_RIPAS reaches: the entries from the walk's on, and the IPA after them. */
export interface RipasScan {
  readonly indices: readonly number[];
  readonly top: bigint;
}

/**
 * The entries of one table whose RIPAS a call may change, from `base` up to `top` (RttSkipEntriesWithRipas, RMM 1.0 B3.75): it stops
 * at the first entry that `stops`, at the end of the table, or before an entry that would reach past `top`.
 */
export const ripasScan = (
  rmm: RmmView,
  walk: Walk,
  base: bigint,
  top: bigint,
  stops: (entry: Rtt['entries'][number]) => boolean,
): RipasScan => {
  const table = rmm.rtt(walk.rtt);
  const size = levelSize(walk.level);
  const indices: number[] = [];
  let at = base & ~(size - 1n);
  for (let index = walk.index; index < usedEntries(table) && at + size <= top; index += 1) {
    const entry = table.entries[index];
    if (entry === undefined || stops(entry)) break;
    indices.push(index);
    at += size;
  }
  return { indices, top: at };
};
