import { INPUT, REC, RTT, RTT_PAGE_LEVEL } from '../../abi/index.ts';
import { ipaAddr, physAddr, reg } from '../../spec/index.ts';
import { addrIsGranuleAligned, addrIsRttLevelAligned, granuleIs, ripasScan } from '../conditions/index.ts';
import { item } from '../model/items.ts';
import { withRipas } from '../model/rtt.ts';
import { rmi } from './family.ts';

export const rttSetRipas = rmi({
  name: 'RMI_RTT_SET_RIPAS',
  fid: 0xc400_0169,
  spec: 'RMM 1.0 B4.3.21',
  summary: 'Carries out, entry by entry of one table, the RIPAS change that a Realm asked for.',

  inputs: {
    rd: reg(1, physAddr, 'PA of the RD'),
    rec_ptr: reg(2, physAddr, 'PA of the REC that asked'),
    base: reg(3, ipaAddr, 'base of the IPA range'),
    top: reg(4, ipaAddr, 'top of the IPA range'),
  },
  outputs: { out_top: reg(1, ipaAddr, 'top of the range that was changed') },
  context: {
    rec: ({ rec_ptr, rmm }) => rmm.rec(rec_ptr),
    walk: ({ rd, base, rmm }) => rmm.walk(rd, base, RTT_PAGE_LEVEL),
    scan: ({ rd, rec_ptr, base, top, rmm }) => {
      const { ripas_destroyed } = rmm.rec(rec_ptr);
      const walk = rmm.walk(rd, base, RTT_PAGE_LEVEL);
      return ripasScan(
        rmm,
        walk,
        base,
        top,
        ({ state, ripas }) => state === 'TABLE' || (ripas === 'DESTROYED' && !ripas_destroyed),
      );
    },
  },

  failures: {
    ...granuleIs('rd', 'RD'),
    ...granuleIs('rec_ptr', 'REC', 'rec', 'rec_gran_state'),
    rec_state: { pre: ({ rec }) => rec.state === 'REC_RUNNING', post: REC, says: 'the REC is running' },
    rec_owner: { pre: ({ rec, rd }) => rec.owner !== rd, post: REC, says: 'the REC belongs to another Realm' },
    size_valid: { pre: ({ base, top }) => top <= base, post: INPUT, says: 'top is not above base' },
    base_bound: {
      pre: ({ base, rec }) => base !== rec.ripas_addr,
      post: INPUT,
      says: 'base is not where the pending RIPAS change stands',
    },
    top_bound: {
      pre: ({ top, rec }) => top > rec.ripas_top,
      post: INPUT,
      says: 'top is beyond the pending RIPAS change',
    },
    top_gran_align: { pre: ({ top }) => !addrIsGranuleAligned(top), post: INPUT, says: 'top is not granule-aligned' },
    base_align: {
      pre: ({ base, walk, rec }) => !addrIsRttLevelAligned(base, walk.level) && walk.rtte.ripas !== rec.ripas_value,
      post: ({ walk }) => RTT(walk.level),
      says: 'base is not aligned to what the entry at which the walk stopped describes',
    },
    no_progress: {
      pre: ({ base, walk, scan, rec }) => base === scan.top && walk.rtte.ripas !== rec.ripas_value,
      post: ({ walk }) => RTT(walk.level),
      says: 'the range ends inside the first entry, or that entry may not be changed',
    },
  },
  order: [
    [['rd_bound', 'rd_state'], ['base_align']],
    [['rd_bound', 'rd_state'], ['no_progress']],
    [
      ['rec_bound', 'rec_gran_state'],
      ['rec_state', 'rec_owner'],
    ],
    [['base_bound'], ['base_align']],
    [['top_gran_align'], ['no_progress']],
  ],
  wellFormed: [
    [['rec_gran_state'], ['base_bound', 'top_bound', 'base_align', 'no_progress']], // all read the REC
    [['rec_owner'], ['base_align', 'no_progress']], // a REC of another Realm says nothing of this Realm's tables
  ],

  before: ({ base, walk, scan, rec }) => ({
    walk,
    scan,
    ripas: rec.ripas_value,
    // Where nothing is left to change inside the first entry, the request still never moves backwards.
    progress: scan.top > base ? scan.top : base,
  }),
  effect: ({ rec_ptr, rmm, before: { walk, scan, ripas, progress } }) => {
    for (const index of scan.indices) {
      const entry = rmm.rtt(walk.rtt).entries[index];
      if (entry !== undefined && entry.ripas !== ripas) rmm.setRtte(walk.rtt, index, withRipas(entry, ripas));
    }
    rmm.updateRec(rec_ptr, { ripas_addr: progress });
    return { out_top: progress };
  },

  success: {
    rtte_ripas: ({ before: { walk, scan, ripas }, rmm }) =>
      scan.indices.every((index) => rmm.rtt(walk.rtt).entries[index]?.ripas === ripas),
    ripas_addr: ({ rec, before }) => rec.ripas_addr === before.progress,
    out_top: ({ out, before }) => out.out_top === before.progress,
  },
  footprint: {
    rtte: ({ before: { walk, scan } }) => scan.indices.map((index) => item.rtt(walk.rtt, index)),
    ripas_addr: ({ rec_ptr }) => item.rec(rec_ptr, 'ripas_addr'),
  },
});
