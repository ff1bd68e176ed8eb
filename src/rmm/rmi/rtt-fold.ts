import { RTT } from '../../abi/index.ts';
import { ipaAddr, level as levelType, physAddr, reg } from '../../spec/index.ts';
import { granuleIs, tableTarget } from '../conditions/index.ts';
import { item } from '../model/items.ts';
import { fold } from '../model/rtt.ts';
import { rmi } from './family.ts';

export const rttFold = rmi({
  name: 'RMI_RTT_FOLD',
  fid: 0xc400_0166,
  spec: 'RMM 1.0 B4.3.17',
  summary: 'Removes a homogeneous table: the entry above it describes the same by itself.',

  inputs: {
    rd: reg(1, physAddr, 'PA of the RD'),
    ipa: reg(2, ipaAddr, 'base of the IPA range that the RTT describes'),
    level: reg(3, levelType, 'level of the RTT'),
  },
  outputs: { rtt: reg(1, physAddr, 'PA of the RTT that was destroyed') },
  context: {
    realm: ({ rd, rmm }) => rmm.realm(rd),
    walk: ({ rd, ipa, level, rmm }) => rmm.walk(rd, ipa, level - 1),
  },

  failures: {
    ...granuleIs('rd', 'RD'),
    ...tableTarget,
    rtt_walk: {
      pre: ({ walk, level }) => walk.level < level - 1,
      post: ({ walk }) => RTT(walk.level),
      says: 'the table above the one named does not exist',
    },
    rtte_state: {
      pre: ({ walk }) => walk.rtte.state !== 'TABLE',
      post: ({ walk }) => RTT(walk.level),
      says: 'there is no table at ipa',
    },
    rtt_homo: {
      pre: ({ walk, rmm }) => fold(rmm.rtt(walk.rtte.addr)) === undefined,
      post: ({ level }) => RTT(level),
      says: 'the entries of the table differ',
    },
  },
  order: [
    [
      ['rd_bound', 'rd_state'],
      ['rtt_walk', 'rtte_state', 'rtt_homo'],
    ],
    [
      ['level_bound', 'ipa_bound'],
      ['rtt_walk', 'rtte_state'],
    ],
  ],
  wellFormed: [
    [['rd_state'], ['level_bound', 'ipa_bound']], // both read the Realm
    [['level_bound', 'ipa_bound', 'rtt_walk', 'rtte_state'], ['rtt_homo']], // reads the table that they make sure of
  ],

  before: ({ walk, rmm }) => ({ rtt: walk.rtte.addr, folded: fold(rmm.rtt(walk.rtte.addr)) }),
  effect: ({ walk, rmm, before: { rtt, folded } }) => {
    if (folded !== undefined) rmm.setRtte(walk.rtt, walk.index, folded);
    rmm.removeRtt(rtt);
    rmm.setGranule(rtt, 'DELEGATED');
    rmm.wipe(rtt);
    return { rtt };
  },

  success: {
    rtte_state: ({ walk, before }) => walk.rtte.state === before.folded?.state,
    rtte_addr: ({ walk, before }) => walk.rtte.addr === before.folded?.addr,
    rtte_attr: ({ walk, before }) => walk.rtte.attr === before.folded?.attr,
    rtte_ripas: ({ walk, before }) => walk.rtte.ripas === before.folded?.ripas,
    rtt_state: ({ before, rmm }) => rmm.granule(before.rtt) === 'DELEGATED',
    rtt: ({ out, before }) => out.rtt === before.rtt,
  },
  footprint: {
    rtt_state: ({ before: { rtt } }) => [item.granule(rtt), item.rtt(rtt), item.contents(rtt)],
    rtte: ({ walk }) => item.rtt(walk.rtt, walk.index),
  },
});
