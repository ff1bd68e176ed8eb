import { describe, expect, test } from 'vitest';
import { type Assembler, createAssembler } from '../../src/linux/a64.ts';
import { SYSTEM } from '../../src/linux/system-registers.ts';

/** What LLVM's assembler makes of the same text (llvm-mc -triple=aarch64 -show-encoding), as words. */
const KNOWN: readonly (readonly [text: string, emit: (asm: Assembler) => void, words: readonly number[]])[] = [
  ['movz x0, #0x1234', (asm) => asm.mov(0, 0x1234n), [0xd2824680]],
  ['movz x7, #0x4000, lsl #16', (asm) => asm.mov(7, 0x4000_0000n), [0xd2a80007]],
  ['movz x3, #1; movk x3, #0xffff, lsl #48', (asm) => asm.mov(3, 0xffff_0000_0000_0001n), [0xd2800023, 0xf2ffffe3]],
  ['movz x1, #0', (asm) => asm.mov(1, 0n), [0xd2800001]],
  ['add x1, x1, x0, lsl #12', (asm) => asm.add(1, 1, 0, 12), [0x8b003021]],
  ['ubfx x0, x0, #0, #8', (asm) => asm.lowBits(0, 0, 8), [0xd3401c00]],
  ['ldr x9, [sp, #376]', (asm) => asm.load(9, 'sp', 376), [0xf940bfe9]],
  ['str x30, [sp, #240]', (asm) => asm.store(30, 'sp', 240), [0xf9007bfe]],
  ['ldp x1, x2, [sp, #368]', (asm) => asm.loadPair(1, 2, 'sp', 368), [0xa9570be1]],
  ['stp x0, x1, [sp, #-16]', (asm) => asm.storePair(0, 1, 'sp', -16), [0xa93f07e0]],
  ['ldaxr w4, [x2]', (asm) => asm.loadExclusive(4, 2), [0x885ffc44]],
  ['stxr w4, w3, [x2]', (asm) => asm.storeExclusive(4, 3, 2), [0x88047c43]],
  ['stlr wzr, [x2]', (asm) => asm.storeRelease('xzr', 2), [0x889ffc5f]],
  ['mov sp, x1', (asm) => asm.addImmediate('sp', 1, 0), [0x9100003f]],
  ['add x1, sp, #336', (asm) => asm.addImmediate(1, 'sp', 336), [0x910543e1]],
  ['mrs x0, MPIDR_EL1', (asm) => asm.readSystem(0, SYSTEM.MPIDR_EL1), [0xd53800a0]],
  ['msr HCR_EL2, x0', (asm) => asm.writeSystem(SYSTEM.HCR_EL2, 0), [0xd51c1100]],
  ['msr VBAR_EL2, x11', (asm) => asm.writeSystem(SYSTEM.VBAR_EL2, 11), [0xd51cc00b]],
  ['msr ICC_SRE_EL2, x0', (asm) => asm.writeSystem(SYSTEM.ICC_SRE_EL2, 0), [0xd51cc9a0]],
  ['hlt #0xf000', (asm) => asm.halt(0xf000), [0xd45e0000]],
  ['smc #0', (asm) => asm.smc(), [0xd4000003]],
  ['yield', (asm) => asm.yield(), [0xd503203f]],
  ['dsb sy', (asm) => asm.barrier(), [0xd5033f9f]],
  ['isb', (asm) => asm.synchronize(), [0xd5033fdf]],
  ['tlbi vmalls12e1is', (asm) => asm.invalidateStage12(), [0xd50c83df]],
  ['ic ialluis', (asm) => asm.invalidateInstructions(), [0xd508711f]],
  ['eret', (asm) => asm.exceptionReturn(), [0xd69f03e0]],
];

const wordsOf = (emit: (asm: Assembler) => void): number[] => {
  const asm = createAssembler();
  emit(asm);
  return [...new Uint32Array(asm.bytes().buffer)];
};

describe('the assembler', () => {
  test.each(KNOWN)('%s is what LLVM makes of it', (_, emit, words) => {
    expect(wordsOf(emit)).toEqual(words);
  });

  test('branches forward and backward count instructions', () => {
    expect(
      wordsOf((asm) => {
        asm.label('start');
        asm.branchIfZero(5, 'end');
        asm.branchIfNot(5, 'start');
        asm.branch('start');
        asm.label('end');
        asm.branch('end');
      }),
    ).toEqual([0xb4000065, 0xb5ffffe5, 0x17fffffe, 0x14000000]);
  });

  test('fills with NOP up to an offset', () => {
    expect(
      wordsOf((asm) => {
        asm.smc();
        asm.alignTo(12);
      }),
    ).toEqual([0xd4000003, 0xd503201f, 0xd503201f]);
  });

  test.each<readonly [string, (asm: Assembler) => void]>([
    ['an offset that is no doubleword', (asm) => asm.load(0, 1, 4)],
    ['a pair out of reach', (asm) => asm.loadPair(0, 1, 'sp', 512)],
    ['an immediate that is too large', (asm) => asm.addImmediate(0, 1, 4096)],
    ['a label that is not there', (asm) => asm.branch('nowhere')],
    [
      'an offset that has passed',
      (asm) => {
        asm.smc();
        asm.alignTo(0);
      },
    ],
  ])('refuses %s', (_, emit) => {
    expect(() => wordsOf(emit)).toThrow();
  });
});
