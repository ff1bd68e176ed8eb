import { hexNumber } from '../bytes/index.ts';
import type { Platform } from '../platform/index.ts';
import { levelSize, type Rtt, type Rtte } from '../rmm/index.ts';
import { type CellRecord, recordText, spoken } from './outcome.ts';

/** An object of a machine: its members, or why there is none at that address. */
export type Found = { readonly record: CellRecord } | { readonly missing: string };

const GRANULE_MASK = ~0xfffn;

/** A granule by any address in it. */
export const granuleRecord = ({ rmm, memory }: Platform, pa: bigint): CellRecord => {
  const at = pa & GRANULE_MASK;
  return { state: rmm.state.granule(at), gpt: memory.gpt(at), is_zero: memory.page(at).every((byte) => byte === 0) };
};

const missing = ({ rmm }: Platform, pa: bigint, what: string): Found => ({
  missing: `${hexNumber(pa)} is no ${what}: it is ${rmm.state.granule(pa)}`,
});

const isA = ({ rmm }: Platform, pa: bigint, state: 'RD' | 'REC'): boolean =>
  pa % 0x1000n === 0n && rmm.state.granule(pa) === state;

export const realmRecord = (platform: Platform, rd: bigint): Found => {
  if (!isA(platform, rd, 'RD')) return missing(platform, rd, 'RD');
  const { instance_id: _, ...realm } = platform.rmm.state.realm(rd);
  return { record: realm };
};

export const recRecord = (platform: Platform, at: bigint): Found => {
  if (!isA(platform, at, 'REC')) return missing(platform, at, 'REC');
  const { attest, abort, completes: _, ...rec } = platform.rmm.state.rec(at);
  return { record: { ...rec, attest_state: attest.state, emulatable_abort: abort?.emulatable === true } };
};

/** The entry at which the walk to an IPA stops. */
export const rttRecord = (platform: Platform, rd: bigint, ipa: bigint, level: number): Found => {
  if (!isA(platform, rd, 'RD')) return missing(platform, rd, 'RD');
  const { rtte, ...walk } = platform.rmm.state.walk(rd, ipa, level);
  return { record: { ...walk, ...rtte } };
};

const entryText = ({ state, ripas, addr, attr }: Rtte): string => {
  const isProtected = state === 'UNASSIGNED' || state === 'ASSIGNED';
  const hasAddress = addr !== 0n || state === 'ASSIGNED' || state === 'TABLE';
  return [
    state,
    ...(isProtected ? [ripas] : []),
    ...(hasAddress ? [`-> ${hexNumber(addr)}`] : []),
    ...(attr === 0n ? [] : [`attr ${hexNumber(attr)}`]),
  ].join(' ');
};

/** Whether an entry says the same as the one before it, but for an address that goes on where the other ends. */
const continues = (entry: Rtte, before: Rtte, size: bigint): boolean =>
  entry.state !== 'TABLE' &&
  entry.state === before.state &&
  entry.ripas === before.ripas &&
  entry.attr === before.attr &&
  (entry.addr === before.addr + size || (entry.addr === 0n && before.addr === 0n));

/** More lines than a person reads of one tree. */
const MAX_LINES = 4096;

/** The tree of a Realm, a line for each run of entries that say the same. */
export const rttLines = (platform: Platform, rd: bigint): readonly string[] => {
  if (!isA(platform, rd, 'RD')) return [`${hexNumber(rd)} is no RD: it is ${platform.rmm.state.granule(rd)}`];
  const { state } = platform.rmm;
  const { rtt_base, rtt_num_start, ipa_width } = state.realm(rd);
  const lines: string[] = [];
  const walk = (pa: bigint, { level, entries }: Rtt, base: bigint, depth: number): void => {
    const size = levelSize(level);
    lines.push(`${'  '.repeat(depth)}level ${level} table ${hexNumber(pa)} from ${hexNumber(base)}`);
    for (let from = 0; from < entries.length && base + BigInt(from) * size < 1n << BigInt(ipa_width); ) {
      const entry = entries[from];
      if (entry === undefined || lines.length > MAX_LINES) return;
      let to = from;
      for (let next = entries[to + 1]; next !== undefined; next = entries[to + 1]) {
        if (!continues(next, entries[to] ?? entry, size)) break;
        to += 1;
      }
      const ipa = base + BigInt(from) * size;
      const range = from === to ? `${from}` : `${from}-${to}`;
      lines.push(`${'  '.repeat(depth + 1)}[${range}] ${hexNumber(ipa)} ${entryText(entry)}`);
      if (entry.state === 'TABLE') walk(entry.addr, state.rtt(entry.addr), ipa, depth + 2);
      from = to + 1;
    }
  };
  for (let i = 0; i < rtt_num_start; i += 1) {
    const pa = rtt_base + BigInt(i) * 0x1000n;
    const table = state.rtt(pa);
    walk(pa, table, BigInt(i) * 512n * levelSize(table.level), 0);
  }
  return lines;
};

/** Granules that are not UNDELEGATED, RECs and Realms, and what runs where. */
export const machineLines = ({ rmm, config }: Platform): readonly string[] => {
  const counts = new Map<string, number>();
  for (const [, state] of rmm.state.granules()) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [
    `granules ${[...counts].map(([state, count]) => `${state}=${count}`).join(' ') || 'all UNDELEGATED'}`,
    ...[...rmm.state.realms()].map(([rd, { state, num_recs }]) => `realm ${hexNumber(rd)} ${state} recs=${num_recs}`),
    ...[...rmm.state.recs()].map(([rec, { state, owner }]) => `rec ${hexNumber(rec)} ${state} of ${hexNumber(owner)}`),
    `profile ${recordText(spoken(config.machine as unknown as CellRecord))}`,
  ];
};
