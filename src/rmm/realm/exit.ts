import {
  encodeRmiResult,
  INPUT,
  REC_EXIT_OFFSET,
  type RecExitReason,
  RMI_REC_EXIT_REASON,
  type RmiRecEnter,
  RmiRecExit,
  SUCCESS,
} from '../../abi/index.ts';
import { Bug } from '../../bytes/index.ts';
import type { Members, Registers, TraceSink } from '../../trace/index.ts';
import { GICV3_HCR_HOST, granuleIsNs } from '../conditions/index.ts';
import type { ImpDef } from '../model/config.ts';
import type { RmmState } from '../model/state.ts';
import { esr, FSC, faultAt, HPFAR_SHIFT, hpfarOf } from './esr.ts';

/** What the Host is told of an exit. Members that are not given are zero. */
export type Exit = Partial<Omit<RmiRecExit, 'exit_reason'>> & {
  readonly exit_reason: RecExitReason;
  /** Says nothing of interrupt controller, timers and PMU. */
  readonly withoutDevices?: true;
};

/** The exit of a Realm whose memory the Host has to map: a data abort that cannot be emulated (RMM 1.0 A4.3.4.3). */
export const stage2Fault = (ipa: bigint, level: number): Exit => ({
  exit_reason: 'SYNC',
  esr: esr('DATA_ABORT', faultAt('TRANSLATION', level)),
  hpfar: hpfarOf(ipa),
});

/** The same for an RSI buffer, where no PE took an abort and the RMM makes up what a PE would have said. */
export const rsiFault = ({ rsiFaultHpfar, rsiFaultLevelMinus1 }: ImpDef, ipa: bigint, level: number): Exit => ({
  ...stage2Fault(ipa, level),
  ...(rsiFaultHpfar === 'withOffset' && { hpfar: ipa >> HPFAR_SHIFT }),
  ...(rsiFaultLevelMinus1 === 'arithmetic' && { esr: esr('DATA_ABORT', FSC.TRANSLATION + BigInt(level)) }),
});

/** The EOIcount field of ICH_HCR_EL2, which the hardware counts and the Host reads. */
const GICV3_HCR_EOICOUNT = 0x1fn << 27n;

/** RmiRecExit is put together in here: memory keeps a copy. */
const page = new Uint8Array(RmiRecExit.size);
const pageView = new DataView(page.buffer);

/**
 * Leaves the Realm that runs on a PE: writes RmiRecExit, makes the REC ready, and gives the result registers of the
 * RMI_REC_ENTER that ends here. When the Host took the run page away meanwhile, its return code is an input error.
 */
export const exitRealm = (state: RmmState, pe: number, exit: Exit, trace?: TraceSink): Registers => {
  const running = state.running(pe);
  if (running === undefined) throw new Bug(`PE ${pe} leaves a Realm that it is not in`);
  const { rec, run_ptr, enter, results } = running;
  const { exit_reason, withoutDevices, ...rest } = exit;
  page.fill(0);
  if (!withoutDevices) RmiRecExit.write(page, shownDevices(state, rec, enter));
  RmiRecExit.write(page, { ...rest, exit_reason: RMI_REC_EXIT_REASON[exit_reason] });
  // RSI_HOST_CALL reads an immediate of 16 bits; a personality may hand on more, into bytes that are zero otherwise.
  pageView.setUint32(RmiRecExit.members.imm.offset, rest.imm ?? 0, true);
  state.setRunning(pe, undefined);
  state.updateRec(rec, { state: 'REC_READY' });
  trace?.({ type: 'realm.exit', pe, rec, exit: { ...rest, exit_reason } as Members });
  if (!granuleIsNs(state, run_ptr)) return [encodeRmiResult(INPUT), ...results.slice(1)];
  state.write(run_ptr + BigInt(REC_EXIT_OFFSET), page);
  return [encodeRmiResult(SUCCESS), ...results.slice(1)];
};

/** What the Host set comes back, with what the interrupt controller counted meanwhile, and the rest as scripted. */
const shownDevices = (state: RmmState, rec: bigint, enter: RmiRecEnter): Partial<RmiRecExit> => {
  const devices = state.devices(rec);
  const lrs = devices.gicv3_lrs ?? enter.gicv3_lrs;
  return {
    ...devices,
    gicv3_hcr: (enter.gicv3_hcr & GICV3_HCR_HOST) | ((devices.gicv3_hcr ?? 0n) & GICV3_HCR_EOICOUNT),
    gicv3_lrs: lrs.map((lr, i) => (i <= state.profile.gicv3_num_lrs ? lr : 0n)),
  };
};
