import { expect } from 'vitest';
import { RMI_REALM_FLAG } from '../../../src/abi/index.ts';
import { levelSize, startLevelTables } from '../../../src/rmm/index.ts';
import { NS_ATTR, type WorldRealm, type WorldRec } from '../language/realm.ts';
import { scenario } from '../language/scenario.ts';
import { GRANULE, MIB, UNPROTECTED, type World } from '../language/world.ts';

const EMPTY = 0;
const RAM = 1;
const DESTROYED = 2;
const EC_SHIFT = 26n;
const EC = { fetch: 0x20n, read: 0x24n, write: 0x24n } as const;

type How = 'read' | 'write' | 'fetch';
const access = (w: World, how: How, ipa: bigint, length = 8) =>
  w.driver.realmAccess(
    how === 'write' ? { access: how, ipa, bytes: new Uint8Array(length) } : { access: how, ipa, length },
  );

/** What an access comes to: `done`, an exception in the Realm, or the exception class and fault status of an exit. */
const outcome = (w: World, rec: WorldRec, how: How, ipa: bigint): string => {
  const reply = access(w, how, ipa);
  if (reply.kind === 'exception') return reply.exception;
  if (reply.kind !== 'exit') return reply.kind;
  const { esr, hpfar } = w.exited(reply.x);
  w.run(rec);
  expect(esr >> EC_SHIFT).toBe(EC[how]);
  expect(hpfar << 8n).toBe(ipa & ~0xfffn);
  return `exit 0x${(esr & 0x3fn).toString(16)}`;
};

const HOWS: readonly How[] = ['read', 'write', 'fetch'];

/** Pages at IPA 0, one for each HIPAS and RIPAS. */
const PROTECTED: readonly (readonly [id: string, make: (realm: WorldRealm, w: World) => void, expected: string])[] = [
  ['mm_hipas_unassigned_ripas_empty_da_ia', () => {}, 'SEA'],
  ['mm_hipas_assigned_ripas_empty_da_ia', (realm) => void realm.unknown(0n), 'SEA'],
  ['mm_hipas_unassigned_ripas_ram_da_ia', (realm) => realm.ram(0n), 'exit 0x7'],
  ['mm_hipas_assigned_ripas_ram_da_ia', (realm) => void realm.data(0n), 'done'],
  [
    'mm_hipas_unassigned_ripas_destroyed_da_ia',
    (realm, w) => {
      realm.data(0n);
      w.must('RMI_DATA_DESTROY', realm.rd, 0);
    },
    'exit 0x7',
  ],
  [
    'mm_hipas_assigned_ripas_destroyed_da_ia',
    (realm, w) => {
      realm.data(0n);
      w.must('RMI_DATA_DESTROY', realm.rd, 0);
      realm.unknown(0n);
    },
    'exit 0x7',
  ],
];

