import { expect } from 'vitest';
import {
  decodeFeatureRegister0,
  RMI_ENTER_FLAG,
  type RmiResult,
  RTT,
  realmError,
  revision,
} from '../../../src/abi/index.ts';
import { measurementIn, rimAfterRec, rimAfterRipas, rimOfRealm } from '../language/measure.ts';
import { NS_ATTR, recParams, type WorldRealm } from '../language/realm.ts';
import { scenario } from '../language/scenario.ts';
import { GIB, GRANULE, MIB, UNPROTECTED, type World } from '../language/world.ts';

const INPUT: RmiResult = { status: 'RMI_ERROR_INPUT', index: 0 };
const REALM: RmiResult = { status: 'RMI_ERROR_REALM', index: 0 };
const REC: RmiResult = { status: 'RMI_ERROR_REC', index: 0 };

const RAM = 1;
const EMPTY = 0;
const DESTROYED = 2;

/** A Realm with tables for IPA 0. */
const mapped = (w: World): WorldRealm => {
  const realm = w.realm();
  realm.ensure(0n);
  return realm;
};

/** Version and features: commands that cannot fail. */
export const VERSIONS = [
  scenario('RMI_VERSION.ok', 'B4.3.23', 'revision 1.0 is accepted', (w) => {
    const { x } = w.rmi('RMI_VERSION', revision(1, 0));
    expect(x.slice(0, 3)).toEqual([0n, revision(1, 0), revision(1, 0)]);
  }),
  scenario('RMI_FEATURES.idx0', 'B4.3.4', 'register 0 has nothing above bit 41', (w) => {
    const [x0, value = 0n] = w.rmi('RMI_FEATURES', 0).x;
    expect(x0).toBe(0n);
    expect(value >> 42n).toBe(0n);
    expect(decodeFeatureRegister0(value).s2sz).toBe(w.driver.machine.s2sz);
  }),
  scenario('RMI_FEATURES.idx1', 'B4.3.4', 'every other register reads as zero', (w) => {
    for (const index of [1n, 2n, 0xffffn, 0xffff_ffff_ffff_ffffn]) {
      expect(w.rmi('RMI_FEATURES', index).x.slice(0, 2)).toEqual([0n, 0n]);
    }
  }),
];

