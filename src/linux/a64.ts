import { Bug } from '../bytes/index.ts';

/** General registers, 64 bits wide; `sp` and `xzr` share a number, and the instruction says which it is. */
export type Register = number | 'sp' | 'xzr';

/** A system register as MRS and MSR name it: op0, op1, CRn, CRm, op2. */
export type SystemRegister = readonly [op0: number, op1: number, crn: number, crm: number, op2: number];

const STACK_OR_ZERO = 31;
const number = (register: Register): number => (typeof register === 'number' ? register : STACK_OR_ZERO);

const CONDITIONS = { eq: 0, ne: 1, hs: 2, lo: 3 } as const;
export type Condition = keyof typeof CONDITIONS;

/** What a branch leaves open until every label stands. */
interface Fixup {
  readonly at: number;
  readonly label: string;
  /** Where the distance goes, in instructions. */
  readonly field: { readonly shift: number; readonly bits: number };
}

const BRANCH = { shift: 0, bits: 26 };
const BRANCH_IF = { shift: 5, bits: 19 };

/** Instructions of A64, as far as the monitor at EL2 needs them, one after the other at a known address. */
export interface Assembler {
  /** The next instruction has this name. */
  label(name: string): void;
  /** Fills with NOP up to an offset from the start. @throws {Bug} when it has passed already. */
  alignTo(offset: number): void;
  /** A constant of 64 bits, in as few instructions as its parts allow. */
  mov(to: Register, value: bigint): void;
  add(to: Register, from: Register, shifted: Register, left: number): void;
  /** The low bits of a register. */
  lowBits(to: Register, from: Register, bits: number): void;
  /** Loads and stores at `base + offset`; two registers go to neighbouring doublewords. */
  load(to: Register, base: Register, offset: number): void;
  store(from: Register, base: Register, offset: number): void;
  loadPair(first: Register, second: Register, base: Register, offset: number): void;
  storePair(first: Register, second: Register, base: Register, offset: number): void;
  /** Exclusive access to a word, and the store that releases it. */
  loadExclusive(to: Register, base: Register): void;
  storeExclusive(status: Register, from: Register, base: Register): void;
  storeRelease(from: Register, base: Register): void;
  /** To and from SP, which takes no other move. */
  addImmediate(to: Register, from: Register, imm: number): void;
  branch(label: string): void;
  branchIfZero(register: Register, label: string): void;
  branchIfNot(register: Register, label: string): void;
  readSystem(to: Register, from: SystemRegister): void;
  writeSystem(to: SystemRegister, from: Register): void;
  halt(imm: number): void;
  smc(): void;
  yield(): void;
  barrier(): void;
  synchronize(): void;
  invalidateStage12(): void;
  invalidateInstructions(): void;
  exceptionReturn(): void;
  /** Where a label stands, in bytes from the start. */
  offsetOf(label: string): number;
  /** @throws {Bug} when a label is missing or too far. */
  bytes(): Uint8Array;
}

const inRange = (value: number, least: number, most: number, what: string): number => {
  if (!Number.isInteger(value) || value < least || value > most) throw new Bug(`${what} ${value} does not fit`);
  return value;
};

/** An offset in units of `scale` bytes. */
const scaled = (offset: number, scale: number, least: number, most: number): number =>
  inRange(offset / scale, least, most, 'offset');

