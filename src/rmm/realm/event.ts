import { RMI_ENTER_FLAG, type RmiRecEnter } from '../../abi/index.ts';
import type { ImpDef } from '../model/config.ts';
import { esr } from './esr.ts';
import type { Exit } from './exit.ts';

/** WFIT and WFET wait until the counter reaches `timeout`; WFI and WFE have none. */
export interface Wait {
  readonly timeout?: bigint;
}

/** What the software in a Realm does that is neither an SMC nor an access to memory: it waits, or executes HVC. */
export type RealmEvent = { readonly wfi: Wait } | { readonly wfe: Wait } | { readonly hvc: { readonly imm: number } };

/** What an event comes to: the Realm goes on, takes an exception to its EL1, or leaves. */
export type EventResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'exception'; readonly exception: 'UNDEFINED' }
  | { readonly kind: 'exit'; readonly exit: Exit };

/** ESR_EL2.ISS.TI of a trapped wait: bit 0 is WFE, bit 1 says that there is a timeout. */
const TI_WFE = 1n;
const TI_TIMEOUT = 2n;

/**
 * What an event of a Realm comes to (RMM 1.0 A4.3.4). HVC is no conduit of the RMM: the Realm takes an Unknown exception.
 * A wait is over at once unless the Host traps it, since time does not pass in here.
 */
export const realmEvent = (event: RealmEvent, enter: RmiRecEnter, { waitSyndrome }: ImpDef): EventResult => {
  if ('hvc' in event) return { kind: 'exception', exception: 'UNDEFINED' };
  const isWfi = 'wfi' in event;
  const trap = isWfi ? RMI_ENTER_FLAG.trap_wfi : RMI_ENTER_FLAG.trap_wfe;
  if ((enter.flags & trap) === 0n) return { kind: 'done' };
  const wait = isWfi ? event.wfi : event.wfe;
  const timeout = waitSyndrome === 'whole' ? wait.timeout : undefined;
  const ti = (isWfi ? 0n : TI_WFE) | (timeout === undefined ? 0n : TI_TIMEOUT);
  return { kind: 'exit', exit: { exit_reason: 'SYNC', esr: esr('WFX', ti), gprs: [timeout ?? 0n] } };
};
