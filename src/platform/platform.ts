import { functionId, type HesPort, SMC_REGISTERS } from '../abi/index.ts';
import { Bug, toHex } from '../bytes/index.ts';
import type { Crypto, Entropy } from '../crypto/index.ts';
import { createEl3, type El3 } from '../el3/index.ts';
import { type FaultSession, faultyRealmSmc } from '../fault/index.ts';
import type { Hes, StaticFiles } from '../hes/index.ts';
import { PhysicalMemory } from '../machine/index.ts';
import { applyPersonality, personalityOf } from '../personality/index.ts';
import {
  type CommandSet,
  createRmm,
  type DeviceValues,
  type Interrupt,
  type RealmAccess,
  type RealmContext,
  type RealmEvent,
  type RealmException,
  RMM_1_0,
  type Rmm,
} from '../rmm/index.ts';
import type { Members, Registers, TraceSink } from '../trace/index.ts';
import { type Bootable, type BootProblem, bootProblem, bootRmm } from './boot.ts';
import { type PlatformConfig, type PlatformSettings, platformConfig } from './config.ts';
import { configToMembers } from './config-codec.ts';
import { createInterrupts, type Interrupts } from './interrupts.ts';
import { TRACE_FORMAT, VERSION } from './version.ts';
import { createWires, fingerprintOf } from './wires.ts';

export interface PlatformOptions extends PlatformSettings {
  readonly crypto: Crypto;
  readonly trace?: TraceSink | undefined;
  /** The commands of the RMM: by default those of RMM 1.0-rel0, as the personality has them. */
  readonly commands?: CommandSet;
  /** Told of every success condition or footprint that does not hold: an oracle for tests. */
  readonly onViolation?: (violation: string) => void;
  /** What HES serves in place of a chip's own key and token. */
  readonly hesFiles?: StaticFiles | undefined;
  /** What the monitor reaches in place of HES: recorded answers. */
  readonly hesPort?: HesPort;
}

/** What an SMC of the Host comes to: it returns, or a Realm runs on the PE from here on. */
export type HostReply =
  | { readonly kind: 'return'; readonly x: Registers }
  | { readonly kind: 'enter'; readonly context: RealmContext };

/**
 * What an act of a Realm comes to: results, an exception taken to its EL1, or the end of its run, in which case `x` is
 * what the Host's RMI_REC_ENTER returns.
 */
export type RealmReply =
  | { readonly kind: 'return'; readonly x: Registers }
  | { readonly kind: 'done'; readonly bytes?: Uint8Array }
  | { readonly kind: 'exception'; readonly exception: RealmException }
  | { readonly kind: 'exit'; readonly x: Registers };

/**
 * One machine: Host, EL3, RMM, HES and Realms around one physical memory. It does nothing by itself: each call is one act
 * of a Host, or of the Realm that runs on a PE, and answers at once. Any number of machines live side by side.
 */
export interface Platform {
  readonly config: PlatformConfig;
  readonly memory: PhysicalMemory;
  readonly hes: Hes;
  readonly el3: El3;
  readonly rmm: Rmm;
  /** Streams that are this machine's: the same for the same seed. */
  readonly entropy: Entropy;
  /** The faults of the machine's plan: which have acted, and which have yet to. */
  readonly faults: FaultSession | undefined;
  /** Why the RMM cannot attest: boot stopped before it, it refused to boot, or EL3 gave it no key or token. */
  readonly bootProblem: BootProblem | undefined;

  /** The Host executes an SMC on a PE: X0 on, as far as it is given. @throws {Bug} while a Realm runs on that PE. */
  smc(x: Registers, pe?: number): HostReply;
  /** The Host writes to memory. @returns false when the granule protection check fails: nothing is written then. */
  write(pa: bigint, bytes: Uint8Array): boolean;
  /** The Host reads memory. @returns undefined when the granule protection check fails. */
  read(pa: bigint, length: number): Uint8Array | undefined;

  /** The Realm on a PE executes an SMC: X0 on; registers that are not given keep their values. */
  realmSmc(x: Registers, pe?: number): RealmReply;
  /** The Realm on a PE loads, stores or fetches. */
  realmAccess(access: RealmAccess, pe?: number): RealmReply;
  /** The Realm on a PE waits, or executes HVC. */
  realmEvent(event: RealmEvent, pe?: number): RealmReply;
  /** What the Realm on a PE finds in its registers, or undefined while the Host has the PE. */
  realm(pe?: number): RealmContext | undefined;

