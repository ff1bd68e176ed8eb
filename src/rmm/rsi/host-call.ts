import { RsiHostCall } from '../../abi/index.ts';
import { answer, ipaAddr, reg } from '../../spec/index.ts';
import { addrIsProtected } from '../conditions/index.ts';
import { item } from '../model/items.ts';
import { rsi } from './family.ts';

/** The structure is aligned to its size, so it never crosses a granule. */
const HOST_CALL_ALIGNMENT = BigInt(RsiHostCall.size);

export const hostCall = rsi({
  name: 'RSI_HOST_CALL',
  fid: 0xc400_0199,
  spec: 'RMM 1.0 B5.3.4',
  summary: 'Hands 31 registers and an immediate to the Host, and gets the registers back.',

  inputs: { addr: reg(1, ipaAddr, 'IPA of the RsiHostCall structure') },
  outputs: {},
  context: {
    realm: ({ rmm }) => rmm.currentRealm(),
    buffer: ({ addr, rmm }) => rmm.translate(addr),
  },

  failures: {
    addr_align: {
      pre: ({ addr }) => addr % HOST_CALL_ALIGNMENT !== 0n,
      post: 'RSI_ERROR_INPUT',
      says: 'addr is not aligned to 256 bytes',
    },
    addr_bound: {
      pre: ({ addr, realm }) => !addrIsProtected(addr, realm),
      post: 'RSI_ERROR_INPUT',
      says: 'addr is not a Protected IPA',
    },
  },
  order: [],

  effect: ({ addr, buffer, rmm }) => {
    if (buffer.kind === 'FAULT')
      return answer({ transfer: { fault: { ipa: addr, level: buffer.level } }, retry: true });
    if (buffer.kind !== 'DATA') return answer({ result: 'RSI_ERROR_INPUT' });
    const at = Number(buffer.pa & 0xfffn);
    const { imm, gprs } = RsiHostCall.decode(rmm.state.contents(buffer.pa).subarray(at, at + RsiHostCall.size));
    rmm.updateRec({ host_call_pending: addr });
    return answer({ transfer: { exit: { exit_reason: 'HOST_CALL', imm, gprs } } });
  },

  success: { host_call: ({ rmm, addr }) => rmm.currentRec().host_call_pending === addr },
  footprint: { host_call: ({ rmm }) => item.rec(rmm.recAddr, 'host_call_pending') },
});
