import {
  decodeRmiResult,
  encodeRmiResult,
  GRANULE,
  PSCI_FID,
  REC_EXIT_OFFSET,
  type RMI_STATUS,
  RmiRealmParams,
  RmiRecEnter,
  RmiRecExit,
  RmiRecParams,
  type RmiResult,
  rmiResultText,
} from '../../../src/abi/index.ts';
import { hexNumber } from '../../../src/bytes/index.ts';
import { type GranuleState, RMM_1_0, startLevelTables } from '../../../src/rmm/index.ts';
import type { Registers } from '../../../src/trace/index.ts';
import type { Driver, Inside } from './driver.ts';
import { BASELINE, realmParams, WorldRealm, type WorldRealmShape, type WorldRec } from './realm.ts';

/** An argument as a row writes it. */
export type Arg = bigint | number;

/** What an RMI command answered. */
export interface RmiReply {
  readonly result: RmiResult;
  readonly x: Registers;
}

/** What entering a REC came to: its software runs on the PE now, or the command returned. */
export type Entered =
  | { readonly kind: 'enter'; readonly gprs: Registers; readonly pc: bigint; readonly exception: string | undefined }
  | { readonly kind: 'return'; readonly result: RmiResult };

const FIDS: ReadonlyMap<string, number> = new Map(
  [...RMM_1_0.rmi, ...RMM_1_0.rsi, ...RMM_1_0.psci].map(({ name, fid }) => [name, fid]),
);

const wide = (args: readonly Arg[]): bigint[] => args.map((arg) => BigInt.asUintN(64, BigInt(arg)));

/** A row that cannot be run from outside. */
export class NeedsInside extends Error {}

/** A Host and the software in its Realms, around a driver: it makes the things that rows are about. */
export class World {
  readonly driver: Driver;
  #next: bigint;
  #nextVmid = 1;
  #other: WorldRealm | undefined;
  /** Where the REC on a PE reports its exit. */
  readonly #running = new Map<number, WorldRec>();

  constructor(driver: Driver) {
    this.driver = driver;
    this.#next = driver.machine.dram[0]?.base ?? 0n;
  }

  /** For what no Host and no Realm can bring about. @throws {NeedsInside} on a driver that cannot look inside. */
  get inside(): Inside {
    const { inside } = this.driver;
    if (inside === undefined) throw new NeedsInside('this row needs a driver that can look inside');
    return inside;
  }

  // Memory.