  /**
   * An interrupt becomes pending on a PE. A Realm leaves it before its next act; with `polls`, it shows only at that look
   * of a long-running command at ISR_EL1, counted from 1. `esr` is the syndrome of an SError.
   *
   * @returns result registers of RMI_REC_ENTER when a Realm ran and left at once, undefined otherwise.
   */
  interrupt(
    kind: Interrupt,
    options?: { readonly pe?: number; readonly polls?: number; readonly esr?: bigint },
  ): Registers | undefined;

  /** From now on the exits of a REC carry these values of its interrupt controller, timers and PMU. */
  devices(rec: bigint, values: DeviceValues): void;

  /** A second machine in the same state, independent from here on. Costs a few copies of tables. */
  fork(options?: { readonly trace?: TraceSink }): Platform;
}

interface Parts extends Bootable {
  readonly interrupts: Interrupts;
}

/** The event that gives a REC the values of its devices. */
export const DEVICES = 'devices';

/** The names of what a Realm may call. */
const REALM_CALLS: ReadonlyMap<number, string> = new Map(
  [...RMM_1_0.rsi, ...RMM_1_0.psci].map(({ name, fid }) => [fid, name]),
);

const platformOf = (parts: Parts): Platform => {
  const { config, memory, wires, el3, rmm, interrupts } = parts;
  const { hes, entropy, trace } = wires;

  const hostReturns = (x: Registers, pe: number): Registers => {
    // RMM_RMI_REQ_COMPLETE carries the results to EL3, which hands them to the Host.
    const carried = el3.rmiReturn([0n, ...x]);
    const results = new Array<bigint>(SMC_REGISTERS);
    for (let n = 0; n < SMC_REGISTERS; n += 1) results[n] = carried[n] ?? x[n] ?? 0n;
    trace?.({ type: 'smc.return', caller: 'host', pe, x: results });
    return results;
  };

  /** A pending interrupt ends the run of the Realm before it does anything. */
  const interrupted = (pe: number): Registers | undefined => {
    const pending = interrupts.taken(pe);
    if (pending === undefined) return undefined;
    interrupts.clear(pe);
    return hostReturns(rmm.interrupt(pe, pending), pe);
  };

  const inRealm = (pe: number): void => {
    if (rmm.state.running(pe) === undefined) throw new Bug(`PE ${pe} is in no Realm`);
  };

  /** A guest's call, with the faults of the plan around it. */
  const faultySmc = (faults: FaultSession, pe: number) =>
    faultyRealmSmc(
      faults,
      (x0) => REALM_CALLS.get(functionId(x0) ?? -1),
      (x) => rmm.realmSmc(pe, x),
      (x) => ({ kind: 'return', x }),
    );

  return {
    config,
    memory,
    hes,
    el3,
    rmm,
    entropy,
    faults: wires.faults,
    get bootProblem() {
      return bootProblem(hes, el3, rmm);
    },

    smc(x, pe = 0) {
      if (rmm.state.running(pe) !== undefined) throw new Bug(`PE ${pe} runs a Realm: the Host cannot act on it`);
      trace?.({ type: 'smc.call', caller: 'host', pe, x });
      const route = el3.hostSmc(x);
      if (route.to === 'host') {
        const results = Array.from({ length: SMC_REGISTERS }, (_, n) => route.x[n] ?? x[n] ?? 0n);
        trace?.({ type: 'smc.return', caller: 'host', pe, x: results });
        return { kind: 'return', x: results };
      }
      const after = rmm.rmi(pe, route.x);
      if (after.kind !== 'enter') return { kind: 'return', x: hostReturns(after.x, pe) };
      const left = interrupted(pe);
      if (left !== undefined) return { kind: 'return', x: left };
      const context = rmm.context(pe);
      if (context === undefined) throw new Bug(`PE ${pe} entered a Realm and is in none`);
      return { kind: 'enter', context };
    },

    write(pa, bytes) {
      trace?.({ type: 'host.write', pa, bytes: toHex(bytes) });
      if (!memory.allows('NS', pa, bytes.length)) return false;
      memory.write(pa, bytes);
      return true;
    },
    read: (pa, length) => (memory.allows('NS', pa, length) ? memory.read(pa, length) : undefined),

    realmSmc(x, pe = 0) {
      inRealm(pe);
      trace?.({ type: 'smc.call', caller: 'realm', pe, x });
      const left = interrupted(pe);
      if (left !== undefined) return { kind: 'exit', x: left };
      const after = wires.faults === undefined ? rmm.realmSmc(pe, x) : faultySmc(wires.faults, pe)(x);
      if (after.kind === 'exit') {
        interrupts.clear(pe);
        return { kind: 'exit', x: hostReturns(after.x, pe) };
      }
      if (after.kind === 'enter') throw new Bug('a Realm entered a Realm');
      trace?.({ type: 'smc.return', caller: 'realm', pe, x: after.x });
      return { kind: 'return', x: after.x };
    },

    realmAccess(access, pe = 0) {
      inRealm(pe);
      const length = access.access === 'write' ? access.bytes.length : access.length;
      const bytes = access.access === 'write' ? { bytes: toHex(access.bytes) } : {};
      const isv = 'isv' in access && access.isv !== undefined ? { isv: { ...access.isv } } : {};
      trace?.({ type: 'realm.access', pe, access: access.access, ipa: access.ipa, length, ...bytes, ...isv });
      const left = interrupted(pe);
      if (left !== undefined) return { kind: 'exit', x: left };
      const after = rmm.realmAccess(pe, access);
      if (after.kind === 'exit') return { kind: 'exit', x: hostReturns(after.x, pe) };
      const result = after.kind === 'done' ? 'done' : after.exception;
      const read = after.kind === 'done' && after.bytes !== undefined ? { bytes: toHex(after.bytes) } : {};
      trace?.({ type: 'realm.access.result', pe, result, ...read });
      return after;
    },

    realmEvent(event, pe = 0) {
      inRealm(pe);
      const [[kind, detail] = ['wfi', {}]] = Object.entries(event) as [string, Members][];
      trace?.({ type: 'pe.event', pe, kind, detail });
      const left = interrupted(pe);
      if (left !== undefined) return { kind: 'exit', x: left };
      const after = rmm.realmEvent(pe, event);
      return after.kind === 'exit' ? { kind: 'exit', x: hostReturns(after.x, pe) } : after;
    },

    realm: (pe = 0) => rmm.context(pe),

    devices(rec, values) {
      trace?.({ type: 'pe.event', pe: 0, kind: DEVICES, detail: { rec, ...values } });
      rmm.state.setDevices(rec, values);
    },

    interrupt(kind, { pe = 0, polls = 0, esr } = {}) {
      trace?.({ type: 'pe.interrupt', pe, kind, polls, ...(esr === undefined ? {} : { esr }) });
      interrupts.raise(pe, { kind, esr }, polls);
      return rmm.state.running(pe) === undefined ? undefined : interrupted(pe);
    },

    fork(options = {}) {
      const forked = memory.fork();
      const lines = interrupts.fork();
      const forkedWires = wires.fork(options.trace);
      const monitor = el3.fork({ memory: forked, hes: forkedWires.hesPort, trace: options.trace });
      return platformOf({
        config,
        memory: forked,
        wires: forkedWires,
        el3: monitor,
        rmm: rmm.fork({ ...forkedWires.rmmPorts(monitor, forked), pendingInterrupt: lines.poll }),
        interrupts: lines,
      });
    },
  };
};

