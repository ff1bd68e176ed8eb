import { expect } from 'vitest';
import { encodePsciStatus, type PsciStatus } from '../../../src/abi/index.ts';
import { scenario } from '../language/scenario.ts';
import { type Arg, UNPROTECTED, type World } from '../language/world.ts';
import { threeRecs } from '../psci/support.ts';

const psci = (status: PsciStatus): bigint => encodePsciStatus(status);
const REC = { result: { status: 'RMI_ERROR_REC', index: 0 } } as const;

/** One call of a Realm with three RECs, of which the first is on, that returns at once. */
const answers = (id: string, spec: string, name: string, args: readonly Arg[], status: PsciStatus | bigint) =>
  scenario(id, spec, `${name} answers ${status}`, (w) => {
    threeRecs(w);
    expect(w.call(name, ...args)[0]).toBe(typeof status === 'bigint' ? status : psci(status));
  });

/** CPU_ON, and the Host's answer to it. */
const turnsOn = (w: World, { rec, second, third }: ReturnType<typeof threeRecs>, index: 1 | 2, status: PsciStatus) => {
  w.leave('PSCI_CPU_ON', index, 0x4000, 0x5555);
  w.must('RMI_PSCI_COMPLETE', rec.rec, (index === 1 ? second : third).rec, psci(status));
  return w.run(rec).gprs[0];
};

const CPU_ON = 'B6.3.3';
const AFFINITY_INFO = 'B6.3.1';

