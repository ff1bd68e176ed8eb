import { GRANULE, INPUT, REALM, RTT, RTT_PAGE_LEVEL } from '../../abi/index.ts';
import { equalBytes } from '../../bytes/index.ts';
import { ipaAddr, physAddr, reg } from '../../spec/index.ts';
import {
  addrIsGranuleAligned,
  addrIsProtected,
  addrIsRttLevelAligned,
  granuleIs,
  ripasScan,
} from '../conditions/index.ts';
import { item } from '../model/items.ts';
import { rimExtendRipas } from '../model/measurement.ts';
import { levelSize, withRipas } from '../model/rtt.ts';
import { rmi } from './family.ts';

export const rttInitRipas = rmi({
  name: 'RMI_RTT_INIT_RIPAS',
  fid: 0xc400_0168,
  spec: 'RMM 1.0 B4.3.18',
  summary: 'Makes a range of IPAs RAM, entry by entry of one table, and extends the RIM for each.',

  inputs: {
    rd: reg(1, physAddr, 'PA of the RD'),
    base: reg(2, ipaAddr, 'base of the IPA range'),
    top: reg(3, ipaAddr, 'top of the IPA range'),
  },
  outputs: { out_top: reg(1, ipaAddr, 'top of the range that was changed') },
  context: {
    realm: ({ rd, rmm }) => rmm.realm(rd),
    walk: ({ rd, base, rmm }) => rmm.walk(rd, base, RTT_PAGE_LEVEL),
    scan: ({ rd, base, top, rmm }) =>
      ripasScan(rmm, rmm.walk(rd, base, RTT_PAGE_LEVEL), base, top, ({ state }) => state === 'TABLE'),
  },

  failures: {
    ...granuleIs('rd', 'RD'),
    size_valid: { pre: ({ base, top }) => top <= base, post: INPUT, says: 'top is not above base' },
    top_bound: {
      pre: ({ top, realm }) => !addrIsProtected(BigInt.asUintN(64, top - GRANULE), realm),
      post: INPUT,
      says: 'the last granule below top is not at a Protected IPA',
    },
    top_gran_align: { pre: ({ top }) => !addrIsGranuleAligned(top), post: INPUT, says: 'top is not granule-aligned' },
    realm_state: { pre: ({ realm }) => realm.state !== 'REALM_NEW', post: REALM, says: 'the Realm is not NEW' },
    base_align: {
      pre: ({ base, walk }) => !addrIsRttLevelAligned(base, walk.level),
      post: ({ walk }) => RTT(walk.level),
      says: 'base is not aligned to what the entry at which the walk stopped describes',
    },
    rtte_state: {
      pre: ({ walk }) => walk.rtte.state !== 'UNASSIGNED',
      post: ({ walk }) => RTT(walk.level),
      says: 'base is already mapped',
    },
    no_progress: {
      pre: ({ base, scan }) => base === scan.top,
      post: ({ walk }) => RTT(walk.level),
      says: 'the range ends inside the first entry',
    },
  },
  order: [
    [['rd_bound', 'rd_state'], ['realm_state']],
    [
      ['rd_bound', 'rd_state'],
      ['base_align', 'rtte_state'],
    ],
    [['rd_bound', 'rd_state'], ['no_progress']],
    [['top_gran_align'], ['no_progress']],
  ],
  wellFormed: [[['rd_state'], ['top_bound']]], // top_bound reads the Realm

  before: ({ base, walk, scan, realm, rmm }) => {
    const hash = rmm.hash(realm.hash_algo);
    const size = levelSize(walk.level);
    const steps = [];
    let rim = realm.measurements[0];
    for (let entry = base; entry < scan.top; entry += size) {
      const step = rimExtendRipas(hash, rim, entry, entry + size);
      steps.push(step);
      rim = step.value;
    }
    return { walk, scan, steps, rim };
  },
  effect: ({ rd, rmm, before: { walk, scan, steps } }) => {
    for (const index of scan.indices) {
      const entry = rmm.rtt(walk.rtt).entries[index];
      if (entry !== undefined && entry.ripas !== 'RAM') rmm.setRtte(walk.rtt, index, withRipas(entry, 'RAM'));
    }
    for (const step of steps) rmm.measure(rd, 0, 'RimExtendRipas', step);
    return { out_top: scan.top };
  },

  success: {
    rtte_ripas: ({ before: { walk, scan }, rmm }) =>
      scan.indices.every((index) => rmm.rtt(walk.rtt).entries[index]?.ripas === 'RAM'),
    rim: ({ realm, before }) => equalBytes(realm.measurements[0], before.rim),
    out_top: ({ out, before }) => out.out_top === before.scan.top,
  },
  footprint: {
    rtte: ({ before: { walk, scan } }) => scan.indices.map((index) => item.rtt(walk.rtt, index)),
    rim: ({ rd }) => item.realm(rd, 'measurements'),
  },
});
