import { expect } from 'vitest';
import { RMI_ENTER_FLAG, type RmiRecExit } from '../../../src/abi/index.ts';
import type { RealmAccess, RealmEvent } from '../../../src/rmm/index.ts';
import type { WorldRec } from '../language/realm.ts';
import { scenario } from '../language/scenario.ts';
import { GRANULE, UNPROTECTED, type World } from '../language/world.ts';

const { emul_mmio, inject_sea, trap_wfi, trap_wfe, ripas_response } = RMI_ENTER_FLAG;

const SYNC = 0;
const EC = { WFX: 0x01n, INSTRUCTION_ABORT: 0x20n, DATA_ABORT: 0x24n, SERROR: 0x2fn } as const;
const esr = (ec: keyof typeof EC, iss: bigint): bigint => (EC[ec] << 26n) | iss;
const IL = 1n << 25n;
const ISV = 1n << 24n;
const SAS = { 1: 0n, 2: 1n << 22n, 4: 2n << 22n, 8: 3n << 22n } as const;
const SF = 1n << 15n;
const WNR = 1n << 6n;
const TRANSLATION = 0x04n;

const JUNK = new Array<bigint>(31).fill(0x5a5a_5a5an);
/** 31 registers by which a Realm is known again. */
const KNOWN = Array.from({ length: 31 }, (_, n) => 0x1000n + BigInt(n));

/** Members of an exit that a reason may set: all of them are zero unless it does. */
const NOTHING = {
  esr: 0n,
  far: 0n,
  hpfar: 0n,
  gprs: new Array<bigint>(31).fill(0n),
  ripas_base: 0n,
  ripas_top: 0n,
  ripas_value: 0,
  imm: 0,
} as const;
const exits = (reason: number, members: Partial<RmiRecExit> = {}): Partial<RmiRecExit> => ({
  ...NOTHING,
  exit_reason: reason,
  ...members,
});
const gprs0 = (value: bigint): bigint[] => [value, ...new Array<bigint>(30).fill(0n)];

/** A Realm whose only REC runs, with a page of RAM at IPA 0. */
const start = (w: World): WorldRec => {
  const realm = w.realm();
  realm.data(0n);
  return realm.start();
};

const leavesBy = (w: World, event: RealmEvent): RmiRecExit => {
  const reply = w.driver.realmEvent(event);
  if (reply.kind !== 'exit') throw new Error(`the Realm did not leave: ${reply.kind}`);
  return w.exited(reply.x);
};

const leavesByAccess = (w: World, access: RealmAccess): RmiRecExit => {
  const reply = w.driver.realmAccess(access);
  if (reply.kind !== 'exit') throw new Error(`the Realm did not leave: ${reply.kind}`);
  return w.exited(reply.x);
};

/** A wait that the Host traps: what it learns, and that the Realm finds its registers as they were, past the wait. */
const waits = (id: string, event: RealmEvent, flag: bigint, ti: bigint, timeout = 0n) =>
  scenario(id, 'A4.3.4.1', `a ${Object.keys(event)[0]} that the Host traps`, (w) => {
    const realm = w.realm();
    const rec = realm.rec({ gprs: KNOWN.slice(0, 8) });
    realm.activate();
    const { gprs, pc } = w.run(rec, { flags: flag });
    expect(leavesBy(w, event)).toMatchObject(exits(SYNC, { esr: esr('WFX', ti), gprs: gprs0(timeout) }));
    const again = w.run(rec, { gprs: JUNK });
    expect(again.gprs).toEqual(gprs);
    expect(again.pc).toBe(pc + 4n);
  });

export const WAITS = [
  waits('exception_rec_exit_wfi', { wfi: {} }, trap_wfi, 0n),
  waits('exception_rec_exit_wfe', { wfe: {} }, trap_wfe, 1n),
  waits('exception_rec_exit_wfit', { wfi: { timeout: 0x1234_5678_9abcn } }, trap_wfi, 2n, 0x1234_5678_9abcn),
  waits('exception_rec_exit_wfet', { wfe: { timeout: 77n } }, trap_wfe, 3n, 77n),
  scenario('wait.not_trapped', 'A4.3.4.1', 'a wait that the Host does not trap goes on', (w) => {
    const rec = start(w);
    const pc = w.driver.realm()?.pc ?? 0n;
    for (const event of [{ wfi: {} }, { wfe: {} }, { wfi: { timeout: 1n } }]) {
      expect(w.driver.realmEvent(event)).toEqual({ kind: 'done' });
    }
    expect(w.driver.realm()?.pc).toBe(pc + 12n);
    w.driver.interrupt('IRQ');
    w.run(rec, { flags: trap_wfe });
    expect(w.driver.realmEvent({ wfi: {} })).toEqual({ kind: 'done' });
  }),
  scenario('wait.trap_is_for_one_entry', 'A4.2.1', 'a trap holds for the entry that asked for it', (w) => {
    const realm = w.realm();
    const rec = realm.rec();
    realm.activate();
    w.run(rec, { flags: trap_wfi });
    leavesBy(w, { wfi: {} });
    w.run(rec);
    expect(w.driver.realmEvent({ wfi: {} })).toEqual({ kind: 'done' });
  }),
];

