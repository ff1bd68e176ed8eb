import { describe, expect, test } from 'vitest';
import { RmiRealmParams, RmiRecEnter, RmiRecParams } from '../../src/abi/index.ts';
import { tryRmi } from '../../src/host/index.ts';
import type { Platform } from '../../src/platform/index.ts';
import { DRAM, GRANULE, quickMachine } from './machines.ts';
import { createRandom, type Random } from './random.ts';
import * as rim from './second/rim.ts';
import { type Answer, packed, type Ripas, Stage2, sizeAt } from './second/stage2.ts';

/** Memory above 2^48 too, so that addresses need all of a descriptor's bits. */
const HIGH = 1n << 50n;
const MIB = 0x10_0000n;
const machine = quickMachine({
  machine: {
    pa_width: 52,
    s2sz: 52,
    rec_aux_count: 0,
    dram: [
      { base: DRAM, size: 64n * MIB },
      { base: HIGH, size: 16n * MIB },
    ],
  },
});

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

const REC_ENTER = 0xc400_015cn;
const RSI_IPA_STATE_SET = 0xc400_0197n;
const RSI_IPA_STATE_GET = 0xc400_0198n;
const RSI_MEASUREMENT_EXTEND = 0xc400_0193n;
const RSI_MEASUREMENT_READ = 0xc400_0192n;

