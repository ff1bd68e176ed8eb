import { REALM } from '../../abi/index.ts';
import { physAddr, reg } from '../../spec/index.ts';
import { granuleIs } from '../conditions/index.ts';
import { item } from '../model/items.ts';
import { startingRtts } from '../model/realm.ts';
import { rttIsLive } from '../model/rtt.ts';
import { rmi } from './family.ts';

export const realmDestroy = rmi({
  name: 'RMI_REALM_DESTROY',
  fid: 0xc400_0159,
  spec: 'RMM 1.0 B4.3.10',
  summary: 'Destroys a Realm that owns nothing but its RD and its starting-level RTTs.',

  inputs: { rd: reg(1, physAddr, 'PA of the RD') },
  outputs: {},
  context: {
    realm: ({ rd, rmm }) => rmm.realm(rd),
  },

  failures: {
    ...granuleIs('rd', 'RD'),
    realm_live: {
      pre: ({ realm, rmm }) => realm.num_recs > 0 || startingRtts(realm).some((rtt) => rttIsLive(rmm.rtt(rtt))),
      post: REALM,
      says: 'the Realm still owns RECs, or memory that a starting-level RTT refers to',
    },
  },
  order: [[['rd_bound', 'rd_state'], ['realm_live']]],

  before: ({ realm }) => ({ rtts: startingRtts(realm), vmid: realm.vmid }),
  effect: ({ rd, rmm, before: { rtts } }) => {
    rmm.removeRealm(rd);
    rmm.setGranule(rd, 'DELEGATED');
    for (const rtt of rtts) {
      rmm.removeRtt(rtt);
      rmm.setGranule(rtt, 'DELEGATED');
      rmm.wipe(rtt);
    }
    rmm.wipe(rd);
  },

  success: {
    rtt_state: ({ before: { rtts }, rmm }) => rtts.every((rtt) => rmm.granule(rtt) === 'DELEGATED'),
    rd_state: ({ rd, rmm }) => rmm.granule(rd) === 'DELEGATED',
    vmid: ({ before: { vmid }, rmm }) => rmm.vmidIsFree(vmid),
  },
  footprint: {
    rd_state: ({ rd }) => [item.granule(rd), item.realm(rd), item.contents(rd)],
    vmid: ({ before: { vmid } }) => item.vmid(vmid),
    rtt_state: ({ before: { rtts } }) => rtts.flatMap((rtt) => [item.granule(rtt), item.rtt(rtt), item.contents(rtt)]),
  },
});