/** Makes a machine and boots it: HES measures the firmware, EL3 starts, the RMM brings up attestation. */
export const createPlatform = (options: PlatformOptions): Platform => {
  const { crypto, trace, hesFiles, hesPort } = options;
  const config = platformConfig(options);
  const staticHes = hesFiles && fingerprintOf(crypto, hesFiles);
  const whole = { ...config, ...(staticHes === undefined ? {} : { staticHes }) };
  trace?.({ type: 'machine.start', format: TRACE_FORMAT, version: VERSION, config: configToMembers(whole) });
  const memory = new PhysicalMemory(config.machine);
  const wires = createWires({ config, crypto, trace, hesFiles, hesPort });
  const el3 = createEl3({ memory, hes: wires.hesPort, trace, config: config.el3 });
  const interrupts = createInterrupts();
  const rmm = createRmm({
    ...wires.rmmPorts(el3, memory),
    pendingInterrupt: interrupts.poll,
    dialect: config.dialect,
    impDef: config.rmm,
    commands: options.commands ?? applyPersonality(RMM_1_0, personalityOf(config.personality)).commands,
    onViolation: options.onViolation,
  });
  const parts: Parts = { config: whole, memory, wires, el3, rmm, interrupts };
  bootRmm(parts);
  return platformOf(parts);
};
