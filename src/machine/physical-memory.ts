import { CowTable, type Journal } from './cow-table.ts';
import { type GptEntry, gptAllows, type Pas } from './pas.ts';
import { contains, type MachineProfile } from './profile.ts';

/** Bytes of a granule. */
export const GRANULE_SIZE = 0x1000;

/** Something outside the machine that holds a granule's bytes, as a file shared with a guest does. */
export interface PageBacking {
  load(): Uint8Array;
  store(page: Uint8Array): void;
}

export const granuleIndex = (pa: bigint): number => Number(pa >> 12n);

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

  constructor(profile: MachineProfile, pages?: CowTable<Uint8Array>, gpt?: CowTable<GptEntry>) {
    this.profile = profile;
    this.#pages = pages ?? new CowTable('memory');
    this.#gpt = gpt ?? new CowTable('gpt');
    this.#backings = new Map();
  }

  /** The granule protection table entry of the granule that holds `pa`. */
  gpt(pa: bigint): GptEntry {
    const set = this.#gpt.get(granuleIndex(pa));
    if (set !== undefined) return set;
    if (this.profile.secure.some((region) => contains(region, pa))) return 'GPT_SECURE';
    const known = this.profile.dram.some((r) => contains(r, pa)) || this.profile.device.some((r) => contains(r, pa));
    return known ? 'GPT_NS' : 'GPT_ROOT';
  }

  setGpt(pa: bigint, entry: GptEntry): void {
    this.#gpt.set(granuleIndex(pa), entry);
  }

  /** Whether every granule of the range may be accessed through `pas`. */
  allows(pas: Pas, pa: bigint, length = 1): boolean {
    for (let at = pa & ~0xfffn; at < pa + BigInt(length); at += 0x1000n)
      if (!gptAllows(this.gpt(at), pas)) return false;
    return true;
  }

  /** The whole granule at `pa`. The bytes are shared: callers must not write to them. */
  page(pa: bigint): Uint8Array {
    const index = granuleIndex(pa);
    const backing = this.#backings.get(index);
    if (backing !== undefined) return backing.load();
    return this.#pages.get(index) ?? ZERO_PAGE;
  }

  /** Replaces the whole granule at `pa`; the memory keeps the array. Undefined makes it zero and free. */
  setPage(pa: bigint, page: Uint8Array | undefined): void {
    const index = granuleIndex(pa);
    this.#backings.get(index)?.store(page ?? ZERO_PAGE);
    this.#pages.set(index, page);
  }

  /** A copy of `length` bytes at `pa`, without any protection check: that is for whoever asks to have made. */
  read(pa: bigint, length: number): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const offset = Number((pa + BigInt(done)) & 0xfffn);
      const piece = Math.min(GRANULE_SIZE - offset, length - done);
      out.set(this.page(pa + BigInt(done)).subarray(offset, offset + piece), done);
      done += piece;
    }
    return out;
  }

  /** Writes a copy of `bytes` at `pa`, without any protection check. */
  write(pa: bigint, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      const at = pa + BigInt(done);
      const offset = Number(at & 0xfffn);
      const piece = Math.min(GRANULE_SIZE - offset, bytes.length - done);
      const page = piece === GRANULE_SIZE ? new Uint8Array(GRANULE_SIZE) : this.page(at).slice();
      page.set(bytes.subarray(done, done + piece), offset);
      this.setPage(at, page);
      done += piece;
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
    for (const [index, backing] of this.#backings) copy.setPage(BigInt(index) << 12n, backing.load().slice());
    return copy;
  }
}

const ZERO_PAGE = new Uint8Array(GRANULE_SIZE);
