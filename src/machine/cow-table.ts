const CHUNK_BITS = 9;
const CHUNK = 1 << CHUNK_BITS;

interface Chunk<V> {
  owner: object;
  readonly slots: (V | undefined)[];
}

/** Where a table reports what it is about to replace, so that a command can be undone and its footprint known. */
export interface Journal {
  record<V>(table: CowTable<V>, key: number, old: V | undefined): void;
}

/**
 * A sparse table from non-negative integers to immutable values, whose copies share everything until one of them
 * writes: a fork costs one step per 512 neighbouring keys.
 */
export class CowTable<V> {
  readonly name: string;
  #owner: object = {};
  #chunks: Map<number, Chunk<V>>;
  #journal: Journal | undefined;

  constructor(name: string, chunks: Map<number, Chunk<V>> = new Map()) {
    this.name = name;
    this.#chunks = chunks;
  }

  get(key: number): V | undefined {
    const chunk = this.#chunks.get(Math.floor(key / CHUNK));
    return chunk?.slots[key % CHUNK];
  }

  /** Storing undefined removes the key. */
  set(key: number, value: V | undefined): void {
    const at = Math.floor(key / CHUNK);
    let chunk = this.#chunks.get(at);
    if (chunk === undefined) {
      if (value === undefined) return;
      chunk = { owner: this.#owner, slots: new Array<V | undefined>(CHUNK).fill(undefined) };
      this.#chunks.set(at, chunk);
    } else if (chunk.owner !== this.#owner) {
      chunk = { owner: this.#owner, slots: chunk.slots.slice() };
      this.#chunks.set(at, chunk);
    }
    this.#journal?.record(this, key, chunk.slots[key % CHUNK]);
    chunk.slots[key % CHUNK] = value;
  }

  /** In ascending order of keys. */
  *entries(): Generator<readonly [number, V]> {
    for (const at of [...this.#chunks.keys()].sort((a, b) => a - b)) {
      const slots = this.#chunks.get(at)?.slots ?? [];
      for (let i = 0; i < slots.length; i++) {
        const value = slots[i];
        if (value !== undefined) yield [at * CHUNK + i, value];
      }
    }
  }

  /** From now on every write is recorded; undefined stops it. */
  set journal(journal: Journal | undefined) {
    this.#journal = journal;
  }

  fork(): CowTable<V> {
    this.#owner = {};
    return new CowTable(this.name, new Map(this.#chunks));
  }
}
