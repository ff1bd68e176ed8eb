import {
  encodeRmiResult,
  INPUT,
  REC_EXIT_OFFSET,
  type RecExitReason,
  RMI_REC_EXIT_REASON,
  RmiRecExit,
  SUCCESS,
} from '../../abi/index.ts';
import { Bug } from '../../bytes/index.ts';
import type { Members, TraceSink } from '../../trace/index.ts';
import { GICV3_HCR_HOST, granuleIsNs } from '../conditions/index.ts';
import type { RmmState } from '../model/state.ts';
import { esr, faultAt, hpfarOf } from './esr.ts';

/** What the Host is told of an exit. Members that are not given are zero. */
export type Exit = Partial<Omit<RmiRecExit, 'exit_reason'>> & { readonly exit_reason: RecExitReason };

/** The exit for an RSI buffer that the Host has to map: a data abort that cannot be emulated (RMM 1.0 A4.3.4.3). */
export const stage2Fault = (ipa: bigint, level: number): Exit => ({
  exit_reason: 'SYNC',
  esr: esr('DATA_ABORT', faultAt('TRANSLATION', level)),
  hpfar: hpfarOf(ipa),
});

/** The EOIcount field of ICH_HCR_EL2, which the hardware counts and the Host reads. */
const GICV3_HCR_EOICOUNT = 0x1fn << 27n;

/**
 * Leaves the Realm that runs on a PE: writes RmiRecExit, makes the REC ready, and gives the return code of the
 * RMI_REC_ENTER that ends here. When the Host took the run page away meanwhile, that code is an input error.
 */
export const exitRealm = (state: RmmState, pe: number, exit: Exit, trace?: TraceSink): bigint => {
  const running = state.running(pe);
  if (running === undefined) throw new Bug(`PE ${pe} leaves a Realm that it is not in`);
  const { rec, run_ptr, enter } = running;
  const { exit_reason, ...rest } = exit;
  const devices = state.devices(rec);
  const lrs = devices.gicv3_lrs ?? enter.gicv3_lrs;
  const page = RmiRecExit.encode({
    ...devices,
    // What the Host set comes back, with what the interrupt controller counted meanwhile.
    gicv3_hcr: (enter.gicv3_hcr & GICV3_HCR_HOST) | ((devices.gicv3_hcr ?? 0n) & GICV3_HCR_EOICOUNT),
    gicv3_lrs: lrs.map((lr, i) => (i <= state.profile.gicv3_num_lrs ? lr : 0n)),
    ...rest,
    exit_reason: RMI_REC_EXIT_REASON[exit_reason],
  });
  state.setRunning(pe, undefined);
  state.updateRec(rec, { state: 'REC_READY' });
  trace?.({ type: 'realm.exit', pe, rec, exit: { ...rest, exit_reason } as Members });
  if (!granuleIsNs(state, run_ptr)) return encodeRmiResult(INPUT);
  state.write(run_ptr + BigInt(REC_EXIT_OFFSET), page);
  return encodeRmiResult(SUCCESS);
};
