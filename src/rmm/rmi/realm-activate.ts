import { REALM } from '../../abi/index.ts';
import { physAddr, reg } from '../../spec/index.ts';
import { granuleIs } from '../conditions/index.ts';
import { item } from '../model/items.ts';
import { rmi } from './family.ts';

export const realmActivate = rmi({
  name: 'RMI_REALM_ACTIVATE',
  fid: 0xc400_0157,
  spec: 'RMM 1.0 B4.3.8',
  summary: 'Activates a Realm: from here on its RIM is final and its RECs may run.',

  inputs: { rd: reg(1, physAddr, 'PA of the RD') },
  outputs: {},
  context: {
    realm: ({ rd, rmm }) => rmm.realm(rd),
  },

  failures: {
    ...granuleIs('rd', 'RD'),
    realm_state: { pre: ({ realm }) => realm.state !== 'REALM_NEW', post: REALM, says: 'the Realm is not NEW' },
  },
  order: [[['rd_bound', 'rd_state'], ['realm_state']]],

  effect: ({ rd, rmm }) => rmm.updateRealm(rd, { state: 'REALM_ACTIVE' }),

  success: { realm_state: ({ realm }) => realm.state === 'REALM_ACTIVE' },
  footprint: { realm_state: ({ rd }) => item.realm(rd, 'state') },
});
