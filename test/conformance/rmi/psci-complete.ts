import { expect } from 'vitest';
import { encodePsciStatus } from '../../../src/abi/index.ts';
import { psciComplete } from '../../../src/rmm/rmi/index.ts';
import { conformance, on, when } from '../language/conformance.ts';
import { granuleRows } from '../language/granule-rows.ts';
import type { World } from '../language/world.ts';

const [SUCCESS, DENIED, ALREADY_ON, OFF] = (
  ['PSCI_SUCCESS', 'PSCI_DENIED', 'PSCI_ALREADY_ON', 'PSCI_OFF'] as const
).map(encodePsciStatus) as [bigint, bigint, bigint, bigint];
const ENTRY = 0x8000n;
const CONTEXT = 0x5555_0000_1111n;

/** REC 0 has asked for REC 1, which is off, to be turned on; RECs 2 and 3 are there too, and 3 is on. */
const given = (w: World) => {
  const realm = w.realm();
  const caller = realm.rec({ gprs: [0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n] });
  const target = realm.rec({ runnable: false, gprs: [9n, 9n, 9n, 9n, 9n, 9n, 9n, 9n] });
  const other = realm.rec({ runnable: false });
  const awake = realm.rec();
  realm.activate();
  w.run(caller);
  w.leave('PSCI_CPU_ON', 1, ENTRY, CONTEXT);
  /** The caller asks for something else instead. */
  const asks = (name: string, ...args: (bigint | number)[]) => {
    w.must('RMI_PSCI_COMPLETE', caller.rec, target.rec, DENIED);
    w.run(caller);
    w.leave(name, ...args);
  };
  return {
    realm,
    caller,
    target,
    other,
    awake,
    asks,
    calling_rec: caller.rec,
    target_rec: target.rec,
    status: SUCCESS,
  };
};
type Given = ReturnType<typeof given>;

/** What the caller finds in X0 when it runs again. */
const callerFinds =
  ({ caller }: Given, w: World, x0: bigint) =>
  () =>
    expect(w.run(caller).gprs[0]).toBe(x0);

const ONE_AUX = { machine: { rec_aux_count: 1 } } as const;

