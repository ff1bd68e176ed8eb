import { EL3_FIDS, RMM_BOOT, type RmmBoot } from '../abi/index.ts';
import { Bug } from '../bytes/index.ts';
import type { Crypto, Entropy } from '../crypto/index.ts';
import type { PhysicalMemory } from '../machine/index.ts';
import type { Dialect } from '../token/index.ts';
import type { Registers, TraceSink } from '../trace/index.ts';
import { coldBootProblem, warmBootProblem } from './boot.ts';
import { bringUpAttestation } from './bring-up.ts';
import { type AfterSmc, createDispatcher } from './dispatch.ts';
import { type ImpDef, SPEC_IMP_DEF } from './model/config.ts';
import type { RealmException } from './model/rec.ts';
import { type MonitorCall, RmmState } from './model/state.ts';
import { type EventResult, type RealmEvent, realmEvent } from './realm/event.ts';
import { exitRealm } from './realm/exit.ts';
import { interruptExit, type PendingInterrupt } from './realm/interrupt.ts';
import { type AccessResult, accessRealmMemory, type RealmAccess } from './realm/memory-access.ts';
import { createTokenSigner } from './token-signer.ts';
import { type CommandSet, RMM_1_0 } from './versions/rmm-1.0.ts';

/** What an RMM works on and with. Given anew to each fork. */
export interface RmmPorts {
  readonly memory: PhysicalMemory;
  readonly crypto: Crypto;
  readonly entropy: Entropy;
  /** An SMC of the RMM to EL3. */
  readonly smc: MonitorCall;
  /** ISR_EL1 of a PE. */
  readonly pendingInterrupt: (pe: number) => PendingInterrupt | undefined;
  readonly trace?: TraceSink | undefined;
}

export interface RmmOptions extends RmmPorts {
  readonly dialect: Dialect;
  readonly impDef?: Partial<ImpDef>;
  readonly commands?: CommandSet;
  /** Told of every success condition or footprint that does not hold: an oracle for tests. */
  readonly onViolation?: ((violation: string) => void) | undefined;
}

/** What the PE finds when a Realm goes on: its registers, and an exception if one is taken first. */
export interface RealmContext {
  readonly rec: bigint;
  readonly gprs: Registers;
  readonly pc: bigint;
  readonly exception: RealmException | undefined;
}

interface Left {
  readonly kind: 'exit';
  readonly x: Registers;
}

/** What a Realm's own act came to. */
export type AfterAccess = Exclude<AccessResult, { kind: 'exit' }> | Left;
export type AfterEvent = Exclude<EventResult, { kind: 'exit' }> | Left;

/** A simulated RMM. */
export interface Rmm {
  readonly state: RmmState;
  readonly commands: CommandSet;
  /**
   * Cold boot, with X0 to X4 as EL3 sets them: brings up attestation, and ends with RMM_BOOT_COMPLETE. A new image that is
   * activated live boots the same way: it asks for key and token again (rmm-el3 5.6).
   */
  boot(args: Registers): void;
  /** Boot of another CPU, with X0 to X3 as EL3 sets them. @param cpus  what the cold boot was told. */
  warmBoot(args: Registers, cpus: bigint): void;
  rmi(pe: number, x: Registers): AfterSmc;
  realmSmc(pe: number, x: Registers): AfterSmc;
  realmAccess(pe: number, access: RealmAccess): AfterAccess;
  realmEvent(pe: number, event: RealmEvent): AfterEvent;
  /** An interrupt for the Host, or an SError, ends the run of the Realm on the PE: result registers of REC_ENTER. */
  interrupt(pe: number, pending: PendingInterrupt): Registers;
  /** What runs on the PE; reading it takes an exception that was pending. */
  context(pe: number): RealmContext | undefined;
  fork(ports: RmmPorts): Rmm;
}