/** One Realm on the machine beside its second account. */
interface Twin {
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

const codeOf = ({ result }: ReturnType<typeof tryRmi>): string => {
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
const delegated = (twin: Twin, high = false): bigint => {
  const pa = fresh(twin, high);
  expect(codeOf(tryRmi(twin.platform, 'GRANULE_DELEGATE', pa))).toBe('OK');
  return pa;
};
const returned = (twin: Twin, pa: bigint): void => {
  expect(codeOf(tryRmi(twin.platform, 'GRANULE_UNDELEGATE', pa))).toBe('OK');
  if (pa < HIGH) twin.spare.push(pa);
};

const createTwin = (random: Random): Twin => {
  const platform = machine.fork();
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
  expect(codeOf(tryRmi(platform, 'REALM_CREATE', rd, page))).toBe('OK');
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

/** An IPA that an entry of some table describes, and the level of that table; now and then anything at all. */
const somewhere = ({ random, stage2 }: Twin): { readonly ipa: bigint; readonly level: number } => {
  if (random.chance(2)) return { ipa: random.word(), level: random.pick([-2, -1, 0, 1, 2, 3, 4, 5]) };
  const [level, base] = random.pick(stage2.places());
  const index = random.pick([0, 0, 1, 1, 2, 3, 255, 256, 511]);
  const ipa = base + sizeAt(level) * BigInt(level === -1 ? index % 16 : index);
  if (random.chance(3)) return { ipa: ipa + random.pick([1n, 0xfffn, GRANULE, 1n << BigInt(stage2.width)]), level };
  return { ipa, level: random.chance(5) ? level - 1 + random.below(3) : level };
};
const someIpa = (twin: Twin): bigint => somewhere(twin).ipa;

const asRegister = (level: number): bigint => BigInt.asUintN(64, BigInt(level));

const judge = (what: string, got: ReturnType<typeof tryRmi>, want: Answer, outputs: readonly string[]): void => {
  const code = codeOf(got);
  expect(want.codes, `${what} answered ${code}`).toContain(code);
  for (const [i, name] of outputs.entries()) {
    const value = want.outputs[name];
    if (value !== undefined) expect(got.x[1 + i], `${what}: ${name}`).toBe(value);
  }
};

/** One random command on the tables of the Realm, on both sides. */
const touchTables = (twin: Twin, isNew: boolean): void => {
  const { platform, random, stage2, rd } = twin;
  const { ipa, level: at } = somewhere(twin);
  const kind = random.below(isNew ? 10 : 9);
  // Commands on a table name its level, which is one below that of the entry.
  const level = kind <= 3 ? at + 1 : at;
  const say = (command: string): string => `${command} ipa=0x${ipa.toString(16)} level=${level}`;
  switch (kind) {
    case 0:
    case 1: {
      const pa = delegated(twin, twin.lpa2 && random.chance(30));
      const got = tryRmi(platform, 'RTT_CREATE', rd, pa, ipa, asRegister(level));
      judge(say('RTT_CREATE'), got, stage2.create(ipa, level, pa), []);
      if (codeOf(got) !== 'OK') returned(twin, pa);
      return;
    }
    case 2: {
      const got = tryRmi(platform, 'RTT_DESTROY', rd, ipa, asRegister(level));
      judge(say('RTT_DESTROY'), got, stage2.destroy(ipa, level), ['rtt', 'top']);
      if (codeOf(got) === 'OK') returned(twin, got.x[1] ?? 0n);
      return;
    }
    case 3: {
      const got = tryRmi(platform, 'RTT_FOLD', rd, ipa, asRegister(level));
      judge(say('RTT_FOLD'), got, stage2.fold(ipa, level), ['rtt']);
      if (codeOf(got) === 'OK') returned(twin, got.x[1] ?? 0n);
      return;
    }
    case 4: {
      const attributes = (BigInt(random.pick([0, 1, 2, 3, 5, 6, 7])) << 2n) | (BigInt(random.below(4)) << 6n);
      const unit = random.chance(90) ? sizeAt(Math.min(Math.max(level, 1), 3)) : GRANULE;
      const limit = twin.lpa2 ? 1n << 52n : 1n << 48n;
      const pa = ((random.word() % limit) / unit) * unit;
      const got = tryRmi(platform, 'RTT_MAP_UNPROTECTED', rd, ipa, asRegister(level), packed(pa) | attributes);
      judge(say('RTT_MAP_UNPROTECTED'), got, stage2.mapUnprotected(ipa, level, pa, attributes), []);
      return;
    }
    case 5: {
      const got = tryRmi(platform, 'RTT_UNMAP_UNPROTECTED', rd, ipa, asRegister(level));
      judge(say('RTT_UNMAP_UNPROTECTED'), got, stage2.unmapUnprotected(ipa, level), ['top']);
      return;
    }
    case 6: {
      const pa = delegated(twin, twin.lpa2 && random.chance(30));
      const got = tryRmi(platform, 'DATA_CREATE_UNKNOWN', rd, pa, ipa);
      judge(say('DATA_CREATE_UNKNOWN'), got, stage2.dataCreate(ipa, pa, 'same'), []);
      if (codeOf(got) !== 'OK') returned(twin, pa);
      return;
    }
    case 7: {
      const got = tryRmi(platform, 'DATA_DESTROY', rd, ipa);
      judge(say('DATA_DESTROY'), got, stage2.dataDestroy(ipa), ['data', 'top']);
      if (codeOf(got) === 'OK') returned(twin, got.x[1] ?? 0n);
      return;
    }
    case 8: {
      const got = tryRmi(platform, 'RTT_READ_ENTRY', rd, ipa, asRegister(level));
      judge(say('RTT_READ_ENTRY'), got, stage2.readEntry(ipa, level), ['walk_level', 'state', 'desc', 'ripas']);
      return;
    }
    case 9:
      measuredSteps(twin, ipa);
  }
};

/** What only a NEW Realm can have done to it, with what it does to the RIM. */
const measuredSteps = (twin: Twin, ipa: bigint): void => {
  const { platform, random, stage2, rd, algorithm } = twin;
  if (random.chance(50)) {
    const top =
      ipa + BigInt(random.pick([1, 3, 512, 600])) * random.pick([GRANULE, sizeAt(2)]) + random.pick([0n, 0n, 1n]);
    const got = tryRmi(platform, 'RTT_INIT_RIPAS', rd, ipa, top);
    const want = stage2.initRipas(ipa, top);
    judge(`RTT_INIT_RIPAS 0x${ipa.toString(16)} 0x${top.toString(16)}`, got, want, ['out_top']);
    for (const entry of want.entries) twin.rim = rim.rimAfterRipas(algorithm, twin.rim, entry, entry + want.size);
    return;
  }
  const src = DRAM + 2n * GRANULE;
  const page = random.chance(50) ? random.bytes(0x1000) : new Uint8Array(0x1000).fill(random.below(3));
  platform.write(src, page);
  const pa = delegated(twin);
  const flags = BigInt(random.below(2));
  const got = tryRmi(platform, 'DATA_CREATE', rd, pa, ipa, src, flags);
  judge(`DATA_CREATE 0x${ipa.toString(16)}`, got, stage2.dataCreate(ipa, pa, 'RAM'), []);
  if (codeOf(got) === 'OK')
    twin.rim = rim.rimAfterData(algorithm, twin.rim, ipa, flags, flags === 1n ? page : undefined);
  else returned(twin, pa);
};

const slot = (twin: Twin, index: number): Uint8Array => twin.platform.rmm.state.realm(twin.rd).measurements[index]!;

/** Gives the Realm a REC, which is measured when it is runnable. */
const addRec = (twin: Twin, index: number, runnable: boolean): bigint => {
  const { platform, random, algorithm, rd } = twin;
  const params = RmiRecParams.encode({
    flags: runnable ? 1n : 0n,
    mpidr: BigInt(index),
    pc: random.word(),
    gprs: Array.from({ length: 8 }, () => random.word()),
  });
  const page = DRAM + 2n * GRANULE;
  platform.write(page, params);
  const rec = delegated(twin);
  expect(codeOf(tryRmi(platform, 'REC_CREATE', rd, rec, page))).toBe('OK');
  twin.rim = rim.rimAfterRec(algorithm, twin.rim, params);
  return rec;
};

const RUN = DRAM + 3n * GRANULE;

/** The Realm asks for a RIPAS change, and the Host carries it out with tops of its own choosing. */
const changeRipas = (twin: Twin, rec: bigint): void => {
  const { platform, random, stage2, rd } = twin;
  platform.write(RUN, RmiRecEnter.encode({}));
  expect(platform.smc([REC_ENTER, rec, RUN]).kind).toBe('enter');
  const half = 1n << BigInt(stage2.width - 1);
  const aligned = someIpa(twin) & ~0xfffn;
  const base = aligned % half;
  const length = BigInt(1 + random.below(1200)) * random.pick([GRANULE, GRANULE, sizeAt(2)]);
  const top = base + length > half ? half : base + length;

  look(twin, base, top);
  const [ripas, code] = random.pick([
    ['EMPTY', 0n],
    ['RAM', 1n],
  ] as const satisfies readonly (readonly [Ripas, bigint])[]);
  const changesDestroyed = random.chance(50);
  platform.realmSmc([RSI_IPA_STATE_SET, base, top, code, changesDestroyed ? 1n : 0n]);
  let at = base;
  for (let calls = 0; calls < 6 && at < top; calls += 1) {
    const rest = (top - at) / GRANULE;
    const end = random.chance(50) ? top : at + GRANULE * BigInt(1 + random.below(Number(rest > 600n ? 600n : rest)));
    const got = tryRmi(platform, 'RTT_SET_RIPAS', rd, rec, at, end);
    const want = stage2.setRipas(at, end, ripas, changesDestroyed);
    judge(`RTT_SET_RIPAS 0x${at.toString(16)} 0x${end.toString(16)}`, got, want, ['out_top']);
    const next = want.outputs['out_top'] ?? at;
    if (next === at && random.chance(50)) break;
    at = next;
  }
  // The next entry tells the Realm how far it came.
  const reply = platform.smc([REC_ENTER, rec, RUN]);
  expect(reply.kind === 'enter' && reply.context.gprs.slice(0, 3)).toEqual([0n, at, 0n]);
  platform.interrupt('IRQ');
};

/** What the Realm itself sees of its memory: RIPAS by RSI, and loads. */
const look = (twin: Twin, base: bigint, top: bigint): void => {
  const { platform, stage2 } = twin;
  const reply = platform.realmSmc([RSI_IPA_STATE_GET, base, top]);
  const [status, out_top = 0n, ripas] = reply.kind === 'return' ? reply.x : [];
  expect([status, ripas]).toEqual([0n, BigInt(['EMPTY', 'RAM', 'DESTROYED'].indexOf(stage2.ripasOf(base)))]);
  expect(out_top > base && out_top <= top).toBe(true);
  for (const page of [base, ((base + out_top) / 2n) & ~0xfffn, out_top - GRANULE]) {
    expect(stage2.ripasOf(page)).toBe(stage2.ripasOf(base));
  }
};

/** A load of the Realm at a place, and what it comes to on both sides. */
const load = (twin: Twin, rec: bigint): void => {
  const { platform, stage2 } = twin;
  const ipa = someIpa(twin);
  platform.write(RUN, RmiRecEnter.encode({}));
  expect(platform.smc([REC_ENTER, rec, RUN]).kind).toBe('enter');
  const reply = platform.realmAccess({ access: 'read', ipa, length: 1 });
  const got =
    reply.kind === 'done'
      ? 'access'
      : reply.kind === 'exit'
        ? 'data abort'
        : reply.kind === 'exception' && reply.exception === 'ADDRESS_SIZE'
          ? 'address size'
          : 'SEA';
  const want = stage2.load(ipa);
  // A mapping of the Host may lead to memory that nobody may access: that too is an SEA.
  if (!(want === 'access' && got === 'SEA' && stage2.isInside(ipa) && !stage2.isProtected(ipa))) expect(got).toBe(want);
  if (reply.kind !== 'exit') platform.interrupt('IRQ');
};

const extend = (twin: Twin, rec: bigint, rems: Uint8Array[]): void => {
  const { platform, random, algorithm } = twin;
  platform.smc([REC_ENTER, rec, RUN]);
  const index = 1 + random.below(4);
  const value = random.bytes(64);
  const size = random.pick([0, 1, 31, 32, 63, 64]);
  const view = new DataView(value.buffer);
  const words = Array.from({ length: 8 }, (_, i) => view.getBigUint64(8 * i, true));
  platform.realmSmc([RSI_MEASUREMENT_EXTEND, BigInt(index), BigInt(size), ...words]);
  rems[index - 1] = rim.remAfter(algorithm, rems[index - 1]!, value.subarray(0, size));
  const reply = platform.realmSmc([RSI_MEASUREMENT_READ, BigInt(index)]);
  const read = new DataView(new ArrayBuffer(64));
  if (reply.kind === 'return') for (let i = 0; i < 8; i += 1) read.setBigUint64(8 * i, reply.x[1 + i] ?? 0n, true);
  expect(new Uint8Array(read.buffer)).toEqual(rems[index - 1]);
  platform.interrupt('IRQ');
};

/** Makes the walk to `ipa` reach pages. */
const reachPages = (twin: Twin, ipa: bigint): void => {
  const { platform, stage2, rd } = twin;
  for (let level = stage2.start + 1; level <= 3; level += 1) {
    const at = ipa - (ipa % sizeAt(level - 1));
    const pa = delegated(twin);
    const got = tryRmi(platform, 'RTT_CREATE', rd, pa, at, BigInt(level));
    judge('RTT_CREATE', got, stage2.create(at, level, pa), []);
    if (codeOf(got) !== 'OK') returned(twin, pa);
  }
};

/** 512 pages of one table, contiguous in memory: what folds into a block, and unfolds again. */
const fillTable = (twin: Twin): void => {
  const { platform, random, stage2, rd } = twin;
  const block = sizeAt(2);
  const base = BigInt(1 + random.below(4)) * block;
  reachPages(twin, base);
  twin.next += block - (twin.next % block);
  const skewed = random.chance(25) ? 1n : 0n;
  for (let i = 0n; i < 512n; i += 1n) {
    const pa = twin.next + ((i + skewed) % 512n) * GRANULE;
    tryRmi(platform, 'GRANULE_DELEGATE', pa);
    const got = tryRmi(platform, 'DATA_CREATE_UNKNOWN', rd, pa, base + i * GRANULE);
    judge('DATA_CREATE_UNKNOWN', got, stage2.dataCreate(base + i * GRANULE, pa, 'same'), []);
  }
  twin.next += block;
  const fold = tryRmi(platform, 'RTT_FOLD', rd, base, 3n);
  judge('RTT_FOLD', fold, stage2.fold(base, 3), ['rtt']);
};

describe('tables, RIPAS and measurements agree with a second account of them', () => {
  test.each(Array.from({ length: 60 }, (_, seed) => seed))('seed %i', (seed) => {
    const random = createRandom(seed);
    const twin = createTwin(random);
    expect(slot(twin, 0)).toEqual(twin.rim);
    reachPages(twin, 0n);
    reachPages(twin, 1n << BigInt(twin.stage2.width - 1));
    if (random.chance(30)) fillTable(twin);
    for (let i = 0; i < 60; i += 1) touchTables(twin, true);
    const recs = [0, 1, 2].map((index) => addRec(twin, index, index === 0 || random.chance(50)));
    for (let i = 0; i < 30; i += 1) touchTables(twin, true);
    expect(slot(twin, 0)).toEqual(twin.rim);
    expect(codeOf(tryRmi(twin.platform, 'REALM_ACTIVATE', twin.rd))).toBe('OK');
    const rems = Array.from({ length: 4 }, () => new Uint8Array(64));
    for (let i = 0; i < 40; i += 1) {
      touchTables(twin, false);
      if (random.chance(30)) changeRipas(twin, recs[0]!);
      if (random.chance(30)) load(twin, recs[0]!);
      if (random.chance(10)) extend(twin, recs[0]!, rems);
    }
    for (const [i, rem] of rems.entries()) expect(slot(twin, 1 + i)).toEqual(rem);
    expect(slot(twin, 0)).toEqual(twin.rim);
  });
});
