import { expect } from 'vitest';
import { RMI_REC_FLAG, RmiRecParams } from '../../../src/abi/index.ts';
import { recCreate } from '../../../src/rmm/rmi/index.ts';
import { conformance, on, when } from '../language/conformance.ts';
import { granuleRows, hostGranuleRows } from '../language/granule-rows.ts';
import { measurementIn, rimAfterRec, rimOfRealm } from '../language/measure.ts';
import { recParams, type WorldRec } from '../language/realm.ts';
import { GRANULE, type World } from '../language/world.ts';

const given = (w: World) => {
  const realm = w.realm();
  const rec = w.delegated();
  const aux = Array.from({ length: w.driver.machine.rec_aux_count }, () => w.delegated());
  const encoded = (change: Partial<RmiRecParams>) =>
    w.pageWith(RmiRecParams.encode({ ...recParams(0, aux), ...change }));
  return {
    realm,
    rd: realm.rd,
    rec,
    aux,
    params_ptr: encoded({}),
    /** The same call with these parameters instead. */
    asking: (change: Partial<RmiRecParams>) => ({ params_ptr: encoded(change) }),
    /** The same call with another first auxiliary granule. */
    withAux: (pa: bigint) => ({ params_ptr: encoded({ aux: [pa, ...aux.slice(1)] }) }),
    /** The REC that came of it. */
    created: (): WorldRec => ({ rec, aux, run_ptr: w.page(), index: 0 }),
  };
};
type Given = ReturnType<typeof given>;

