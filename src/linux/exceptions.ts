import type { RealmException } from '../rmm/index.ts';
import type { Trap } from './mailbox.ts';

/** Classes of ESR_EL2 that a guest of the monitor causes. */
export const EC = { HVC: 0x16, SMC: 0x17, FETCH_ABORT: 0x20, DATA_ABORT: 0x24 } as const;

export const exceptionClass = ({ system }: Trap): number => Number((system.ESR_EL2 >> 26n) & 0x3fn);

/** ESR.WnR of an abort. */
export const WRITE_NOT_READ = 1n << 6n;

/** PSTATE of a guest that starts, or takes an exception: EL1h, everything masked. */
export const EL1H_MASKED = 0x3c5n;

const IL = 1n << 25n;
const EXTERNAL_ABORT = 0x10n;
const ADDRESS_SIZE_FAULT = 0n;

/** Where a guest was, by PSTATE.M: the vectors of its EL1 and the classes of its aborts differ. */
const MODE = 0xfn;
const EL1T = 4n;
const EL1H = 5n;
const VECTOR = { sameLevelSp0: 0n, sameLevel: 0x200n, lower: 0x400n } as const;

const vectorOffset = (spsr: bigint): bigint => {
  const mode = spsr & MODE;
  if (mode === EL1H) return VECTOR.sameLevel;
  return mode === EL1T ? VECTOR.sameLevelSp0 : VECTOR.lower;
};

const syndrome = (trap: Trap, exception: RealmException): bigint => {
  if (exception === 'UNDEFINED') return IL;
  const { ESR_EL2, SPSR_EL2 } = trap.system;
  const isFetch = exceptionClass(trap) === EC.FETCH_ABORT;
  const lower = isFetch ? EC.FETCH_ABORT : EC.DATA_ABORT;
  // The class of an abort that stays at its level is the next one.
  const own = vectorOffset(SPSR_EL2) === VECTOR.lower ? lower : lower + 1;
  const status = exception === 'SEA' ? EXTERNAL_ABORT : ADDRESS_SIZE_FAULT;
  const write = exceptionClass(trap) === EC.DATA_ABORT ? ESR_EL2 & WRITE_NOT_READ : 0n;
  return (BigInt(own) << 26n) | IL | write | status;
};

/** The guest takes an exception to its EL1, at the instruction that trapped. */
export const takeException = (trap: Trap, exception: RealmException): void => {
  const { system } = trap;
  system.ESR_EL1 = syndrome(trap, exception);
  system.FAR_EL1 = system.FAR_EL2;
  // HVC traps with the address of the next instruction.
  system.ELR_EL1 = exceptionClass(trap) === EC.HVC ? system.ELR_EL2 - 4n : system.ELR_EL2;
  system.SPSR_EL1 = system.SPSR_EL2;
  system.ELR_EL2 = system.VBAR_EL1 + vectorOffset(system.SPSR_EL2);
  system.SPSR_EL2 = EL1H_MASKED;
};
