import { expect } from 'vitest';
import { RMI_ENTER_FLAG, RmiRecEnter, realmError } from '../../../src/abi/index.ts';
import { recEnter } from '../../../src/rmm/rmi/index.ts';
import { conformance, when } from '../language/conformance.ts';
import { granuleRows, hostGranuleRows } from '../language/granule-rows.ts';
import { GRANULE, UNPROTECTED, type World } from '../language/world.ts';

const { emul_mmio, inject_sea } = RMI_ENTER_FLAG;

/** List Register fields. */
const PENDING = 1n << 62n;
const HW = 1n << 61n;

const given = (w: World) => {
  const realm = w.realm();
  const rec = realm.rec();
  realm.activate();
  const entering = (enter: Partial<RmiRecEnter>) => ({ run_ptr: w.pageWith(RmiRecEnter.encode(enter)) });
  return {
    realm,
    owned: rec,
    rec: rec.rec,
    run_ptr: rec.run_ptr,
    /** The same call with another RmiRecEnter. */
    entering,
    withLrs: (...gicv3_lrs: bigint[]) => entering({ gicv3_lrs }),
  };
};
type Given = ReturnType<typeof given>;

const BAD_GIC: Partial<RmiRecEnter> = { gicv3_lrs: [3n << 61n] };

/** A REC of a Realm that is NEW, OFF, or may not run. */
const inNewRealm = (w: World) => ({ rec: w.realm().rec().rec });
const inRealmThatIsOff = ({ realm, owned }: Given) => {
  realm.turnOff(owned);
  return {};
};
const notRunnable = (w: World) => {
  const realm = w.realm();
  const rec = realm.rec({ runnable: false });
  realm.activate();
  return { rec: rec.rec };
};

/** The Realm loads from an Unprotected IPA where nothing is mapped, and leaves. */
const loadsShared = ({ owned }: Given, w: World, isv?: { srt: number }) => {
  w.run(owned);
  w.driver.realmAccess({ access: 'read', ipa: UNPROTECTED, length: 4, ...(isv && { isv }) });
};

