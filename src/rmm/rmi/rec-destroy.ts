import { REC } from '../../abi/index.ts';
import { physAddr, reg } from '../../spec/index.ts';
import { granuleIs } from '../conditions/index.ts';
import { item } from '../model/items.ts';
import { rmi } from './family.ts';

export const recDestroy = rmi({
  name: 'RMI_REC_DESTROY',
  fid: 0xc400_015b,
  spec: 'RMM 1.0 B4.3.13',
  summary: 'Destroys a REC that is not running.',

  inputs: { rec_ptr: reg(1, physAddr, 'PA of the target REC') },
  outputs: {},
  context: {
    rec: ({ rec_ptr, rmm }) => rmm.rec(rec_ptr),
  },

  failures: {
    ...granuleIs('rec_ptr', 'REC', 'rec', 'rec_gran_state'),
    rec_state: { pre: ({ rec }) => rec.state === 'REC_RUNNING', post: REC, says: 'the REC is running' },
  },
  order: [[['rec_bound', 'rec_gran_state'], ['rec_state']]],

  before: ({ rec: { aux, owner }, rmm }) => ({ aux, owner, num_recs: rmm.realm(owner).num_recs }),
  effect: ({ rec_ptr, rmm, before: { aux, owner, num_recs } }) => {
    rmm.removeRec(rec_ptr);
    for (const pa of [rec_ptr, ...aux]) {
      rmm.setGranule(pa, 'DELEGATED');
      rmm.wipe(pa);
    }
    rmm.updateRealm(owner, { num_recs: num_recs - 1 });
  },

  success: {
    rec_gran_state: ({ rec_ptr, rmm }) => rmm.granule(rec_ptr) === 'DELEGATED',
    rec_aux_state: ({ before: { aux }, rmm }) => aux.every((pa) => rmm.granule(pa) === 'DELEGATED'),
    num_recs: ({ before: { owner, num_recs }, rmm }) => rmm.realm(owner).num_recs === num_recs - 1,
  },
  footprint: {
    rec_state: ({ rec_ptr }) => [item.granule(rec_ptr), item.rec(rec_ptr), item.contents(rec_ptr)],
    rec_aux_state: ({ before: { aux } }) => aux.flatMap((pa) => [item.granule(pa), item.contents(pa)]),
    num_recs: ({ before: { owner } }) => item.realm(owner, 'num_recs'),
  },
});
