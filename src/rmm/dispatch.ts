import {
  encodePsciStatus,
  encodeRmiResult,
  encodeRsiStatus,
  functionId,
  type PsciStatus,
  type RmiResult,
  type RsiStatus,
  revision,
  rmiResultText,
  SMC_REGISTERS,
  SMCCC_NOT_SUPPORTED,
  SMCCC_VERSION_FID,
  SUCCESS,
} from '../abi/index.ts';
import { Bug } from '../bytes/index.ts';
import type { MachineProfile } from '../machine/index.ts';
import {
  type Audit,
  type Command,
  type ExecuteOptions,
  execute,
  type Outcome,
  type Prepared,
  prepare,
  writeOutputs,
} from '../spec/index.ts';
import type { Registers, TraceSink } from '../trace/index.ts';
import type { ImpDef } from './model/config.ts';
import { outsideFootprint } from './model/journal.ts';
import type { RmmState } from './model/state.ts';
import { realmCall } from './realm/call.ts';
import { completeEntry } from './realm/entry.ts';
import { exitRealm, rsiFault } from './realm/exit.ts';
import type { PendingInterrupt } from './realm/interrupt.ts';
import type { EnterRealm } from './rmi/index.ts';
import type { LeaveRealm } from './rsi/index.ts';
import type { CommandSet } from './versions/rmm-1.0.ts';

/** SMCCC revision that a Realm sees: 1.3 on a machine with SVE (RMM 1.0 B1.1). */
const smcccRevision = ({ sve_vl }: MachineProfile, { smcccVersion }: ImpDef): bigint =>
  revision(1, smcccVersion === 'byFeatures' && sve_vl !== undefined ? 3 : 2);

/**
 * The first result register that a command leaves as it was: RMI and RSI clear those up to X16 that they do not define
 * (RMM 1.0 B1.2), results of PSCI end at X6 (A4.2.2), and the rest is the caller's. A call that is no command of the RMM
 * has results in X0 to X3 at most, as every call of SMCCC 1.1: kernels probe for services and rely on the others.
 */
const KEPT = { RMI: 17, RSI: 17, PSCI: 7, SMCCC: 4 } as const;

const ZEROS: readonly bigint[] = new Array<bigint>(SMC_REGISTERS).fill(0n);

const firstKept = (family: keyof typeof KEPT, unlisted: ImpDef['unlistedOutputs']): number => {
  if (unlisted === 'preserveX4plus') return 4;
  return unlisted === 'preserveInRealm' && family !== 'RMI' ? 1 : KEPT[family];
};

/** Where the PE is after an SMC: back in the world that called, or in the other one. */
export type AfterSmc =
  /** The caller goes on, with these result registers. */
  | { readonly kind: 'return'; readonly x: Registers }
  /** A Realm runs on the PE now. */
  | { readonly kind: 'enter' }
  /** The PE is back at the Host: result registers of its RMI_REC_ENTER. */
  | { readonly kind: 'exit'; readonly x: Registers };

export interface DispatchPorts {
  readonly state: RmmState;
  readonly commands: CommandSet;
  readonly pendingInterrupt: (pe: number) => PendingInterrupt | undefined;
  readonly trace?: TraceSink | undefined;
  /** Told of every command whose success conditions or footprint did not hold. Checking costs time: for tests. */
  readonly onViolation?: ((violation: string) => void) | undefined;
}

export interface Dispatcher {
  /** An SMC of the Host that EL3 passed on. */
  rmi(pe: number, x: Registers): AfterSmc;
  /** An SMC of the Realm that runs on the PE. */
  realmSmc(pe: number, x: Registers): AfterSmc;
}

/** A copy of a REC's registers with those that are given in their place. */
const withRegisters = (gprs: readonly bigint[], given: Registers): bigint[] => {
  const x = gprs.slice();
  const count = Math.min(x.length, given.length);
  for (let n = 0; n < count; n += 1) x[n] = given[n] ?? x[n] ?? 0n;
  return x;
};

const byFid = <R>(commands: readonly Command<R>[]): ReadonlyMap<number, Prepared<R>> =>
  new Map(commands.map((command) => [command.fid, prepare(command)]));