export const createAssembler = (): Assembler => {
  const code: number[] = [];
  const labels = new Map<string, number>();
  const fixups: Fixup[] = [];

  const emit = (instruction: number): void => {
    code.push(instruction >>> 0);
  };
  const branching = (instruction: number, label: string, field: Fixup['field']): void => {
    fixups.push({ at: code.length, label, field });
    emit(instruction);
  };
  const wide = (opcode: number, to: Register, part: number, half: number): void =>
    emit(opcode | (half << 21) | (part << 5) | number(to));
  const single = (opcode: number, register: Register, base: Register, offset: number): void =>
    emit(opcode | (scaled(offset, 8, 0, 4095) << 10) | (number(base) << 5) | number(register));
  const pair = (opcode: number, first: Register, second: Register, base: Register, offset: number): void => {
    const distance = scaled(offset, 8, -64, 63) & 0x7f;
    emit(opcode | (distance << 15) | (number(second) << 10) | (number(base) << 5) | number(first));
  };
  const system = (opcode: number, [op0, op1, crn, crm, op2]: SystemRegister, register: Register): void =>
    emit(opcode | ((op0 - 2) << 19) | (op1 << 16) | (crn << 12) | (crm << 8) | (op2 << 5) | number(register));
  const labelled = (label: string): number => {
    const at = labels.get(label);
    if (at === undefined) throw new Bug(`there is no label ${label}`);
    return at;
  };

  return {
    label(name) {
      if (labels.has(name)) throw new Bug(`two labels ${name}`);
      labels.set(name, code.length);
    },
    alignTo(offset) {
      if (code.length * 4 > offset) throw new Bug(`code has passed offset ${offset}`);
      while (code.length * 4 < offset) emit(0xd503201f);
    },
    mov(to, value) {
      const parts = [0, 1, 2, 3].map((half) => Number((value >> BigInt(16 * half)) & 0xffffn));
      const first = Math.max(
        0,
        parts.findIndex((part) => part !== 0),
      );
      wide(0xd2800000, to, parts[first] ?? 0, first);
      for (let half = first + 1; half < parts.length; half += 1) {
        if (parts[half] !== 0) wide(0xf2800000, to, parts[half] ?? 0, half);
      }
    },
    add(to, from, shifted, left) {
      emit(
        0x8b000000 | (number(shifted) << 16) | (inRange(left, 0, 63, 'shift') << 10) | (number(from) << 5) | number(to),
      );
    },
    lowBits(to, from, bits) {
      // UBFM with immr 0.
      emit(0xd3400000 | ((inRange(bits, 1, 63, 'width') - 1) << 10) | (number(from) << 5) | number(to));
    },
    load: (to, base, offset) => single(0xf9400000, to, base, offset),
    store: (from, base, offset) => single(0xf9000000, from, base, offset),
    loadPair: (first, second, base, offset) => pair(0xa9400000, first, second, base, offset),
    storePair: (first, second, base, offset) => pair(0xa9000000, first, second, base, offset),
    loadExclusive: (to, base) => emit(0x885ffc00 | (number(base) << 5) | number(to)),
    storeExclusive: (status, from, base) =>
      emit(0x88007c00 | (number(status) << 16) | (number(base) << 5) | number(from)),
    storeRelease: (from, base) => emit(0x889ffc00 | (number(base) << 5) | number(from)),
    addImmediate: (to, from, imm) =>
      emit(0x91000000 | (inRange(imm, 0, 4095, 'immediate') << 10) | (number(from) << 5) | number(to)),
    branch: (label) => branching(0x14000000, label, BRANCH),
    branchIfZero: (register, label) => branching(0xb4000000 | number(register), label, BRANCH_IF),
    branchIfNot: (register, label) => branching(0xb5000000 | number(register), label, BRANCH_IF),
    readSystem: (to, from) => system(0xd5300000, from, to),
    writeSystem: (to, from) => system(0xd5100000, to, from),
    halt: (imm) => emit(0xd4400000 | (inRange(imm, 0, 0xffff, 'immediate') << 5)),
    smc: () => emit(0xd4000003),
    yield: () => emit(0xd503203f),
    barrier: () => emit(0xd5033f9f),
    synchronize: () => emit(0xd5033fdf),
    invalidateStage12: () => emit(0xd50c83df),
    invalidateInstructions: () => emit(0xd508711f),
    exceptionReturn: () => emit(0xd69f03e0),
    offsetOf: (label) => labelled(label) * 4,
    bytes() {
      const words = Uint32Array.from(code);
      for (const { at, label, field } of fixups) {
        const limit = 2 ** (field.bits - 1);
        const distance = inRange(labelled(label) - at, -limit, limit - 1, 'branch');
        words[at] = ((words[at] ?? 0) | ((distance & (2 ** field.bits - 1)) << field.shift)) >>> 0;
      }
      const out = new DataView(new ArrayBuffer(words.length * 4));
      words.forEach((word, n) => {
        out.setUint32(4 * n, word, true);
      });
      return new Uint8Array(out.buffer);
    },
  };
};
