import { physAddr, reg, uint } from '../../spec/index.ts';
import { granuleIs } from '../conditions/index.ts';
import { rmi } from './family.ts';

export const recAuxCount = rmi({
  name: 'RMI_REC_AUX_COUNT',
  fid: 0xc400_0167,
  spec: 'RMM 1.0 B4.3.11',
  summary: 'Says how many auxiliary granules each REC of a Realm needs.',

  inputs: { rd: reg(1, physAddr, 'PA of the RD') },
  outputs: { aux_count: reg(1, uint, 'number of auxiliary granules') },
  context: {},

  failures: { ...granuleIs('rd', 'RD') },
  order: [],

  effect: ({ rmm }) => ({ aux_count: rmm.profile.rec_aux_count }),

  success: { aux_count: ({ out, rmm }) => out.aux_count === rmm.profile.rec_aux_count },
  footprint: {},
});
