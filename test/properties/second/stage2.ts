/**
 * Stage 2 of one Realm, written a second time from the sheet of the object model alone, and in another shape: not tables
 * that point at tables, but the set of ranges that have a table, and the leaf of each range that has none.
 *
 * Every outcome is the set of answers that the text permits, since failure conditions are only partly ordered.
 */
export type Ripas = 'EMPTY' | 'RAM' | 'DESTROYED';

export type Leaf =
  | { readonly hipas: 'UNASSIGNED'; readonly ripas: Ripas }
  | { readonly hipas: 'ASSIGNED'; readonly ripas: Ripas; readonly pa: bigint }
  | { readonly hipas: 'UNASSIGNED_NS' }
  | { readonly hipas: 'ASSIGNED_NS'; readonly pa: bigint; readonly attributes: bigint };

/** What stands at a place in the tree. */
export type Found = Leaf | { readonly hipas: 'TABLE'; readonly pa: bigint };

/** `IN`, `RT(2)`: return codes as the sheet writes them. */
export type Code = 'OK' | 'IN' | `RT(${number})`;

export interface Answer {
  /** Every code that is permitted; exactly one unless conditions without an order hold together. */
  readonly codes: readonly Code[];
  /** Outputs of the only permitted code. */
  readonly outputs: Readonly<Record<string, bigint>>;
}

const SHIFT: Readonly<Record<number, number>> = { [-1]: 48, 0: 39, 1: 30, 2: 21, 3: 12 };
const LAST_LEVEL = 3;
/** Bytes that one entry of a level describes. */
export const sizeAt = (level: number): bigint => 1n << BigInt(SHIFT[level] ?? 0);
const slotAt = (ipa: bigint, level: number): bigint => ipa / sizeAt(level);
const fanOut = (level: number): number => (level === -1 ? 16 : 512);

const ATTRIBUTES = 0b1101_1100n;

export class Stage2 {
  readonly width: number;
  readonly start: number;
  /** For each level the slots of the level above that have a table of it, with the table's address. */
  readonly #tables = new Map<number, Map<bigint, bigint>>();
  /** Leaves that were written; others are as the table was made. */
  readonly #leaves = new Map<number, Map<bigint, Leaf>>();
  /** What each table was made from. */
  readonly #origins = new Map<number, Map<bigint, Leaf>>();

  constructor(width: number, start: number) {
    this.width = width;
    this.start = start;
    for (let level = start; level <= LAST_LEVEL; level += 1) {
      this.#tables.set(level, new Map());
      this.#leaves.set(level, new Map());
      this.#origins.set(level, new Map());
    }
  }

  isProtected(ipa: bigint): boolean {
    return ipa < 1n << BigInt(this.width - 1);
  }

  isInside(ipa: bigint): boolean {
    return ipa < 1n << BigInt(this.width);
  }

