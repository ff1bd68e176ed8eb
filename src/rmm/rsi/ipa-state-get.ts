import { RTT_PAGE_LEVEL } from '../../abi/index.ts';
import { enumeration, ipaAddr, reg } from '../../spec/index.ts';
import { protectedRange } from '../conditions/index.ts';
import { levelSize } from '../model/rtt.ts';
import type { RsiView } from '../realm/call.ts';
import { rsi } from './family.ts';
import { RSI_RIPAS } from './ripas.ts';

export const ipaStateGet = rsi({
  name: 'RSI_IPA_STATE_GET',
  fid: 0xc400_0198,
  spec: 'RMM 1.0 B5.3.5',
  summary: 'Reads the RIPAS at a base, and how far it reaches at least.',

  inputs: { base: reg(1, ipaAddr, 'base of the IPA range'), top: reg(2, ipaAddr, 'top of the IPA range') },
  outputs: {
    out_top: reg(1, ipaAddr, 'top of the range that has the RIPAS'),
    ripas: reg(2, enumeration('RsiRipas', RSI_RIPAS), 'the RIPAS'),
  },
  context: {
    realm: ({ rmm }) => rmm.currentRealm(),
  },

  failures: protectedRange('end_align'),
  order: [],

  effect: ({ base, top, rmm }) => uniformRange(rmm, base, top),

  success: {
    out_top: ({ base, top, out }) => out.out_top > base && out.out_top <= top,
    ripas: ({ base, rmm, out }) => rmm.state.walk(rmm.rd, base, RTT_PAGE_LEVEL).rtte.ripas === out.ripas,
  },
  footprint: {},
});

/** The RIPAS at `base`, followed to the end of the table in which the walk stopped, or to `top`. */
const uniformRange = ({ state, rd }: RsiView, base: bigint, top: bigint) => {
  const { level, rtt, index, rtte } = state.walk(rd, base, RTT_PAGE_LEVEL);
  const { entries } = state.rtt(rtt);
  const size = levelSize(level);
  let end = (base & ~(size - 1n)) + size;
  for (let next = index + 1; next < entries.length && end < top; next += 1) {
    const entry = entries[next];
    if (entry === undefined || entry.state === 'TABLE' || entry.ripas !== rtte.ripas) break;
    end += size;
  }
  return { out_top: end < top ? end : top, ripas: rtte.ripas };
};
