import assert from 'node:assert/strict';
import { RmiRealmParams } from '../../../src/abi/index.ts';
import { tryRmi } from '../../../src/host/index.ts';
import type { MachineProfile } from '../../../src/machine/index.ts';
import type { Platform } from '../../../src/platform/index.ts';
import { DRAM, GRANULE } from '../machines.ts';
import type { Random } from '../random.ts';
import * as rim from './rim.ts';
import { type Answer, type Code, Stage2 } from './stage2.ts';

/** Memory above 2^48 too, so that addresses need all of a descriptor's bits. */
const HIGH = 1n << 50n;
const MIB = 0x10_0000n;
/** What the machine of a twin is like. */
export const TWIN_MACHINE = {
  pa_width: 52,
  s2sz: 52,
  rec_aux_count: 0,
  dram: [
    { base: DRAM, size: 64n * MIB },
    { base: HIGH, size: 16n * MIB },
  ],
} as const satisfies Partial<MachineProfile>;

/** Where tables can start (rmm-model 5.2): s2sz, starting level, number of starting tables, LPA2. */
const STARTS: readonly (readonly [s2sz: number, level: number, tables: number, lpa2: boolean])[] = [
  [32, 2, 4, false],
  [33, 2, 8, false],
  [34, 2, 16, false],
  [32, 1, 1, false],
  [39, 1, 1, false],
  [40, 1, 2, false],
  [43, 1, 16, false],
  [40, 0, 1, false],
  [48, 0, 1, false],
  [50, 0, 4, true],
  [52, 0, 16, true],
  [49, -1, 1, true],
  [52, -1, 1, true],
];

/** One Realm on the machine beside its second account. */
export interface Twin {
  readonly platform: Platform;
  readonly random: Random;
  readonly stage2: Stage2;
  readonly rd: bigint;
  readonly lpa2: boolean;
  readonly algorithm: rim.Algorithm;
  rim: Uint8Array;
  /** Granules in the Normal world that nobody uses, and where the next fresh ones are. */
  next: bigint;
  nextHigh: bigint;
  readonly spare: bigint[];
}

export const codeOf = ({ result }: ReturnType<typeof tryRmi>): string => {
  const { status, index } = result;
  if (status === 'RMI_SUCCESS') return 'OK';
  return status === 'RMI_ERROR_INPUT' ? 'IN' : status === 'RMI_ERROR_RTT' ? `RT(${index})` : `${status}(${index})`;
};

const fresh = (twin: Twin, high = false): bigint => {
  const spare = high ? undefined : twin.spare.pop();
  if (spare !== undefined) return spare;
  const pa = high ? twin.nextHigh : twin.next;
  if (high) twin.nextHigh += GRANULE;
  else twin.next += GRANULE;
  return pa;
};
export const delegated = (twin: Twin, high = false): bigint => {
  const pa = fresh(twin, high);
  assert.equal(codeOf(tryRmi(twin.platform, 'GRANULE_DELEGATE', pa)), 'OK');
  return pa;
};
export const returned = (twin: Twin, pa: bigint): void => {
  assert.equal(codeOf(tryRmi(twin.platform, 'GRANULE_UNDELEGATE', pa)), 'OK');
  if (pa < HIGH) twin.spare.push(pa);
};

/** A NEW Realm of a random shape. */
export const createTwin = (platform: Platform, random: Random): Twin => {
  const [s2sz, level, tables, lpa2] = random.pick(STARTS);
  const algorithm = random.pick(['sha256', 'sha512'] as const);
  const page = DRAM;
  const rd = DRAM + GRANULE;
  const rtt_base = DRAM + 16n * GRANULE;
  const params = RmiRealmParams.encode({
    flags: lpa2 ? 1n : 0n,
    s2sz,
    num_bps: 1 + random.below(5),
    num_wps: 1 + random.below(3),
    sve_vl: random.below(16),
    pmu_num_ctrs: random.below(32),
    hash_algo: algorithm === 'sha256' ? 0 : 1,
    rpv: random.bytes(64),
    vmid: random.below(256),
    rtt_base,
    rtt_level_start: BigInt(level),
    rtt_num_start: tables,
  });
  // Bytes that no member covers are the Host's to fill, and are not measured.
  for (let i = 0; i < 20; i += 1) params[0x900 + random.below(0x700)] = random.below(256);
  platform.write(page, params);
  for (const pa of [rd, ...Array.from({ length: tables }, (_, i) => rtt_base + BigInt(i) * GRANULE)]) {
    tryRmi(platform, 'GRANULE_DELEGATE', pa);
  }
  assert.equal(codeOf(tryRmi(platform, 'REALM_CREATE', rd, page)), 'OK');
  return {
    platform,
    random,
    stage2: new Stage2(s2sz, level),
    rd,
    lpa2,
    algorithm,
    rim: rim.rimOfRealm(algorithm, params),
    next: DRAM + 64n * GRANULE,
    nextHigh: HIGH,
    spare: [],
  };
};

/** Whether the machine answered what the second account permits, and says the same. */
export const judge = (what: string, got: ReturnType<typeof tryRmi>, want: Answer, outputs: readonly string[]): void => {
  const code = codeOf(got);
  assert.ok(want.codes.includes(code as Code), `${what} answered ${code}, not ${want.codes.join(' or ')}`);
  for (const [i, name] of outputs.entries()) {
    const value = want.outputs[name];
    if (value !== undefined) assert.equal(got.x[1 + i], value, `${what}: ${name}`);
  }
};
