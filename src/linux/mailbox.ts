import type { SystemName } from './system-registers.ts';

/**
 * A page through which one CPU and the RMM talk: doublewords, each a register that the monitor stores when its guest
 * traps, and loads again before the guest goes on.
 */
export const GPRS = 31;

/** System registers of the page, in the order of their slots after X0 to X30. */
export const SAVED = [
  'ELR_EL2',
  'SPSR_EL2',
  'ESR_EL2',
  'FAR_EL2',
  'HPFAR_EL2',
  'VBAR_EL1',
  'ELR_EL1',
  'SPSR_EL1',
  'ESR_EL1',
  'FAR_EL1',
] as const satisfies readonly SystemName[];
export type Saved = (typeof SAVED)[number];

export const slotOf = (register: Saved): number => GPRS + SAVED.indexOf(register);

const AFTER = GPRS + SAVED.length;
/** Registers of a PSCI call to the machine under the monitor. */
const FIRMWARE_REGISTERS = 4;
/** Doublewords that are no registers of the guest. */
export const SLOT = {
  /** Which vector was taken, or START. */
  event: AFTER,
  /** Index of the CPU; its lowest byte rings the doorbell. */
  cpu: AFTER + 1,
  /** Not zero: the tables of stage 2 have changed. */
  invalidate: AFTER + 2,
  /** X0 to X3 of a PSCI call to the machine, made before the guest goes on; none while the first is zero. */
  firmware: AFTER + 3,
} as const;

/** Bytes of a mailbox that carry something. */
export const MAILBOX_SIZE = 8 * (SLOT.firmware + FIRMWARE_REGISTERS);

/** What `event` says of a CPU that has started; else it is the offset of the vector. */
export const START = 1;
/** Offset of the vector for synchronous exceptions of a guest in AArch64 state. */
export const GUEST_SYNC = 0x400;

/** The registers of a guest that has trapped: changed here, they are what it goes on with. */
export interface Trap {
  readonly event: number;
  readonly gprs: bigint[];
  readonly system: Record<Saved, bigint>;
}

/** What the monitor does before its guest goes on. */
export interface Resume {
  /** The tables of stage 2 have changed. */
  readonly invalidate: boolean;
  /** A PSCI call to the machine: function identifier and up to three arguments. */
  readonly firmware?: readonly bigint[];
}

export const readTrap = (mailbox: Uint8Array): Trap => {
  const view = new DataView(mailbox.buffer, mailbox.byteOffset, mailbox.byteLength);
  const slot = (n: number): bigint => view.getBigUint64(8 * n, true);
  return {
    event: Number(slot(SLOT.event)),
    gprs: Array.from({ length: GPRS }, (_, n) => slot(n)),
    system: Object.fromEntries(SAVED.map((name) => [name, slot(slotOf(name))])) as Record<Saved, bigint>,
  };
};

/** The mailbox with an answer in it. */
export const writeTrap = (
  mailbox: Uint8Array,
  { gprs, system }: Trap,
  { invalidate, firmware = [] }: Resume,
): Uint8Array => {
  const out = mailbox.slice();
  const view = new DataView(out.buffer);
  const put = (n: number, value: bigint): void => view.setBigUint64(8 * n, BigInt.asUintN(64, value), true);
  gprs.forEach((value, n) => {
    put(n, value);
  });
  for (const name of SAVED) put(slotOf(name), system[name]);
  put(SLOT.invalidate, invalidate ? 1n : 0n);
  for (let n = 0; n < FIRMWARE_REGISTERS; n += 1) put(SLOT.firmware + n, firmware[n] ?? 0n);
  return out;
};
