import { expect } from 'vitest';
import { RMI_REALM_FLAG, RmiRealmParams } from '../../../src/abi/index.ts';
import { realmCreate } from '../../../src/rmm/rmi/index.ts';
import { conformance, on, when } from '../language/conformance.ts';
import { granuleRows, hostGranuleRows } from '../language/granule-rows.ts';
import { measurementIn, rimAfterRec, rimOfRealm } from '../language/measure.ts';
import { BASELINE, NS_ATTR, realmParams, WorldRealm } from '../language/realm.ts';
import { GIB, GRANULE, UNPROTECTED, type World } from '../language/world.ts';

const { lpa2, sve, pmu } = RMI_REALM_FLAG;

/** A machine whose physical addresses have 52 bits. */
const WIDE = { machine: { pa_width: 52, s2sz: 52, lpa2: true } } as const;

const given = (w: World) => {
  const rd = w.delegated();
  const params = realmParams({ ...BASELINE, vmid: w.freeVmid() }, w.delegated());
  const encoded = (change: Partial<RmiRealmParams>) => w.pageWith(RmiRealmParams.encode({ ...params, ...change }));
  return {
    rd,
    params,
    params_ptr: encoded({}),
    /** The same call with these parameters instead. */
    asking: (change: Partial<RmiRealmParams>) => ({ params_ptr: encoded(change) }),
    /** The Realm that came of it. */
    created: () => new WorldRealm(w, rd, params),
  };
};
type Given = ReturnType<typeof given>;

/** Parameters of a Realm whose walks start elsewhere, with the tables that they need. */
const starting = (w: World, s2sz: number, level: number, tables: number, flags = 0n): Partial<RmiRealmParams> => ({
  s2sz,
  flags,
  rtt_level_start: BigInt(level),
  rtt_num_start: tables,
  rtt_base: w.delegated(tables, tables),
});

/** The measurement that the Realm reads in its first REC, which is runnable and therefore measured. */
const measurementOf = ({ created }: Given, w: World, index: number): Uint8Array => {
  created().start();
  return measurementIn(w.call('RSI_MEASUREMENT_READ', index));
};

/** What RSI_REALM_CONFIG writes. */
const configOf = ({ created }: Given, w: World): Uint8Array => {
  const realm = created();
  realm.data(0n);
  realm.start();
  w.call('RSI_REALM_CONFIG', 0n);
  return w.load(0n, 0x240);
};

