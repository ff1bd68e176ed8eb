import { RsiHostCall } from '../../src/abi/index.ts';
import type { MachineProfile } from '../../src/machine/index.ts';
import type { Platform, PlatformOptions } from '../../src/platform/index.ts';
import { Builder } from './builder.ts';
import { DRAM, quickMachine } from './machines.ts';
import type { Step } from './step.ts';

/** A machine to start sequences on: made once, and forked for each of them. */
export interface Scene {
  readonly name: string;
  /** What its machine was made with, besides the profile. */
  readonly options: Partial<PlatformOptions>;
  readonly platform: Platform;
  /** What was done to the machine after it booted. */
  readonly setUp: readonly Step[];
  /** Granules that sequences play with. */
  readonly pool: readonly number[];
}

const HIGH = 1n << 50n;
const BLOCK = 0x20_0000n;
const granules = (count: number): bigint => BigInt(count) * 0x1000n;

/** Machines that differ in what conditions and effects ask them. */
const MACHINES = {
  // Few RECs, so that a Realm can have all of them.
  zeros: { dram: [{ base: DRAM, size: granules(160) }], rec_aux_count: 2, max_recs_order: 2 },
  // Wiped memory that is not zero, VMIDs of 16 bits, no LPA2, SVE, and no PMU.
  pattern: {
    dram: [{ base: DRAM, size: granules(160) }],
    wipe_fill: 0xa5,
    vmid_width: 16,
    lpa2: false,
    s2sz: 44,
    sve_vl: 3,
    pmu_num_ctrs: undefined,
    rec_aux_count: 0,
    hash_sha_512: false,
  },
  // Memory above 2^48, the widest addresses.
  high: {
    pa_width: 52,
    s2sz: 52,
    dram: [
      { base: DRAM, size: granules(120) },
      { base: HIGH, size: granules(40) },
    ],
    wipe_fill: 0x5a,
    rec_aux_count: 1,
    hpmn0: true,
  },
  // Enough for a whole block of Realm memory.
  block: {
    dram: [
      { base: DRAM, size: granules(120) },
      { base: DRAM + BLOCK, size: BLOCK },
    ],
    rec_aux_count: 0,
  },
} as const satisfies Readonly<Record<string, Partial<MachineProfile>>>;

/** Two Realms: one with memory and RECs that runs, one that is being built. And a few granules for the next commands. */
const furnish = (b: Builder): void => {
  const half = 1n << 31n;
  const active = b.realm({});
  b.tables(active, 2, 0n);
  b.tables(active, 2, half);
  b.call('RTT_INIT_RIPAS', active, 0n, 0x4_0000n);
  const src = b.write(b.page(), RsiHostCall.encode({ imm: 7, gprs: [1n, 2n, 3n] }));
  for (let i = 0n; i < 4n; i += 1n) b.call('DATA_CREATE', active, b.delegated(), i * 0x1000n, src, i % 2n);
  b.call('DATA_CREATE_UNKNOWN', active, b.delegated(), 0x1f_f000n);
  b.call('RTT_MAP_UNPROTECTED', active, half, 3n, b.page() | 0xc0n);
  b.call('RTT_MAP_UNPROTECTED', active, half + BLOCK, 2n, 0xc0n);
  b.recs(active, 3);
  b.call('REALM_ACTIVATE', active);
  const building = b.realm({ s2sz: 40, level: 1, tables: 2, vmid: 2 });
  b.tables(building, 1, 0n);
  b.recs(building, 1);
  for (let i = 0; i < 20; i += 1) b.delegated();
};

/** A Realm whose memory is one block, mapped by one entry. */
const fillBlock = (b: Builder): void => {
  const rd = b.realm({});
  b.tables(rd, 2, 0n);
  b.call('RTT_INIT_RIPAS', rd, 0n, BLOCK);
  for (let at = 0n; at < BLOCK; at += 0x1000n) {
    b.call('GRANULE_DELEGATE', DRAM + BLOCK + at);
    b.call('DATA_CREATE_UNKNOWN', rd, DRAM + BLOCK + at, at);
  }
  b.call('RTT_FOLD', rd, 0n, 3n);
  b.recs(rd, 1);
  b.call('REALM_ACTIVATE', rd);
  for (let i = 0; i < 8; i += 1) b.delegated();
};

/** Of a hundred sequences, how many start from each scene. */
const SCENES = [
  { name: 'zeros', share: 16, machine: MACHINES.zeros, build: furnish },
  { name: 'zeros, empty', share: 16, machine: MACHINES.zeros, build: undefined },
  { name: 'pattern', share: 16, machine: MACHINES.pattern, build: furnish },
  { name: 'pattern, empty', share: 16, machine: MACHINES.pattern, build: undefined },
  { name: 'high', share: 16, machine: MACHINES.high, build: furnish },
  { name: 'high, empty', share: 16, machine: MACHINES.high, build: undefined },
  { name: 'block', share: 4, machine: MACHINES.block, build: fillBlock },
] as const satisfies readonly {
  name: string;
  share: number;
  machine: Partial<MachineProfile>;
  build: typeof furnish | undefined;
}[];

/** How many sequences out of a number start from each scene. */
export const sharesOf = (sequences: number): { readonly name: string; readonly count: number }[] =>
  SCENES.map(({ name, share }) => ({ name, count: Math.ceil((sequences * share) / 100) }));

/** A scene on a machine that is made with these options. */
export const createScene = (name: string, options: Partial<PlatformOptions> = {}): Scene => {
  const found = SCENES.find((scene) => scene.name === name);
  if (found === undefined) throw new Error(`there is no scene ${name}`);
  const builder = new Builder(quickMachine({ machine: found.machine, ...options }));
  found.build?.(builder);
  const pool = found.machine.dram.flatMap(({ base, size }) =>
    Array.from({ length: Math.min(Number(size) / 0x1000, 200) }, (_, i) => Number(base) + i * 0x1000),
  );
  return { name, options, platform: builder.platform, setUp: builder.steps, pool };
};
