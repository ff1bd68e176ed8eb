import type { CowTable, Journal } from '../../machine/index.ts';
import type { StateItem } from '../../spec/index.ts';

/** One change that a command made: where, and the value before. */
export interface Change {
  readonly table: string;
  readonly key: bigint;
  readonly old: unknown;
  readonly now: unknown;
}

/** Records that are kept room for between commands; what a longer one took is given back. */
const ROOM = 64;

/**
 * What a command has changed so far: enough to undo it, and to hold it against its footprint. Records lie in three lists
 * that the next command writes over, since most commands cost less than to make an object for each.
 */
export class CommandJournal implements Journal {
  #tables: CowTable<unknown>[] = [];
  #keys: number[] = [];
  #olds: unknown[] = [];
  #count = 0;
  #active = false;

  record<V>(table: CowTable<V>, key: number, old: V | undefined): void {
    if (!this.#active) return;
    const n = this.#count;
    this.#tables[n] = table as CowTable<unknown>;
    this.#keys[n] = key;
    this.#olds[n] = old;
    this.#count = n + 1;
  }

  begin(): void {
    if (this.#count > ROOM) for (const list of [this.#tables, this.#keys, this.#olds]) list.length = ROOM;
    this.#count = 0;
    this.#active = true;
  }

  end(): void {
    this.#active = false;
  }

  /** Puts every table back to where `begin` found it. */
  rollback(): void {
    this.#active = false;
    for (let n = this.#count - 1; n >= 0; n -= 1) this.#tables[n]?.set(this.#keys[n] ?? 0, this.#olds[n]);
    this.#count = 0;
  }

  /** The changes that remain, each piece of state once. */
  changes(): Change[] {
    const first = new Map<string, Change>();
    for (const [n, table] of this.#tables.slice(0, this.#count).entries()) {
      const key = this.#keys[n] ?? 0;
      const id = `${table.name}/${key}`;
      if (first.has(id)) continue;
      first.set(id, { table: table.name, key: BigInt(key) << 12n, old: this.#olds[n], now: table.get(key) });
    }
    return [...first.values()].filter(({ old, now }) => old !== now);
  }
}

/** The changes that no item of a footprint covers (R_WZYBV). */
export const outsideFootprint = (changes: readonly Change[], footprint: readonly StateItem[]): string[] => {
  const strays: string[] = [];
  for (const { table, key, old, now } of changes) {
    const items = footprint.filter((item) => item.table === table && item.key === key);
    if (items.some((item) => item.member === undefined)) continue;
    const members = new Set(items.map((item) => item.member));
    for (const member of differences(old, now)) {
      if (!members.has(member)) strays.push(`${table} 0x${key.toString(16)}${member === '' ? '' : `.${member}`}`);
    }
  }
  return strays;
};

const differences = (old: unknown, now: unknown): string[] => {
  if (typeof old !== 'object' || typeof now !== 'object' || old === null || now === null) return [''];
  // An RTT is compared entry by entry, any other record member by member.
  const a = membersOf(old);
  const b = membersOf(now);
  const changed = Object.keys(a).filter((key) => a[key] !== b[key]);
  const added = Object.keys(b).filter((key) => !(key in a));
  return [...changed, ...added];
};

const membersOf = (record: object): Readonly<Record<string, unknown>> =>
  ('entries' in record && Array.isArray(record.entries) ? record.entries : record) as Readonly<Record<string, unknown>>;
