import { type Ripas, RTT_ENTRIES, RTT_PAGE_LEVEL } from '../../abi/index.ts';

/** RmmRttEntryState (RMM 1.0 A5.5.1). */
export type RtteState = 'UNASSIGNED' | 'ASSIGNED' | 'UNASSIGNED_NS' | 'ASSIGNED_NS' | 'TABLE';

/** One RTT entry. `addr` means something in ASSIGNED, ASSIGNED_NS and TABLE; `attr` in ASSIGNED_NS. */
export interface Rtte {
  readonly state: RtteState;
  readonly ripas: Ripas;
  readonly addr: bigint;
  /** MemAttr and S2AP of an ASSIGNED_NS entry, at their places in the descriptor. */
  readonly attr: bigint;
}

/** A Realm Translation Table. The array is replaced whole. */
export interface Rtt {
  readonly level: number;
  readonly entries: readonly Rtte[];
}

export const UNASSIGNED: Readonly<Record<Ripas, Rtte>> = {
  EMPTY: { state: 'UNASSIGNED', ripas: 'EMPTY', addr: 0n, attr: 0n },
  RAM: { state: 'UNASSIGNED', ripas: 'RAM', addr: 0n, attr: 0n },
  DESTROYED: { state: 'UNASSIGNED', ripas: 'DESTROYED', addr: 0n, attr: 0n },
};
export const UNASSIGNED_NS: Rtte = { state: 'UNASSIGNED_NS', ripas: 'EMPTY', addr: 0n, attr: 0n };

export const assigned = (addr: bigint, ripas: Ripas): Rtte => ({ state: 'ASSIGNED', ripas, addr, attr: 0n });
export const assignedNs = (addr: bigint, attr: bigint): Rtte => ({ state: 'ASSIGNED_NS', ripas: 'EMPTY', addr, attr });
export const table = (addr: bigint): Rtte => ({ state: 'TABLE', ripas: 'EMPTY', addr, attr: 0n });

/** The entry with another RIPAS. Unassigned entries are shared values. */
export const withRipas = (entry: Rtte, ripas: Ripas): Rtte =>
  entry.state === 'UNASSIGNED' ? UNASSIGNED[ripas] : { ...entry, ripas };

/** A table all of whose entries are `entry`. */
export const uniformRtt = (level: number, entry: Rtte): Rtt => ({
  level,
  entries: new Array<Rtte>(RTT_ENTRIES).fill(entry),
});

/** Bits of an address below an entry of `level`: 12 at level 3, 48 at level -1 (RMM 1.0 A5.5.2). */
const levelShift = (level: number): number => 12 + 9 * (RTT_PAGE_LEVEL - level);

/** Bytes that one entry of `level` describes. */
export const levelSize = (level: number): bigint => SIZES[level + 1] ?? 1n << BigInt(levelShift(level));

/** From level -1 on. */
const SIZES: readonly bigint[] = [-1, 0, 1, 2, 3].map((level) => 1n << BigInt(levelShift(level)));
const SIZE_NUMBERS: readonly number[] = SIZES.map(Number);

/** Which entry of a `level` of the tree describes an IPA, counted from the first table of that level. */
export const entryNumber = (ipa: number, level: number): number => Math.floor(ipa / (SIZE_NUMBERS[level + 1] ?? 1));

/** The same within one table. */
export const entryIndex = (ipa: number, level: number): number => entryNumber(ipa, level) % RTT_ENTRIES;

/** RttEntryIsLive: an address is stored in it (RMM 1.0 A5.5.7). */
export const rtteIsLive = ({ state }: Rtte): boolean =>
  state === 'ASSIGNED' || state === 'ASSIGNED_NS' || state === 'TABLE';

/** RttIsLive: a table that holds only ASSIGNED_NS entries is not live (RMM 1.0 A5.5.7). */
export const rttIsLive = ({ entries }: Rtt): boolean =>
  entries.some(({ state }) => state === 'ASSIGNED' || state === 'TABLE');

/** What unfolding puts at position `index` of a child of `level` (RMM 1.0 A5.5.6). */
export const unfoldedEntry = (parent: Rtte, level: number, index: number): Rtte =>
  parent.state === 'ASSIGNED' || parent.state === 'ASSIGNED_NS'
    ? { ...parent, addr: parent.addr + BigInt(index) * levelSize(level) }
    : parent;

export const unfold = (parent: Rtte, level: number): Rtt => ({
  level,
  entries: Array.from({ length: RTT_ENTRIES }, (_, index) => unfoldedEntry(parent, level, index)),
});

/**
 * The parent entry that a homogeneous table folds into, or undefined when it is not homogeneous (RMM 1.0 A5.5.6).
 * Entries that map memory fold only into levels that can hold a block: children of level 2 and 3.
 */
export const fold = ({ level, entries }: Rtt): Rtte | undefined => {
  const first = entries[0];
  if (first === undefined || first.state === 'TABLE') return undefined;
  const maps = first.state === 'ASSIGNED' || first.state === 'ASSIGNED_NS';
  if (maps && (level < 2 || first.addr % levelSize(level - 1) !== 0n)) return undefined;
  const size = levelSize(level);
  const same = entries.every(
    (entry, i) =>
      entry.state === first.state &&
      entry.ripas === first.ripas &&
      entry.attr === first.attr &&
      (!maps || entry.addr === first.addr + BigInt(i) * size),
  );
  return same ? first : undefined;
};

/** The configurations of starting level and concatenation that VMSA allows (RMM 1.0 B3.55, RttConfigIsValid). */
export const rttConfigIsValid = (s2sz: number, lpa2: boolean, level: number, count: number): boolean => {
  const shape = startLevelShape(level, lpa2);
  if (shape === undefined || s2sz < Math.max(shape.min, MIN_IPA_WIDTH) || s2sz > shape.max) return false;
  return count === startLevelTables(s2sz, level);
};

/** The smallest IPA width of a Realm. */
export const MIN_IPA_WIDTH = 32;

const startLevelShape = (level: number, lpa2: boolean): { readonly min: number; readonly max: number } | undefined => {
  if (level === -1) return lpa2 ? { min: 49, max: 52 } : undefined;
  if (!Number.isInteger(level) || level < 0 || level > RTT_PAGE_LEVEL) return undefined;
  const min = 9 * (RTT_PAGE_LEVEL - level) + 13;
  // Up to 16 tables may be concatenated, but at level 0 only where LPA2 makes room for wider addresses.
  return { min, max: min + 8 + (level > 0 || lpa2 ? 4 : 0) };
};

/** How many tables the starting level needs for an IPA width. */
export const startLevelTables = (s2sz: number, level: number): number =>
  2 ** Math.max(0, s2sz - (9 * (RTT_PAGE_LEVEL - level) + 21));
