import { describe, expect, test } from 'vitest';
import { RMI_ENTER_FLAG, RmiRecEnter } from '../../src/abi/index.ts';
import { nodeCrypto } from '../../src/crypto/node.ts';
import {
  createVcpu,
  defaultOrder,
  type Guest,
  type HostRealm,
  launchRealm,
  PLAN_DEFAULTS,
  type RealmPlan,
  type RecExit,
  rmiFid,
  runVcpu,
} from '../../src/host/index.ts';
import { createReplayer, type Platform } from '../../src/platform/index.ts';
import { type TraceEvent, toJson } from '../../src/trace/index.ts';
import { testMachine } from '../support/machine.ts';

const parts = { ripas: [], loads: [], recs: [{ pc: 0x1000n, gprs: [], runnable: true }] };
const plan: RealmPlan = { ...PLAN_DEFAULTS, rpv: new Uint8Array(64), ...parts, order: defaultOrder(parts) };

const recOf = (realm: HostRealm) => {
  const [rec] = realm.recs;
  if (rec === undefined) throw new Error('the Realm has no REC');
  return rec;
};

/** Enters the only REC of a Realm, waits and all being trapped. */
const enter = (platform: Platform, realm: HostRealm): void => {
  const { rec, run_ptr } = recOf(realm);
  platform.write(run_ptr, RmiRecEnter.encode({ flags: RMI_ENTER_FLAG.trap_wfi | RMI_ENTER_FLAG.trap_wfe }));
  expect(platform.smc([rmiFid('REC_ENTER'), rec, run_ptr]).kind).toBe('enter');
};

describe('a trace', () => {
  test('replays waits, HVC, an SError and the values of devices', () => {
    const events: TraceEvent[] = [];
    const platform = testMachine({ trace: (event) => events.push(event) });
    const realm = launchRealm(platform, plan);
    platform.devices(recOf(realm).rec, { cntv_cval: 77n, gicv3_lrs: [1n, 2n], pmu_ovf_status: 1 });
    enter(platform, realm);
    expect(platform.realmEvent({ hvc: { imm: 3 } })).toEqual({ kind: 'exception', exception: 'UNDEFINED' });
    for (const event of [{ wfi: {} }, { wfe: { timeout: 0x1234_5678_9abcn } }]) {
      expect(platform.realmEvent(event).kind).toBe('exit');
      enter(platform, realm);
    }
    platform.interrupt('SERROR', { esr: 0x201n });

    const replayer = createReplayer(nodeCrypto);
    for (const event of events) expect(replayer.feed(JSON.parse(toJson(event)))).toBeUndefined();
    expect(replayer.end()).toBeUndefined();
    const exits = events.flatMap((event) => (event.type === 'realm.exit' ? [event.exit['esr'] ?? 0n] : []));
    expect(exits).toEqual([0x0400_0000n, 0x0400_0003n, 0xbc00_0201n]);
  });
});

describe('a call that is no command of the RMM', () => {
  test.each([0x8000_0000n, 0x8400_0050n])('%i leaves X4 and up to its caller, as SMCCC 1.1 does', (fid) => {
    const platform = testMachine();
    enter(platform, launchRealm(platform, plan));
    const others = Array.from({ length: 17 }, (_, n) => 0x100n + BigInt(n));
    const reply = platform.realmSmc([fid, ...others]);
    expect(reply.kind === 'return' && reply.x.slice(1)).toEqual([0n, 0n, 0n, ...others.slice(3)]);
  });
});

describe('a fork', () => {
  test('has the devices and the interrupts of the machine that it comes from', () => {
    const platform = testMachine();
    const realm = launchRealm(platform, plan);
    const { rec, run_ptr } = recOf(realm);
    platform.devices(rec, { cntp_ctl: 5n });
    enter(platform, realm);
    const copy = platform.fork();
    platform.devices(rec, { cntp_ctl: 1n });
    expect(copy.interrupt('IRQ')?.[0]).toBe(0n);
    expect(copy.read(run_ptr + 0xc00n, 8)).toEqual(Uint8Array.of(5, 0, 0, 0, 0, 0, 0, 0));
  });
});

describe('an interrupt that shows at a later look', () => {
  test('is not lost when the Realm leaves for another reason before', () => {
    const platform = testMachine();
    const realm = launchRealm(platform, plan);
    enter(platform, realm);
    platform.interrupt('IRQ', { polls: 1 });
    platform.realmSmc([0xc400_0001n, 0n, 0n, 0n]);
    enter(platform, realm);
    platform.realmSmc([0xc400_0194n]);
    // The first look at ISR_EL1 is that of the token under way.
    expect(platform.realmSmc([0xc400_0195n, 0n, 0n, 16n])).toMatchObject({ kind: 'exit' });
  });
});

describe('a guest of the Host', () => {
  test('waits, and goes on after it, also where the Host traps', () => {
    const platform = testMachine();
    const realm = launchRealm(platform, plan);
    const seen: string[] = [];
    function* guest(): Guest {
      yield { wfi: {} };
      seen.push('woke');
      const { exception } = yield { hvc: { imm: 0 } };
      seen.push(exception ?? 'nothing');
      yield { wfe: { timeout: 9n } };
      seen.push('woke again');
    }
    const exits: RecExit[] = [];
    const end = runVcpu(platform, realm, createVcpu(recOf(realm), guest()), { onExit: (exit) => exits.push(exit) });
    expect(end.kind).toBe('idle');
    expect(seen).toEqual(['woke', 'UNDEFINED', 'woke again']);
    expect(exits.map(({ reason }) => reason)).toEqual(['IRQ']);
  });
});
