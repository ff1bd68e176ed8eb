import { PSCI_FID } from '../../abi/index.ts';
import { answer } from '../../spec/index.ts';
import { item } from '../model/items.ts';
import { psciExit } from './exit.ts';
import { psci } from './family.ts';

export const cpuOff = psci({
  name: 'PSCI_CPU_OFF',
  fid: PSCI_FID.PSCI_CPU_OFF,
  spec: 'RMM 1.0 B6.3.2',
  summary: 'Turns the REC off until another one turns it on.',

  inputs: {},
  outputs: {},
  context: {
    rec: ({ rmm }) => rmm.currentRec(),
  },

  failures: {},
  order: [],

  effect: ({ rmm }) => {
    rmm.updateRec({ runnable: false });
    return answer({ transfer: { exit: psciExit(PSCI_FID.PSCI_CPU_OFF) } });
  },

  success: { runnable: ({ rec }) => !rec.runnable },
  footprint: { runnable: ({ rmm }) => item.rec(rmm.recAddr, 'runnable') },
});