export const ACCESSES = [
  ...PROTECTED.map(([id, make, expected]) =>
    scenario(id, 'A5.3.1', `a Protected IPA: ${expected}`, (w) => {
      const realm = w.realm();
      realm.ensure(0n);
      make(realm, w);
      const rec = realm.start();
      for (const how of HOWS) expect(outcome(w, rec, how, 0n)).toBe(expected);
    }),
  ),
  ...(['da', 'ia'] as const).map((kind) =>
    scenario(`mm_ripas_destroyed_${kind}`, 'A5.2.3', 'no progress, however often it is tried', (w) => {
      const realm = w.realm();
      realm.data(0n);
      const rec = realm.start();
      w.driver.interrupt('IRQ');
      w.must('RMI_DATA_DESTROY', realm.rd, 0);
      w.run(rec);
      for (let i = 0; i < 3; i += 1) expect(outcome(w, rec, kind === 'da' ? 'read' : 'fetch', 0n)).toBe('exit 0x7');
    }),
  ),
  scenario('mm_hipas_unassigned_ns_da_ia', 'A5.2.6', 'nothing is mapped at an Unprotected IPA', (w) => {
    const realm = w.realm();
    realm.ensure(UNPROTECTED);
    const rec = realm.start();
    expect(outcome(w, rec, 'read', UNPROTECTED)).toBe('exit 0x7');
    expect(outcome(w, rec, 'write', UNPROTECTED)).toBe('exit 0x7');
    expect(outcome(w, rec, 'fetch', UNPROTECTED)).toBe('SEA');
  }),
  scenario('mm_hipas_assigned_ns_da_ia', 'A5.2.6', 'memory of the Normal world is data, never code', (w) => {
    const realm = w.realm();
    realm.mapNs(UNPROTECTED);
    const rec = realm.start();
    expect(outcome(w, rec, 'read', UNPROTECTED)).toBe('done');
    expect(outcome(w, rec, 'fetch', UNPROTECTED)).toBe('SEA');
  }),
  scenario('mm_protected_ipa_boundary', 'A5.2.1', 'an access across the middle: the page below is not mapped', (w) => {
    const realm = w.realm();
    realm.ram(UNPROTECTED - GRANULE);
    realm.mapNs(UNPROTECTED);
    realm.start();
    const reply = w.driver.realmAccess({ access: 'read', ipa: UNPROTECTED - 4n, length: 8, isv: { srt: 1 } });
    const { esr, far, hpfar } = w.exited(reply.kind === 'exit' ? reply.x : []);
    expect([esr & (1n << 24n), far, hpfar]).toEqual([0n, 0n, (UNPROTECTED - GRANULE) >> 8n]);
  }),
  scenario(
    'mm_unprotected_ipa_boundary',
    'A5.2.1',
    'an access across the middle: the page above is not mapped',
    (w) => {
      const realm = w.realm();
      realm.data(UNPROTECTED - GRANULE);
      realm.ensure(UNPROTECTED);
      realm.start();
      const reply = w.driver.realmAccess({ access: 'read', ipa: UNPROTECTED - 4n, length: 8, isv: { srt: 1 } });
      const { esr, hpfar } = w.exited(reply.kind === 'exit' ? reply.x : []);
      expect([esr & (1n << 24n), hpfar]).toEqual([1n << 24n, UNPROTECTED >> 8n]);
    },
  ),
  scenario(
    'access.all_or_nothing',
    'A5.2.3',
    'a store across two pages of which one is missing changes neither',
    (w) => {
      const realm = w.realm();
      realm.data(0n);
      realm.ram(GRANULE);
      const rec = realm.start();
      const reply = w.driver.realmAccess({ access: 'write', ipa: GRANULE - 4n, bytes: new Uint8Array(8).fill(7) });
      expect(reply.kind).toBe('exit');
      w.run(rec);
      expect(w.load(GRANULE - 4n, 4)).toEqual(new Uint8Array(4));
    },
  ),
  scenario('mm_realm_access_outside_ipa', 'A5.2.8', 'beyond the IPA space: a stage 1 Address Size Fault', (w) => {
    const rec = w.realm().start();
    for (const how of HOWS) {
      expect(outcome(w, rec, how, 1n << 40n)).toBe('ADDRESS_SIZE');
      expect(outcome(w, rec, how, 0xffff_ffff_ffff_f000n)).toBe('ADDRESS_SIZE');
    }
  }),
  scenario('mm_gpf_exception', 'A2.2.1', 'the Host cannot touch a granule that it delegated', (w) => {
    const pa = w.delegated();
    expect(w.driver.read(pa, 1)).toBeUndefined();
    expect(w.driver.write(pa, Uint8Array.of(1))).toBe(false);
  }),
  scenario(
    'access.gpf_at_unprotected_ipa',
    'A5.2.6',
    'shared memory that the Host gave away faults in the Realm',
    (w) => {
      const realm = w.realm();
      const page = realm.mapNs(UNPROTECTED);
      const rec = realm.start();
      w.driver.interrupt('IRQ');
      w.must('RMI_GRANULE_DELEGATE', page);
      w.run(rec);
      expect(outcome(w, rec, 'read', UNPROTECTED)).toBe('SEA');
    },
  ),
  scenario('mm_ha_hd_access', 'A5.5.11', 'S2AP: a page that may be read, written, both, neither', (w) => {
    const realm = w.realm();
    const attr = (s2ap: bigint) => (0b110n << 2n) | (s2ap << 6n);
    for (const s2ap of [0n, 1n, 2n, 3n]) realm.mapNs(UNPROTECTED + s2ap * GRANULE, 3, attr(s2ap));
    const rec = realm.start();
    const permission = 'exit 0xf';
    for (const s2ap of [0n, 1n, 2n, 3n]) {
      const ipa = UNPROTECTED + s2ap * GRANULE;
      expect(outcome(w, rec, 'read', ipa)).toBe((s2ap & 1n) === 0n ? permission : 'done');
      expect(outcome(w, rec, 'write', ipa)).toBe((s2ap & 2n) === 0n ? permission : 'done');
    }
  }),
  scenario('mm_feat_s2fwb_check', 'A5.5.11', 'each MemAttr that FEAT_S2FWB knows, and not the reserved one', (w) => {
    const realm = w.realm();
    realm.ensure(UNPROTECTED);
    for (let memAttr = 0n; memAttr < 8n; memAttr += 1n) {
      const desc = w.page() | (memAttr << 2n) | (3n << 6n);
      const ipa = UNPROTECTED + memAttr * GRANULE;
      const { result } = w.rmi('RMI_RTT_MAP_UNPROTECTED', realm.rd, ipa, 3, desc);
      expect(result.status).toBe(memAttr === 4n ? 'RMI_ERROR_INPUT' : 'RMI_SUCCESS');
      if (memAttr !== 4n) expect(w.entry(realm.rd, ipa, 3).desc).toBe(desc);
    }
  }),
];

