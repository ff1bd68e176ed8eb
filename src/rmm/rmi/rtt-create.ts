import { INPUT, RTT, RTT_ENTRIES } from '../../abi/index.ts';
import { ipaAddr, level as levelType, physAddr, reg } from '../../spec/index.ts';
import { granuleIs, reachesWithoutLpa2, tableTarget } from '../conditions/index.ts';
import { item } from '../model/items.ts';
import { table, unfold, unfoldedEntry } from '../model/rtt.ts';
import { rmi } from './family.ts';

export const rttCreate = rmi({
  name: 'RMI_RTT_CREATE',
  fid: 0xc400_015d,
  spec: 'RMM 1.0 B4.3.15',
  summary: 'Adds a table to a Realm, which takes over what the entry above it described.',

  inputs: {
    rd: reg(1, physAddr, 'PA of the RD'),
    rtt: reg(2, physAddr, 'PA of the target RTT'),
    ipa: reg(3, ipaAddr, 'base of the IPA range that the RTT will describe'),
    level: reg(4, levelType, 'level of the RTT'),
  },
  outputs: {},
  context: {
    realm: ({ rd, rmm }) => rmm.realm(rd),
    walk: ({ rd, ipa, level, rmm }) => rmm.walk(rd, ipa, level - 1),
  },

  failures: {
    ...granuleIs('rd', 'RD'),
    ...tableTarget,
    ...granuleIs('rtt', 'DELEGATED'),
    rtt_bound2: {
      pre: ({ rtt, realm }) => !realm.feat_lpa2 && !reachesWithoutLpa2(rtt),
      post: INPUT,
      says: 'rtt lies above 48 bits and the Realm has no LPA2',
    },
    rtt_walk: {
      pre: ({ walk, level }) => walk.level < level - 1,
      post: ({ walk }) => RTT(walk.level),
      says: 'the table above the new one does not exist',
    },
    rtte_state: {
      pre: ({ walk }) => walk.rtte.state === 'TABLE',
      post: ({ walk }) => RTT(walk.level),
      says: 'there is a table at ipa already',
    },
  },
  order: [
    [
      ['rd_bound', 'rd_state'],
      ['rtt_walk', 'rtte_state'],
    ],
    [
      ['level_bound', 'ipa_bound'],
      ['rtt_walk', 'rtte_state'],
    ],
  ],
  wellFormed: [[['rd_state'], ['level_bound', 'ipa_bound', 'rtt_bound2']]], // all read the Realm

  before: ({ walk }) => ({ parent: walk.rtte }),
  effect: ({ rtt, level, walk, rmm, before: { parent } }) => {
    rmm.setGranule(rtt, 'RTT');
    rmm.putRtt(rtt, unfold(parent, level));
    rmm.setRtte(walk.rtt, walk.index, table(rtt));
  },

  success: {
    rtt_state: ({ rtt, rmm }) => rmm.granule(rtt) === 'RTT',
    rtte_state: ({ walk }) => walk.rtte.state === 'TABLE',
    rtte_addr: ({ walk, rtt }) => walk.rtte.addr === rtt,
    rtte_c_ripas: ({ rtt, rmm, before }) => rmm.rtt(rtt).entries.every(({ ripas }) => ripas === before.parent.ripas),
    rtte_c_state: ({ rtt, rmm, before }) => rmm.rtt(rtt).entries.every(({ state }) => state === before.parent.state),
    rtte_c_addr: ({ rtt, rmm, level, before }) =>
      rmm.rtt(rtt).entries.length === RTT_ENTRIES &&
      rmm.rtt(rtt).entries.every(({ addr }, i) => addr === unfoldedEntry(before.parent, level, i).addr),
  },
  footprint: {
    rtt_state: ({ rtt }) => [item.granule(rtt), item.rtt(rtt)],
    rtte: ({ walk }) => item.rtt(walk.rtt, walk.index),
  },
});
