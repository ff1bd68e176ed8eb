import { describe, expect, test } from 'vitest';
import { PSCI_FID, recMpidr } from '../../src/abi/index.ts';
import { defaultOrder, launchRealm, PLAN_DEFAULTS, type RealmPlan } from '../../src/host/index.ts';
import { type CallWatcher, createCpus, GuestStopped } from '../../src/linux/cpus.ts';
import { EC, EL1H_MASKED } from '../../src/linux/exceptions.ts';
import { GPRS, GUEST_SYNC, SAVED, START, type Trap } from '../../src/linux/mailbox.ts';
import { IPA_WIDTH, RAM_BASE, UNPROTECTED } from '../../src/linux/memory-map.ts';
import type { Side, Stage2 } from '../../src/linux/stage2.ts';
import { testMachine } from '../support/machine.ts';

const ENTRY = 0x6000_0000n;
const PC = RAM_BASE + 0x20_0000n;
const memory = { base: RAM_BASE, size: 0x100_0000n };

const rec = (n: number) => ({ pc: n === 0 ? PC : 0n, gprs: n === 0 ? [0x77n] : [], runnable: n === 0 });
const planOf = (cpus: number): RealmPlan => {
  const lists = {
    ripas: [{ ...memory, block: 'auto' as const }],
    loads: [],
    recs: Array.from({ length: cpus }, (_, n) => rec(n)),
  };
  return {
    ...PLAN_DEFAULTS,
    ipaWidth: IPA_WIDTH,
    rpv: new Uint8Array(64),
    memory,
    ...lists,
    order: defaultOrder(lists),
  };
};

const setUp = (cpus = 1) => {
  const platform = testMachine();
  const realm = launchRealm(platform, planOf(cpus));
  const moves: (readonly [bigint, bigint, Side])[] = [];
  let changed = false;
  const stage2: Stage2 = {
    move: ({ base, size }, side) => {
      moves.push([base, size, side]);
      changed = true;
    },
    takeChanged: () => {
      const was = changed;
      changed = false;
      return was;
    },
  };
  const calls: Parameters<CallWatcher>[] = [];
  const all = createCpus({
    host: { platform, realm, policy: {} },
    stage2,
    entry: ENTRY,
    onCall: (...call) => calls.push(call),
  });
  return { all, moves, calls };
};

const trapOf = (event: number, system: Partial<Trap['system']> = {}, ...x: bigint[]): Trap => ({
  event,
  gprs: Array.from({ length: GPRS }, (_, n) => x[n] ?? 0x1000n + BigInt(n)),
  system: { ...(Object.fromEntries(SAVED.map((name) => [name, 0n])) as Trap['system']), ...system },
});
const esr = (ec: number, iss = 0n): bigint => (BigInt(ec) << 26n) | iss;

const started = (cpus = 1) => {
  const world = setUp(cpus);
  world.all.answer(0, trapOf(START));
  return world;
};
const smcTrap = (...x: bigint[]): Trap => trapOf(GUEST_SYNC, { ESR_EL2: esr(EC.SMC), ELR_EL2: 0x8000n }, ...x);
const VBAR = 0xffff_8000_0001_0000n;