  #hasTable(level: number, ipa: bigint): boolean {
    return level === this.start || this.#tables.get(level)!.has(slotAt(ipa, level - 1));
  }

  #leaf(level: number, ipa: bigint): Leaf {
    const written = this.#leaves.get(level)!.get(slotAt(ipa, level));
    if (written !== undefined) return written;
    if (level === this.start) {
      return this.isProtected(ipa) ? { hipas: 'UNASSIGNED', ripas: 'EMPTY' } : { hipas: 'UNASSIGNED_NS' };
    }
    const origin = this.#origins.get(level)!.get(slotAt(ipa, level - 1))!;
    if (!('pa' in origin)) return origin;
    const within = ipa % sizeAt(level - 1);
    return { ...origin, pa: origin.pa + within - (within % sizeAt(level)) };
  }

  #put(level: number, ipa: bigint, leaf: Leaf): void {
    this.#leaves.get(level)!.set(slotAt(ipa, level), leaf);
  }

  /** The tables there are: the level of each, and the first IPA that it describes. */
  places(): readonly (readonly [level: number, base: bigint])[] {
    const span = sizeAt(this.start) * BigInt(fanOut(this.start));
    const first: [number, bigint][] = [];
    for (let base = 0n; this.isInside(base); base += span) first.push([this.start, base]);
    const below = [...this.#tables].flatMap(([level, slots]) =>
      [...slots.keys()].map((slot): [number, bigint] => [level, slot * sizeAt(level - 1)]),
    );
    return [...first, ...below];
  }

  /** Walks from the starting level, and stops at `target` or where no table leads on. */
  walk(ipa: bigint, target: number): { readonly level: number; readonly found: Found } {
    let level = this.start;
    while (level < target && level < LAST_LEVEL && this.#hasTable(level + 1, ipa)) level += 1;
    return { level, found: this.#at(level, ipa) };
  }

  #at(level: number, ipa: bigint): Found {
    const pa = level < LAST_LEVEL ? this.#tables.get(level + 1)!.get(slotAt(ipa, level)) : undefined;
    return pa === undefined ? this.#leaf(level, ipa) : { hipas: 'TABLE', pa };
  }

  /** The entries of the table of `level` that covers `ipa`, in order. */
  #row(level: number, ipa: bigint): Found[] {
    const size = sizeAt(level);
    const span = size * BigInt(fanOut(level));
    const first = ipa - (ipa % span);
    return Array.from({ length: fanOut(level) }, (_, i) => this.#at(level, first + BigInt(i) * size));
  }

  /** `ipa` itself when a granule or a table stands there, else where the next one in the same table does, or its end. */
  skipNonLive(ipa: bigint, level: number): bigint {
    const holds = ({ hipas }: Found): boolean => hipas === 'ASSIGNED' || hipas === 'ASSIGNED_NS' || hipas === 'TABLE';
    if (holds(this.#at(level, ipa))) return ipa;
    const size = sizeAt(level);
    const end = ipa - (ipa % (size * BigInt(fanOut(level)))) + size * BigInt(fanOut(level));
    let next = ipa - (ipa % size) + size;
    while (next < end && !holds(this.#at(level, next))) next += size;
    return next;
  }

  // Commands. `level` is whatever the register held.

  #structural(ipa: bigint, level: number): boolean {
    return level > this.start && level <= LAST_LEVEL && this.isInside(ipa);
  }

  /** Codes of the conditions that no order puts behind the walk, or undefined when none holds. */
  #refusal(input: boolean, unordered: boolean, later: () => Code | undefined): readonly Code[] | undefined {
    if (input) return ['IN'];
    const code = later();
    if (unordered) return code === undefined ? ['IN'] : ['IN', code];
    return code === undefined ? undefined : [code];
  }

  create(ipa: bigint, level: number, pa: bigint): Answer {
    const ordered = !this.#structural(ipa, level);
    const misaligned = ordered || ipa % sizeAt(level - 1) !== 0n;
    const refused = this.#refusal(ordered, misaligned, () => {
      const { level: reached, found } = this.walk(ipa, level - 1);
      return reached < level - 1 || found.hipas === 'TABLE' ? `RT(${reached})` : undefined;
    });
    if (refused !== undefined) return { codes: refused, outputs: {} };
    const origin = this.#leaf(level - 1, ipa);
    this.#leaves.get(level - 1)!.delete(slotAt(ipa, level - 1));
    this.#tables.get(level)!.set(slotAt(ipa, level - 1), pa);
    this.#origins.get(level)!.set(slotAt(ipa, level - 1), origin);
    return { codes: ['OK'], outputs: {} };
  }

  destroy(ipa: bigint, level: number): Answer {
    const ordered = !this.#structural(ipa, level);
    const misaligned = ordered || ipa % sizeAt(level - 1) !== 0n;
    let top = 0n;
    const refused = this.#refusal(ordered, misaligned, () => {
      const { level: reached, found } = this.walk(ipa, level - 1);
      top = this.skipNonLive(ipa, reached);
      if (reached < level - 1 || found.hipas !== 'TABLE') return `RT(${reached})`;
      const live = this.#row(level, ipa).some(({ hipas }) => hipas === 'ASSIGNED' || hipas === 'TABLE');
      if (!live) return undefined;
      top = ipa;
      return `RT(${level})`;
    });
    if (refused !== undefined) return { codes: refused, outputs: refused[0] === 'IN' ? {} : { top } };
    const rtt = this.#removeTable(ipa, level);
    this.#put(
      level - 1,
      ipa,
      this.isProtected(ipa) ? { hipas: 'UNASSIGNED', ripas: 'DESTROYED' } : { hipas: 'UNASSIGNED_NS' },
    );
    return { codes: ['OK'], outputs: { rtt, top: this.skipNonLive(ipa, level - 1) } };
  }

  fold(ipa: bigint, level: number): Answer {
    const ordered = !this.#structural(ipa, level);
    const misaligned = ordered || ipa % sizeAt(level - 1) !== 0n;
    let folded: Leaf | undefined;
    const refused = this.#refusal(ordered, misaligned, () => {
      const { level: reached, found } = this.walk(ipa, level - 1);
      if (reached < level - 1 || found.hipas !== 'TABLE') return `RT(${reached})`;
      folded = homogeneous(this.#row(level, ipa), level);
      return folded === undefined ? `RT(${level})` : undefined;
    });
    if (refused !== undefined || folded === undefined) return { codes: refused ?? [], outputs: {} };
    const rtt = this.#removeTable(ipa, level);
    this.#put(level - 1, ipa, folded);
    return { codes: ['OK'], outputs: { rtt } };
  }

  #removeTable(ipa: bigint, level: number): bigint {
    const slot = slotAt(ipa, level - 1);
    const pa = this.#tables.get(level)!.get(slot)!;
    this.#tables.get(level)!.delete(slot);
    this.#origins.get(level)!.delete(slot);
    for (let i = 0; i < fanOut(level); i += 1) this.#leaves.get(level)!.delete(slot * 512n + BigInt(i));
    return pa;
  }

  readEntry(ipa: bigint, level: number): Answer {
    if (level < this.start || level > LAST_LEVEL || ipa % sizeAt(level) !== 0n || !this.isInside(ipa)) {
      return { codes: ['IN'], outputs: {} };
    }
    const { level: walk_level, found } = this.walk(ipa, level);
    const outputs = { walk_level: BigInt.asUintN(64, BigInt(walk_level)), ...hostView(found) };
    return { codes: ['OK'], outputs };
  }

  /** Whether `level` can map at all, and `ipa` is at the half and place that it maps. */
  #unprotected(ipa: bigint, level: number): { readonly input: boolean; readonly misaligned: boolean } {
    const input = level < Math.max(1, this.start) || level > LAST_LEVEL || !this.isInside(ipa) || this.isProtected(ipa);
    return { input, misaligned: input || ipa % sizeAt(level) !== 0n };
  }

  /** `pa` and `attributes` are sound by themselves. */
  mapUnprotected(ipa: bigint, level: number, pa: bigint, attributes: bigint): Answer {
    const { input, misaligned } = this.#unprotected(ipa, level);
    const refused = this.#refusal(input, misaligned || pa % sizeAt(level) !== 0n, () => {
      const { level: reached, found } = this.walk(ipa, level);
      return reached < level || found.hipas !== 'UNASSIGNED_NS' ? `RT(${reached})` : undefined;
    });
    if (refused !== undefined) return { codes: refused, outputs: {} };
    this.#put(level, ipa, { hipas: 'ASSIGNED_NS', pa, attributes });
    return { codes: ['OK'], outputs: {} };
  }

  unmapUnprotected(ipa: bigint, level: number): Answer {
    const { input, misaligned } = this.#unprotected(ipa, level);
    let top = 0n;
    const refused = this.#refusal(input, misaligned, () => {
      const { level: reached, found } = this.walk(ipa, level);
      top = this.skipNonLive(ipa, reached);
      return reached < level || found.hipas !== 'ASSIGNED_NS' ? `RT(${reached})` : undefined;
    });
    if (refused !== undefined) return { codes: refused, outputs: refused[0] === 'IN' ? {} : { top } };
    this.#put(level, ipa, { hipas: 'UNASSIGNED_NS' });
    return { codes: ['OK'], outputs: { top: this.skipNonLive(ipa, level) } };
  }

  /** DATA_CREATE makes the page RAM, DATA_CREATE_UNKNOWN leaves its RIPAS. */
  dataCreate(ipa: bigint, pa: bigint, ripas: 'RAM' | 'same'): Answer {
    const outside = !this.isProtected(ipa);
    const refused = this.#refusal(outside, outside || ipa % 0x1000n !== 0n, () => {
      const { level, found } = this.walk(ipa, LAST_LEVEL);
      return level < LAST_LEVEL || found.hipas !== 'UNASSIGNED' ? `RT(${level})` : undefined;
    });
    if (refused !== undefined) return { codes: refused, outputs: {} };
    const before = this.#leaf(LAST_LEVEL, ipa) as Extract<Leaf, { ripas: Ripas }>;
    this.#put(LAST_LEVEL, ipa, { hipas: 'ASSIGNED', ripas: ripas === 'RAM' ? 'RAM' : before.ripas, pa });
    return { codes: ['OK'], outputs: {} };
  }

  dataDestroy(ipa: bigint): Answer {
    const outside = !this.isProtected(ipa);
    let top = 0n;
    const refused = this.#refusal(outside, outside || ipa % 0x1000n !== 0n, () => {
      const { level, found } = this.walk(ipa, LAST_LEVEL);
      top = this.skipNonLive(ipa, level);
      return level < LAST_LEVEL || found.hipas !== 'ASSIGNED' ? `RT(${level})` : undefined;
    });
    if (refused !== undefined) return { codes: refused, outputs: refused[0] === 'IN' ? {} : { top } };
    const leaf = this.#leaf(LAST_LEVEL, ipa) as Extract<Leaf, { hipas: 'ASSIGNED' }>;
    this.#put(LAST_LEVEL, ipa, { hipas: 'UNASSIGNED', ripas: leaf.ripas === 'RAM' ? 'DESTROYED' : leaf.ripas });
    return { codes: ['OK'], outputs: { data: leaf.pa, top: this.skipNonLive(ipa, LAST_LEVEL) } };
  }

  /**
   * How far a RIPAS change that starts at `base` may go in one call: from entry to entry of one table, up to the first
   * one that `stops`, the end of the table, or the last whole entry below `top`.
   */
  #reach(base: bigint, top: bigint, stops: (found: Found) => boolean): bigint {
    const { level } = this.walk(base, LAST_LEVEL);
    const size = sizeAt(level);
    const first = base - (base % size);
    const end = first - (first % (size * BigInt(fanOut(level)))) + size * BigInt(fanOut(level));
    let at = first;
    while (at < end && at + size <= top && !stops(this.#at(level, at))) at += size;
    return at;
  }

  #setRange(base: bigint, end: bigint, ripas: Ripas): readonly bigint[] {
    const { level } = this.walk(base, LAST_LEVEL);
    const entries: bigint[] = [];
    for (let at = base - (base % sizeAt(level)); at < end; at += sizeAt(level)) {
      const leaf = this.#leaf(level, at);
      if ('ripas' in leaf) this.#put(level, at, { ...leaf, ripas });
      entries.push(at);
    }
    return entries;
  }

  /** In a Realm that is NEW. `entries` are the IPAs of the entries that were made RAM, with what each describes. */
  initRipas(base: bigint, top: bigint): Answer & { readonly entries: readonly bigint[]; readonly size: bigint } {
    const nothing = { entries: [], size: 0n };
    const input = top <= base || top % 0x1000n !== 0n || !this.isProtected(BigInt.asUintN(64, top - 0x1000n));
    if (input) {
      // No order puts these before what the entry at base says, which is looked up with the bits that the Realm has.
      const { level } = this.walk(BigInt.asUintN(this.width, base), LAST_LEVEL);
      return { codes: ['IN', `RT(${level})`], outputs: {}, ...nothing };
    }
    const { level, found } = this.walk(base, LAST_LEVEL);
    const end = this.#reach(base, top, ({ hipas }) => hipas === 'TABLE');
    if (base % sizeAt(level) !== 0n || found.hipas !== 'UNASSIGNED' || end <= base) {
      return { codes: [`RT(${level})`], outputs: {}, ...nothing };
    }
    const entries = this.#setRange(base, end, 'RAM');
    return { codes: ['OK'], outputs: { out_top: end }, entries, size: sizeAt(level) };
  }

  /** For a request that stands at `base`, asks for `ripas`, and may or may not change DESTROYED pages. */
  setRipas(base: bigint, top: bigint, ripas: Ripas, changesDestroyed: boolean): Answer {
    const { level, found } = this.walk(base, LAST_LEVEL);
    const stops = (entry: Found): boolean =>
      entry.hipas === 'TABLE' || ('ripas' in entry && entry.ripas === 'DESTROYED' && !changesDestroyed);
    const end = this.#reach(base, top, stops);
    const isAlready = 'ripas' in found && found.ripas === ripas;
    if (!isAlready && (base % sizeAt(level) !== 0n || end <= base)) return { codes: [`RT(${level})`], outputs: {} };
    if (end > base) this.#setRange(base, end, ripas);
    return { codes: ['OK'], outputs: { out_top: end > base ? end : base } };
  }

  /** What a load by the software in the Realm comes to (rmm-model 4.4). */
  load(ipa: bigint): 'access' | 'SEA' | 'data abort' | 'address size' {
    if (!this.isInside(ipa)) return 'address size';
    const { found } = this.walk(ipa, LAST_LEVEL);
    switch (found.hipas) {
      case 'UNASSIGNED_NS':
        return 'data abort';
      case 'ASSIGNED_NS':
        return (found.attributes & 0b0100_0000n) !== 0n ? 'access' : 'data abort';
      case 'UNASSIGNED':
        return found.ripas === 'EMPTY' ? 'SEA' : 'data abort';
      case 'ASSIGNED':
        return found.ripas === 'EMPTY' ? 'SEA' : found.ripas === 'RAM' ? 'access' : 'data abort';
      case 'TABLE':
        throw new Error('a walk to the last level stopped at a table');
    }
  }

  ripasOf(ipa: bigint): Ripas {
    const { found } = this.walk(ipa, LAST_LEVEL);
    if (!('ripas' in found)) throw new Error('an Unprotected IPA has no RIPAS');
    return found.ripas;
  }
}

