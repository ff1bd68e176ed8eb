import type { CowTable, Journal } from '../../machine/index.ts';
import type { StateItem } from '../../spec/index.ts';

interface Entry {
  readonly table: CowTable<unknown>;
  readonly key: number;
  readonly old: unknown;
}

/** One change that a command made: where, and the value before. */
export interface Change {
  readonly table: string;
  readonly key: bigint;
  readonly old: unknown;
  readonly now: unknown;
}

/** What a command has changed so far: enough to undo it, and to hold it against its footprint. */
export class CommandJournal implements Journal {
  #entries: Entry[] = [];
  #active = false;

  record<V>(table: CowTable<V>, key: number, old: V | undefined): void {
    if (this.#active) this.#entries.push({ table: table as CowTable<unknown>, key, old });
  }

  begin(): void {
    if (this.#entries.length > 0) this.#entries = [];
    this.#active = true;
  }

  end(): void {
    this.#active = false;
  }

  /** Puts every table back to where `begin` found it. */
  rollback(): void {
    this.#active = false;
    for (const { table, key, old } of this.#entries.reverse()) table.set(key, old);
    this.#entries = [];
  }

  /** The changes that remain, each piece of state once. */
  changes(): Change[] {
    const first = new Map<string, Entry>();
    for (const entry of this.#entries) {
      const id = `${entry.table.name}/${entry.key}`;
      if (!first.has(id)) first.set(id, entry);
    }
    return [...first.values()]
      .map(({ table, key, old }) => ({ table: table.name, key: BigInt(key) << 12n, old, now: table.get(key) }))
      .filter(({ old, now }) => old !== now);
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