export const realmCreateRows = conformance(realmCreate, {
  given,
  fails: {
    ...hostGranuleRows('params_ptr', 'params', {
      align: 'PARAMS_UNALIGNED',
      device: 'PARAMS_DEV_MEM',
      outside: 'PARAMS_OUTSIDE_OF_PERMITTED_PA',
      realm: 'PARAMS_PAS_REALM',
      secure: 'PARAMS_PAS_SECURE',
    }),
    params_valid: {
      HASH_ALGO_INVALID: ({ asking }) => asking({ hash_algo: 2 }),
      'hash_algo is 255': ({ asking }) => asking({ hash_algo: 255 }),
      S2SZ_INVALID: ({ asking }) => asking({ s2sz: 38, rtt_level_start: 1n, rtt_num_start: 0 }),
    },
    params_supp: {
      HASH_ALGO_UNSUPPORTED: on({ machine: { hash_sha_512: false } }, ({ asking }: Given) => asking({ hash_algo: 1 })),
      'no SHA-256': on({ machine: { hash_sha_256: false } }, ({ asking }: Given) => asking({ hash_algo: 0 })),
      PMU_UNSUPPORTED: on({ machine: { pmu_num_ctrs: undefined } }, ({ asking }: Given) => asking({ flags: pmu })),
      'one PMU counter too many': on({ machine: { pmu_num_ctrs: 6 } }, ({ asking }: Given) =>
        asking({ flags: pmu, pmu_num_ctrs: 7 }),
      ),
      'a PMU without counters, and no FEAT_HPMN0': ({ asking }) => asking({ flags: pmu, pmu_num_ctrs: 0 }),
      SVE_UNSUPPORTED: ({ asking }) => asking({ flags: sve }),
      'an SVE vector length too long': on({ machine: { sve_vl: 3 } }, ({ asking }: Given) =>
        asking({ flags: sve, sve_vl: 4 }),
      ),
      LPA2_UNSUPPORTED: on({ machine: { lpa2: false } }, ({ asking }: Given) => asking({ flags: lpa2 })),
      BPS_UNSUPPORTED: ({ asking }, w) => asking({ num_bps: w.driver.machine.num_bps + 1 }),
      WPS_UNSUPPORTED: ({ asking }, w) => asking({ num_wps: w.driver.machine.num_wps + 1 }),
      'no breakpoint': ({ asking }) => asking({ num_bps: 0 }),
      'no watchpoint': ({ asking }) => asking({ num_wps: 0 }),
      's2sz is 31': ({ asking }, w) => asking(starting(w, 31, 1, 1)),
      's2sz is one more than the machine has': on({ machine: { s2sz: 41 } }, ({ asking }: Given) =>
        asking({ s2sz: 42 }),
      ),
    },
    alias: {
      RTT_BASE_RD_ALIASED: ({ asking, rd }) => asking({ rtt_base: rd }),
      'rd is the second of two tables': ({ asking }, w) => {
        const tables = starting(w, 40, 1, 2);
        return { rd: (tables.rtt_base ?? 0n) + GRANULE, ...asking(tables) };
      },
    },
    ...granuleRows('rd', 'DELEGATED', {
      align: 'RD_UNALIGNED',
      device: 'RD_DEV_MEM',
      outside: 'RD_OUTSIDE_OF_PERMITTED_PA',
      UNDELEGATED: 'RD_STATE_UNDELEGATED',
      RD: 'RD_STATE_RD',
      REC: 'RD_STATE_REC',
      RTT: 'RD_STATE_RTT',
      DATA: 'RD_STATE_DATA',
    }),
    rtt_align: {
      RTT_UNALIGNED: ({ asking, params }) => asking({ rtt_base: params.rtt_base + 1n }),
      'two tables, aligned to one': ({ asking }, w) => {
        const base = w.delegated(3, 2) + GRANULE;
        return asking({ ...starting(w, 40, 1, 2), rtt_base: base });
      },
    },
    rtt_num_level: {
      RTT_START_INVALID: ({ asking }, w) => asking(starting(w, 40, 0, 2)),
      'no table at all': ({ asking }) => asking({ rtt_num_start: 0 }),
      'level 1 with one table too few': ({ asking }, w) => asking(starting(w, 41, 1, 2)),
      'level 1 with one bit too many': ({ asking }, w) => asking(starting(w, 44, 1, 32)),
      'level 2 with one bit too many': ({ asking }, w) => asking(starting(w, 35, 2, 32)),
      'level 3': ({ asking }, w) => asking(starting(w, 32, 3, 16)),
      'level 0 with one bit too few': ({ asking }, w) => asking(starting(w, 39, 0, 1)),
      'level -1 without LPA2': ({ asking }, w) => asking(starting(w, 48, -1, 1)),
      'level -1 with one bit too few': on(WIDE, ({ asking }: Given, w: World) => asking(starting(w, 48, -1, 1, lpa2))),
      'level 0 with 49 bits and no LPA2': on(WIDE, ({ asking }: Given, w: World) => asking(starting(w, 49, 0, 2))),
      'level -2': ({ asking }, w) => asking(starting(w, 40, -2, 1)),
      'level 0 on a machine with 43 bits of physical address': on(
        { machine: { pa_width: 43, s2sz: 43 } },
        ({ asking }: Given) => asking({}),
      ),
    },
    rtt_state: {
      RTT_BASE_UNDELEGATED: ({ asking }, w) => asking({ rtt_base: w.page() }),
      'the second of two tables is UNDELEGATED': ({ asking }, w) => {
        const base = w.page(2, 2);
        w.must('RMI_GRANULE_DELEGATE', base);
        return asking({ ...starting(w, 40, 1, 2), rtt_base: base });
      },
      'a table of another Realm': ({ asking }, w) => asking({ rtt_base: w.granuleIn('RTT') }),
      'a DATA granule': ({ asking }, w) => asking({ rtt_base: w.granuleIn('DATA') }),
      'device memory': ({ asking }, w) => asking({ rtt_base: w.deviceMemory() }),
      'beyond physical memory': ({ asking }, w) => asking({ rtt_base: w.outsideMemory() }),
    },
    vmid_valid: {
      VMID_INVALID: ({ asking }) => asking({ vmid: 0xff00 }),
      'the first VMID of 9 bits': ({ asking }) => asking({ vmid: 0x100 }),
      VMID_USED: ({ asking }, w) => asking({ vmid: w.other.params.vmid }),
    },
  },
  passes: {
    params_supp: {
      'as many breakpoints and watchpoints as there are': ({ asking }, w) =>
        asking({ num_bps: w.driver.machine.num_bps, num_wps: w.driver.machine.num_wps }),
      'as many PMU counters as there are': ({ asking }) => asking({ flags: pmu, pmu_num_ctrs: 31 }),
      'a PMU without counters, and FEAT_HPMN0': on({ machine: { hpmn0: true } }, ({ asking }: Given) =>
        asking({ flags: pmu, pmu_num_ctrs: 0 }),
      ),
      'the longest SVE vector': on({ machine: { sve_vl: 3 } }, ({ asking }: Given) =>
        asking({ flags: sve, sve_vl: 3 }),
      ),
      'values of features that are not asked for': ({ asking }) => asking({ sve_vl: 15, pmu_num_ctrs: 255 }),
      'reserved flags': ({ asking }) => asking({ flags: 0xffff_ffff_ffff_fff8n }),
      'the largest s2sz of the machine': on({ machine: { s2sz: 41 } }, ({ asking }: Given) => asking({ s2sz: 41 })),
      'SHA-512': ({ asking }) => asking({ hash_algo: 1 }),
      LPA2: ({ asking }) => asking({ flags: lpa2 }),
    },
    alias: {
      'rd directly after the tables': ({ asking }, w) => {
        const rtt_base = w.delegated(3, 2);
        return { rd: rtt_base + 2n * GRANULE, ...asking({ ...starting(w, 40, 1, 2), rtt_base }) };
      },
      'rd directly before the table': ({ asking }, w) => {
        const rd = w.delegated(2);
        return { rd, ...asking({ rtt_base: rd + GRANULE }) };
      },
    },
    rtt_num_level: {
      'level 1, 32 bits': ({ asking }, w) => asking(starting(w, 32, 1, 1)),
      'level 1, 39 bits': ({ asking }, w) => asking(starting(w, 39, 1, 1)),
      'level 1, 43 bits, 16 tables': ({ asking }, w) => asking(starting(w, 43, 1, 16)),
      'level 2, 32 bits, 4 tables': ({ asking }, w) => asking(starting(w, 32, 2, 4)),
      'level 2, 34 bits, 16 tables': ({ asking }, w) => asking(starting(w, 34, 2, 16)),
      'level 0, 48 bits': ({ asking }, w) => asking(starting(w, 48, 0, 1)),
      'level 0, 52 bits, LPA2, 16 tables': on(WIDE, ({ asking }: Given, w: World) =>
        asking(starting(w, 52, 0, 16, lpa2)),
      ),
      'level -1, 49 bits, LPA2': on(WIDE, ({ asking }: Given, w: World) => asking(starting(w, 49, -1, 1, lpa2))),
      'level -1, 52 bits, LPA2': on(WIDE, ({ asking }: Given, w: World) => asking(starting(w, 52, -1, 1, lpa2))),
      'level 0 on a machine with 44 bits of physical address': on(
        { machine: { pa_width: 44, s2sz: 44 } },
        ({ asking }: Given) => asking({}),
      ),
    },
    vmid_valid: {
      'the last VMID of 8 bits': ({ asking }) => asking({ vmid: 0xff }),
      'the last VMID of 16 bits': on({ machine: { vmid_width: 16 } }, ({ asking }: Given) => asking({ vmid: 0xffff })),
      'the VMID of a Realm that was destroyed': ({ asking }, w) => {
        const { rd, params } = w.realm();
        w.must('RMI_REALM_DESTROY', rd);
        return asking({ vmid: params.vmid });
      },
    },
  },
  succeeds: {
    rd_state: {
      'rd names a Realm': ({ rd }, w) => when({}, { sees: () => void w.must('RMI_REC_AUX_COUNT', rd) }),
    },
    realm_state: {
      'the Realm can be activated': ({ rd }, w) => when({}, { sees: () => void w.must('RMI_REALM_ACTIVATE', rd) }),
    },
    rec_index: { 'its first REC has index 0': ({ created }) => when({}, { sees: () => void created().rec() }) },
    rtt_base: {
      'the table goes back with the Realm': ({ rd, params }, w) =>
        when(
          {},
          {
            sees: () => {
              w.must('RMI_REALM_DESTROY', rd);
              w.must('RMI_GRANULE_UNDELEGATE', params.rtt_base);
            },
          },
        ),
    },
    rtt_state: {
      'the table cannot be undelegated': ({ params }, w) =>
        when(
          {},
          {
            sees: () => expect(w.rmi('RMI_GRANULE_UNDELEGATE', params.rtt_base).result.status).toBe('RMI_ERROR_INPUT'),
          },
        ),
    },
    rtte_p_states: {
      'nothing is mapped at Protected IPAs': ({ rd }, w) =>
        when({}, { sees: () => expect(w.entry(rd, 0n, 0)).toMatchObject({ level: 0, state: 0, desc: 0n }) }),
      'nor in any of 16 tables': ({ rd, asking }, w) =>
        when(asking(starting(w, 43, 1, 16)), {
          sees: () => {
            for (let ipa = 0n; ipa < 1n << 42n; ipa += 512n * GIB) {
              expect(w.entry(rd, ipa, 1)).toMatchObject({ level: 1, state: 0, desc: 0n });
            }
          },
        }),
    },
    rtte_up_states: {
      'nothing is mapped at Unprotected IPAs': ({ rd }, w) =>
        when(
          {},
          { sees: () => expect(w.entry(rd, UNPROTECTED, 0)).toEqual({ level: 0, state: 0, desc: 0n, ripas: 0 }) },
        ),
      'the upper half of 16 tables can be mapped, the lower cannot': ({ rd, asking }, w) =>
        when(asking(starting(w, 43, 1, 16)), {
          sees: () => {
            w.must('RMI_RTT_MAP_UNPROTECTED', rd, 1n << 42n, 1, NS_ATTR);
            const { result } = w.rmi('RMI_RTT_MAP_UNPROTECTED', rd, (1n << 42n) - GIB, 1, NS_ATTR);
            expect(result.status).toBe('RMI_ERROR_INPUT');
          },
        }),
    },
    rtte_ripas: {
      'every Protected IPA is EMPTY': ({ rd }, w) => when({}, { sees: () => expect(w.entry(rd, 0n, 0).ripas).toBe(0) }),
    },
    lpa2: {
      'a mapping may reach above 48 bits': on(WIDE, ({ rd, asking }: Given, w: World) =>
        when(asking({ ...starting(w, 40, 1, 2, lpa2) }), {
          sees: () => void w.must('RMI_RTT_MAP_UNPROTECTED', rd, UNPROTECTED, 1, (1n << 48n) | NS_ATTR),
        }),
      ),
      'without it none may': on(WIDE, ({ rd, asking }: Given, w: World) =>
        when(asking({ ...starting(w, 40, 1, 2) }), {
          sees: () => {
            const { result } = w.rmi('RMI_RTT_MAP_UNPROTECTED', rd, UNPROTECTED, 1, (1n << 48n) | NS_ATTR);
            expect(result.status).toBe('RMI_ERROR_INPUT');
          },
        }),
      ),
    },
    ipa_width: {
      'IPAs end where s2sz says': ({ rd }, w) =>
        when(
          {},
          {
            sees: () => {
              w.must('RMI_RTT_READ_ENTRY', rd, (1n << 40n) - (1n << 39n), 0);
              expect(w.rmi('RMI_RTT_READ_ENTRY', rd, 1n << 40n, 0).result.status).toBe('RMI_ERROR_INPUT');
            },
          },
        ),
    },
    hash_algo: {
      'the Realm reads SHA-256': (g, w) => when({}, { sees: () => expect(configOf(g, w)[8]).toBe(0) }),
      'the Realm reads SHA-512': (g, w) =>
        when(g.asking({ hash_algo: 1 }), { sees: () => expect(configOf(g, w)[8]).toBe(1) }),
    },
    rim: {
      'SHA-256 of the measured parameters, then zeros': (g, w) => {
        const change = { flags: pmu, pmu_num_ctrs: 2, num_bps: 3, num_wps: 2, sve_vl: 9 };
        const rim = rimAfterRec('sha256', rimOfRealm('sha256', { ...g.params, ...change }));
        return when(g.asking(change), { sees: () => expect(measurementOf(g, w, 0)).toEqual(rim) });
      },
      'SHA-512 of the measured parameters': (g, w) => {
        const rim = rimAfterRec('sha512', rimOfRealm('sha512', g.params));
        return when(g.asking({ hash_algo: 1 }), { sees: () => expect(measurementOf(g, w, 0)).toEqual(rim) });
      },
      'the same, whatever rpv and vmid are': (g, w) => {
        const rim = rimAfterRec('sha256', rimOfRealm('sha256', g.params));
        const change = { rpv: new Uint8Array(64).fill(9), vmid: w.freeVmid() };
        return when(g.asking(change), { sees: () => expect(measurementOf(g, w, 0)).toEqual(rim) });
      },
    },
    rem: {
      'the Realm reads zeros': (g, w) =>
        when({}, { sees: () => expect(measurementOf(g, w, 4)).toEqual(new Uint8Array(64)) }),
    },
    rtt_level: {
      'walks start at level 1': ({ rd, asking }, w) =>
        when(asking(starting(w, 40, 1, 2)), {
          sees: () => {
            expect(w.entry(rd, 0n, 1).level).toBe(1);
            expect(w.rmi('RMI_RTT_READ_ENTRY', rd, 0n, 0).result.status).toBe('RMI_ERROR_INPUT');
          },
        }),
      'walks start at level -1': on(WIDE, ({ rd, asking }: Given, w: World) =>
        when(asking(starting(w, 49, -1, 1, lpa2)), { sees: () => expect(w.entry(rd, 0n, 3).level).toBe(-1) }),
      ),
    },
    rtt_num: {
      'both tables are taken': ({ asking }, w) => {
        const tables = starting(w, 40, 1, 2);
        return when(asking(tables), {
          sees: () => {
            const { result } = w.rmi('RMI_GRANULE_UNDELEGATE', (tables.rtt_base ?? 0n) + GRANULE);
            expect(result.status).toBe('RMI_ERROR_INPUT');
          },
        });
      },
    },
    vmid: {
      'no other Realm can have it': ({ params, asking }, w) =>
        when(
          {},
          {
            sees: () => {
              const { params_ptr } = asking({ vmid: params.vmid, rtt_base: w.delegated() });
              expect(w.rmi('RMI_REALM_CREATE', w.delegated(), params_ptr).result.status).toBe('RMI_ERROR_INPUT');
            },
          },
        ),
    },
    rpv: {
      'the Realm reads it': (g, w) => {
        const rpv = Uint8Array.from({ length: 64 }, (_, i) => i + 1);
        return when(g.asking({ rpv }), { sees: () => expect(configOf(g, w).slice(0x200)).toEqual(rpv) });
      },
    },
    num_recs: {
      'the Realm can be destroyed at once': ({ rd }, w) =>
        when({}, { sees: () => void w.must('RMI_REALM_DESTROY', rd) }),
    },
  },
});