/** What Arm's suite checks of a command that succeeds. */
export const POSITIVE = [
  scenario('GRANULE_UNDELEGATE.wipe', 'A2.2.4', 'nothing is left of a page that a Realm had', (w) => {
    const realm = mapped(w);
    const data = realm.data(0n, new Uint8Array(Number(GRANULE)).fill(0x5e));
    w.must('RMI_DATA_DESTROY', realm.rd, 0);
    w.must('RMI_GRANULE_UNDELEGATE', data);
    expect(w.read(data, Number(GRANULE))).not.toContain(0x5e);
  }),
  scenario('REALM_ACTIVATE.twice', 'B4.3.8', 'a Realm is activated once', (w) => {
    const { rd } = w.realm();
    w.must('RMI_REALM_ACTIVATE', rd);
    expect(w.rmi('RMI_REALM_ACTIVATE', rd).result).toEqual(REALM);
  }),
  scenario(
    'REALM_CREATE.again',
    'B4.3.9',
    'a Realm can be destroyed and created again with the same attributes',
    (w) => {
      const { rd, params } = w.realm();
      w.must('RMI_REALM_DESTROY', rd);
      w.realm({ vmid: params.vmid });
    },
  ),
  scenario('REALM_DESTROY.twice', 'B4.3.10', 'a Realm is destroyed once', (w) => {
    expect(w.rmi('RMI_REALM_DESTROY', w.destroyedRealm()).result).toEqual(INPUT);
  }),
  scenario('DATA_CREATE.read', 'B4.3.1', 'the entry is ASSIGNED, RAM, and names the granule', (w) => {
    const realm = mapped(w);
    const data = realm.data(0n);
    expect(w.entry(realm.rd, 0n, 3)).toEqual({ level: 3, state: 1, desc: data, ripas: RAM });
  }),
  scenario(
    'DATA_CREATE_UNKNOWN.read',
    'B4.3.2',
    'the RIPAS stays what it was, in a NEW and in an ACTIVE Realm',
    (w) => {
      for (const active of [false, true]) {
        const realm = mapped(w);
        realm.ram(GRANULE);
        realm.data(2n * GRANULE);
        w.must('RMI_DATA_DESTROY', realm.rd, 2n * GRANULE);
        if (active) realm.activate();
        for (const ripas of [EMPTY, RAM, DESTROYED]) {
          const ipa = BigInt(ripas) * GRANULE;
          const data = realm.unknown(ipa);
          expect(w.entry(realm.rd, ipa, 3)).toEqual({ level: 3, state: 1, desc: data, ripas });
        }
      }
    },
  ),
  scenario('DATA_DESTROY.ram', 'B4.3.3', 'RAM becomes DESTROYED, and top is the next page', (w) => {
    const realm = mapped(w);
    const data = realm.data(0n);
    realm.data(2n * GRANULE);
    const [, destroyed, top] = w.must('RMI_DATA_DESTROY', realm.rd, 0);
    expect([destroyed, top]).toEqual([data, 2n * GRANULE]);
    expect(w.entry(realm.rd, 0n, 3)).toEqual({ level: 3, state: 0, desc: 0n, ripas: DESTROYED });
  }),
  scenario('DATA_DESTROY.destroyed', 'B4.3.3', 'DESTROYED stays DESTROYED', (w) => {
    const realm = mapped(w);
    realm.data(0n);
    w.must('RMI_DATA_DESTROY', realm.rd, 0);
    realm.unknown(0n);
    w.must('RMI_DATA_DESTROY', realm.rd, 0);
    expect(w.entry(realm.rd, 0n, 3)).toMatchObject({ state: 0, ripas: DESTROYED });
  }),
  scenario('DATA_DESTROY.empty', 'B4.3.3', 'EMPTY stays EMPTY', (w) => {
    const realm = mapped(w);
    realm.unknown(0n);
    w.must('RMI_DATA_DESTROY', realm.rd, 0);
    expect(w.entry(realm.rd, 0n, 3)).toMatchObject({ state: 0, ripas: EMPTY });
  }),
  scenario('RTT_CREATE.read', 'B4.3.15', 'the entry above is a TABLE and names it', (w) => {
    const realm = w.realm();
    const rtt = realm.ensure(0n, 1);
    expect(w.entry(realm.rd, 0n, 0)).toMatchObject({ level: 0, state: 2, desc: rtt });
  }),
  scenario(
    'RTT_DESTROY.read',
    'B4.3.16',
    'what it described is DESTROYED, top is the next live entry, the granule is free',
    (w) => {
      const realm = w.realm();
      const table = realm.ensure(0n);
      realm.ensure(6n * MIB);
      const [, rtt = 0n, top] = w.must('RMI_RTT_DESTROY', realm.rd, 0, 3);
      expect([rtt, top]).toEqual([table, 6n * MIB]);
      expect(w.entry(realm.rd, 0n, 2)).toMatchObject({ state: 0, ripas: DESTROYED });
      w.must('RMI_RTT_CREATE', realm.rd, rtt, 0, 3);
    },
  ),
  scenario('RTT_FOLD.read', 'B4.3.17', 'the entry above says what the first entry of the table said', (w) => {
    const realm = w.realm();
    realm.block(0n);
    const { state, ripas, desc } = w.entry(realm.rd, 0n, 3);
    const table = realm.ensure(0n);
    expect(realm.fold(0n, 3)).toBe(table);
    expect(w.entry(realm.rd, 0n, 2)).toEqual({ level: 2, state, ripas, desc });
  }),
  scenario('RTT_INIT_RIPAS.read', 'B4.3.18', 'entries become RAM', (w) => {
    const realm = mapped(w);
    realm.ram(0n, 3n * GRANULE);
    for (let ipa = 0n; ipa < 3n * GRANULE; ipa += GRANULE) expect(w.entry(realm.rd, ipa, 3).ripas).toBe(RAM);
  }),
  scenario('RTT_SET_RIPAS.read', 'B4.3.21', 'entries change when the Realm asked, and not by calls that fail', (w) => {
    const realm = mapped(w);
    const rec = realm.start();
    w.leave('RSI_IPA_STATE_SET', 0, 4n * GRANULE, RAM, 0);
    expect(w.rmi('RMI_RTT_SET_RIPAS', realm.rd, rec.rec, 1, GRANULE).result).toEqual(INPUT);
    expect(w.rmi('RMI_RTT_SET_RIPAS', realm.rd, rec.rec, 0, 5n * GRANULE).result).toEqual(INPUT);
    for (let ipa = 0n; ipa < 4n * GRANULE; ipa += GRANULE) expect(w.entry(realm.rd, ipa, 3).ripas).toBe(EMPTY);
    w.must('RMI_RTT_SET_RIPAS', realm.rd, rec.rec, 0, 4n * GRANULE);
    for (let ipa = 0n; ipa < 4n * GRANULE; ipa += GRANULE) expect(w.entry(realm.rd, ipa, 3).ripas).toBe(RAM);
  }),
  scenario('RTT_MAP_UNPROTECTED.read', 'B4.3.19', 'the descriptor comes back as it was given', (w) => {
    const realm = w.realm();
    const pa = realm.mapNs(UNPROTECTED);
    expect(w.entry(realm.rd, UNPROTECTED, 3)).toEqual({ level: 3, state: 1, desc: pa | NS_ATTR, ripas: EMPTY });
  }),
  scenario('RTT_UNMAP_UNPROTECTED.read', 'B4.3.22', 'the entry is free again', (w) => {
    const realm = w.realm();
    realm.mapNs(UNPROTECTED);
    const [, top] = w.must('RMI_RTT_UNMAP_UNPROTECTED', realm.rd, UNPROTECTED, 3);
    expect(top).toBe(UNPROTECTED + 2n * MIB);
    expect(w.entry(realm.rd, UNPROTECTED, 3)).toMatchObject({ state: 0 });
  }),
  scenario('RTT_READ_ENTRY.fail', 'B4.3.20', 'a call that fails says nothing', (w) => {
    const realm = mapped(w);
    for (const args of [
      [realm.rd + 1n, 0n, 3],
      [realm.rd, 0n, 4],
      [realm.rd, 1n, 3],
      [realm.rd, 1n << 40n, 3],
    ] as const) {
      const { result, x } = w.rmi('RMI_RTT_READ_ENTRY', ...args);
      expect(result).toEqual(INPUT);
      expect(x.slice(1, 5)).toEqual([0n, 0n, 0n, 0n]);
    }
  }),
  scenario('RTT_READ_ENTRY.level', 'B4.3.20', 'each level of a tree that is mapped to 3', (w) => {
    const realm = mapped(w);
    for (const level of [0, 1, 2]) expect(w.entry(realm.rd, 0n, level)).toMatchObject({ level, state: 2 });
  }),
  scenario('RTT_READ_ENTRY.mbz', 'B4.3.20', 'the unused bits of state and RIPAS are zero', (w) => {
    const realm = mapped(w);
    realm.data(0n);
    for (const ipa of [0n, GRANULE, 2n * MIB, UNPROTECTED]) {
      const x = w.must('RMI_RTT_READ_ENTRY', realm.rd, ipa, 3);
      expect([(x[2] ?? 0n) >> 8n, (x[4] ?? 0n) >> 8n]).toEqual([0n, 0n]);
    }
  }),
  scenario('RTT_READ_ENTRY.prot', 'B4.3.20', 'a page of the Realm has no attributes', (w) => {
    const realm = mapped(w);
    realm.data(0n);
    expect(w.entry(realm.rd, 0n, 3).desc & 0x3fcn).toBe(0n);
  }),
  scenario('PSCI_COMPLETE.ok', 'B4.3.7', 'CPU_ON of a REC that is off', (w) => {
    const realm = w.realm();
    const [caller, target] = [realm.rec(), realm.rec({ runnable: false })];
    realm.activate();
    w.run(caller);
    w.leave('PSCI_CPU_ON', 1, 0, 0);
    w.must('RMI_PSCI_COMPLETE', caller.rec, target.rec, 0);
  }),
];

