import { PSCI_FID } from '../../abi/index.ts';
import { answer, reg, uint32, uint64 } from '../../spec/index.ts';
import { item } from '../model/items.ts';
import { psciExit } from './exit.ts';
import { psci } from './family.ts';

export const cpuSuspend = psci({
  name: 'PSCI_CPU_SUSPEND',
  fid: PSCI_FID.PSCI_CPU_SUSPEND,
  spec: 'RMM 1.0 B6.3.4',
  summary: 'Suspends the REC until the Host enters it again. Every power state is treated as standby.',

  inputs: {
    power_state: reg(1, uint32, 'power state, ignored'),
    entry_point_address: reg(2, uint64, 'entry point, ignored'),
    context_id: reg(3, uint64, 'context, ignored'),
  },
  outputs: {},
  context: {},

  failures: {},
  order: [],

  effect: ({ rmm }) => {
    rmm.updateRec({ completes: 'PSCI_STANDBY' });
    return answer({ transfer: { exit: psciExit(PSCI_FID.PSCI_CPU_SUSPEND) } });
  },

  success: { completes: ({ rmm }) => rmm.currentRec().completes === 'PSCI_STANDBY' },
  footprint: { completes: ({ rmm }) => item.rec(rmm.recAddr, 'completes') },
});
