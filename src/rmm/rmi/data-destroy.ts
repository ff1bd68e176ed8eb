import { RTT, RTT_PAGE_LEVEL } from '../../abi/index.ts';
import { ipaAddr, physAddr, reg } from '../../spec/index.ts';
import { granuleIs, protectedPage, rttSkipNonLiveEntries } from '../conditions/index.ts';
import { item } from '../model/items.ts';
import { UNASSIGNED } from '../model/rtt.ts';
import { rmi } from './family.ts';

export const dataDestroy = rmi({
  name: 'RMI_DATA_DESTROY',
  fid: 0xc400_0155,
  spec: 'RMM 1.0 B4.3.3',
  summary: 'Takes a DATA granule away from a Realm. If it was RAM, the Realm cannot use the IPA any more.',

  inputs: { rd: reg(1, physAddr, 'PA of the RD'), ipa: reg(2, ipaAddr, 'IPA at which the granule is mapped') },
  outputs: {
    data: reg(1, physAddr, 'PA of the granule that was destroyed'),
    top: reg(2, ipaAddr, 'IPA of the next live RTT entry, from the one where the walk stopped'),
  },
  context: {
    realm: ({ rd, rmm }) => rmm.realm(rd),
    walk: ({ rd, ipa, rmm }) => rmm.walk(rd, ipa, RTT_PAGE_LEVEL),
    walk_top: ({ rd, ipa, rmm }) => rttSkipNonLiveEntries(rmm, rmm.walk(rd, ipa, RTT_PAGE_LEVEL), ipa),
  },

  failures: {
    ...granuleIs('rd', 'RD'),
    ...protectedPage,
    rtt_walk: {
      pre: ({ walk }) => walk.level < RTT_PAGE_LEVEL,
      post: ({ walk, walk_top }) => ({ result: RTT(walk.level), out: { top: walk_top } }),
      says: 'no level 3 table describes ipa',
    },
    rtte_state: {
      pre: ({ walk }) => walk.rtte.state !== 'ASSIGNED',
      post: ({ walk, walk_top }) => ({ result: RTT(walk.level), out: { top: walk_top } }),
      says: 'no DATA granule is mapped at ipa',
    },
  },
  order: [
    [
      ['rd_bound', 'rd_state'],
      ['rtt_walk', 'rtte_state'],
    ],
    [['ipa_bound'], ['rtt_walk', 'rtte_state']],
  ],
  wellFormed: [[['rd_state'], ['ipa_bound']]], // ipa_bound reads the Realm; no published edge guards it

  before: ({ walk }) => ({ rtte: walk.rtte }),
  effect: ({ rd, ipa, walk, rmm, before: { rtte } }) => {
    rmm.setRtte(walk.rtt, walk.index, UNASSIGNED[rtte.ripas === 'RAM' ? 'DESTROYED' : rtte.ripas]);
    rmm.setGranule(rtte.addr, 'DELEGATED');
    rmm.wipe(rtte.addr);
    return { data: rtte.addr, top: rttSkipNonLiveEntries(rmm, rmm.walk(rd, ipa, RTT_PAGE_LEVEL), ipa) };
  },

  success: {
    data_state: ({ before, rmm }) => rmm.granule(before.rtte.addr) === 'DELEGATED',
    rtte_state: ({ walk }) => walk.rtte.state === 'UNASSIGNED',
    ripas_ram: ({ walk, before }) => before.rtte.ripas !== 'RAM' || walk.rtte.ripas === 'DESTROYED',
    data: ({ out, before }) => out.data === before.rtte.addr,
    top: ({ out, walk_top }) => out.top === walk_top,
  },
  footprint: {
    data_state: ({ before: { rtte } }) => [item.granule(rtte.addr), item.contents(rtte.addr)],
    rtte: ({ walk }) => item.rtt(walk.rtt, walk.index),
  },
});
