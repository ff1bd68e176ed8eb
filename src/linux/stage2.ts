import { GRANULE } from '../abi/index.ts';
import { Bug } from '../bytes/index.ts';
import type { IpaRange } from '../host/index.ts';
import { BLOCK, DEVICES, MIB, type MonitorMemory, RAM_BASE, UNPROTECTED } from './memory-map.ts';

/** The half of the IPA space in which a page of RAM appears. */
export type Side = 'protected' | 'unprotected';

/** Writes bytes at a physical address of QEMU's machine. */
export type WriteRam = (pa: bigint, bytes: Uint8Array) => void;

/** The translation of the Realm's addresses, as QEMU's CPUs walk it. */
export interface Stage2 {
  /** Pages of RAM move to a half, and vanish from the other. */
  move(range: IpaRange, side: Side): void;
  /** Whether anything moved since the last call: CPUs have to forget what they know. */
  takeChanged(): boolean;
}

const ENTRIES = 512;
const GIB = 1024n * MIB;

/** A table under the entry, or a page at the last level. */
const VALID = 3n;
/** Access flag, inner shareable, readable and writable, normal write-back memory. */
const NORMAL = (1n << 10n) | (3n << 8n) | (3n << 6n) | (0xfn << 2n);
/** Access flag, readable and writable, device memory (nGnRE). */
const DEVICE = (1n << 10n) | (3n << 6n) | (1n << 2n);
const EXECUTE_NEVER = 1n << 54n;

/**
 * Builds the tables: `realmSize` bytes of RAM in the Protected half, the devices in the other. A page of RAM is in one
 * half at a time, as its RIPAS says; nothing else is anywhere.
 */
export const createStage2 = (monitor: MonitorMemory, realmSize: bigint, write: WriteRam): Stage2 => {
  /** The entries of each table, by its address. */
  const tables = new Map<bigint, BigUint64Array>();
  const end = RAM_BASE + monitor.ramSize;
  let free = monitor.tables;
  const newTable = (): bigint => {
    const pa = free;
    if (pa >= end) throw new Bug('the tables of stage 2 outgrow their place');
    free += GRANULE;
    tables.set(pa, new BigUint64Array(ENTRIES));
    return pa;
  };
  const entriesOf = (table: bigint): BigUint64Array => {
    const entries = tables.get(table);
    if (entries === undefined) throw new Bug(`there is no table at 0x${table.toString(16)}`);
    return entries;
  };
  const below = (table: bigint, index: number): bigint => {
    const entries = entriesOf(table);
    const entry = entries[index] ?? 0n;
    if (entry !== 0n) return entry & ~VALID;
    const made = newTable();
    entries[index] = made | VALID;
    return made;
  };
  const root = newTable();
  /** The table of level 3 that maps an address. */
  const leafOf = (ipa: bigint): bigint => below(below(root, Number(ipa / GIB)), Number((ipa % GIB) / BLOCK));
  const indexOf = (ipa: bigint): number => Number((ipa % BLOCK) / GRANULE);

  const dirty = new Set<bigint>();
  /** Maps pages of one half, or takes them away where there are no attributes. */
  const fill = ({ base, size }: IpaRange, half: bigint, attributes: bigint | undefined): void => {
    for (let pa = base; pa < base + size; ) {
      const leaf = leafOf(half + pa);
      const entries = entriesOf(leaf);
      const stop = pa - (pa % BLOCK) + BLOCK;
      for (; pa < stop && pa < base + size; pa += GRANULE) {
        entries[indexOf(pa)] = attributes === undefined ? 0n : pa | attributes | VALID;
      }
      dirty.add(leaf);
    }
  };
  const flush = (changed: Iterable<bigint>): void => {
    for (const table of changed) write(table, new Uint8Array(entriesOf(table).buffer));
    dirty.clear();
  };

  for (const device of Object.values(DEVICES)) fill(device, UNPROTECTED, DEVICE | EXECUTE_NEVER);
  const ram = { base: RAM_BASE, size: realmSize };
  fill(ram, 0n, NORMAL);
  fill(ram, UNPROTECTED, undefined);
  flush(tables.keys());
  let changed = false;

  return {
    move(range, side) {
      const top = RAM_BASE + realmSize;
      const base = range.base > RAM_BASE ? range.base : RAM_BASE;
      const size = (range.base + range.size < top ? range.base + range.size : top) - base;
      if (size <= 0n) return;
      const isProtected = side === 'protected';
      fill({ base, size }, 0n, isProtected ? NORMAL : undefined);
      fill({ base, size }, UNPROTECTED, isProtected ? undefined : NORMAL | EXECUTE_NEVER);
      flush(dirty);
      changed = true;
    },
    takeChanged() {
      const was = changed;
      changed = false;
      return was;
    },
  };
};
