import assert from 'node:assert/strict';
import { RmiRecEnter, RmiRecParams } from '../../../src/abi/index.ts';
import { tryRmi } from '../../../src/host/index.ts';
import { DRAM, GRANULE } from '../machines.ts';
import * as rim from './rim.ts';
import { packed, type Ripas, sizeAt } from './stage2.ts';
import { codeOf, delegated, judge, returned, type Twin } from './twin.ts';

const REC_ENTER = 0xc400_015cn;
const RSI_IPA_STATE_SET = 0xc400_0197n;
const RSI_IPA_STATE_GET = 0xc400_0198n;
const RSI_MEASUREMENT_EXTEND = 0xc400_0193n;
const RSI_MEASUREMENT_READ = 0xc400_0192n;

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

/** One random command on the tables of the Realm, on both sides. */
export const touchTables = (twin: Twin, isNew: boolean): void => {
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

/** Gives the Realm a REC, which is measured when it is runnable. */
export const addRec = (twin: Twin, index: number, runnable: boolean): bigint => {
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
  assert.equal(codeOf(tryRmi(platform, 'REC_CREATE', rd, rec, page)), 'OK');
  twin.rim = rim.rimAfterRec(algorithm, twin.rim, params);
  return rec;
};

const RUN = DRAM + 3n * GRANULE;

/** The Realm asks for a RIPAS change, and the Host carries it out with tops of its own choosing. */
export const changeRipas = (twin: Twin, rec: bigint): void => {
  const { platform, random, stage2, rd } = twin;
  platform.write(RUN, RmiRecEnter.encode({}));
  assert.equal(platform.smc([REC_ENTER, rec, RUN]).kind, 'enter');
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
  assert.deepEqual(reply.kind === 'enter' && reply.context.gprs.slice(0, 3), [0n, at, 0n]);
  platform.interrupt('IRQ');
};

/** What the Realm itself sees of its memory: RIPAS by RSI, and loads. */
const look = (twin: Twin, base: bigint, top: bigint): void => {
  const { platform, stage2 } = twin;
  const reply = platform.realmSmc([RSI_IPA_STATE_GET, base, top]);
  const [status, out_top = 0n, ripas] = reply.kind === 'return' ? reply.x : [];
  assert.deepEqual([status, ripas], [0n, BigInt(['EMPTY', 'RAM', 'DESTROYED'].indexOf(stage2.ripasOf(base)))]);
  assert.ok(out_top > base && out_top <= top, 'RSI_IPA_STATE_GET goes beyond what was asked');
  for (const page of [base, ((base + out_top) / 2n) & ~0xfffn, out_top - GRANULE]) {
    assert.equal(stage2.ripasOf(page), stage2.ripasOf(base));
  }
};

/** A load of the Realm at a place, and what it comes to on both sides. */
export const load = (twin: Twin, rec: bigint): void => {
  const { platform, stage2 } = twin;
  const ipa = someIpa(twin);
  platform.write(RUN, RmiRecEnter.encode({}));
  assert.equal(platform.smc([REC_ENTER, rec, RUN]).kind, 'enter');
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
  const lent = stage2.isInside(ipa) && !stage2.isProtected(ipa);
  if (!(lent && want === 'access' && got === 'SEA')) assert.equal(got, want, `a load at 0x${ipa.toString(16)}`);
  if (reply.kind !== 'exit') platform.interrupt('IRQ');
};

export const extend = (twin: Twin, rec: bigint, rems: Uint8Array[]): void => {
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
  assert.deepEqual(new Uint8Array(read.buffer), rems[index - 1]);
  platform.interrupt('IRQ');
};

/** Makes the walk to `ipa` reach pages. */
export const reachPages = (twin: Twin, ipa: bigint): void => {
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
export const fillTable = (twin: Twin): void => {
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
