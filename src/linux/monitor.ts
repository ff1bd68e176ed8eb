import { createAssembler } from './a64.ts';
import { GPRS, SAVED, SLOT, START, slotOf } from './mailbox.ts';
import type { MonitorMemory } from './memory-map.ts';
import { SYSTEM, type SystemName } from './system-registers.ts';

/** Semihosting: HLT with this number asks QEMU, X0 says what for. */
const SEMIHOSTING = 0xf000;
const SYS_WRITEC = 0x03n;
const SYS_READC = 0x07n;

const VECTORS = 16;
const VECTOR_SIZE = 0x80;
/** VBAR_EL2 has to be a multiple of this. */
const VECTOR_ALIGN = 0x800;

/** What a CPU has in its registers before a guest runs on it. */
const SETTINGS = (tables: bigint, vectors: bigint): readonly (readonly [SystemName, bigint])[] => [
  // VM, SWIO, TSC, RW: stage 2 is on, SMC traps, EL1 is AArch64; interrupts go to EL1 themselves.
  ['HCR_EL2', (1n << 0n) | (1n << 1n) | (1n << 19n) | (1n << 31n)],
  // T0SZ 31 (33 bits), a walk from level 1, write-back and inner shareable, granules of 4 KiB, PA of 40 bits.
  ['VTCR_EL2', (1n << 31n) | (2n << 16n) | (3n << 12n) | (1n << 10n) | (1n << 8n) | (1n << 6n) | 31n],
  ['VTTBR_EL2', tables],
  // Neither floating point nor SVE traps.
  ['CPTR_EL2', 0x32ffn],
  ['MDCR_EL2', 0n],
  ['HSTR_EL2', 0n],
  // EL1 uses both timers and counters.
  ['CNTHCTL_EL2', 3n],
  ['CNTVOFF_EL2', 0n],
  // System registers of the interrupt controller, for EL1 too.
  ['ICC_SRE_EL2', 0xfn],
  // MMU and caches off: the RES1 bits alone.
  ['SCTLR_EL1', 0x30d0_0800n],
  ['VBAR_EL2', vectors],
];

/**
 * The monitor at EL2 of QEMU's machine: for each trap of its guest it puts the registers into the mailbox of its CPU,
 * rings, waits for the answer, and goes on with what it finds in the mailbox. It decides nothing.
 *
 * A CPU enters at the first instruction.
 */
export const monitorCode = ({ code, lock, mailboxes, tables }: MonitorMemory): Uint8Array => {
  const asm = createAssembler();
  const at = (slot: number): number => 8 * slot;

  for (const [name, value] of SETTINGS(tables, code + BigInt(VECTOR_ALIGN))) {
    asm.mov(0, value);
    asm.writeSystem(SYSTEM[name], 0);
  }
  asm.readSystem(0, SYSTEM.MIDR_EL1);
  asm.writeSystem(SYSTEM.VPIDR_EL2, 0);
  asm.readSystem(0, SYSTEM.MPIDR_EL1);
  asm.writeSystem(SYSTEM.VMPIDR_EL2, 0);
  // SP is the mailbox, always: Aff0 is the index of the CPU.
  asm.lowBits(0, 0, 8);
  asm.mov(1, mailboxes);
  asm.add(1, 1, 0, 12);
  asm.addImmediate('sp', 1, 0);
  asm.store(0, 'sp', at(SLOT.cpu));
  asm.invalidateStage12();
  asm.invalidateInstructions();
  asm.barrier();
  asm.synchronize();
  asm.mov(1, BigInt(START));
  asm.branch('exchange');

  for (let n = 0; n < VECTORS; n += 1) {
    asm.alignTo(VECTOR_ALIGN + n * VECTOR_SIZE);
    asm.storePair(0, 1, 'sp', at(0));
    asm.mov(1, BigInt(n * VECTOR_SIZE));
    asm.branch('trapped');
  }

  asm.alignTo(VECTOR_ALIGN + VECTORS * VECTOR_SIZE);
  asm.label('trapped');
  for (let n = 2; n < GPRS - 1; n += 2) asm.storePair(n, n + 1, 'sp', at(n));
  asm.store(GPRS - 1, 'sp', at(GPRS - 1));
  for (const name of SAVED) {
    asm.readSystem(0, SYSTEM[name]);
    asm.store(0, 'sp', at(slotOf(name)));
  }

  asm.label('exchange');
  asm.store(1, 'sp', at(SLOT.event));
  asm.mov(2, lock);
  asm.mov(3, 1n);
  asm.label('locked');
  asm.yield();
  asm.loadExclusive(4, 2);
  asm.branchIfNot(4, 'locked');
  asm.storeExclusive(4, 3, 2);
  asm.branchIfNot(4, 'locked');
  asm.barrier();
  asm.addImmediate(1, 'sp', at(SLOT.cpu));
  asm.mov(0, SYS_WRITEC);
  asm.halt(SEMIHOSTING);
  asm.mov(0, SYS_READC);
  asm.mov(1, 0n);
  asm.halt(SEMIHOSTING);
  asm.barrier();
  asm.mov(2, lock);
  asm.storeRelease('xzr', 2);

  asm.load(0, 'sp', at(SLOT.invalidate));
  asm.branchIfZero(0, 'valid');
  asm.invalidateStage12();
  asm.barrier();
  asm.synchronize();
  asm.label('valid');
  asm.label('firmware');
  asm.load(0, 'sp', at(SLOT.firmware));
  asm.branchIfZero(0, 'resume');
  asm.loadPair(1, 2, 'sp', at(SLOT.firmware + 1));
  asm.load(3, 'sp', at(SLOT.firmware + 3));
  asm.smc();
  // A CPU that is on its way out cannot be turned on yet.
  asm.yield();
  asm.branchIfNot(0, 'firmware');

  asm.label('resume');
  for (const name of SAVED) {
    asm.load(0, 'sp', at(slotOf(name)));
    asm.writeSystem(SYSTEM[name], 0);
  }
  asm.load(GPRS - 1, 'sp', at(GPRS - 1));
  for (let n = 0; n < GPRS - 1; n += 2) asm.loadPair(n, n + 1, 'sp', at(n));
  asm.exceptionReturn();
  return asm.bytes();
};