/** Where the search for the next live entry ends: s2sz 40 from level 0, with tables for IPA 0. */
const topOf = (w: World, name: string, ...args: (bigint | number)[]): { result: RmiResult; top: bigint } => {
  const { result, x } = w.rmi(name, ...args);
  return { result, top: x[name === 'RMI_RTT_UNMAP_UNPROTECTED' ? 1 : 2] ?? 0n };
};

export const TOPS = [
  scenario('top.data_destroy.unmapped_table', 'B4.3.3', 'nothing more in the level 2 table: its end', (w) => {
    const { rd } = mapped(w);
    expect(topOf(w, 'RMI_DATA_DESTROY', rd, 2n * MIB)).toEqual({ result: RTT(2), top: GIB });
  }),
  scenario('top.data_destroy.next_page', 'B4.3.3', 'the next page is live', (w) => {
    const realm = mapped(w);
    realm.data(GRANULE);
    expect(topOf(w, 'RMI_DATA_DESTROY', realm.rd, 0n)).toEqual({ result: RTT(3), top: GRANULE });
  }),
  scenario('top.data_destroy.block', 'B4.3.3', 'inside a block: the IPA itself', (w) => {
    const realm = w.realm();
    realm.block(0n);
    realm.fold(0n, 3);
    expect(topOf(w, 'RMI_DATA_DESTROY', realm.rd, 3n * GRANULE)).toEqual({ result: RTT(2), top: 3n * GRANULE });
  }),
  scenario('top.rtt_destroy.no_level_2', 'B4.3.16', 'nothing more in the level 1 table: its end', (w) => {
    const { rd } = mapped(w);
    expect(topOf(w, 'RMI_RTT_DESTROY', rd, GIB, 3)).toEqual({ result: RTT(1), top: 512n * GIB });
  }),
  scenario('top.rtt_destroy.unassigned', 'B4.3.16', 'nothing more in the level 2 table: its end', (w) => {
    const { rd } = mapped(w);
    expect(topOf(w, 'RMI_RTT_DESTROY', rd, 4n * MIB, 3)).toEqual({ result: RTT(2), top: GIB });
  }),
  scenario('top.rtt_destroy.block', 'B4.3.16', 'a block: the IPA itself', (w) => {
    const realm = w.realm();
    realm.block(0n);
    realm.fold(0n, 3);
    expect(topOf(w, 'RMI_RTT_DESTROY', realm.rd, 0n, 3)).toEqual({ result: RTT(2), top: 0n });
  }),
  scenario('top.rtt_destroy.live', 'B4.3.16', 'a live table: the IPA itself', (w) => {
    const realm = mapped(w);
    realm.data(GRANULE);
    expect(topOf(w, 'RMI_RTT_DESTROY', realm.rd, 0n, 3)).toEqual({ result: RTT(3), top: 0n });
  }),
  scenario('top.unmap.no_level_3', 'B4.3.22', 'nothing more in the level 2 table: its end', (w) => {
    const realm = w.realm();
    realm.ensure(UNPROTECTED);
    expect(topOf(w, 'RMI_RTT_UNMAP_UNPROTECTED', realm.rd, UNPROTECTED + 2n * MIB, 3)).toEqual({
      result: RTT(2),
      top: UNPROTECTED + GIB,
    });
  }),
  scenario('top.unmap.next_page', 'B4.3.22', 'the next page is live', (w) => {
    const realm = w.realm();
    realm.mapNs(UNPROTECTED + GRANULE);
    expect(topOf(w, 'RMI_RTT_UNMAP_UNPROTECTED', realm.rd, UNPROTECTED, 3)).toEqual({
      result: RTT(3),
      top: UNPROTECTED + GRANULE,
    });
  }),
  scenario('top.input_error', 'B4.3.3', 'zero where the walk was not made', (w) => {
    const { rd } = mapped(w);
    expect(topOf(w, 'RMI_DATA_DESTROY', rd, UNPROTECTED)).toEqual({ result: INPUT, top: 0n });
    expect(topOf(w, 'RMI_RTT_DESTROY', rd, GRANULE, 3)).toEqual({ result: INPUT, top: 0n });
    expect(topOf(w, 'RMI_RTT_UNMAP_UNPROTECTED', rd, 0n, 3)).toEqual({ result: INPUT, top: 0n });
  }),
];