describe('a CPU', () => {
  test('starts with the registers of its REC, at EL1', () => {
    const { all } = setUp();
    const trap = trapOf(START);
    expect(all.answer(0, trap)).toEqual({ invalidate: false });
    expect([trap.system.ELR_EL2, trap.system.SPSR_EL2, trap.gprs[0], trap.gprs[1]]).toEqual([
      PC,
      EL1H_MASKED,
      0x77n,
      0n,
    ]);
  });

  test('has its SMCs answered by the RMM, and goes on behind them', () => {
    const { all, calls } = started();
    const trap = smcTrap(0xc400_0190n, 0x1_0000n);
    all.answer(0, trap);
    expect(trap.gprs.slice(0, 3)).toEqual([0n, 0x1_0000n, 0x1_0000n]);
    expect(trap.gprs[18]).toBe(0x1012n);
    expect(trap.system.ELR_EL2).toBe(0x8004n);
    expect(calls.map(([asked, answered, cpu]) => [asked[0], answered[0], cpu])).toEqual([[0xc400_0190n, 0n, 0]]);
  });

  test('gets help from the Host where the RMM needs a page', () => {
    const { all } = started();
    const trap = smcTrap(0xc400_0196n, RAM_BASE + 0x3000n);
    all.answer(0, trap);
    expect(trap.gprs[0]).toBe(0n);
  });

  test('sees its memory move as its RIPAS says, and forgets what it knew', () => {
    const { all, moves } = started();
    const base = RAM_BASE + 0x40_0000n;
    expect(all.answer(0, smcTrap(0xc400_0197n, base, base + 0x3000n, 0n, 0n))).toEqual({ invalidate: true });
    expect(all.answer(0, smcTrap(0xc400_0197n, base, base + 0x1000n, 1n, 0n))).toEqual({ invalidate: true });
    expect(moves).toEqual([
      [base, 0x3000n, 'unprotected'],
      [base, 0x1000n, 'protected'],
    ]);
  });

  test('moves nothing when the RMM refuses', () => {
    const { all, moves } = started();
    expect(all.answer(0, smcTrap(0xc400_0197n, RAM_BASE + 1n, RAM_BASE + 0x1000n, 0n, 0n)).invalidate).toBe(false);
    expect(moves).toEqual([]);
  });

  test.each([
    ['from its own level', 0x3c5n, 0x200n, 0x25n],
    ['on the stack of EL0', 0x3c4n, 0n, 0x25n],
    ['from a program', 0n, 0x400n, 0x24n],
  ])('takes an external abort where its Realm has nothing, %s', (_, spsr, offset, ec) => {
    const { all } = started();
    const ipa = RAM_BASE + memory.size + 0x1234n;
    const system = { HPFAR_EL2: (ipa >> 12n) << 4n, FAR_EL2: 0xffff_0000_0000_1234n, ELR_EL2: 0x8000n };
    const trap = trapOf(GUEST_SYNC, {
      ...system,
      ESR_EL2: esr(EC.DATA_ABORT, 0x47n),
      SPSR_EL2: spsr,
      VBAR_EL1: VBAR,
    });
    all.answer(0, trap);
    expect(trap.system).toMatchObject({
      ELR_EL2: VBAR + offset,
      SPSR_EL2: EL1H_MASKED,
      ELR_EL1: 0x8000n,
      SPSR_EL1: spsr,
      FAR_EL1: 0xffff_0000_0000_1234n,
      // IL, a write, a synchronous external abort.
      ESR_EL1: (ec << 26n) | (1n << 25n) | 0x40n | 0x10n,
    });
  });

  test('cannot execute what it shares', () => {
    const { all } = started();
    const ipa = UNPROTECTED + RAM_BASE;
    const trap = trapOf(GUEST_SYNC, {
      ESR_EL2: esr(EC.FETCH_ABORT, 7n),
      HPFAR_EL2: (ipa >> 12n) << 4n,
      SPSR_EL2: EL1H_MASKED,
      VBAR_EL1: VBAR,
    });
    all.answer(0, trap);
    expect(trap.system.ESR_EL1 >> 26n).toBe(0x21n);
    expect(trap.system.ESR_EL1 & 0x3fn).toBe(0x10n);
  });

  test('takes HVC as an undefined instruction', () => {
    const { all } = started();
    const trap = trapOf(GUEST_SYNC, { ESR_EL2: esr(EC.HVC), ELR_EL2: 0x8004n, SPSR_EL2: 0x3c5n, VBAR_EL1: VBAR });
    all.answer(0, trap);
    expect(trap.system).toMatchObject({ ELR_EL2: VBAR + 0x200n, ELR_EL1: 0x8000n, ESR_EL1: 1n << 25n });
  });

  test('turns another one on, which starts at its entry point', () => {
    const { all } = started(2);
    const on = smcTrap(BigInt(PSCI_FID.PSCI_CPU_ON), 1n, RAM_BASE + 0x8000n, 0x99n);
    expect(all.answer(0, on).firmware).toEqual([BigInt(PSCI_FID.PSCI_CPU_ON), recMpidr(1), ENTRY]);
    expect(on.gprs[0]).toBe(0n);
    const trap = trapOf(START);
    expect(all.answer(1, trap)).toEqual({ invalidate: false });
    expect([trap.system.ELR_EL2, trap.gprs[0]]).toEqual([RAM_BASE + 0x8000n, 0x99n]);
  });

  test('turns itself off and is turned on again', () => {
    const { all } = started(2);
    const on = (): unknown => all.answer(0, smcTrap(BigInt(PSCI_FID.PSCI_CPU_ON), 1n, RAM_BASE + 0x8000n, 0n)).firmware;
    const first = on();
    all.answer(1, trapOf(START));
    expect(all.answer(1, smcTrap(BigInt(PSCI_FID.PSCI_CPU_OFF))).firmware).toEqual([BigInt(PSCI_FID.PSCI_CPU_OFF)]);
    expect(on()).toEqual(first);
    all.answer(1, trapOf(START));
    expect(all.off).toBe(false);
  });

  test.each([PSCI_FID.PSCI_SYSTEM_OFF, PSCI_FID.PSCI_SYSTEM_RESET])('turns the machine off by %i', (fid) => {
    const { all } = started();
    expect(all.answer(0, smcTrap(BigInt(fid))).firmware).toEqual([BigInt(PSCI_FID.PSCI_SYSTEM_OFF)]);
    expect(all.off).toBe(true);
  });

  test.each<readonly [string, number, Trap]>([
    ['a CPU without a REC', 7, trapOf(START)],
    ['a vector of the monitor itself', 0, trapOf(0x200)],
    ['a class that is not known', 0, trapOf(GUEST_SYNC, { ESR_EL2: esr(0x3f) })],
    [
      'memory that is there and was not mapped',
      0,
      trapOf(GUEST_SYNC, { ESR_EL2: esr(EC.DATA_ABORT), HPFAR_EL2: RAM_BASE >> 8n }),
    ],
  ])('stops for %s', (_, cpu, trap) => {
    const { all } = started();
    expect(() => all.answer(cpu, trap)).toThrow(GuestStopped);
  });
});