/** A request of a Realm, of which the Host grants `granted` pages. */
const ripasChange = (w: World, granted: bigint, reject: boolean): readonly bigint[] => {
  const realm = w.realm();
  realm.ensure(0n);
  const rec = realm.start();
  w.leave('RSI_IPA_STATE_SET', 0, 4n * GRANULE, RAM, 0);
  if (granted > 0n) w.must('RMI_RTT_SET_RIPAS', realm.rd, rec.rec, 0, granted * GRANULE);
  return w.run(rec, { flags: reject ? 16n : 0n }).gprs.slice(0, 3);
};

export const RIPAS_CHANGES = [
  scenario('mm_ripas_change', 'A5.4', 'all of it', (w) =>
    expect(ripasChange(w, 4n, false)).toEqual([0n, 4n * GRANULE, 0n]),
  ),
  scenario('mm_ripas_change_partial', 'A5.4', 'a part of it', (w) =>
    expect(ripasChange(w, 1n, false)).toEqual([0n, GRANULE, 0n]),
  ),
  scenario('mm_ripas_change_reject', 'A5.4', 'nothing, and the Host says so', (w) =>
    expect(ripasChange(w, 0n, true)).toEqual([0n, 0n, 1n]),
  ),
  scenario('ripas_change.ignored', 'A5.4', 'nothing, and the Host does not say so', (w) =>
    expect(ripasChange(w, 0n, false)).toEqual([0n, 0n, 0n]),
  ),
  scenario(
    'ripas_change.pending_over_a_refused_entry',
    'A4.3.8',
    'an entry that fails leaves the request pending',
    (w) => {
      const realm = w.realm();
      realm.ensure(0n);
      const rec = realm.start();
      w.leave('RSI_IPA_STATE_SET', 0, GRANULE, RAM, 0);
      expect(w.enter(rec, { gicv3_hcr: 1n })).toMatchObject({ result: { status: 'RMI_ERROR_REC' } });
      w.must('RMI_RTT_SET_RIPAS', realm.rd, rec.rec, 0, GRANULE);
      expect(w.run(rec).gprs.slice(0, 3)).toEqual([0n, GRANULE, 0n]);
    },
  ),
];

/** Folds the level 3 table at `ipa` and unfolds it again: both ways of saying it are the same. */
const foldsAndUnfolds = (w: World, realm: WorldRealm, ipa: bigint): void => {
  const pages = () => Array.from({ length: 512 }, (_, i) => w.entry(realm.rd, ipa + BigInt(i) * GRANULE, 3));
  const before = pages();
  realm.fold(ipa, 3);
  expect(w.entry(realm.rd, ipa, 3).level).toBe(2);
  realm.ensure(ipa);
  expect(pages()).toEqual(before);
};