export const psciCompleteRows = conformance(psciComplete, {
  given,
  on: ONE_AUX,
  fails: {
    alias: {
      ALIAS: ({ calling_rec }) => ({ target_rec: calling_rec }),
    },
    ...granuleRows(
      'calling_rec',
      'REC',
      {
        align: 'CALLING_UNALIGNED',
        device: 'CALLING_DEV_MEM',
        outside: 'CALLING_OUT_OF_PERMITTED_PA',
        UNDELEGATED: 'CALLING_GRAN_STATE_UNDELEGATED',
        DELEGATED: 'CALLING_GRAN_STATE_DELEGATED',
        RD: 'CALLING_GRAN_STATE_RD',
        RTT: 'CALLING_GRAN_STATE_RTT',
        DATA: 'CALLING_GRAN_STATE_DATA',
      },
      'calling',
    ),
    ...granuleRows(
      'target_rec',
      'REC',
      {
        align: 'TARGET_UNALIGNED',
        device: 'TARGET_DEV_MEM',
        outside: 'TARGET_OUT_OF_PERMITTED_PA',
        UNDELEGATED: 'TARGET_GRAN_STATE_UNDELEGATED',
        DELEGATED: 'TARGET_GRAN_STATE_DELEGATED',
        RD: 'TARGET_GRAN_STATE_RD',
        RTT: 'TARGET_GRAN_STATE_RTT',
        DATA: 'TARGET_GRAN_STATE_DATA',
      },
      'target',
    ),
    pending: {
      NO_PSCI_REQUEST: ({ awake }) => ({ calling_rec: awake.rec }),
      'it is complete already': ({ calling_rec, target_rec }, w) => {
        w.must('RMI_PSCI_COMPLETE', calling_rec, target_rec, SUCCESS);
        return {};
      },
    },
    owner: {
      TARGET_OTHER_OWNER: (_, w) => {
        w.other.rec();
        return { target_rec: w.other.rec().rec };
      },
    },
    target: {
      TARGET_OTHER_MPIDR: ({ other }) => ({ target_rec: other.rec }),
    },
    status: {
      STATUS_NOT_PERMITTED: () => ({ status: encodePsciStatus('PSCI_NOT_SUPPORTED') }),
      'DENIED, and the target is on': ({ asks, awake }) => {
        asks('PSCI_CPU_ON', 3, ENTRY, CONTEXT);
        return { target_rec: awake.rec, status: DENIED };
      },
      'DENIED, and the request is AFFINITY_INFO': ({ asks }) => {
        asks('PSCI_AFFINITY_INFO', 1, 0);
        return { status: DENIED };
      },
      'an encoding that is reserved': () => ({ status: 2n }),
      'what only the RMM may say': () => ({ status: ALREADY_ON }),
    },
  },
  succeeds: {
    pending: {
      'the caller may run again': ({ caller }, w) => when({}, { sees: () => w.run(caller) }),
    },
    on_already: {
      'a target that is on': (g, w) => {
        g.asks('PSCI_CPU_ON', 3, ENTRY, CONTEXT);
        return when({ target_rec: g.awake.rec }, { sees: callerFinds(g, w, ALREADY_ON) });
      },
      'a target that runs': (g, w) => {
        g.asks('PSCI_CPU_ON', 3, ENTRY, CONTEXT);
        w.run(g.awake, {}, 1);
        return when({ target_rec: g.awake.rec }, { sees: callerFinds(g, w, ALREADY_ON) });
      },
    },
    on_success: {
      'the caller finds SUCCESS': (g, w) => when({}, { sees: callerFinds(g, w, SUCCESS) }),
      'the target starts at the entry point, X0 the context, all else zero': ({ target }, w) =>
        when(
          {},
          {
            sees: () =>
              expect(w.run(target)).toMatchObject({ pc: ENTRY, gprs: [CONTEXT, ...new Array<bigint>(30).fill(0n)] }),
          },
        ),
    },
    affinity_on: {
      'a target that is on': (g, w) => {
        g.asks('PSCI_AFFINITY_INFO', 3, 0);
        return when({ target_rec: g.awake.rec }, { sees: callerFinds(g, w, 0n) });
      },
    },
    affinity_off: {
      'a target that is off': (g, w) => {
        g.asks('PSCI_AFFINITY_INFO', 1, 0);
        return when({}, { sees: callerFinds(g, w, OFF) });
      },
    },
    status: {
      'DENIED, and the target stays off': (g, w) =>
        when(
          { status: DENIED },
          {
            sees: () => {
              callerFinds(g, w, DENIED)();
              expect(w.enter(g.target, {}, 1)).toMatchObject({ result: { status: 'RMI_ERROR_REC' } });
            },
          },
        ),
    },
    args: {
      'X1 to X6 are zero, the others as they were': ({ caller }, w) =>
        when(
          {},
          {
            sees: () => {
              const { gprs } = w.run(caller);
              expect(gprs.slice(1, 7)).toEqual(new Array<bigint>(6).fill(0n));
            },
          },
        ),
    },
  },
  also: {
    'an MPIDR as the architecture writes it, with bits that name nothing': (g, w) => {
      g.asks('PSCI_CPU_ON', 0x8000_0001n, ENTRY, CONTEXT);
      return when({}, { sees: callerFinds(g, w, SUCCESS) });
    },
    'REC 17, whose Aff1 is 1': on(ONE_AUX, ({ realm: _, ...g }: Given, w: World) => {
      const realm = w.realm();
      for (let i = 0; i < 18; i += 1) realm.rec({ runnable: i === 0 });
      realm.activate();
      const [caller, target] = [realm.recs[0], realm.recs[17]];
      if (caller === undefined || target === undefined) return g;
      w.run(caller);
      w.leave('PSCI_CPU_ON', 0x101, 0, 0);
      return { calling_rec: caller.rec, target_rec: target.rec };
    }),
  },
});