const run = (state: RmmState, o: RmmOptions, commands: CommandSet): Rmm => {
  const dispatcher = createDispatcher({
    state,
    commands,
    pendingInterrupt: o.pendingInterrupt,
    trace: o.trace,
    onViolation: o.onViolation,
  });
  const running = (pe: number): bigint => {
    const rec = state.running(pe)?.rec;
    if (rec === undefined) throw new Bug(`PE ${pe} is in no Realm`);
    return rec;
  };
  const leave = (pe: number, exit: Parameters<typeof exitRealm>[2]): Registers => exitRealm(state, pe, exit, o.trace);

  const bootComplete = (problem: RmmBoot, cpu: bigint): void => {
    o.smc([BigInt(EL3_FIDS.RMM_BOOT_COMPLETE.fid), BigInt.asUintN(64, RMM_BOOT[problem]), 0n], Number(cpu));
  };

  return {
    state,
    commands,
    boot(args) {
      const { impDef } = state;
      const problem = coldBootProblem(args, state.memory, impDef);
      o.trace?.({ type: 'rmm.boot', detail: { revision: commands.revision, result: problem } });
      if (problem === 'E_RMM_BOOT_SUCCESS') {
        const { memory, smc, crypto, trace, dialect } = o;
        const [, el3Version = 0n, , sharedBuffer = 0n] = args;
        const brought = bringUpAttestation({
          memory,
          smc,
          crypto,
          trace,
          dialect,
          impDef,
          sharedBuffer,
          el3Version,
        });
        state.attestation = brought.ok ? brought.value : undefined;
        state.attestationFailure = brought.ok ? undefined : brought;
        state.signer = impDef.attestSigning === 'el3' ? createTokenSigner({ memory, smc }, sharedBuffer) : undefined;
      }
      bootComplete(problem, args[0] ?? 0n);
    },
    warmBoot(args, cpus) {
      const problem = warmBootProblem(args, cpus);
      o.trace?.({ type: 'rmm.boot', detail: { cpu: args[0], result: problem } });
      bootComplete(problem, args[0] ?? 0n);
    },
    rmi: dispatcher.rmi,
    realmSmc: dispatcher.realmSmc,
    realmAccess(pe, access) {
      const rec = running(pe);
      if (state.rec(rec).abort !== undefined) state.updateRec(rec, { abort: undefined });
      const result = accessRealmMemory(state, rec, access);
      return result.kind === 'exit' ? { kind: 'exit', x: leave(pe, result.exit) } : result;
    },
    realmEvent(pe, event) {
      const current = state.running(pe);
      if (current === undefined) throw new Bug(`PE ${pe} is in no Realm`);
      const { rec, enter } = current;
      const result = realmEvent(event, enter, state.impDef);
      // A wait is over when the Realm runs again; an exception returns to where it was taken.
      const next = result.kind === 'exception' ? {} : { pc: BigInt.asUintN(64, state.rec(rec).pc + 4n) };
      state.updateRec(rec, { ...next, abort: undefined });
      return result.kind === 'exit' ? { kind: 'exit', x: leave(pe, result.exit) } : result;
    },
    interrupt: (pe, pending) => leave(pe, interruptExit(pending, state.impDef)),
    context(pe) {
      const rec = state.running(pe)?.rec;
      if (rec === undefined) return undefined;
      const { gprs, pc, exception } = state.rec(rec);
      if (exception !== undefined) state.updateRec(rec, { exception: undefined });
      return { rec, gprs, pc, exception };
    },
    fork: (ports) => {
      const options = { ...o, ...ports };
      return run(state.fork(statePorts(options)), options, commands);
    },
  };
};

const statePorts = (o: RmmOptions) => ({
  memory: o.memory,
  crypto: o.crypto,
  entropy: o.entropy,
  smc: o.smc,
  dialect: o.dialect,
  impDef: { ...SPEC_IMP_DEF, ...o.impDef },
  trace: o.trace,
});

/** Makes an RMM that has not booted yet. */
export const createRmm = (options: RmmOptions): Rmm =>
  run(new RmmState(statePorts(options)), options, options.commands ?? RMM_1_0);
