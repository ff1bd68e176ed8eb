import { RTT } from '../../abi/index.ts';
import { ipaAddr, level as levelType, physAddr, reg } from '../../spec/index.ts';
import { addrIsProtected, granuleIs, rttSkipNonLiveEntries, tableTarget } from '../conditions/index.ts';
import { item } from '../model/items.ts';
import { rttIsLive, UNASSIGNED, UNASSIGNED_NS } from '../model/rtt.ts';
import { rmi } from './family.ts';

export const rttDestroy = rmi({
  name: 'RMI_RTT_DESTROY',
  fid: 0xc400_015e,
  spec: 'RMM 1.0 B4.3.16',
  summary: 'Removes a table that maps no Realm memory. What it described becomes DESTROYED.',

  inputs: {
    rd: reg(1, physAddr, 'PA of the RD'),
    ipa: reg(2, ipaAddr, 'base of the IPA range that the RTT describes'),
    level: reg(3, levelType, 'level of the RTT'),
  },
  outputs: {
    rtt: reg(1, physAddr, 'PA of the RTT that was destroyed'),
    top: reg(2, ipaAddr, 'IPA of the next live RTT entry, from the one where the walk stopped'),
  },
  context: {
    realm: ({ rd, rmm }) => rmm.realm(rd),
    walk: ({ rd, ipa, level, rmm }) => rmm.walk(rd, ipa, level - 1),
    walk_top: ({ rd, ipa, level, rmm }) => rttSkipNonLiveEntries(rmm, rmm.walk(rd, ipa, level - 1), ipa),
  },

  failures: {
    ...granuleIs('rd', 'RD'),
    ...tableTarget,
    rtt_walk: {
      pre: ({ walk, level }) => walk.level < level - 1,
      post: ({ walk, walk_top }) => ({ result: RTT(walk.level), out: { top: walk_top } }),
      says: 'the table above the one named does not exist',
    },
    rtte_state: {
      pre: ({ walk }) => walk.rtte.state !== 'TABLE',
      post: ({ walk, walk_top }) => ({ result: RTT(walk.level), out: { top: walk_top } }),
      says: 'there is no table at ipa',
    },
    rtt_live: {
      pre: ({ walk, rmm }) => rttIsLive(rmm.rtt(walk.rtte.addr)),
      post: ({ level, ipa }) => ({ result: RTT(level), out: { top: ipa } }),
      says: 'the table still maps Realm memory, or has tables below it',
    },
  },
  order: [
    [
      ['rd_bound', 'rd_state'],
      ['rtt_walk', 'rtte_state', 'rtt_live'],
    ],
    [
      ['level_bound', 'ipa_bound'],
      ['rtt_walk', 'rtte_state'],
    ],
  ],
  wellFormed: [
    [['rd_state'], ['level_bound', 'ipa_bound']], // both read the Realm
    [['level_bound', 'ipa_bound', 'rtt_walk', 'rtte_state'], ['rtt_live']], // reads the table that they make sure of
  ],

  before: ({ walk }) => ({ rtt: walk.rtte.addr }),
  effect: ({ rd, ipa, level, realm, walk, rmm, before: { rtt } }) => {
    // The text names UNASSIGNED and DESTROYED; an Unprotected IPA has no RIPAS and goes back to UNASSIGNED_NS.
    rmm.setRtte(walk.rtt, walk.index, addrIsProtected(ipa, realm) ? UNASSIGNED.DESTROYED : UNASSIGNED_NS);
    rmm.removeRtt(rtt);
    rmm.setGranule(rtt, 'DELEGATED');
    rmm.wipe(rtt);
    return { rtt, top: rttSkipNonLiveEntries(rmm, rmm.walk(rd, ipa, level - 1), ipa) };
  },

  success: {
    rtte_state: ({ walk, ipa, realm }) =>
      walk.rtte.state === (addrIsProtected(ipa, realm) ? 'UNASSIGNED' : 'UNASSIGNED_NS'),
    ripas: ({ walk, ipa, realm }) => !addrIsProtected(ipa, realm) || walk.rtte.ripas === 'DESTROYED',
    rtt_state: ({ before, rmm }) => rmm.granule(before.rtt) === 'DELEGATED',
    rtt: ({ out, before }) => out.rtt === before.rtt,
    top: ({ out, walk_top }) => out.top === walk_top,
  },
  footprint: {
    rtt_state: ({ before: { rtt } }) => [item.granule(rtt), item.rtt(rtt), item.contents(rtt)],
    rtte: ({ walk }) => item.rtt(walk.rtt, walk.index),
  },
});