export const EXITS = [
  scenario('exception_rec_exit_hostcall', 'A4.3.9', 'immediate and registers, and nothing else', (w) => {
    const rec = start(w);
    w.store(0n, new Uint8Array(new BigUint64Array([0x42n, ...KNOWN]).buffer));
    expect(w.leave('RSI_HOST_CALL', 0)).toMatchObject(exits(5, { imm: 0x42, gprs: KNOWN }));
    w.run(rec, { gprs: JUNK });
    expect(new BigUint64Array(w.load(8n, 248).buffer)).toEqual(new BigUint64Array(JUNK));
  }),
  scenario('exception_rec_exit_psci', 'A4.3.7', 'the function and its arguments, or zero; X7 on are kept', (w) => {
    const rec = start(w);
    const { pc = 0n } = w.driver.realm() ?? {};
    const args = Array.from({ length: 16 }, (_, n) => 0x7000n + BigInt(n));
    expect(w.leave('PSCI_CPU_SUSPEND', ...args)).toMatchObject(exits(3, { gprs: gprs0(0xc400_0001n) }));
    const { gprs, pc: next } = w.run(rec);
    expect(gprs.slice(0, 7)).toEqual(new Array<bigint>(7).fill(0n));
    expect(gprs.slice(7, 17)).toEqual(args.slice(6));
    expect(next).toBe(pc + 4n);
  }),
  scenario('exception_rec_exit_hvc', 'A4.5', 'an Unknown exception in the Realm, and no exit', (w) => {
    start(w);
    const pc = w.driver.realm()?.pc;
    expect(w.driver.realmEvent({ hvc: { imm: 0 } })).toEqual({ kind: 'exception', exception: 'UNDEFINED' });
    expect(w.driver.realm()?.pc).toBe(pc);
  }),
  scenario('exception_realm_unsupported_smc', 'A4.3.4', 'an RMI command in a Realm is not supported', (w) => {
    start(w);
    expect(w.call('RMI_REALM_CREATE', 0, 0)[0]).toBe(0xffff_ffff_ffff_ffffn);
  }),
  scenario('exception_rec_exit_ripas', 'A4.3.8', 'EMPTY to RAM, RAM to EMPTY, in part, and rejected', (w) => {
    const realm = w.realm();
    realm.ensure(0n);
    const rec = realm.start();
    const top = 4n * GRANULE;
    const asked = (ripas_value: number) => exits(4, { ripas_base: 0n, ripas_top: top, ripas_value });
    const answers = (enter: Parameters<World['run']>[1] = {}) => w.run(rec, enter).gprs.slice(0, 3);

    expect(w.leave('RSI_IPA_STATE_SET', 0, top, 1, 0)).toMatchObject(asked(1));
    w.must('RMI_RTT_SET_RIPAS', realm.rd, rec.rec, 0, top);
    expect(answers()).toEqual([0n, top, 0n]);

    expect(w.leave('RSI_IPA_STATE_SET', 0, top, 0, 0)).toMatchObject(asked(0));
    w.must('RMI_RTT_SET_RIPAS', realm.rd, rec.rec, 0, 2n * GRANULE);
    expect(answers()).toEqual([0n, 2n * GRANULE, 0n]);

    w.leave('RSI_IPA_STATE_SET', 0, top, 1, 0);
    expect(answers({ flags: ripas_response })).toEqual([0n, 0n, 1n]);
  }),
  scenario('exception_rec_exit_ia', 'A4.3.4.2', 'a fetch from RAM that is not mapped', (w) => {
    const realm = w.realm();
    realm.ram(0n);
    const rec = realm.start();
    const ipa = 0x10n;
    expect(leavesByAccess(w, { access: 'fetch', ipa, length: 4 })).toMatchObject(
      exits(SYNC, { esr: esr('INSTRUCTION_ABORT', TRANSLATION + 3n), hpfar: 0n }),
    );
    realm.unknown(0n);
    w.run(rec);
    expect(w.driver.realmAccess({ access: 'fetch', ipa, length: 4 }).kind).toBe('done');
  }),
  ...(['IRQ', 'FIQ'] as const).map((kind, n) =>
    scenario(`exception_rec_exit_${kind.toLowerCase()}`, `A4.3.${5 + n}`, `an ${kind} for the Host`, (w) => {
      const rec = start(w);
      const before = w.driver.realm();
      const x = w.driver.interrupt(kind);
      expect(w.exited(x ?? [])).toMatchObject(exits(1 + n));
      expect(w.run(rec, { gprs: JUNK })).toMatchObject({ gprs: before?.gprs, pc: before?.pc });
    }),
  ),
  scenario('exit.serror', 'A4.3.10', 'an SError: its class, IDS, AET, EA and DFSC, and nothing else', (w) => {
    const rec = start(w);
    const x = w.driver.interrupt('SERROR', { esr: 0xffff_ffff_ffffn });
    const iss = (1n << 24n) | (7n << 10n) | (1n << 9n) | 0x3fn;
    expect(w.exited(x ?? [])).toMatchObject(exits(6, { esr: esr('SERROR', iss) }));
    w.run(rec);
    expect(w.exited(w.driver.interrupt('SERROR') ?? [])).toMatchObject(exits(6, { esr: esr('SERROR', 0n) }));
  }),
  scenario('exit.run_page_taken_away', 'A4.3.3', 'an exit that cannot be written is RMI_ERROR_INPUT', (w) => {
    const realm = w.realm();
    const rec = realm.rec();
    realm.activate();
    w.run(rec, {}, 1);
    w.must('RMI_GRANULE_DELEGATE', rec.run_ptr);
    expect(w.driver.interrupt('IRQ', { pe: 1 })?.[0]).toBe(1n);
    expect(w.run({ ...rec, run_ptr: w.page() }).gprs[0]).toBe(0n);
  }),
];

