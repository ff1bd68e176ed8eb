import { encodePsciStatus, encodeRsiStatus, RMI_ENTER_FLAG, type RmiRecEnter, RsiHostCall } from '../../abi/index.ts';
import { type Rec, withPsciResult } from '../model/rec.ts';
import type { RmmModel } from '../model/view.ts';
import { translate } from './access.ts';
import { type Exit, rsiFault } from './exit.ts';

/** The REC as it will run, or the exit that happens instead of running it. */
export interface Entry {
  readonly change: Partial<Rec>;
  readonly exit?: Exit;
}

const withGprs = (rec: Rec, ...values: readonly (readonly [n: number, value: bigint])[]): readonly bigint[] => {
  const gprs = rec.gprs.slice();
  for (const [n, value] of values) gprs[n] = value;
  return gprs;
};

/** Completes what the last exit left open (RMM 1.0 A4.2; rmi 9.2). Reads the monitor, writes only Realm memory. */
export const completeEntry = (rmm: RmmModel, rec: Rec, enter: RmiRecEnter): Entry => {
  if (rec.host_call_pending !== undefined) return completeHostCall(rmm, rec, rec.host_call_pending, enter);
  if (rec.completes === 'RIPAS_CHANGE') return { change: completeRipasChange(rmm, rec, enter) };
  if (rec.completes === 'PSCI_STANDBY') {
    const gprs = withPsciResult(rec.gprs, encodePsciStatus('PSCI_SUCCESS'), rmm.impDef.unlistedOutputs);
    return { change: { gprs, completes: 'NOTHING' } };
  }
  return { change: { ...completeAbort(rec, enter), abort: undefined } };
};

const completeHostCall = (rmm: RmmModel, rec: Rec, ipa: bigint, enter: RmiRecEnter): Entry => {
  const at = translate(rmm, rec.owner, ipa);
  const { hostCallIntoEmpty, hostCallFaultDevices } = rmm.impDef;
  if (at.kind === 'FAULT') {
    const silent = hostCallFaultDevices === 'zero' ? { withoutDevices: true as const } : {};
    return { change: {}, exit: { ...rsiFault(rmm.impDef, ipa, at.level), ...silent } };
  }
  if (at.kind === 'DATA') {
    const { offset } = RsiHostCall.members.gprs;
    const call = RsiHostCall.encode({ gprs: enter.gprs });
    rmm.write(at.pa + BigInt(offset), call.subarray(offset));
  }
  // A structure whose RIPAS became EMPTY meanwhile has nowhere to go: the call completes without it.
  if (at.kind !== 'DATA' && hostCallIntoEmpty === 'leavesX0') return { change: { host_call_pending: undefined } };
  return { change: { gprs: withGprs(rec, [0, encodeRsiStatus('RSI_SUCCESS')]), host_call_pending: undefined } };
};

const completeRipasChange = ({ impDef }: RmmModel, rec: Rec, enter: RmiRecEnter): Partial<Rec> => {
  const rejected =
    (rec.ripas_value === 'RAM' || impDef.rejects === 'any') &&
    rec.ripas_addr !== rec.ripas_top &&
    (enter.flags & RMI_ENTER_FLAG.ripas_response) !== 0n;
  return {
    gprs: withGprs(rec, [0, encodeRsiStatus('RSI_SUCCESS')], [1, rec.ripas_addr], [2, rejected ? 1n : 0n]),
    ripas_addr: 0n,
    ripas_top: 0n,
    completes: 'NOTHING',
  };
};

const completeAbort = (rec: Rec, enter: RmiRecEnter): Partial<Rec> => {
  if (rec.abort === undefined) return {};
  // An SEA wins: emul_mmio is ignored then.
  if ((enter.flags & RMI_ENTER_FLAG.inject_sea) !== 0n) return rec.abort.unprotected ? { exception: 'SEA' } : {};
  if ((enter.flags & RMI_ENTER_FLAG.emul_mmio) === 0n) return {};
  const pc = BigInt.asUintN(64, rec.pc + 4n);
  const { write, srt, size, signExtend, sf } = rec.abort;
  if (write || srt === 31) return { pc };
  const bits = 8 * size;
  const value = enter.gprs[0] ?? 0n;
  const extended = signExtend ? BigInt.asUintN(64, BigInt.asIntN(bits, value)) : BigInt.asUintN(bits, value);
  return { pc, gprs: withGprs(rec, [srt, sf ? extended : BigInt.asUintN(32, extended)]) };
};
