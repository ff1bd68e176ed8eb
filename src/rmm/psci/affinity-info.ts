import { PSCI_FID } from '../../abi/index.ts';
import { answer, reg, uint32, uint64 } from '../../spec/index.ts';
import { recFromMpidr } from '../conditions/index.ts';
import { item } from '../model/items.ts';
import { psciExit } from './exit.ts';
import { psci } from './family.ts';

export const affinityInfo = psci({
  name: 'PSCI_AFFINITY_INFO',
  fid: PSCI_FID.PSCI_AFFINITY_INFO,
  spec: 'RMM 1.0 B6.3.1',
  summary: 'Asks whether a REC is on. The Host carries it out with RMI_PSCI_COMPLETE.',

  inputs: {
    target_affinity: reg(1, uint64, 'MPIDR of the REC'),
    lowest_affinity_level: reg(2, uint32, 'must be 0: single RECs only'),
  },
  outputs: {},
  context: {
    target: ({ target_affinity, rmm }) => recFromMpidr(rmm.state, rmm.rd, target_affinity),
  },

  failures: {
    target_bound: {
      pre: ({ lowest_affinity_level }) => lowest_affinity_level !== 0,
      post: 'PSCI_INVALID_PARAMETERS',
      says: 'only single RECs can be asked about',
    },
    target_match: {
      pre: ({ target }) => target === undefined,
      post: 'PSCI_INVALID_PARAMETERS',
      says: 'target_affinity names no REC of the Realm',
    },
  },
  order: [],

  effect: ({ target_affinity, target, rmm }) => {
    // The caller is on, and could not be completed by itself.
    if (target === rmm.recAddr) return {};
    rmm.updateRec({ psci_pending: true });
    return answer({ transfer: { exit: psciExit(PSCI_FID.PSCI_AFFINITY_INFO, target_affinity) } });
  },

  success: { pending: ({ rmm, target }) => target === rmm.recAddr || rmm.currentRec().psci_pending },
  footprint: { pending: ({ rmm }) => item.rec(rmm.recAddr, 'psci_pending') },
});