  /** Contiguous granules of the Normal world that nobody uses; the first is aligned to `align` granules. */
  page(count = 1, align = 1): bigint {
    const size = BigInt(align) * GRANULE;
    const pa = ((this.#next + size - 1n) / size) * size;
    this.#next = pa + BigInt(count) * GRANULE;
    return pa;
  }

  /** The same, delegated. */
  delegated(count = 1, align = 1): bigint {
    const pa = this.page(count, align);
    for (let i = 0n; i < BigInt(count); i += 1n) this.must('RMI_GRANULE_DELEGATE', pa + i * GRANULE);
    return pa;
  }

  /** A page of the Normal world with these bytes. */
  pageWith(bytes: Uint8Array): bigint {
    const pa = this.page();
    this.write(pa, bytes);
    return pa;
  }

  write(pa: bigint, bytes: Uint8Array): void {
    if (!this.driver.write(pa, bytes)) throw new Error(`the Host cannot write to ${hexNumber(pa)}`);
  }

  read(pa: bigint, length: number): Uint8Array {
    const bytes = this.driver.read(pa, length);
    if (bytes === undefined) throw new Error(`the Host cannot read ${hexNumber(pa)}`);
    return bytes;
  }

  /** Memory that exists and is no RAM. */
  deviceMemory(): bigint {
    return this.driver.machine.device[0]?.base ?? 0n;
  }

  /** An address that no granule has. */
  outsideMemory(): bigint {
    return (1n << BigInt(this.driver.machine.pa_width)) + GRANULE;
  }

  /** The first granule after the first region of RAM. */
  endOfRam(): bigint {
    const { base, size } = this.driver.machine.dram[0] ?? { base: 0n, size: 0n };
    return base + size;
  }

  /** RAM that the Secure world has taken. */
  securePage(): bigint {
    const pa = this.page();
    this.driver.changePas(pa, 'GPT_SECURE');
    return pa;
  }

  /** A granule in this state, which no Realm of the row owns. */
  granuleIn(state: GranuleState): bigint {
    switch (state) {
      case 'UNDELEGATED':
        return this.page();
      case 'DELEGATED':
        return this.delegated();
      case 'RD':
        return this.other.rd;
      case 'REC':
        return this.otherRec().rec;
      case 'REC_AUX':
        return this.otherRec().aux[0] ?? 0n;
      case 'DATA':
        return this.other.unknown(0n);
      case 'RTT':
        return this.other.rttBase;
    }
  }

  // Realms.

  realm(shape: Partial<WorldRealmShape> = {}): WorldRealm {
    return WorldRealm.create(this, { ...shape, vmid: shape.vmid ?? this.freeVmid() });
  }

  /** A page of RmiRealmParams for a Realm of this shape, with members replaced. */
  realmParamsPage(shape: Partial<WorldRealmShape>, change: Partial<RmiRealmParams> = {}): bigint {
    const whole = { ...BASELINE, vmid: this.freeVmid(), ...shape };
    const tables = startLevelTables(whole.s2sz, whole.start);
    const params = realmParams(whole, change.rtt_base ?? this.delegated(tables, tables));
    return this.pageWith(RmiRealmParams.encode({ ...params, ...change }));
  }

  recParamsPage(params: Partial<RmiRecParams>): bigint {
    return this.pageWith(RmiRecParams.encode(params));
  }

  freeVmid(): number {
    const vmid = this.#nextVmid;
    this.#nextVmid += 1;
    return vmid;
  }

  /** A second Realm, NEW, for rows that need something that is somebody else's. */
  get other(): WorldRealm {
    this.#other ??= this.realm();
    return this.#other;
  }

  /** A REC of the second Realm. */
  otherRec(): WorldRec {
    return this.other.recs[0] ?? this.other.rec();
  }

  /** The `rd` of a Realm that was destroyed: a DELEGATED granule. */
  destroyedRealm(): bigint {
    const realm = this.realm();
    this.must('RMI_REALM_DESTROY', realm.rd);
    return realm.rd;
  }

  // Calls of the Host.

  rmi(name: string, ...args: readonly Arg[]): RmiReply {
    return this.rmiOn(0, name, ...args);
  }

  rmiOn(pe: number, name: string, ...args: readonly Arg[]): RmiReply {
    const reply = this.driver.smc([fidOf(name), ...wide(args)], pe);
    const result = reply.kind === 'return' ? decodeRmiResult(reply.x[0] ?? 0n) : undefined;
    if (reply.kind !== 'return' || result === undefined) throw new Error(`${name} gave no return code`);
    return { result, x: reply.x };
  }

  /** A command that has to succeed. @returns its result registers. */
  must(name: string, ...args: readonly Arg[]): Registers {
    const { result, x } = this.rmi(name, ...args);
    if (result.status !== 'RMI_SUCCESS') throw new Error(`${name} answered ${rmiResultText(result)}`);
    return x;
  }

  /** The entry at which a walk stops, as RMI_RTT_READ_ENTRY tells it. */
  entry(rd: bigint, ipa: bigint, level: number): { level: number; state: number; desc: bigint; ripas: number } {
    const x = this.must('RMI_RTT_READ_ENTRY', rd, ipa, level);
    return {
      level: Number(BigInt.asIntN(64, x[1] ?? 0n)),
      state: Number(x[2]),
      desc: x[3] ?? 0n,
      ripas: Number(x[4]),
    };
  }

  /** Enters a REC. */
  enter(rec: WorldRec, enter: Partial<RmiRecEnter> = {}, pe = 0): Entered {
    this.write(rec.run_ptr, RmiRecEnter.encode(enter));
    const reply = this.driver.smc([fidOf('RMI_REC_ENTER'), rec.rec, rec.run_ptr], pe);
    if (reply.kind === 'return') {
      const result = decodeRmiResult(reply.x[0] ?? 0n);
      if (result === undefined) throw new Error('RMI_REC_ENTER gave no return code');
      return { kind: 'return', result };
    }
    this.#running.set(pe, rec);
    return { kind: 'enter', ...reply.context };
  }

  /** Enters a REC whose software runs then. */
  run(rec: WorldRec, enter: Partial<RmiRecEnter> = {}, pe = 0): Entered & { kind: 'enter' } {
    const entered = this.enter(rec, enter, pe);
    if (entered.kind !== 'enter') throw new Error(`RMI_REC_ENTER answered ${rmiResultText(entered.result)}`);
    return entered;
  }

  /** The PE came under the control of this REC by a command that a row issued itself. */
  noteRunning(rec: WorldRec, pe = 0): void {
    this.#running.set(pe, rec);
  }

  // What the software in a Realm does on a PE.

  /** An RSI or PSCI call that returns to the Realm. @returns its result registers. */
  call(name: string, ...args: readonly Arg[]): Registers {
    return this.callOn(0, name, ...args);
  }

  callOn(pe: number, name: string, ...args: readonly Arg[]): Registers {
    const reply = this.driver.realmSmc(callRegisters(name, args), pe);
    if (reply.kind !== 'return') throw new Error(`${name} did not return to the Realm`);
    return reply.x;
  }

  /** An RSI or PSCI call that leaves the Realm. @returns the exit that the Host sees. */
  leave(name: string, ...args: readonly Arg[]): RmiRecExit {
    return this.leaveOn(0, name, ...args);
  }

  leaveOn(pe: number, name: string, ...args: readonly Arg[]): RmiRecExit {
    const reply = this.driver.realmSmc(callRegisters(name, args), pe);
    if (reply.kind !== 'exit') throw new Error(`${name} did not leave the Realm: ${hexNumber(this.x(pe)[0] ?? 0n)}`);
    return this.exited(reply.x, pe);
  }

  /** The registers of the Realm on a PE. */
  x(pe = 0): Registers {
    return this.driver.realm(pe)?.gprs ?? [];
  }

  /** The Realm writes into its own memory. */
  store(ipa: bigint, bytes: Uint8Array, pe = 0): void {
    const { kind } = this.driver.realmAccess({ access: 'write', ipa, bytes }, pe);
    if (kind !== 'done') throw new Error(`the Realm could not write to ${hexNumber(ipa)}: ${kind}`);
  }

  /** The Realm reads its own memory. */
  load(ipa: bigint, length: number, pe = 0): Uint8Array {
    const reply = this.driver.realmAccess({ access: 'read', ipa, length }, pe);
    if (reply.kind !== 'done' || reply.bytes === undefined)
      throw new Error(`the Realm could not read ${hexNumber(ipa)}`);
    return reply.bytes;
  }

  /** What the Host finds after RMI_REC_ENTER returned `x`. */
  exited(x: Registers, pe = 0): RmiRecExit {
    const result = decodeRmiResult(x[0] ?? 0n);
    if (result?.status !== 'RMI_SUCCESS') throw new Error(`RMI_REC_ENTER ended with ${hexNumber(x[0] ?? 0n)}`);
    return this.exitOf(this.#running.get(pe));
  }

  /** The exit half of the run page of a REC. */
  exitOf(rec: WorldRec | undefined): RmiRecExit {
    if (rec === undefined) throw new Error('no REC ran');
    return RmiRecExit.decode(this.read(rec.run_ptr + BigInt(REC_EXIT_OFFSET), RmiRecExit.size));
  }

  runningRec(pe = 0): WorldRec | undefined {
    return this.#running.get(pe);
  }
}

export const fidOf = (name: string): bigint => {
  const fid = FIDS.get(name);
  if (fid === undefined) throw new Error(`there is no command ${name}`);
  return BigInt(fid);
};

/** A call of a Realm, the argument registers that it does not use zero, as SMCCC has a caller do. */
const callRegisters = (name: string, args: readonly Arg[]): Registers => {
  const x = [fidOf(name), ...wide(args)];
  return Array.from({ length: 18 }, (_, n) => x[n] ?? 0n);
};

/** X0 of an RMI answer. */
export const rmiX0 = (status: keyof typeof RMI_STATUS, index = 0): bigint => encodeRmiResult({ status, index });

export const KIB = 1n << 10n;
export const MIB = 1n << 20n;
export const GIB = 1n << 30n;
/** The IPA halves of the baseline Realm, whose IPA width is 40. */
export const UNPROTECTED = 1n << 39n;
/** First IPA beyond the baseline Realm's space, and a page. */
export const OUTSIDE_IPA = (1n << 40n) + GRANULE;
export { GRANULE, PSCI_FID };
