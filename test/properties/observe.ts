import type { Platform } from '../../src/platform/index.ts';
import type { GranuleState, Realm, Rec, Rtt } from '../../src/rmm/index.ts';
import type { Running } from '../../src/rmm/model/tables.ts';

/** PEs that take part. */
export const PES = [0, 1, 2] as const;

/**
 * Everything that a machine holds, as maps from addresses to the records of the moment. Records are immutable, so two
 * observations differ exactly where a record is another one; where nothing changed, an observation is the one before.
 * Addresses are numbers here: they have at most 52 bits.
 */
export interface Observed {
  readonly granules: ReadonlyMap<number, GranuleState>;
  readonly pages: ReadonlyMap<number, Uint8Array>;
  readonly realms: ReadonlyMap<number, Realm>;
  readonly recs: ReadonlyMap<number, Rec>;
  readonly rtts: ReadonlyMap<number, Rtt>;
  readonly running: readonly (Running | undefined)[];
}

const isSame = <V>(before: ReadonlyMap<number, V>, entries: Iterable<readonly [bigint, V]>): boolean => {
  let count = 0;
  for (const [pa, value] of entries) {
    if (before.get(Number(pa)) !== value) return false;
    count += 1;
  }
  return count === before.size;
};

/** The map of a table, or the one of before when it says the same: an act changes few tables, and many change none. */
const gather = <V>(
  before: ReadonlyMap<number, V> | undefined,
  entries: () => Iterable<readonly [bigint, V]>,
): ReadonlyMap<number, V> => {
  if (before !== undefined && isSame(before, entries())) return before;
  const now = new Map<number, V>();
  for (const [pa, value] of entries()) now.set(Number(pa), value);
  return now;
};

export const observe = ({ rmm: { state }, memory }: Platform, before?: Observed): Observed => {
  const granules = gather(before?.granules, () => state.granules());
  const pages = gather(before?.pages, () => memory.touched());
  const realms = gather(before?.realms, () => state.realms());
  const recs = gather(before?.recs, () => state.recs());
  const rtts = gather(before?.rtts, () => state.rtts());
  const now = PES.map((pe) => state.running(pe));
  const running = before !== undefined && now.every((one, pe) => one === before.running[pe]) ? before.running : now;
  const same =
    before !== undefined &&
    granules === before.granules &&
    pages === before.pages &&
    realms === before.realms &&
    recs === before.recs &&
    rtts === before.rtts &&
    running === before.running;
  return same ? before : { granules, pages, realms, recs, rtts, running };
};

/** The keys whose record is another one, or gone, or new. */
export const changed = <V>(before: ReadonlyMap<number, V>, now: ReadonlyMap<number, V>): number[] => {
  if (before === now) return [];
  const keys: number[] = [];
  for (const [key, value] of now) if (before.get(key) !== value) keys.push(key);
  for (const key of before.keys()) if (!now.has(key)) keys.push(key);
  return keys;
};

/** What one RTT holds that leads somewhere. */
export interface Leads {
  readonly assigned: readonly (readonly [index: number, pa: number])[];
  readonly tables: readonly (readonly [index: number, pa: number])[];
  readonly shared: readonly number[];
}

const leads = new WeakMap<Rtt, Leads>();

/** The entries of an RTT that hold an address, found once for each record. */
export const leadsOf = (rtt: Rtt): Leads => {
  const known = leads.get(rtt);
  if (known !== undefined) return known;
  const assigned: [number, number][] = [];
  const tables: [number, number][] = [];
  const shared: number[] = [];
  rtt.entries.forEach(({ state, addr }, index) => {
    if (state === 'ASSIGNED') assigned.push([index, Number(addr)]);
    else if (state === 'TABLE') tables.push([index, Number(addr)]);
    else if (state === 'ASSIGNED_NS') shared.push(index);
  });
  const found = { assigned, tables, shared };
  leads.set(rtt, found);
  return found;
};

/** Bytes that one entry of a level describes. */
export const entrySize = (level: number): number => 2 ** (39 - 9 * level);

/** A table at its place in a Realm. */
export interface Place {
  readonly rd: number;
  readonly rtt: number;
  readonly level: number;
  /** First IPA that it describes. */
  readonly base: number;
}

/** The tables of a Realm from the top down. A table that is missing, or reached twice, is reached all the same. */
export const placesOf = ({ rtts }: Observed, rd: number, realm: Realm): Place[] => {
  const places: Place[] = [];
  const visit = (rtt: number, level: number, base: number): void => {
    places.push({ rd, rtt, level, base });
    const record = rtts.get(rtt);
    if (record === undefined || level >= 3 || places.length > 10_000) return;
    for (const [index, child] of leadsOf(record).tables) visit(child, level + 1, base + index * entrySize(level));
  };
  const span = 512 * entrySize(realm.rtt_level_start);
  for (let i = 0; i < realm.rtt_num_start; i += 1) {
    visit(Number(realm.rtt_base) + i * 0x1000, realm.rtt_level_start, i * span);
  }
  return places;
};
