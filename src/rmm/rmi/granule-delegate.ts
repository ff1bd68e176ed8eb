import { INPUT } from '../../abi/index.ts';
import { Bug, hexNumber } from '../../bytes/index.ts';
import { physAddr, reg } from '../../spec/index.ts';
import { granuleIs } from '../conditions/index.ts';
import { item } from '../model/items.ts';
import { rmi } from './family.ts';

const { gran_align, gran_bound, gran_state } = granuleIs('addr', 'UNDELEGATED', 'gran');

export const granuleDelegate = rmi({
  name: 'RMI_GRANULE_DELEGATE',
  fid: 0xc400_0151,
  spec: 'RMM 1.0 B4.3.5',
  summary: 'Moves a granule from the Normal world to the Realm world.',

  inputs: { addr: reg(1, physAddr, 'PA of the target granule') },
  outputs: {},
  context: {},

  failures: {
    gran_align,
    gran_bound,
    gran_state,
    gran_gpt: {
      pre: ({ addr, rmm }) => rmm.gpt(addr) !== 'GPT_NS',
      post: INPUT,
      says: 'addr is not in the Non-secure PAS',
    },
  },
  order: [],

  effect: ({ addr, rmm }) => {
    const status = rmm.gtsi('REALM', addr);
    if (status !== 0n) throw new Bug(`EL3 refused to delegate ${hexNumber(addr)}: ${status}`);
    rmm.setGranule(addr, 'DELEGATED');
    rmm.wipe(addr);
  },

  success: {
    gran_gpt: ({ addr, rmm }) => rmm.gpt(addr) === 'GPT_REALM',
    gran_state: ({ addr, rmm }) => rmm.granule(addr) === 'DELEGATED',
  },
  footprint: {
    gran_gpt: ({ addr }) => item.gpt(addr),
    gran_state: ({ addr }) => item.granule(addr),
    gran_contents: ({ addr }) => item.contents(addr),
  },
});