const REGISTER = 5;
const load = (length: number, signExtend = false, sf?: boolean): RealmAccess => ({
  access: 'read',
  ipa: UNPROTECTED + 0x678n,
  length,
  isv: { srt: REGISTER, signExtend, ...(sf === undefined ? {} : { sf }) },
});

/** A load that the Host emulates: what it puts into gprs[0], and what the Realm finds in the register. */
const emulated = (w: World, access: RealmAccess, value: bigint): bigint => {
  const rec = start(w);
  const { pc } = w.driver.realm() ?? { pc: 0n };
  leavesByAccess(w, access);
  const again = w.run(rec, { flags: emul_mmio, gprs: [value] });
  expect(again.pc).toBe(pc + 4n);
  w.driver.interrupt('IRQ');
  return again.gprs[REGISTER] ?? 0n;
};

export const ABORTS = [
  scenario(
    'exception_emulatable_da',
    'A4.3.4.3',
    'a load from an Unprotected IPA: the Host sees what it needs',
    (w) => {
      start(w);
      expect(leavesByAccess(w, load(4))).toMatchObject(
        exits(SYNC, {
          esr: esr('DATA_ABORT', ISV | SAS[4] | TRANSLATION),
          far: 0x678n,
          hpfar: UNPROTECTED >> 8n,
        }),
      );
    },
  ),
  scenario('emulated.load_sizes', 'A4.2.3', 'a load is cut to its size and zero-extended', (w) => {
    const value = 0xfedc_ba98_8765_4321n;
    expect(emulated(w, load(1), value)).toBe(0x21n);
    expect(emulated(w, load(2), value)).toBe(0x4321n);
    expect(emulated(w, load(4), value)).toBe(0x8765_4321n);
    expect(emulated(w, load(8), value)).toBe(value);
  }),
  scenario('emulated.load_sign', 'A4.3.4.3', 'the RMM extends the sign, to 32 or to 64 bits', (w) => {
    expect(emulated(w, load(1, true, false), 0x80n)).toBe(0xffff_ff80n);
    expect(emulated(w, load(1, true, true), 0x80n)).toBe(0xffff_ffff_ffff_ff80n);
    expect(emulated(w, load(2, true, true), 0x7fffn)).toBe(0x7fffn);
    expect(emulated(w, load(2, true, false), 0xffffn)).toBe(0xffff_ffffn);
    expect(emulated(w, load(4, true, true), 0x8000_0000n)).toBe(0xffff_ffff_8000_0000n);
  }),
  scenario('emulated.load_discarded', 'A4.2.3', 'a load into the zero register changes nothing', (w) => {
    const rec = start(w);
    const { gprs } = w.driver.realm() ?? {};
    leavesByAccess(w, { access: 'read', ipa: UNPROTECTED, length: 8, isv: { srt: 31 } });
    expect(w.run(rec, { flags: emul_mmio, gprs: [~0n & 0xffn] }).gprs).toEqual(gprs);
  }),
  scenario('emulated.store', 'A4.3.4.3', 'a store: the Host finds the value in gprs[0]', (w) => {
    const rec = start(w);
    const { gprs, pc } = w.driver.realm() ?? { gprs: [], pc: 0n };
    const bytes = Uint8Array.of(0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88);
    const access: RealmAccess = { access: 'write', ipa: UNPROTECTED, bytes, isv: { srt: 2, sf: true } };
    expect(leavesByAccess(w, access)).toMatchObject(
      exits(SYNC, {
        esr: esr('DATA_ABORT', ISV | SAS[8] | SF | WNR | TRANSLATION),
        hpfar: UNPROTECTED >> 8n,
        gprs: gprs0(0x8877_6655_4433_2211n),
      }),
    );
    expect(w.run(rec, { flags: emul_mmio, gprs: JUNK })).toMatchObject({ gprs, pc: pc + 4n });
  }),
  scenario('emulated.retried', 'A4.4', 'without emul_mmio the access is made again', (w) => {
    const realm = w.realm();
    realm.ensure(UNPROTECTED);
    const rec = realm.start();
    const { pc } = w.driver.realm() ?? {};
    leavesByAccess(w, load(4));
    const page = realm.mapNs(UNPROTECTED);
    w.write(page + 0x678n, Uint8Array.of(9, 8, 7, 6));
    expect(w.run(rec).pc).toBe(pc);
    expect(w.driver.realmAccess(load(4))).toEqual({ kind: 'done', bytes: Uint8Array.of(9, 8, 7, 6) });
  }),
  scenario('inject_sea.emulatable', 'A4.2.3', 'an SEA instead of an answer, and emul_mmio is ignored then', (w) => {
    const rec = start(w);
    const before = w.driver.realm();
    leavesByAccess(w, load(4));
    const again = w.run(rec, { flags: emul_mmio | inject_sea, gprs: JUNK });
    expect(again).toMatchObject({ exception: 'SEA', pc: before?.pc, gprs: before?.gprs });
    expect(w.driver.realm()?.exception).toBeUndefined();
  }),
  scenario('inject_sea.protected', 'A4.2.3', 'no SEA for an abort at a Protected IPA', (w) => {
    const realm = w.realm();
    realm.ram(0n);
    const rec = realm.start();
    leavesByAccess(w, { access: 'read', ipa: 0n, length: 4 });
    expect(w.run(rec, { flags: inject_sea }).exception).toBeUndefined();
  }),
  scenario(
    'inject_sea.pending_over_an_interrupt',
    'A4.2.3',
    'an SEA is taken by the Realm when it runs at last',
    (w) => {
      const rec = start(w);
      leavesByAccess(w, load(4));
      w.driver.interrupt('IRQ');
      expect(w.enter(rec, { flags: inject_sea })).toMatchObject({ kind: 'return' });
      expect(w.run(rec).exception).toBe('SEA');
    },
  ),
  scenario(
    'exception_non_emulatable_da',
    'A4.3.4.3',
    'an access whose syndrome says nothing: IL, but no ISV and no FAR',
    (w) => {
      start(w);
      expect(leavesByAccess(w, { access: 'read', ipa: UNPROTECTED + 0x123n, length: 16 })).toMatchObject(
        exits(SYNC, { esr: esr('DATA_ABORT', IL | TRANSLATION), hpfar: UNPROTECTED >> 8n }),
      );
    },
  ),
  scenario('exception_non_emulatable_da_1', 'A4.3.4.3', 'RAM that is not mapped', (w) => {
    const realm = w.realm();
    realm.ram(3n * GRANULE);
    realm.start();
    const access: RealmAccess = { access: 'read', ipa: 3n * GRANULE + 8n, length: 8, isv: { srt: 1 } };
    expect(leavesByAccess(w, access)).toMatchObject(
      exits(SYNC, { esr: esr('DATA_ABORT', TRANSLATION + 3n), hpfar: 0x30n }),
    );
  }),
  scenario('exception_non_emulatable_da_2', 'A4.3.4.3', 'memory that was destroyed', (w) => {
    const realm = w.realm();
    realm.data(0n);
    const rec = realm.start();
    w.driver.interrupt('IRQ');
    w.must('RMI_RTT_DESTROY', realm.rd, ...destroyedTable(w, realm.rd));
    w.run(rec);
    const access: RealmAccess = { access: 'write', ipa: 0n, bytes: new Uint8Array(8), isv: { srt: 1 } };
    expect(leavesByAccess(w, access)).toMatchObject(exits(SYNC, { esr: esr('DATA_ABORT', TRANSLATION + 2n) }));
  }),
  scenario('exception_non_emulatable_da_3', 'A4.2.3', 'the Host may answer it with an SEA all the same', (w) => {
    const rec = start(w);
    leavesByAccess(w, { access: 'read', ipa: UNPROTECTED, length: 16 });
    expect(w.run(rec, { flags: inject_sea }).exception).toBe('SEA');
  }),
];

/** Takes the page at IPA 0 away. @returns the IPA and level of the table that is left without pages. */
const destroyedTable = (w: World, rd: bigint): [bigint, number] => {
  w.must('RMI_DATA_DESTROY', rd, 0);
  return [0n, 3];
};