export const recEnterRows = conformance(recEnter, {
  given,
  fails: {
    ...hostGranuleRows('run_ptr', 'run', {
      align: 'RUN_PTR_UNALIGNED',
      device: 'RUN_PTR_DEV_MEM',
      outside: 'RUN_PTR_OUSIDE_OF_PERMITTED_PA',
      realm: 'RUN_PTR_PAS_REALM',
      secure: 'RUN_PTR_PAS_SECURE',
    }),
    ...granuleRows(
      'rec',
      'REC',
      {
        align: 'REC_UNALIGNED',
        device: 'REC_DEV_MEM',
        outside: 'REC_OUTSIDE_OF_PERMITTED_PA',
        UNDELEGATED: 'REC_GRAN_STATE_UNDELEGATED',
        DELEGATED: 'REC_GRAN_STATE_DELEGATED',
        RD: 'REC_GRAN_STATE_RD',
        RTT: 'REC_GRAN_STATE_RTT',
        DATA: 'REC_GRAN_STATE_DATA',
        REC_AUX: 'REC_GRAN_STATE_REC_AUX',
      },
      'rec',
      'rec_gran_state',
    ),
    realm_new: { REALM_NEW: (_, w) => when(inNewRealm(w), { result: realmError(0) }) },
    system_off: { REALM_SYSTEM_OFF: (g) => when(inRealmThatIsOff(g), { result: realmError(1) }) },
    rec_state: {
      'it runs on another PE': ({ owned }, w) => {
        w.run(owned, {}, 1);
        return {};
      },
    },
    rec_runnable: {
      REC_NOT_RUNNABLE: (_, w) => notRunnable(w),
      'it has turned itself off': ({ owned }, w) => {
        w.run(owned);
        w.leave('PSCI_CPU_OFF');
        return {};
      },
    },
    rec_mmio: {
      REC_EMULATED_MMIO: ({ realm, owned, entering }, w) => {
        realm.ensure(0n);
        w.run(owned);
        w.leave('RSI_IPA_STATE_SET', 0, GRANULE, 1, 0);
        w.must('RMI_RTT_SET_RIPAS', realm.rd, owned.rec, 0, GRANULE);
        w.run(owned);
        expect(w.driver.realmAccess({ access: 'read', ipa: 0n, length: 4 }).kind).toBe('exit');
        realm.unknown(0n);
        return entering({ flags: emul_mmio });
      },
      'it has not run yet': ({ entering }) => entering({ flags: emul_mmio }),
      'the syndrome of the access was not valid': (g, w) => {
        loadsShared(g, w);
        return g.entering({ flags: emul_mmio });
      },
      'the access was answered already': (g, w) => {
        loadsShared(g, w, { srt: 3 });
        w.run(g.owned, { flags: emul_mmio });
        w.driver.interrupt('IRQ');
        return g.entering({ flags: emul_mmio });
      },
      'the last exit was a host call': ({ entering }, w) => {
        const other = w.realm();
        other.data(0n);
        const rec = other.start();
        w.leave('RSI_HOST_CALL', 0);
        return { rec: rec.rec, ...entering({ flags: emul_mmio }) };
      },
    },
    rec_gicv3: {
      RUN_PTR_INVALID_GIV3_HCR: ({ entering }) => entering(BAD_GIC),
      'HW of a pending interrupt': ({ withLrs }) => withLrs(PENDING | HW | 32n),
      'HW of an active interrupt': ({ withLrs }) => withLrs((PENDING << 1n) | HW | 32n),
      En: ({ entering }) => entering({ gicv3_hcr: 1n }),
      'TC, which the RMM controls': ({ entering }) => entering({ gicv3_hcr: 1n << 10n }),
      EOIcount: ({ entering }) => entering({ gicv3_hcr: 1n << 27n }),
      'a reserved bit': ({ entering }) => entering({ gicv3_hcr: 1n << 63n }),
      'the same interrupt twice': ({ withLrs }) => withLrs(PENDING | 40n, PENDING | 40n),
      'an INTID that is reserved': ({ withLrs }) => withLrs(PENDING | 1020n),
      'the last INTID before LPIs': ({ withLrs }) => withLrs(PENDING | 8191n),
      'a priority bit that the CPU lacks': ({ withLrs }) => withLrs(PENDING | (1n << 48n) | 32n),
      'a physical INTID without HW': ({ withLrs }) => withLrs(PENDING | (1n << 32n) | 32n),
      'the last List Register': ({ withLrs }, w) =>
        withLrs(...new Array<bigint>(w.driver.machine.gicv3_num_lrs).fill(0n), PENDING | HW | 32n),
    },
    rec_psci: {
      REC_PSCI_PENDING: (_, w) => {
        const realm = w.realm();
        const caller = realm.rec();
        realm.rec({ runnable: false });
        realm.activate();
        w.run(caller);
        w.leave('PSCI_CPU_ON', 1, 0, 0);
        return { rec: caller.rec };
      },
    },
  },
  wins: {
    REC_UNALIGNED_INVALID_GICV3: [
      'rec_align',
      'rec_gicv3',
      ({ rec, entering }) => ({ rec: rec + 1n, ...entering(BAD_GIC) }),
    ],
    REC_DEV_MEM_INVALID_GICV3: [
      'rec_bound',
      'rec_gicv3',
      ({ entering }, w) => ({ rec: w.deviceMemory(), ...entering(BAD_GIC) }),
    ],
    REC_GRAN_STATE_UNDELEGATED_INVALID_GICV3: [
      'rec_gran_state',
      'rec_gicv3',
      ({ entering }, w) => ({ rec: w.page(), ...entering(BAD_GIC) }),
    ],
    RUN_PAS_SECURE_REC_NOT_RUNNABLE: [
      'run_pas',
      'rec_runnable',
      (_, w) => ({ ...notRunnable(w), run_ptr: w.securePage() }),
    ],
    RUN_PAS_SECURE_REALM_NEW: ['run_pas', 'realm_new', (_, w) => ({ ...inNewRealm(w), run_ptr: w.securePage() })],
    RUN_PAS_SECURE_REALM_SYSTEM_OFF: [
      'run_pas',
      'system_off',
      (g, w) => ({ ...inRealmThatIsOff(g), run_ptr: w.securePage() }),
    ],
    RUN_DEV_MEM_REC_NOT_RUNNABLE: [
      'run_bound',
      'rec_runnable',
      (_, w) => ({ ...notRunnable(w), run_ptr: w.deviceMemory() }),
    ],
    RUN_DEV_MEM_REALM_NEW: ['run_bound', 'realm_new', (_, w) => ({ ...inNewRealm(w), run_ptr: w.deviceMemory() })],
    RUN_DEV_MEM_REALM_SYSTEM_OFF: [
      'run_bound',
      'system_off',
      (g, w) => ({ ...inRealmThatIsOff(g), run_ptr: w.deviceMemory() }),
    ],
  },
  passes: {
    rec_mmio: {
      'the last exit was an emulatable access': (g, w) => {
        loadsShared(g, w, { srt: 3 });
        return g.entering({ flags: emul_mmio });
      },
    },
    rec_gicv3: {
      'all eight bits of a Host': ({ entering }) => entering({ gicv3_hcr: 0x40fen }),
      'an interrupt for each List Register': ({ withLrs }) =>
        withLrs(PENDING | 32n, (PENDING << 1n) | 1019n, (3n << 62n) | 8192n, PENDING | (31n << 51n) | (1n << 41n)),
      'anything in a List Register that is inactive': ({ withLrs }) => withLrs(HW | 0x1fff_ffff_ffffn),
      'anything in a List Register that the machine has not': ({ withLrs }, w) =>
        withLrs(...new Array<bigint>(w.driver.machine.gicv3_num_lrs + 1).fill(0n), PENDING | HW),
    },
    rec_psci: {
      'the request is complete': (_, w) => {
        const realm = w.realm();
        const caller = realm.rec();
        const target = realm.rec({ runnable: false });
        realm.activate();
        w.run(caller);
        w.leave('PSCI_CPU_ON', 1, 0, 0);
        w.must('RMI_PSCI_COMPLETE', caller.rec, target.rec, 0);
        return { rec: caller.rec };
      },
    },
  },
  succeeds: {},
  also: {
    'inject_sea without an abort is ignored': ({ owned, entering }, w) =>
      when(entering({ flags: inject_sea }), {
        sees: () => {
          w.noteRunning(owned);
          expect(w.driver.realm()?.exception).toBeUndefined();
        },
      }),
    'reserved flags are ignored': ({ entering }) => entering({ flags: 0xffff_ffff_ffff_ffe0n }),
    'registers of RmiRecEnter are ignored': ({ owned, entering }, w) =>
      when(entering({ gprs: new Array<bigint>(31).fill(5n) }), {
        sees: () => {
          w.noteRunning(owned);
          expect(w.x()).toEqual(new Array<bigint>(31).fill(0n));
        },
      }),
  },
});