/** The parent entry that describes the same as 512 children, if one does (rmm-model 5.4). */
const homogeneous = (row: readonly Found[], level: number): Leaf | undefined => {
  const [first] = row;
  if (first === undefined || first.hipas === 'TABLE') return undefined;
  if (first.hipas === 'UNASSIGNED_NS') return row.every(({ hipas }) => hipas === 'UNASSIGNED_NS') ? first : undefined;
  if (first.hipas === 'UNASSIGNED') {
    const same = (entry: Found): boolean => entry.hipas === 'UNASSIGNED' && entry.ripas === first.ripas;
    return row.every(same) ? first : undefined;
  }
  if (level < 2 || first.pa % sizeAt(level - 1) !== 0n) return undefined;
  const follows = (entry: Found, i: number): boolean => {
    if (entry.hipas !== first.hipas || entry.pa !== first.pa + BigInt(i) * sizeAt(level)) return false;
    if (entry.hipas === 'ASSIGNED') return first.hipas === 'ASSIGNED' && entry.ripas === first.ripas;
    return entry.hipas === 'ASSIGNED_NS' && first.hipas === 'ASSIGNED_NS' && entry.attributes === first.attributes;
  };
  return row.every(follows) ? first : undefined;
};

/** What RTT_READ_ENTRY says of an entry besides its level (rmi 8.16). */
const hostView = (found: Found): Record<'state' | 'desc' | 'ripas', bigint> => {
  const RIPAS = { EMPTY: 0n, RAM: 1n, DESTROYED: 2n };
  switch (found.hipas) {
    case 'UNASSIGNED':
      return { state: 0n, desc: 0n, ripas: RIPAS[found.ripas] };
    case 'ASSIGNED':
      return { state: 1n, desc: packed(found.pa), ripas: RIPAS[found.ripas] };
    case 'UNASSIGNED_NS':
      return { state: 0n, desc: 0n, ripas: 0n };
    case 'ASSIGNED_NS':
      return { state: 1n, desc: packed(found.pa) | (found.attributes & ATTRIBUTES), ripas: 0n };
    case 'TABLE':
      return { state: 2n, desc: packed(found.pa), ripas: 0n };
  }
};

/** An output address in a descriptor: bits [49:12] in place, [51:50] in [9:8] (rmi 6.5). */
export const packed = (pa: bigint): bigint => {
  const high = pa / (1n << 50n);
  return pa - high * (1n << 50n) + high * 0x100n;
};
