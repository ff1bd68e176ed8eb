import { RTT } from '../../abi/index.ts';
import { ipaAddr, level as levelType, physAddr, reg } from '../../spec/index.ts';
import { granuleIs, rttSkipNonLiveEntries, unprotectedTarget } from '../conditions/index.ts';
import { item } from '../model/items.ts';
import { UNASSIGNED_NS } from '../model/rtt.ts';
import { rmi } from './family.ts';

export const rttUnmapUnprotected = rmi({
  name: 'RMI_RTT_UNMAP_UNPROTECTED',
  fid: 0xc400_0162,
  spec: 'RMM 1.0 B4.3.22',
  summary: 'Removes a mapping at an Unprotected IPA.',

  inputs: {
    rd: reg(1, physAddr, 'PA of the RD'),
    ipa: reg(2, ipaAddr, 'IPA at which the memory is mapped'),
    level: reg(3, levelType, 'level of the mapping'),
  },
  outputs: { top: reg(1, ipaAddr, 'IPA of the next live RTT entry, from the one where the walk stopped') },
  context: {
    realm: ({ rd, rmm }) => rmm.realm(rd),
    walk: ({ rd, ipa, level, rmm }) => rmm.walk(rd, ipa, level),
    walk_top: ({ rd, ipa, level, rmm }) => rttSkipNonLiveEntries(rmm, rmm.walk(rd, ipa, level), ipa),
  },

  failures: {
    ...granuleIs('rd', 'RD'),
    ...unprotectedTarget,
    rtt_walk: {
      pre: ({ walk, level }) => walk.level < level,
      post: ({ walk, walk_top }) => ({ result: RTT(walk.level), out: { top: walk_top } }),
      says: 'no table of that level describes ipa',
    },
    rtte_state: {
      pre: ({ walk }) => walk.rtte.state !== 'ASSIGNED_NS',
      post: ({ walk, walk_top }) => ({ result: RTT(walk.level), out: { top: walk_top } }),
      says: 'nothing is mapped at ipa',
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
  wellFormed: [[['rd_state'], ['level_bound', 'ipa_bound']]], // both read the Realm

  effect: ({ rd, ipa, level, walk, rmm }) => {
    rmm.setRtte(walk.rtt, walk.index, UNASSIGNED_NS);
    return { top: rttSkipNonLiveEntries(rmm, rmm.walk(rd, ipa, level), ipa) };
  },

  success: {
    rtte_state: ({ walk }) => walk.rtte.state === 'UNASSIGNED_NS',
    top: ({ out, walk_top }) => out.top === walk_top,
  },
  footprint: { rtte: ({ walk }) => item.rtt(walk.rtt, walk.index) },
});
