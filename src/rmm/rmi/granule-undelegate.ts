import { Bug, hexNumber } from '../../bytes/index.ts';
import { physAddr, reg } from '../../spec/index.ts';
import { granuleIs } from '../conditions/index.ts';
import { item } from '../model/items.ts';
import { rmi } from './family.ts';

const { gran_align, gran_bound, gran_state } = granuleIs('addr', 'DELEGATED', 'gran');

export const granuleUndelegate = rmi({
  name: 'RMI_GRANULE_UNDELEGATE',
  fid: 0xc400_0152,
  spec: 'RMM 1.0 B4.3.6',
  summary: 'Gives a granule back to the Normal world, wiped.',

  inputs: { addr: reg(1, physAddr, 'PA of the target granule') },
  outputs: {},
  context: {},

  failures: { gran_align, gran_bound, gran_state },
  order: [],

  effect: ({ addr, rmm }) => {
    rmm.wipe(addr);
    const status = rmm.gtsi('NS', addr);
    if (status !== 0n) throw new Bug(`EL3 refused to undelegate ${hexNumber(addr)}: ${status}`);
    rmm.setGranule(addr, 'UNDELEGATED');
  },

  success: {
    gran_gpt: ({ addr, rmm }) => rmm.gpt(addr) === 'GPT_NS',
    gran_state: ({ addr, rmm }) => rmm.granule(addr) === 'UNDELEGATED',
    gran_content: ({ addr, rmm }) => rmm.contents(addr).every((byte) => byte === rmm.profile.wipe_fill),
  },
  footprint: {
    gran_gpt: ({ addr }) => item.gpt(addr),
    gran_state: ({ addr }) => item.granule(addr),
    gran_contents: ({ addr }) => item.contents(addr),
  },
});
