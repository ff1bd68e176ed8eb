import { RMI_RIPAS } from '../../abi/index.ts';
import { answer, ipaAddr, reg, uint64 } from '../../spec/index.ts';
import { protectedRange } from '../conditions/index.ts';
import { item } from '../model/items.ts';
import { rsi } from './family.ts';
import { RSI_CHANGE_DESTROYED, RSI_RIPAS } from './ripas.ts';

export const ipaStateSet = rsi({
  name: 'RSI_IPA_STATE_SET',
  fid: 0xc400_0197,
  spec: 'RMM 1.0 B5.3.6',
  summary: 'Asks the Host to let a range of IPAs become RAM or EMPTY.',

  inputs: {
    base: reg(1, ipaAddr, 'base of the IPA range'),
    top: reg(2, ipaAddr, 'top of the IPA range'),
    ripas: reg(3, uint64, 'RsiRipas in bits [7:0]'),
    flags: reg(4, uint64, 'RsiRipasChangeFlags: bit 0 lets DESTROYED pages change too'),
  },
  outputs: {
    new_base: reg(1, ipaAddr, 'base of what was not changed'),
    response: reg(2, uint64, 'RsiResponse: 0 accepted, 1 rejected'),
  },
  context: {
    realm: ({ rmm }) => rmm.currentRealm(),
  },

  failures: {
    ...protectedRange('top_align'),
    ripas_valid: {
      pre: ({ ripas }) => requested(ripas) === undefined,
      post: 'RSI_ERROR_INPUT',
      says: 'a Realm can ask for EMPTY and RAM only',
    },
  },
  order: [],

  effect: ({ base, top, ripas, flags, rmm }) => {
    const ripas_value = requested(ripas) ?? 'EMPTY';
    rmm.updateRec({
      ripas_addr: base,
      ripas_top: top,
      ripas_value,
      ripas_destroyed: (flags & RSI_CHANGE_DESTROYED) !== 0n,
      completes: 'RIPAS_CHANGE',
    });
    const exit = { ripas_base: base, ripas_top: top, ripas_value: RMI_RIPAS[ripas_value] };
    // The entry that completes the request overwrites both outputs; all other result registers are as of now.
    return answer({
      result: 'RSI_SUCCESS',
      out: { new_base: base, response: 0n },
      transfer: { exit: { exit_reason: 'RIPAS_CHANGE', ...exit } },
    });
  },

  success: {
    pending: ({ rmm, base, top }) => {
      const { ripas_addr, ripas_top, completes } = rmm.currentRec();
      return completes === 'RIPAS_CHANGE' && ripas_addr === base && ripas_top === top;
    },
  },
  footprint: {
    pending: ({ rmm }) =>
      (['ripas_addr', 'ripas_top', 'ripas_value', 'ripas_destroyed', 'completes'] as const).map((member) =>
        item.rec(rmm.recAddr, member),
      ),
  },
});

const requested = (ripas: bigint): 'EMPTY' | 'RAM' | undefined => {
  const value = Number(ripas & 0xffn);
  return value === RSI_RIPAS.EMPTY ? 'EMPTY' : value === RSI_RIPAS.RAM ? 'RAM' : undefined;
};