export const TABLES = [
  scenario('mm_rtt_fold_assigned', 'A5.5.6', 'pages of the Realm', (w) => {
    const realm = w.realm();
    realm.block(0n);
    foldsAndUnfolds(w, realm, 0n);
  }),
  scenario('mm_rtt_fold_assigned_ns', 'A5.5.6', 'pages of the Normal world', (w) => {
    const realm = w.realm();
    realm.ensure(UNPROTECTED);
    const first = w.page(512, 512);
    for (let i = 0n; i < 512n; i += 1n) {
      w.must('RMI_RTT_MAP_UNPROTECTED', realm.rd, UNPROTECTED + i * GRANULE, 3, (first + i * GRANULE) | NS_ATTR);
    }
    foldsAndUnfolds(w, realm, UNPROTECTED);
  }),
  scenario('mm_rtt_fold_unassigned', 'A5.5.6', 'nothing, of each RIPAS', (w) => {
    const realm = w.realm();
    realm.ensure(0n);
    expect(w.entry(realm.rd, 0n, 3).ripas).toBe(EMPTY);
    foldsAndUnfolds(w, realm, 0n);
    realm.ram(0n, 2n * MIB);
    expect(w.entry(realm.rd, 0n, 3).ripas).toBe(RAM);
    foldsAndUnfolds(w, realm, 0n);
    w.must('RMI_RTT_DESTROY', realm.rd, 0, 3);
    realm.forget(0n, 3);
    realm.ensure(0n);
    expect(w.entry(realm.rd, 0n, 3).ripas).toBe(DESTROYED);
    foldsAndUnfolds(w, realm, 0n);
  }),
  scenario('mm_rtt_fold_unassigned_ns', 'A5.5.6', 'nothing, at Unprotected IPAs', (w) => {
    const realm = w.realm();
    realm.ensure(UNPROTECTED);
    foldsAndUnfolds(w, realm, UNPROTECTED);
  }),
  scenario('mm_rtt_translation_table', 'B4.3.20', 'where the walk stops', (w) => {
    const realm = w.realm();
    realm.data(0n);
    expect(w.entry(realm.rd, 2n * MIB, 3)).toMatchObject({ level: 2, state: 0 });
    expect(w.entry(realm.rd, GRANULE, 3)).toMatchObject({ level: 3 });
  }),
];

const LPA2 = RMI_REALM_FLAG.lpa2;

/** Trees that start at level -1, of which 16 entries are used. */
export const LEVEL_MINUS_1 = [
  scenario(
    'level_minus_1.codes',
    'B4.2',
    'level -1 in a return code is 0xff, and the search for live entries ends with the sixteenth',
    (w) => {
      const { rd } = w.realm({ s2sz: 52, start: -1, flags: LPA2 });
      const { x } = w.rmi('RMI_RTT_DESTROY', rd, 0, 1);
      expect([x[0], x[2]]).toEqual([0xff04n, 1n << 52n]);
      expect(w.must('RMI_RTT_READ_ENTRY', rd, 0, 3)[1]).toBe(0xffff_ffff_ffff_ffffn);
    },
    { machine: { pa_width: 52, s2sz: 52 } },
  ),
  scenario(
    'level_minus_1.fold',
    'A5.5.6',
    'a table of level 0 folds into it, a block of pages does not reach it',
    (w) => {
      const realm = w.realm({ s2sz: 49, start: -1, flags: LPA2 });
      realm.ensure(0n, 0);
      expect(w.entry(realm.rd, 0n, 0)).toMatchObject({ level: 0, state: 0 });
      realm.fold(0n, 0);
      expect(w.entry(realm.rd, 0n, 3)).toMatchObject({ level: -1, state: 0, ripas: EMPTY });
      const shared = 1n << 48n;
      realm.ensure(shared, 1);
      for (const level of [1, 0]) realm.fold(shared, level);
      expect(w.entry(realm.rd, shared, 3)).toEqual({ level: -1, state: 0, desc: 0n, ripas: EMPTY });
    },
    { machine: { pa_width: 52, s2sz: 52 } },
  ),
  scenario(
    'level_minus_1.abort',
    'A4.3.4.3',
    'the fault status of level -1',
    (w) => {
      const realm = w.realm({ s2sz: 49, start: -1, flags: LPA2 });
      realm.start();
      const reply = access(w, 'read', 1n << 48n);
      expect(w.exited(reply.kind === 'exit' ? reply.x : []).esr & 0x3fn).toBe(0x2bn);
    },
    { machine: { pa_width: 52, s2sz: 52 } },
  ),
];

const WIDE = { machine: { pa_width: 52, s2sz: 52, rec_aux_count: 0 } } as const;

