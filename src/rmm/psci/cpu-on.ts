import { PSCI_FID } from '../../abi/index.ts';
import { answer, ipaAddr, reg, uint64 } from '../../spec/index.ts';
import { addrIsProtected, recFromMpidr } from '../conditions/index.ts';
import { item } from '../model/items.ts';
import { psciExit } from './exit.ts';
import { psci } from './family.ts';

export const cpuOn = psci({
  name: 'PSCI_CPU_ON',
  fid: PSCI_FID.PSCI_CPU_ON,
  spec: 'RMM 1.0 B6.3.3',
  summary: 'Asks for another REC to be turned on. The Host carries it out with RMI_PSCI_COMPLETE.',

  inputs: {
    target_cpu: reg(1, uint64, 'MPIDR of the REC'),
    entry_point_address: reg(2, ipaAddr, 'where it starts'),
    context_id: reg(3, uint64, 'what its X0 will hold'),
  },
  outputs: {},
  context: {
    realm: ({ rmm }) => rmm.currentRealm(),
    target: ({ target_cpu, rmm }) => recFromMpidr(rmm.state, rmm.rd, target_cpu),
  },

  failures: {
    entry: {
      pre: ({ entry_point_address, realm }) => !addrIsProtected(entry_point_address, realm),
      post: 'PSCI_INVALID_ADDRESS',
      says: 'the entry point is not a Protected IPA',
    },
    mpidr: {
      pre: ({ target }) => target === undefined,
      post: 'PSCI_INVALID_PARAMETERS',
      says: 'target_cpu names no REC of the Realm',
    },
    // Whether another REC is on is for the Host's completion to say; the caller itself cannot be completed.
    runnable: { pre: ({ target, rmm }) => target === rmm.recAddr, post: 'PSCI_ALREADY_ON', says: 'the caller is on' },
  },
  order: [],

  effect: ({ target_cpu, rmm }) => {
    rmm.updateRec({ psci_pending: true });
    return answer({ transfer: { exit: psciExit(PSCI_FID.PSCI_CPU_ON, target_cpu) } });
  },

  success: { pending: ({ rmm }) => rmm.currentRec().psci_pending },
  footprint: { pending: ({ rmm }) => item.rec(rmm.recAddr, 'psci_pending') },
});