export const recCreateRows = conformance(recCreate, {
  given,
  fails: {
    ...hostGranuleRows('params_ptr', 'params', {
      align: 'PARAMS_UNALIGNED',
      device: 'PARAMS_DEV_MEM',
      outside: 'PARAMS_OUTSIDE_OF_PERMITTED_PA',
      realm: 'PARAMS_PAS_REALM',
      secure: 'PARAMS_PAS_SECURE',
    }),
    ...granuleRows('rec', 'DELEGATED', {
      align: 'REC_UNALIGNED',
      device: 'REC_DEV_MEM',
      outside: 'REC_OUTSIDE_OF_PERMITTED_PA',
      UNDELEGATED: 'REC_GRAN_STATE_UNDELEGATED',
      RD: 'REC_GRAN_STATE_RD',
      REC: 'REC_GRAN_STATE_REC',
      RTT: 'REC_GRAN_STATE_RTT',
      DATA: 'REC_GRAN_STATE_DATA',
    }),
    ...granuleRows('rd', 'RD', {
      align: 'RD_UNALIGNED',
      device: 'RD_DEV_MEM',
      outside: 'RD_OUTSIDE_OF_PERMITTED_PA',
      UNDELEGATED: 'RD_STATE_UNDELEGATED',
      DELEGATED: 'RD_STATE_DELEGATED',
      REC: 'RD_STATE_REC',
      RTT: 'RD_STATE_RTT',
      DATA: 'RD_STATE_DATA',
    }),
    realm_state: {
      REALM_ACTIVE: ({ realm }) => {
        realm.activate();
        return {};
      },
      REALM_SYSTEM_OFF: ({ realm, asking, aux }) => {
        const first = realm.rec();
        realm.activate().turnOff(first);
        return asking(recParams(1, aux));
      },
    },
    num_recs: {
      'a second REC where one is the limit': on({ machine: { max_recs_order: 1 } }, ({ realm, asking, aux }: Given) => {
        realm.rec();
        return asking(recParams(1, aux));
      }),
      'a fourth REC where three are the limit': on(
        { machine: { max_recs_order: 2, rec_aux_count: 0 } },
        ({ realm, asking, aux }: Given) => {
          for (let i = 0; i < 3; i += 1) realm.rec();
          return asking(recParams(3, aux));
        },
      ),
    },
    mpidr_index: {
      MPIDR_SKIPPED: ({ asking }) => asking({ mpidr: 0xfn }),
      'the index of a REC that exists': ({ realm }) => {
        realm.rec();
        return {};
      },
      'the index of a REC that was destroyed': ({ realm }, w) => {
        w.must('RMI_REC_DESTROY', realm.rec().rec);
        return {};
      },
      'Aff3 of the next level': ({ asking }) => asking({ mpidr: 1n << 24n }),
    },
    num_aux: {
      NUM_AUX_INVALID: ({ asking, aux }) => asking({ num_aux: BigInt(aux.length) - 1n }),
      'one more than there is room for': ({ asking }) => asking({ num_aux: 17n }),
      'as many as 64 bits can say': ({ asking }) => asking({ num_aux: 0xffff_ffff_ffff_ffffn }),
    },
    aux_align: {
      AUX_UNALIGNED: ({ asking, aux }) => asking({ aux: aux.map((pa) => pa + 1n) }),
      'the last one only': ({ asking, aux }) => asking({ aux: aux.with(-1, (aux.at(-1) ?? 0n) + 0x800n) }),
    },
    aux_alias: {
      AUX_ALIASED: ({ withAux, aux }) => withAux(aux[1] ?? 0n),
      'the first and the last': ({ withAux, aux }) => withAux(aux.at(-1) ?? 0n),
      'one of them is the REC': ({ withAux, rec }) => withAux(rec),
    },
    aux_state: {
      AUX_UNDELEGATED: ({ withAux }, w) => withAux(w.page()),
      AUX_RD: ({ withAux, rd }) => withAux(rd),
      AUX_REC: ({ withAux }, w) => withAux(w.granuleIn('REC')),
      AUX_RTT: ({ withAux }, w) => withAux(w.granuleIn('RTT')),
      AUX_DATA: ({ withAux }, w) => withAux(w.granuleIn('DATA')),
      'an auxiliary granule of another REC': ({ withAux }, w) => withAux(w.granuleIn('REC_AUX')),
      'device memory': ({ withAux }, w) => withAux(w.deviceMemory()),
      'beyond physical memory': ({ withAux }, w) => withAux(w.outsideMemory()),
      'the last one is UNDELEGATED': ({ asking, aux }, w) => asking({ aux: aux.with(-1, w.page()) }),
    },
  },
  passes: {
    num_recs: {
      'the third of three': on(
        { machine: { max_recs_order: 2, rec_aux_count: 0 } },
        ({ realm, asking, aux }: Given) => {
          for (let i = 0; i < 2; i += 1) realm.rec();
          return asking(recParams(2, aux));
        },
      ),
    },
    mpidr_index: {
      'bits that name nothing': ({ asking }) => asking({ mpidr: 0xffff_ffff_0000_00f0n }),
      'the seventeenth REC, whose Aff1 is 1': on({ machine: { rec_aux_count: 0 } }, ({ realm, asking, aux }: Given) => {
        for (let i = 0; i < 16; i += 1) realm.rec();
        return asking({ ...recParams(16, aux), mpidr: 0x100n });
      }),
    },
    aux_alias: {
      'equal ones beyond num_aux': on({ machine: { rec_aux_count: 2 } }, ({ asking, aux }: Given) =>
        asking({ aux: [...aux, ...aux, ...aux] }),
      ),
    },
  },
  succeeds: {
    rec_index: {
      'the next REC has index 1': ({ realm, created }) =>
        when(
          {},
          {
            sees: () => {
              realm.recs.push(created());
              expect(realm.rec().index).toBe(1);
            },
          },
        ),
    },
    rec_gran_state: {
      'it can be destroyed': ({ rec }, w) => when({}, { sees: () => void w.must('RMI_REC_DESTROY', rec) }),
    },
    rec_owner: {
      'it runs when its own Realm is active': ({ realm, created }, w) =>
        when(
          {},
          {
            sees: () => {
              const rec = created();
              w.other.activate();
              expect(w.enter(rec)).toMatchObject({ result: { status: 'RMI_ERROR_REALM' } });
              realm.activate();
              w.run(rec);
            },
          },
        ),
    },
    rec_attest: {
      'no token is under way': ({ realm, created }, w) =>
        when(
          {},
          {
            sees: () => {
              realm.activate();
              w.run(created());
              expect(w.call('RSI_ATTESTATION_TOKEN_CONTINUE', 0, 0, 1)[0]).toBe(2n);
            },
          },
        ),
    },
    rec_mpidr: {
      'another REC finds it by its MPIDR': ({ realm, created }, w) =>
        when(
          {},
          {
            sees: () => {
              realm.recs.push(created());
              const caller = realm.rec();
              realm.activate();
              w.run(caller);
              expect(w.leave('PSCI_AFFINITY_INFO', 0, 0).gprs[1]).toBe(0n);
            },
          },
        ),
    },
    rec_state: {
      'it can be entered': ({ realm, created }, w) =>
        when(
          {},
          {
            sees: () => {
              realm.activate();
              w.run(created());
            },
          },
        ),
    },
    runnable: {
      'it may run': ({ realm, created }, w) =>
        when(
          {},
          {
            sees: () => {
              realm.activate();
              w.run(created());
            },
          },
        ),
    },
    not_runnable: {
      'it may not': ({ realm, asking, created }, w) =>
        when(asking({ flags: 0n }), {
          sees: () => {
            realm.activate();
            expect(w.enter(created())).toMatchObject({ result: { status: 'RMI_ERROR_REC' } });
          },
        }),
    },
    rec_gprs: {
      'X0 to X7 as given, the others zero': ({ realm, asking, created }, w) => {
        const gprs = Array.from({ length: 8 }, (_, i) => 0x1111_0000n + BigInt(i));
        return when(asking({ gprs }), {
          sees: () => {
            realm.activate();
            expect(w.run(created()).gprs).toEqual([...gprs, ...new Array<bigint>(23).fill(0n)]);
          },
        });
      },
    },
    rec_pc: {
      'it starts there': ({ realm, asking, created }, w) =>
        when(asking({ pc: 0x8020_0000n }), {
          sees: () => {
            realm.activate();
            expect(w.run(created()).pc).toBe(0x8020_0000n);
          },
        }),
    },
    rim: {
      'extended by pc, registers and flags': ({ realm, asking, created }, w) => {
        const change = { flags: RMI_REC_FLAG.runnable | 0x10n, pc: 0x1234n, gprs: [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n] };
        return when(asking(change), {
          sees: () => {
            realm.activate();
            w.run(created());
            const rim = rimAfterRec('sha256', rimOfRealm('sha256', realm.params), change);
            expect(measurementIn(w.call('RSI_MEASUREMENT_READ', 0))).toEqual(rim);
          },
        });
      },
      'not by a REC that may not run': ({ realm, asking, created }, w) =>
        when(asking({ flags: 0n }), {
          sees: () => {
            realm.recs.push(created());
            realm.start();
            const rim = rimAfterRec('sha256', rimOfRealm('sha256', realm.params));
            expect(measurementIn(w.call('RSI_MEASUREMENT_READ', 0))).toEqual(rim);
          },
        }),
    },
    rec_aux: {
      'they go back with the REC': ({ rec, aux }, w) =>
        when(
          {},
          {
            sees: () => {
              w.must('RMI_REC_DESTROY', rec);
              for (const pa of aux) w.must('RMI_GRANULE_UNDELEGATE', pa);
            },
          },
        ),
    },
    rec_aux_state: {
      'none can be undelegated': ({ aux }, w) =>
        when(
          {},
          {
            sees: () => {
              for (const pa of aux) {
                expect(w.rmi('RMI_GRANULE_UNDELEGATE', pa).result.status).toBe('RMI_ERROR_INPUT');
              }
            },
          },
        ),
    },
    ripas_addr: {
      'no RIPAS change is pending': ({ rd, rec }, w) =>
        when(
          {},
          {
            sees: () =>
              expect(w.rmi('RMI_RTT_SET_RIPAS', rd, rec, GRANULE, 2n * GRANULE).result.status).toBe('RMI_ERROR_INPUT'),
          },
        ),
    },
    ripas_top: {
      'nor one at IPA 0': ({ rd, rec }, w) =>
        when(
          {},
          {
            sees: () => expect(w.rmi('RMI_RTT_SET_RIPAS', rd, rec, 0, GRANULE).result.status).toBe('RMI_ERROR_INPUT'),
          },
        ),
    },
    host_call: {
      'no answer to a host call is awaited': ({ realm, created }, w) =>
        when(
          {},
          {
            sees: () => {
              realm.activate();
              expect(w.run(created(), { gprs: new Array<bigint>(31).fill(7n) }).gprs[0]).toBe(0n);
            },
          },
        ),
    },
    num_recs: {
      'its Realm cannot be destroyed': ({ rd }, w) =>
        when({}, { sees: () => expect(w.rmi('RMI_REALM_DESTROY', rd).result.status).toBe('RMI_ERROR_REALM') }),
    },
  },
});