export const PSCI = [
  scenario('pv', 'B6.2', 'PSCI is 1.1 at least', (w) => {
    threeRecs(w);
    const [version = 0n] = w.call('PSCI_VERSION');
    expect(version >> 31n).toBe(0n);
    expect(version >> 16n).toBeGreaterThanOrEqual(1n);
    expect(version & 0xffffn).toBeGreaterThanOrEqual(1n);
  }),
  answers('pf-ok', 'B6.3.5', 'PSCI_FEATURES', [0xc400_0004], 'PSCI_SUCCESS'),
  answers('pf-no', 'B6.3.5', 'PSCI_FEATURES', [0x8400_000b], 'PSCI_NOT_SUPPORTED'),
  answers('pf-ver-T', 'B6.3.5', 'PSCI_FEATURES', [0x8400_0000], 'PSCI_SUCCESS'),
  answers('con-entry', CPU_ON, 'PSCI_CPU_ON', [2, UNPROTECTED, 0x5555], 'PSCI_INVALID_ADDRESS'),
  answers('con-mpidr', CPU_ON, 'PSCI_CPU_ON', [3, 0x4000, 0x5555], 'PSCI_INVALID_PARAMETERS'),
  scenario('con-on', CPU_ON, 'a REC is turned on once', (w) => {
    const recs = threeRecs(w);
    expect(turnsOn(w, recs, 1, 'PSCI_SUCCESS')).toBe(psci('PSCI_SUCCESS'));
    expect(turnsOn(w, recs, 1, 'PSCI_SUCCESS')).toBe(psci('PSCI_ALREADY_ON'));
  }),
  scenario('con-ok', CPU_ON, 'the Host learns the function and whom it is about', (w) => {
    const { rec, third } = threeRecs(w);
    const exit = w.leave('PSCI_CPU_ON', 2, 0x4000, 0x5555);
    expect(exit).toMatchObject({ exit_reason: 3 });
    expect(exit.gprs.slice(0, 4)).toEqual([0xc400_0003n, 2n, 0n, 0n]);
    w.must('RMI_PSCI_COMPLETE', rec.rec, third.rec, 0);
    expect(w.run(rec).gprs[0]).toBe(psci('PSCI_SUCCESS'));
  }),
  scenario('con-again', CPU_ON, 'a REC that is on is on', (w) => {
    const recs = threeRecs(w);
    turnsOn(w, recs, 2, 'PSCI_SUCCESS');
    expect(turnsOn(w, recs, 2, 'PSCI_SUCCESS')).toBe(psci('PSCI_ALREADY_ON'));
  }),
  answers('con-self-T', CPU_ON, 'PSCI_CPU_ON', [0, 0x4000, 0], 'PSCI_ALREADY_ON'),
  scenario('con-deny', CPU_ON, 'the Host refuses, and the target stays off', (w) => {
    const recs = threeRecs(w);
    expect(turnsOn(w, recs, 2, 'PSCI_DENIED')).toBe(psci('PSCI_DENIED'));
    expect(w.enter(recs.third, {}, 1)).toMatchObject(REC);
  }),
  scenario('con-pend', 'A4.3.7', 'the caller waits for the Host', (w) => {
    const { rec } = threeRecs(w);
    w.leave('PSCI_CPU_ON', 2, 0x4000, 0);
    expect(w.enter(rec)).toMatchObject(REC);
  }),
  scenario('con-target', 'B4.3.7', 'X0 is the context, PC the entry point, all else zero', (w) => {
    const realm = w.realm();
    const rec = realm.rec();
    const target = realm.rec({ runnable: false, gprs: [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n], pc: 0x1000n });
    realm.activate();
    w.run(rec);
    w.leave('PSCI_CPU_ON', 1, 0x4000, 0x5555);
    w.must('RMI_PSCI_COMPLETE', rec.rec, target.rec, 0);
    expect(w.run(target, {}, 1)).toMatchObject({ pc: 0x4000n, gprs: [0x5555n, ...new Array<bigint>(30).fill(0n)] });
  }),
  scenario('coff', 'B6.3.2', 'a REC that turned itself off is not entered', (w) => {
    const { rec } = threeRecs(w);
    expect(w.leave('PSCI_CPU_OFF').gprs[0]).toBe(0x8400_0002n);
    expect(w.enter(rec)).toMatchObject(REC);
  }),
  scenario('csus', 'B6.3.4', 'a standby: X0 is zero when it goes on', (w) => {
    const { rec } = threeRecs(w);
    expect(w.leave('PSCI_CPU_SUSPEND', 0, 0, 0).gprs[0]).toBe(0xc400_0001n);
    expect(w.run(rec).gprs[0]).toBe(0n);
  }),
  answers('ai-level', AFFINITY_INFO, 'PSCI_AFFINITY_INFO', [1, 1], 'PSCI_INVALID_PARAMETERS'),
  answers('ai-mpidr', AFFINITY_INFO, 'PSCI_AFFINITY_INFO', [3, 0], 'PSCI_INVALID_PARAMETERS'),
  scenario('ai-on', AFFINITY_INFO, 'a REC that is on', (w) => {
    const recs = threeRecs(w);
    turnsOn(w, recs, 1, 'PSCI_SUCCESS');
    w.leave('PSCI_AFFINITY_INFO', 1, 0);
    w.must('RMI_PSCI_COMPLETE', recs.rec.rec, recs.second.rec, 0);
    expect(w.run(recs.rec).gprs[0]).toBe(0n);
  }),
  scenario('ai-off', AFFINITY_INFO, 'a REC that is off', (w) => {
    const { rec, third } = threeRecs(w);
    w.leave('PSCI_AFFINITY_INFO', 2, 0);
    w.must('RMI_PSCI_COMPLETE', rec.rec, third.rec, 0);
    expect(w.run(rec).gprs[0]).toBe(psci('PSCI_OFF'));
  }),
  ...(
    [
      ['soff', 'PSCI_SYSTEM_OFF', 'B6.3.6', 0x8400_0008n],
      ['srst', 'PSCI_SYSTEM_RESET', 'B6.3.7', 0x8400_0009n],
    ] as const
  ).map(([id, name, spec, fid]) =>
    scenario(id, spec, 'the Realm is off for good', (w) => {
      const { rec } = threeRecs(w);
      const exit = w.leave(name);
      expect([exit.exit_reason, exit.gprs[0]]).toEqual([3, fid]);
      expect(w.enter(rec)).toMatchObject({ result: { status: 'RMI_ERROR_REALM', index: 1 } });
    }),
  ),
  scenario('psci.sve_hint', 'B1.1', 'a call with the SVE hint is the same call, and so is its completion', (w) => {
    const { rec, second } = threeRecs(w);
    const hinted = 0xc401_0003n;
    const reply = w.driver.realmSmc([hinted, 1n, 0x4000n, 0x5555n]);
    expect(reply.kind === 'exit' && w.exited(reply.x).gprs.slice(0, 2)).toEqual([0xc400_0003n, 1n]);
    w.must('RMI_PSCI_COMPLETE', rec.rec, second.rec, 0);
    expect(w.run(second, {}, 1)).toMatchObject({ pc: 0x4000n });
    expect(w.run(rec).gprs[0]).toBe(psci('PSCI_SUCCESS'));
  }),
  scenario('psci.unknown', 'A4.3.7', 'PSCI functions that a Realm has not', (w) => {
    threeRecs(w);
    for (const fid of [0x8400_0003n, 0x8400_0004n, 0x8400_0005n, 0xc400_000en, 0x8400_000bn]) {
      const reply = w.driver.realmSmc([fid]);
      expect(reply.kind === 'return' && reply.x[0]).toBe(psci('PSCI_NOT_SUPPORTED'));
    }
  }),
  scenario('cmd_multithread_realm_mp', 'A2.3.4', 'three RECs of one Realm on three PEs', (w) => {
    const realm = w.realm();
    const recs = [realm.rec(), realm.rec(), realm.rec()];
    realm.activate();
    for (const [pe, rec] of recs.entries()) w.run(rec, {}, pe);
    for (const pe of [2, 0, 1]) expect(w.callOn(pe, 'RSI_VERSION', 0x1_0000)[0]).toBe(0n);
    expect(w.leaveOn(1, 'PSCI_CPU_SUSPEND').gprs[0]).toBe(0xc400_0001n);
    expect(w.callOn(0, 'RSI_FEATURES', 0)[0]).toBe(0n);
    w.driver.interrupt('IRQ', { pe: 2 });
    expect(w.rmiOn(2, 'RMI_REC_DESTROY', recs[0]?.rec ?? 0n).result.status).toBe('RMI_ERROR_REC');
    expect(w.rmiOn(2, 'RMI_REC_DESTROY', recs[2]?.rec ?? 0n).result.status).toBe('RMI_SUCCESS');
  }),
  scenario('cmd_multithread_realm_up', 'A2.1.3', 'several Realms take turns on one PE', (w) => {
    const realms = [w.realm(), w.realm(), w.realm()];
    const recs = realms.map((realm) => {
      realm.data(0n, Uint8Array.of(realm.params.vmid));
      const rec = realm.rec();
      realm.activate();
      return rec;
    });
    for (let round = 0; round < 3; round += 1) {
      for (const [n, rec] of recs.entries()) {
        w.run(rec);
        expect(w.load(0n, 1)).toEqual(Uint8Array.of(realms[n]?.params.vmid ?? 0));
        w.leave('PSCI_CPU_SUSPEND');
      }
    }
    for (const [n, realm] of realms.entries()) {
      w.must('RMI_REC_DESTROY', recs[n]?.rec ?? 0n);
      w.must('RMI_DATA_DESTROY', realm.rd, 0);
      for (const level of [3, 2, 1]) w.must('RMI_RTT_DESTROY', realm.rd, 0, level);
      w.must('RMI_REALM_DESTROY', realm.rd);
    }
  }),
  scenario('psci.off_while_another_runs', 'B6.3.6', 'a REC that runs goes on until it leaves', (w) => {
    const realm = w.realm();
    const [first, second] = [realm.rec(), realm.rec()];
    realm.activate();
    w.run(first, {}, 0);
    w.run(second, {}, 1);
    w.leaveOn(0, 'PSCI_SYSTEM_OFF');
    expect(w.callOn(1, 'RSI_FEATURES', 0)[0]).toBe(0n);
    w.leaveOn(1, 'PSCI_CPU_SUSPEND');
    expect(w.enter(second, {}, 1)).toMatchObject({ result: { status: 'RMI_ERROR_REALM', index: 1 } });
  }),
];
