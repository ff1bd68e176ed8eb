import { CowTable, type Journal } from './cow-table.ts';
import { type GptEntry, gptAllows, type Pas } from './pas.ts';
import type { MachineProfile, Region } from './profile.ts';

/** Bytes of a granule. */
export const GRANULE_SIZE = 0x1000;

/** Something outside the machine that holds a granule's bytes, as a file shared with a guest does. */
export interface PageBacking {
  load(): Uint8Array;
  store(page: Uint8Array): void;
}

/** An address is taken apart in here: to shift a BigInt would make another one, several times for each SMC. */
const address = new BigUint64Array(1);
const halves = new Uint32Array(address.buffer);
const LOW = new Uint32Array(BigUint64Array.of(1n).buffer)[0] === 1 ? 0 : 1;

/** Which granule holds `pa`: exact for any 64 bits. */
export const granuleIndex = (pa: bigint): number => {
  address[0] = pa;
  return (halves[1 - LOW] ?? 0) * 2 ** 20 + ((halves[LOW] ?? 0) >>> 12);
};

const offsetInGranule = (pa: bigint): number => Number(BigInt.asUintN(12, pa));

/** A range of granules whose protection the profile decides. */
interface Range {
  readonly first: number;
  readonly end: number;
  readonly entry: GptEntry;
}

const rangesOf = (regions: readonly Region[], entry: GptEntry): Range[] =>
  regions.map(({ base, size }) => ({ first: granuleIndex(base), end: granuleIndex(base + size), entry }));

/** Pages that are cut from one buffer: to make a buffer costs more than to fill a page. */
const SLAB_PAGES = 16;

/**
 * Simulated physical memory and its granule protection table.
 *
 * Pages are immutable and replaced whole: a copy of a granule shares its bytes, and a fork shares everything. Memory
 * that was never written reads as zero and costs nothing. Addresses reach up to 2^52.
 */
export class PhysicalMemory {
  readonly profile: MachineProfile;
  readonly #pages: CowTable<Uint8Array>;
  readonly #gpt: CowTable<GptEntry>;
  readonly #backings: Map<number, PageBacking>;
  readonly #dram: readonly Range[];
  readonly #ranges: readonly Range[];
  #slab = new Uint8Array();

  constructor(profile: MachineProfile, pages?: CowTable<Uint8Array>, gpt?: CowTable<GptEntry>) {
    this.profile = profile;
    this.#pages = pages ?? new CowTable('memory');
    this.#gpt = gpt ?? new CowTable('gpt');
    this.#backings = new Map();
    this.#dram = rangesOf(profile.dram, 'GPT_NS');
    this.#ranges = [...this.#dram, ...rangesOf(profile.secure, 'GPT_SECURE'), ...rangesOf(profile.device, 'GPT_NS')];
  }

  /** Whether a Host may delegate the granule that holds `pa`. */
  isDram(pa: bigint): boolean {
    const index = granuleIndex(pa);
    for (const { first, end } of this.#dram) if (index >= first && index < end) return true;
    return false;
  }

  /** The granule protection table entry of the granule that holds `pa`. */
  gpt(pa: bigint): GptEntry {
    return this.#protection(granuleIndex(pa));
  }

  setGpt(pa: bigint, entry: GptEntry): void {
    this.#gpt.set(granuleIndex(pa), entry);
  }

  /** Whether every granule of the range may be accessed through `pas`. */
  allows(pas: Pas, pa: bigint, length = 1): boolean {
    const first = granuleIndex(pa);
    const last = first + Math.floor((offsetInGranule(pa) + length - 1) / GRANULE_SIZE);
    for (let index = first; index <= last; index += 1) if (!gptAllows(this.#protection(index), pas)) return false;
    return true;
  }

  /** The whole granule at `pa`. The bytes are shared: callers must not write to them. */
  page(pa: bigint): Uint8Array {
    return this.#load(granuleIndex(pa));
  }

  /** Replaces the whole granule at `pa`; the memory keeps the array. Undefined makes it zero and free. */
  setPage(pa: bigint, page: Uint8Array | undefined): void {
    this.#store(granuleIndex(pa), page);
  }

  /** A copy of `length` bytes at `pa`, without any protection check: that is for whoever asks to have made. */
  read(pa: bigint, length: number): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(length);
    let index = granuleIndex(pa);
    let offset = offsetInGranule(pa);
    for (let done = 0; done < length; index += 1) {
      const piece = Math.min(GRANULE_SIZE - offset, length - done);
      out.set(this.#load(index).subarray(offset, offset + piece), done);
      done += piece;
      offset = 0;
    }
    return out;
  }

  /** Writes a copy of `bytes` at `pa`, without any protection check. */
  write(pa: bigint, bytes: Uint8Array): void {
    let index = granuleIndex(pa);
    let offset = offsetInGranule(pa);
    for (let done = 0; done < bytes.length; index += 1) {
      const piece = Math.min(GRANULE_SIZE - offset, bytes.length - done);
      const page = this.#newPage();
      if (piece < GRANULE_SIZE) page.set(this.#load(index));
      page.set(bytes.subarray(done, done + piece), offset);
      this.#store(index, page);
      done += piece;
      offset = 0;
    }
  }

  /** From now on the granule's bytes live in `backing`. A fork keeps a copy of them instead. */
  attach(pa: bigint, backing: PageBacking): void {
    this.#backings.set(granuleIndex(pa), backing);
  }

  detach(pa: bigint): void {
    const index = granuleIndex(pa);
    const backing = this.#backings.get(index);
    if (backing === undefined) return;
    this.#backings.delete(index);
    this.#pages.set(index, backing.load().slice());
  }

  set journal(journal: Journal | undefined) {
    this.#pages.journal = journal;
    this.#gpt.journal = journal;
  }

  /** The granules that hold something, and those whose protection differs from the profile's. */
  *touched(): Generator<readonly [pa: bigint, page: Uint8Array]> {
    for (const [index, page] of this.#pages.entries()) yield [BigInt(index) << 12n, page];
  }

  fork(): PhysicalMemory {
    const copy = new PhysicalMemory(this.profile, this.#pages.fork(), this.#gpt.fork());
    for (const [index, backing] of this.#backings) copy.#store(index, backing.load().slice());
    return copy;
  }

  #protection(index: number): GptEntry {
    const set = this.#gpt.get(index);
    if (set !== undefined) return set;
    for (const { first, end, entry } of this.#ranges) if (index >= first && index < end) return entry;
    return 'GPT_ROOT';
  }

  #load(index: number): Uint8Array {
    const backing = this.#backings.size === 0 ? undefined : this.#backings.get(index);
    return backing === undefined ? (this.#pages.get(index) ?? ZERO_PAGE) : backing.load();
  }

  #store(index: number, page: Uint8Array | undefined): void {
    if (this.#backings.size > 0) this.#backings.get(index)?.store(page ?? ZERO_PAGE);
    this.#pages.set(index, page);
  }

  /** A page of zeros. */
  #newPage(): Uint8Array {
    if (this.#slab.length === 0) this.#slab = new Uint8Array(SLAB_PAGES * GRANULE_SIZE);
    const page = this.#slab.subarray(0, GRANULE_SIZE);
    this.#slab = this.#slab.subarray(GRANULE_SIZE);
    return page;
  }
}

const ZERO_PAGE = new Uint8Array(GRANULE_SIZE);
