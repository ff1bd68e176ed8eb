import { INPUT, RTT } from '../../abi/index.ts';
import { ipaAddr, level as levelType, physAddr, reg, uint64 } from '../../spec/index.ts';
import {
  addrIsRttLevelAligned,
  descriptorIsValidForUnprotected,
  fromDescriptor,
  granuleIs,
  reachesWithoutLpa2,
  unprotectedTarget,
} from '../conditions/index.ts';
import { item } from '../model/items.ts';
import { assignedNs } from '../model/rtt.ts';
import { rmi } from './family.ts';

export const rttMapUnprotected = rmi({
  name: 'RMI_RTT_MAP_UNPROTECTED',
  fid: 0xc400_015f,
  spec: 'RMM 1.0 B4.3.19',
  summary: 'Maps memory of the Normal world at an Unprotected IPA. Whose memory it is, nobody checks.',

  inputs: {
    rd: reg(1, physAddr, 'PA of the RD'),
    ipa: reg(2, ipaAddr, 'IPA at which the memory will be mapped'),
    level: reg(3, levelType, 'level of the mapping'),
    desc: reg(4, uint64, 'address, MemAttr and S2AP, as an RTTE descriptor'),
  },
  outputs: {},
  context: {
    realm: ({ rd, rmm }) => rmm.realm(rd),
    walk: ({ rd, ipa, level, rmm }) => rmm.walk(rd, ipa, level),
    rtte: ({ desc }) => fromDescriptor(desc),
  },

  failures: {
    attr_valid: {
      pre: ({ desc }) => !descriptorIsValidForUnprotected(desc),
      post: INPUT,
      says: 'desc has a reserved attribute, or a bit that is not the Host to choose',
    },
    ...granuleIs('rd', 'RD'),
    level_bound: unprotectedTarget.level_bound,
    addr_align: {
      pre: ({ rtte, level }) => !addrIsRttLevelAligned(rtte.addr, level),
      post: INPUT,
      says: 'the output address is not aligned to the size of the mapping',
    },
    addr_bound: {
      pre: ({ rtte, realm }) => !realm.feat_lpa2 && !reachesWithoutLpa2(rtte.addr),
      post: INPUT,
      says: 'the output address lies above 48 bits and the Realm has no LPA2',
    },
    ipa_align: unprotectedTarget.ipa_align,
    ipa_bound: unprotectedTarget.ipa_bound,
    rtt_walk: {
      pre: ({ walk, level }) => walk.level < level,
      post: ({ walk }) => RTT(walk.level),
      says: 'no table of that level describes ipa',
    },
    rtte_state: {
      pre: ({ walk }) => walk.rtte.state !== 'UNASSIGNED_NS',
      post: ({ walk }) => RTT(walk.level),
      says: 'ipa is already mapped, or a table is there',
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
  wellFormed: [[['rd_state'], ['level_bound', 'addr_bound', 'ipa_bound']]], // all read the Realm

  effect: ({ walk, rtte, rmm }) => rmm.setRtte(walk.rtt, walk.index, assignedNs(rtte.addr, rtte.attr)),

  success: {
    rtte_state: ({ walk }) => walk.rtte.state === 'ASSIGNED_NS',
    rtte_contents: ({ walk, rtte }) => walk.rtte.addr === rtte.addr && walk.rtte.attr === rtte.attr,
  },
  footprint: { rtte: ({ walk }) => item.rtt(walk.rtt, walk.index) },
});
