import type { ImpDef } from '../model/config.ts';
import { esr } from './esr.ts';
import type { Exit } from './exit.ts';

/** What interrupts the PE on which a Realm runs. */
export type Interrupt = 'IRQ' | 'FIQ' | 'SERROR';

/** An interrupt that shows in ISR_EL1, and what ESR_EL2 will say of it: only an SError has a syndrome. */
export interface PendingInterrupt {
  readonly kind: Interrupt;
  readonly esr?: bigint | undefined;
}

/** The fields of an SError's syndrome that a Host sees: IDS, AET, EA and DFSC (RMM 1.0 A4.3.10). */
const SERROR_ISS = (1n << 24n) | (7n << 10n) | (1n << 9n) | 0x3fn;

/** The exit by which an interrupt reaches the Host. ESR is zero for IRQ and FIQ (RMM 1.0 A4.3.5, A4.3.6). */
export const interruptExit = ({ kind, esr: syndrome = 0n }: PendingInterrupt, { serrorClass }: ImpDef): Exit => {
  if (kind !== 'SERROR') return { exit_reason: kind };
  const iss = syndrome & SERROR_ISS;
  return { exit_reason: kind, esr: serrorClass === 'given' ? esr('SERROR', iss) : iss };
};
