import type { World } from '../language/world.ts';

export const PSCI_EXIT = 3;

/** The exit by which a PSCI call reaches the Host. */
export const psciExit = (...gprs: readonly bigint[]) => ({ exit_reason: PSCI_EXIT, gprs });

/** A Realm with three RECs, of which only the first is on, and runs on PE 0. */
export const threeRecs = (w: World) => {
  const realm = w.realm();
  const rec = realm.rec();
  const second = realm.rec({ runnable: false });
  const third = realm.rec({ runnable: false });
  realm.activate();
  w.run(rec);
  return { realm, rec, second, third };
};

export const ONE_AUX = { machine: { rec_aux_count: 1 } } as const;
