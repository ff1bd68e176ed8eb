import { REALM, RMI_DATA_FLAG, RTT_PAGE_LEVEL } from '../../abi/index.ts';
import { equalBytes } from '../../bytes/index.ts';
import { ipaAddr, physAddr, reg, uint64 } from '../../spec/index.ts';
import { freePage, granuleIs, hostGranule, protectedPage, reachablePage } from '../conditions/index.ts';
import { item } from '../model/items.ts';
import { rimExtendData } from '../model/measurement.ts';
import { assigned } from '../model/rtt.ts';
import { rmi } from './family.ts';

export const dataCreate = rmi({
  name: 'RMI_DATA_CREATE',
  fid: 0xc400_0153,
  spec: 'RMM 1.0 B4.3.1',
  summary: 'Creates a DATA granule with contents from the Host, and extends the RIM.',

  inputs: {
    rd: reg(1, physAddr, 'PA of the RD'),
    data: reg(2, physAddr, 'PA of the target DATA granule'),
    ipa: reg(3, ipaAddr, 'IPA at which the granule will be mapped'),
    src: reg(4, physAddr, 'PA of the source granule'),
    flags: reg(5, uint64, 'RmiDataFlags: bit 0 measures the contents'),
  },
  outputs: {},
  context: {
    realm: ({ rd, rmm }) => rmm.realm(rd),
    walk: ({ rd, ipa, rmm }) => rmm.walk(rd, ipa, RTT_PAGE_LEVEL),
  },

  failures: {
    ...hostGranule('src', 'src'),
    ...granuleIs('data', 'DELEGATED'),
    ...granuleIs('rd', 'RD'),
    ...reachablePage,
    realm_state: { pre: ({ realm }) => realm.state !== 'REALM_NEW', post: REALM, says: 'the Realm is not NEW' },
    ...protectedPage,
    ...freePage,
  },
  order: [
    [['rd_bound', 'rd_state'], ['realm_state']],
    [
      ['rd_bound', 'rd_state'],
      ['rtt_walk', 'rtte_state'],
    ],
    [['ipa_bound'], ['rtt_walk', 'rtte_state']],
  ],
  wellFormed: [[['rd_state'], ['ipa_bound', 'data_bound2']]], // both read the Realm; no published edge guards them

  before: ({ realm, ipa, src, flags, rmm }) => ({
    // The contents of the Host's granule are what is copied and what is measured, read once.
    rim: rimExtendData(rmm.hash(realm.hash_algo), realm.measurements[0], {
      ipa,
      flags,
      contents: (flags & RMI_DATA_FLAG.measure) === 0n ? undefined : rmm.contents(src),
    }),
  }),
  effect: ({ rd, data, src, walk, rmm, before: { rim } }) => {
    rmm.copyGranule(src, data);
    rmm.setGranule(data, 'DATA');
    rmm.setRtte(walk.rtt, walk.index, assigned(data, 'RAM'));
    rmm.measure(rd, 0, 'RimExtendData', rim);
  },

  success: {
    data_state: ({ data, rmm }) => rmm.granule(data) === 'DATA',
    data_content: ({ data, src, rmm }) => equalBytes(rmm.contents(data), rmm.contents(src)),
    rtte_state: ({ walk }) => walk.rtte.state === 'ASSIGNED',
    rtte_ripas: ({ walk }) => walk.rtte.ripas === 'RAM',
    rtte_addr: ({ walk, data }) => walk.rtte.addr === data,
    rim: ({ realm, before }) => equalBytes(realm.measurements[0], before.rim.value),
  },
  footprint: {
    data_state: ({ data }) => [item.granule(data), item.contents(data)],
    rtte: ({ walk }) => item.rtt(walk.rtt, walk.index),
    rim: ({ rd }) => item.realm(rd, 'measurements'),
  },
});