/** Rows that Arm's suite leaves out. */
export const ADDED = [
  scenario('REC_ENTER.running', 'B4.3.14', 'a REC runs on one PE', (w) => {
    const rec = w.realm().start();
    expect(w.rmiOn(1, 'RMI_REC_ENTER', rec.rec, w.page()).result).toEqual(REC);
  }),
  scenario('REC_DESTROY.running', 'B4.3.13', 'a REC that runs is not destroyed', (w) => {
    const rec = w.realm().start();
    expect(w.rmiOn(1, 'RMI_REC_DESTROY', rec.rec).result).toEqual(REC);
  }),
  scenario('RTT_SET_RIPAS.rec_running', 'B4.3.21', 'nor is its RIPAS change carried out', (w) => {
    const realm = mapped(w);
    const rec = realm.start();
    w.leave('RSI_IPA_STATE_SET', 0, GRANULE, RAM, 0);
    w.run(rec, {}, 1);
    expect(w.rmi('RMI_RTT_SET_RIPAS', realm.rd, rec.rec, 0, GRANULE).result).toEqual(REC);
  }),
  scenario('PSCI_COMPLETE.denied_on', 'B4.3.7', 'a Host may refuse to start what is off, and nothing else', (w) => {
    const realm = w.realm();
    const [caller, off, on] = [realm.rec(), realm.rec({ runnable: false }), realm.rec()];
    realm.activate();
    const DENIED = -3;
    w.run(caller);
    w.leave('PSCI_CPU_ON', 2, 0, 0);
    expect(w.rmi('RMI_PSCI_COMPLETE', caller.rec, on.rec, DENIED).result).toEqual(INPUT);
    expect(w.enter(caller)).toMatchObject({ result: REC });
    w.must('RMI_PSCI_COMPLETE', caller.rec, on.rec, 0);
    w.run(caller);
    w.leave('PSCI_CPU_ON', 1, 0, 0);
    w.must('RMI_PSCI_COMPLETE', caller.rec, off.rec, DENIED);
    expect(w.run(caller).gprs[0]).toBe(BigInt.asUintN(64, -3n));
  }),
  scenario('PSCI_COMPLETE.affinity', 'B4.3.7', 'AFFINITY_INFO of what is off, and of what is on', (w) => {
    const realm = w.realm();
    const [caller, off, on] = [realm.rec(), realm.rec({ runnable: false }), realm.rec()];
    realm.activate();
    for (const [target, x0] of [
      [off, 1n],
      [on, 0n],
    ] as const) {
      w.run(caller);
      w.leave('PSCI_AFFINITY_INFO', target.index, 0);
      w.must('RMI_PSCI_COMPLETE', caller.rec, target.rec, 0);
      expect(w.run(caller).gprs[0]).toBe(x0);
      w.driver.interrupt('IRQ');
    }
  }),
  scenario(
    'REC_CREATE.limit',
    'B4.3.12',
    'a Realm has 2^order - 1 RECs at most',
    (w) => {
      const realm = w.realm();
      for (let i = 0; i < 7; i += 1) realm.rec();
      expect(() => realm.rec()).toThrow('RMI_ERROR_REALM');
    },
    { machine: { max_recs_order: 3, rec_aux_count: 0 } },
  ),
  scenario('REC_CREATE.aux_is_rec', 'B4.3.12', 'the REC is none of its auxiliary granules', (w) => {
    const { rd } = w.realm();
    const granules = Array.from({ length: w.driver.machine.rec_aux_count }, () => w.delegated());
    const params = w.recParamsPage(recParams(0, granules));
    expect(w.rmi('RMI_REC_CREATE', rd, granules[0] ?? 0n, params).result).toEqual(INPUT);
  }),
  scenario('REALM_CREATE.partial_rtts', 'B4.3.9', 'every starting-level table has to be DELEGATED', (w) => {
    const base = w.page(2, 2);
    w.must('RMI_GRANULE_DELEGATE', base);
    const params_ptr = w.realmParamsPage({ s2sz: 40, start: 1 }, { rtt_base: base });
    expect(w.rmi('RMI_REALM_CREATE', w.delegated(), params_ptr).result).toEqual(INPUT);
    expect(w.rmi('RMI_GRANULE_UNDELEGATE', base).result.status).toBe('RMI_SUCCESS');
  }),
  scenario('REALM_CREATE.bps0', 'B4.3.9', 'the encoding 0 of a number of breakpoints is reserved', (w) => {
    const params_ptr = w.realmParamsPage({}, { num_bps: 0 });
    expect(w.rmi('RMI_REALM_CREATE', w.delegated(), params_ptr).result).toEqual(INPUT);
  }),
  scenario('DATA_CREATE.block', 'B4.3.1', 'inside a block of level 2', (w) => {
    const realm = w.realm();
    realm.block(0n);
    realm.fold(0n, 3);
    const { result } = w.rmi('RMI_DATA_CREATE', realm.rd, w.delegated(), GRANULE, w.page(), 1);
    expect(result).toEqual(RTT(2));
  }),
  scenario('RTT_FOLD.level1', 'A5.5.6', 'blocks of level 1 do not fold, and the code names level 1', (w) => {
    const realm = w.realm();
    realm.ensure(UNPROTECTED, 1);
    for (let i = 0n; i < 512n; i += 1n) {
      w.must('RMI_RTT_MAP_UNPROTECTED', realm.rd, UNPROTECTED + i * GIB, 1, (i << 30n) | NS_ATTR);
    }
    expect(w.rmi('RMI_RTT_FOLD', realm.rd, UNPROTECTED, 1).result).toEqual(RTT(1));
  }),
  scenario('RTT_INIT_RIPAS.repeat', 'B4.3.18', 'a range that is RAM already extends the RIM again', (w) => {
    const realm = mapped(w);
    realm.ram(0n);
    realm.ram(0n);
    realm.start();
    let rim = rimOfRealm('sha256', realm.params);
    for (let i = 0; i < 2; i += 1) rim = rimAfterRipas('sha256', rim, 0n, GRANULE);
    expect(measurementIn(w.call('RSI_MEASUREMENT_READ', 0))).toEqual(rimAfterRec('sha256', rim));
  }),
  scenario('RTT_SET_RIPAS.stop', 'A5.4', 'a destroyed page that may not change ends the request', (w) => {
    const realm = mapped(w);
    realm.data(GRANULE);
    w.must('RMI_DATA_DESTROY', realm.rd, GRANULE);
    const rec = realm.start();
    w.leave('RSI_IPA_STATE_SET', 0, 3n * GRANULE, RAM, 0);
    expect(w.must('RMI_RTT_SET_RIPAS', realm.rd, rec.rec, 0, 3n * GRANULE)[1]).toBe(GRANULE);
    expect(w.rmi('RMI_RTT_SET_RIPAS', realm.rd, rec.rec, GRANULE, 3n * GRANULE).result).toEqual(RTT(3));
  }),
  scenario('REC_ENTER.inject_sea_nop', 'A4.2.3', 'inject_sea without an abort has no effect', (w) => {
    const realm = w.realm();
    const rec = realm.rec();
    realm.activate();
    expect(w.run(rec, { flags: RMI_ENTER_FLAG.inject_sea }).exception).toBeUndefined();
  }),
  scenario('unknown FID', 'B4.3', 'a hole among the function identifiers is not supported', (w) => {
    for (const fid of [0xc400_0156n, 0xc400_0160n, 0xc400_0163n, 0xc400_016an, 0xc400_018fn]) {
      const reply = w.driver.smc([fid]);
      expect(reply).toMatchObject({ kind: 'return', x: expect.arrayContaining([0xffff_ffff_ffff_ffffn]) });
      expect(reply.kind === 'return' && reply.x[0]).toBe(0xffff_ffff_ffff_ffffn);
    }
  }),
  scenario('REC_ENTER.state_order', 'B4.3.14', 'NEW is index 0, off is index 1', (w) => {
    const realm = w.realm();
    const rec = realm.rec();
    expect(w.enter(rec)).toMatchObject({ result: realmError(0) });
    realm.activate().turnOff(rec);
    expect(w.enter(rec)).toMatchObject({ result: realmError(1) });
  }),
];