export const createDispatcher = (ports: DispatchPorts): Dispatcher => {
  const { state, commands, trace, onViolation } = ports;
  const rmi = byFid(commands.rmi);
  const rsi = byFid(commands.rsi);
  const psci = byFid(commands.psci);

  const audit =
    onViolation === undefined
      ? undefined
      : ({ command, footprint, broken }: Audit): void => {
          for (const id of broken) onViolation(`${command.name}: success condition ${id} does not hold`);
          for (const stray of outsideFootprint(state.journal.changes(), footprint)) {
            onViolation(`${command.name}: ${stray} changed outside its footprint`);
          }
        };

  const rmiOptions: ExecuteOptions<RmiResult> = { success: SUCCESS, trace, resultText: rmiResultText, audit };
  const rsiOptions: ExecuteOptions<RsiStatus> = { success: 'RSI_SUCCESS', trace, resultText: (r) => r, audit };
  const psciOptions: ExecuteOptions<PsciStatus> = { success: 'PSCI_SUCCESS', trace, resultText: (r) => r, audit };

  /**
   * Runs a command so that it either happens whole or not at all. A port that fails under it is what the command calls
   * an unknown cause, where it has a result for that.
   */
  const run = <R>(
    command: Prepared<R>,
    x: Registers,
    rmm: object,
    options: ExecuteOptions<R>,
    unknownCause?: R,
  ): Outcome<R> => {
    state.journal.begin();
    try {
      return execute(command, x, rmm, options);
    } catch (error) {
      state.journal.rollback();
      if (error instanceof Bug || unknownCause === undefined) throw error;
      return { result: unknownCause, out: {}, answered: true };
    } finally {
      state.journal.end();
    }
  };

  /** The caller's registers, those before `kept` zero, or as the personality leaves them. */
  const cleared = (given: Registers, family: keyof typeof KEPT): bigint[] => {
    const from = firstKept(family, state.impDef.unlistedOutputs);
    const x = ZEROS.slice();
    for (let n = from; n < SMC_REGISTERS; n += 1) x[n] = given[n] ?? 0n;
    return x;
  };

  /** Result registers: X0 on. */
  const results = (
    family: keyof typeof KEPT,
    command: Prepared<unknown>,
    given: Registers,
    x0: bigint,
    out: Outcome<unknown>['out'],
  ): bigint[] => {
    const x = cleared(given, family);
    x[0] = x0;
    writeOutputs(command, out, x);
    return x;
  };

  const unknown = (given: Registers): bigint[] => {
    const x = cleared(given, 'SMCCC');
    x[0] = SMCCC_NOT_SUPPORTED;
    return x;
  };

  const enter = (pe: number, { rec, run_ptr, enter: entered }: EnterRealm['enter'], given: Registers): AfterSmc => {
    const { change, exit } = completeEntry(state, state.rec(rec), entered);
    state.updateRec(rec, { ...change, state: 'REC_RUNNING' });
    state.setRunning(pe, { rec, run_ptr, enter: entered, results: cleared(given, 'RMI') });
    trace?.({ type: 'realm.enter', pe, rec, pc: state.rec(rec).pc });
    return exit === undefined ? { kind: 'enter' } : { kind: 'exit', x: exitRealm(state, pe, exit, trace) };
  };

  return {
    rmi(pe, x) {
      const command = rmi.get(functionId(x[0] ?? 0n) ?? -1);
      if (command === undefined) return { kind: 'return', x: unknown(x) };
      const { result, out, transfer } = run(command, x, state, rmiOptions);
      if (transfer !== undefined) return enter(pe, (transfer as EnterRealm).enter, x);
      return { kind: 'return', x: results('RMI', command, x, encodeRmiResult(result), out) };
    },

    realmSmc(pe, given) {
      const running = state.running(pe);
      if (running === undefined) throw new Bug(`PE ${pe} is in no Realm`);
      const { rec } = running;
      // Registers that the act does not name hold what they held.
      const x = withRegisters(state.rec(rec).gprs, given);
      const fid = functionId(BigInt.asUintN(state.impDef.fidBits, x[0] ?? 0n)) ?? -1;
      const call = realmCall(state, rec, () => ports.pendingInterrupt(pe));
      const advance = (written?: readonly bigint[]): void => {
        const { gprs, pc } = state.rec(rec);
        const next = BigInt.asUintN(64, pc + 4n);
        if (written === undefined) state.updateRec(rec, { pc: next });
        else state.updateRec(rec, { pc: next, gprs: withRegisters(gprs, written) });
      };
      const settle = (
        family: 'RSI' | 'PSCI',
        command: Prepared<unknown>,
        outcome: Outcome<unknown>,
        x0: bigint,
      ): AfterSmc => {
        const transfer = outcome.transfer as LeaveRealm | undefined;
        if (transfer !== undefined && 'fault' in transfer) {
          // Nothing is written and PC stays: the SMC is executed again.
          const { ipa, level } = transfer.fault;
          return { kind: 'exit', x: exitRealm(state, pe, rsiFault(state.impDef, ipa, level), trace) };
        }
        // A result that comes with an exit is in the registers already when the Realm runs again.
        const returns = transfer === undefined || outcome.answered;
        const written = returns ? results(family, command, x, x0, outcome.out) : undefined;
        advance(written);
        if (transfer === undefined) return { kind: 'return', x: written ?? [] };
        return { kind: 'exit', x: exitRealm(state, pe, transfer.exit, trace) };
      };

      state.updateRec(rec, { gprs: x, abort: undefined });
      const rsiCommand = rsi.get(fid);
      if (rsiCommand !== undefined) {
        const outcome = run(rsiCommand, x, call, rsiOptions, 'RSI_ERROR_UNKNOWN');
        return settle('RSI', rsiCommand, outcome, encodeRsiStatus(outcome.result));
      }
      const psciCommand = psci.get(fid);
      if (psciCommand !== undefined) {
        const outcome = run(psciCommand, x, call, psciOptions);
        return settle('PSCI', psciCommand, outcome, encodePsciStatus(outcome.result));
      }
      const written = unknown(x);
      if (fid === SMCCC_VERSION_FID) written[0] = smcccRevision(state.profile, state.impDef);
      advance(written);
      return { kind: 'return', x: written };
    },
  };
};
