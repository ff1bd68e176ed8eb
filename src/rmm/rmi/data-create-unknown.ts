import { RTT_PAGE_LEVEL } from '../../abi/index.ts';
import { ipaAddr, physAddr, reg } from '../../spec/index.ts';
import { freePage, granuleIs, protectedPage, reachablePage } from '../conditions/index.ts';
import { item } from '../model/items.ts';
import { assigned } from '../model/rtt.ts';
import { rmi } from './family.ts';

export const dataCreateUnknown = rmi({
  name: 'RMI_DATA_CREATE_UNKNOWN',
  fid: 0xc400_0154,
  spec: 'RMM 1.0 B4.3.2',
  summary: 'Creates a DATA granule with unknown contents. Nothing is measured.',

  inputs: {
    rd: reg(1, physAddr, 'PA of the RD'),
    data: reg(2, physAddr, 'PA of the target DATA granule'),
    ipa: reg(3, ipaAddr, 'IPA at which the granule will be mapped'),
  },
  outputs: {},
  context: {
    realm: ({ rd, rmm }) => rmm.realm(rd),
    walk: ({ rd, ipa, rmm }) => rmm.walk(rd, ipa, RTT_PAGE_LEVEL),
  },

  failures: {
    ...granuleIs('data', 'DELEGATED'),
    ...granuleIs('rd', 'RD'),
    ...reachablePage,
    ...protectedPage,
    ...freePage,
  },
  order: [
    [
      ['rd_bound', 'rd_state'],
      ['rtt_walk', 'rtte_state'],
    ],
    [['ipa_bound'], ['rtt_walk', 'rtte_state']],
  ],
  wellFormed: [[['rd_state'], ['ipa_bound', 'data_bound2']]], // both read the Realm; no published edge guards them

  before: ({ walk }) => ({ ripas: walk.rtte.ripas }),
  effect: ({ data, walk, rmm }) => {
    rmm.wipe(data);
    rmm.setGranule(data, 'DATA');
    rmm.setRtte(walk.rtt, walk.index, assigned(data, walk.rtte.ripas));
  },

  success: {
    data_state: ({ data, rmm }) => rmm.granule(data) === 'DATA',
    data_content: ({ data, rmm }) => rmm.contents(data).every((byte) => byte === rmm.profile.wipe_fill),
    rtte_state: ({ walk }) => walk.rtte.state === 'ASSIGNED',
    rtte_ripas: ({ walk, before }) => walk.rtte.ripas === before.ripas,
    rtte_addr: ({ walk, data }) => walk.rtte.addr === data,
  },
  footprint: {
    data_state: ({ data }) => [item.granule(data), item.contents(data)],
    rtte: ({ walk }) => item.rtt(walk.rtt, walk.index),
  },
});