/** Widths that a starting level allows (rmm-model 5.2). */
const WIDTHS: readonly (readonly [level: number, lpa2: boolean, first: number, last: number])[] = [
  [0, false, 40, 48],
  [0, true, 40, 52],
  [1, false, 32, 43],
  [1, true, 32, 43],
  [2, false, 32, 34],
  [2, true, 32, 34],
  [-1, true, 49, 52],
];
const CONFIGURATIONS = WIDTHS.flatMap(([start, lpa2, first, last]) =>
  Array.from({ length: last - first + 1 }, (_, i) => ({ start, s2sz: first + i, lpa2 })),
);
const isAllowed = (start: number, s2sz: number, lpa2: boolean): boolean =>
  CONFIGURATIONS.some((c) => c.start === start && c.s2sz === s2sz && c.lpa2 === lpa2);

export const START_LEVELS = [
  scenario(
    'mm_rtt_level_start',
    'A5.5.3',
    `${CONFIGURATIONS.length} configurations: first and last page of both halves`,
    (w) => {
      for (const { start, s2sz, lpa2 } of CONFIGURATIONS) {
        const realm = w.realm({ start, s2sz, flags: lpa2 ? RMI_REALM_FLAG.lpa2 : 0n });
        const half = 1n << BigInt(s2sz - 1);
        const shared = [half, 2n * half - GRANULE].map((ipa) => [ipa, realm.mapNs(ipa)] as const);
        const own = [0n, half - GRANULE].map((ipa) => [ipa, realm.data(ipa, Uint8Array.of(s2sz))] as const);
        for (const [ipa, pa] of own)
          expect(w.entry(realm.rd, ipa, 3)).toEqual({ level: 3, state: 1, desc: pa, ripas: RAM });
        realm.start();
        for (const [ipa] of own) expect(w.load(ipa, 1)).toEqual(Uint8Array.of(s2sz));
        for (const [ipa, pa] of shared) {
          w.store(ipa, Uint8Array.of(start & 0xff));
          expect(w.read(pa, 1)).toEqual(Uint8Array.of(start & 0xff));
        }
        w.driver.interrupt('IRQ');
        for (const rec of realm.recs) w.must('RMI_REC_DESTROY', rec.rec);
        unmap(
          w,
          realm,
          start,
          [...own, ...shared].map(([ipa]) => ipa),
        );
      }
    },
    WIDE,
  ),
  scenario(
    'rtt_level_start.refused',
    'B3.55',
    'every other width, level or number of tables is refused',
    (w) => {
      let refused = 0;
      for (let s2sz = 32; s2sz <= 52; s2sz += 1) {
        for (const start of [-2, -1, 0, 1, 2, 3, 4]) {
          for (const lpa2 of [false, true]) {
            const right = start >= -1 && start <= 3 ? startLevelTables(s2sz, start) : 1;
            const wrong = [0, right - 1, right + 1, right * 2].filter((n) => n !== right);
            for (const rtt_num_start of isAllowed(start, s2sz, lpa2) ? wrong : [right]) {
              if (rtt_num_start > 64) continue;
              const params_ptr = w.realmParamsPage(
                { s2sz, flags: lpa2 ? RMI_REALM_FLAG.lpa2 : 0n },
                { rtt_level_start: BigInt(start), rtt_num_start, rtt_base: w.delegated(64, 64), vmid: 1 },
              );
              expect(w.rmi('RMI_REALM_CREATE', w.delegated(), params_ptr).result.status).toBe('RMI_ERROR_INPUT');
              refused += 1;
            }
          }
        }
      }
      expect(refused).toBeGreaterThan(200);
    },
    WIDE,
  ),
];

/** Takes a tree down again, following what the RMM says. */
const unmap = (w: World, realm: WorldRealm, start: number, ipas: readonly bigint[]): void => {
  const half = 1n << BigInt(realm.params.s2sz - 1);
  for (const ipa of ipas) {
    if (ipa < half) w.must('RMI_DATA_DESTROY', realm.rd, ipa);
    else w.must('RMI_RTT_UNMAP_UNPROTECTED', realm.rd, ipa, 3);
  }
  for (let level = 3; level > start; level -= 1) {
    for (const base of new Set(ipas.map((ipa) => ipa - (ipa % levelSize(level - 1))))) {
      w.must('RMI_RTT_DESTROY', realm.rd, base, level);
    }
  }
  w.must('RMI_REALM_DESTROY', realm.rd);
};
