import {
  decodeRmiResult,
  encodePsciStatus,
  GRANULE,
  PSCI_FID,
  REC_EXIT_OFFSET,
  type RecExitReason,
  RMI_ENTER_FLAG,
  RmiRecEnter,
  RmiRecExit,
  type RmiResult,
  RTT_PAGE_LEVEL,
  recExitReasonName,
  rmiResultText,
} from '../abi/index.ts';
import type { Platform, RealmReply } from '../platform/index.ts';
import type { Registers } from '../trace/index.ts';
import type { Guest, GuestAct, GuestResult } from './guest.ts';
import type { HostRealm, HostRec } from './realm.ts';
import { callRmi, HostError, rmiFid, tryRmi } from './rmi.ts';

/** Why a REC came back, and all that its exit tells. */
export interface RecExit extends RmiRecExit {
  readonly reason: RecExitReason;
}

/** What the Host puts into the next entry. */
export type EnterWith = Partial<RmiRecEnter>;

/** What a Host does about exits. Each answer says how to enter again; undefined stops the run. */
export interface HostPolicy {
  /** A host call: the registers that the guest gets back. */
  readonly hostCall?: (imm: number, gprs: Registers) => Registers;
  /** An access to an Unprotected IPA that the Host may emulate. `undefined` injects an SEA. */
  readonly mmio?: (ipa: bigint, write: bigint | undefined, size: number) => bigint | undefined;
  /** Whether a RIPAS change is granted. Default: always. */
  readonly grantRipas?: (base: bigint, top: bigint, ripas: number) => boolean;
  /** Told of every exit. */
  readonly onExit?: (exit: RecExit) => void;
}

/** How a run ended. */
export type RunEnd =
  /** The guest has nothing more to do; the Host took the PE back. */
  | { readonly kind: 'idle' }
  /** The Realm is off. */
  | { readonly kind: 'off' }
  /** The REC turned itself off, or cannot be entered. */
  | { readonly kind: 'stopped'; readonly result: RmiResult };

/** The software of a REC between two of its runs. */
export interface Vcpu {
  readonly rec: HostRec;
  readonly guest: Guest<unknown>;
  /** An act that has not happened yet: the Host has to help first. */
  pending: { readonly act: GuestAct; readonly pc: bigint } | undefined;
  done: boolean;
}

export const createVcpu = (rec: HostRec, guest: Guest<unknown>): Vcpu => ({
  rec,
  guest,
  pending: undefined,
  done: false,
});

/**
 * Runs a vCPU until its guest is done, the Realm is off, or the REC cannot be entered. Exits are answered as a Host does
 * that wants its guest to get on: it maps what faults, grants RIPAS changes, completes PSCI requests.
 */
export const runVcpu = (platform: Platform, realm: HostRealm, vcpu: Vcpu, policy: HostPolicy = {}): RunEnd => {
  let enter: EnterWith = {};
  for (;;) {
    const exit = enterOnce(platform, vcpu, enter);
    if ('result' in exit) return { kind: 'stopped', result: exit.result };
    policy.onExit?.(exit);
    if (vcpu.done) return { kind: 'idle' };
    if (exit.reason === 'PSCI' && isOff(exit)) return { kind: 'off' };
    enter = answerExit(platform, realm, vcpu, exit, policy);
  }
};

/** Enters the REC and lets its guest act until there is an exit. */
const enterOnce = (platform: Platform, vcpu: Vcpu, enter: EnterWith): RecExit | { readonly result: RmiResult } => {
  const { rec, run_ptr } = vcpu.rec;
  platform.write(run_ptr, RmiRecEnter.encode(enter));
  const reply = platform.smc([rmiFid('REC_ENTER'), rec, run_ptr]);
  if (reply.kind === 'return') return exitOf(platform, run_ptr, reply.x);
  const { gprs, pc, exception } = reply.context;
  return exitOf(platform, run_ptr, act(platform, vcpu, { gprs, pc, exception }));
};

/** Resumes the guest and carries out what it does. @returns result registers of REC_ENTER. */
const act = (
  platform: Platform,
  vcpu: Vcpu,
  context: { readonly gprs: Registers; readonly pc: bigint; readonly exception: string | undefined },
): Registers => {
  let next = resume(vcpu, context);
  for (;;) {
    if (next === undefined) {
      vcpu.done = true;
      return platform.interrupt('IRQ') ?? [];
    }
    const pc = platform.realm()?.pc ?? 0n;
    const reply = perform(platform, next);
    switch (reply.kind) {
      case 'exit':
        vcpu.pending = { act: next, pc };
        return reply.x;
      case 'return':
        next = step(vcpu, { x: reply.x });
        break;
      case 'done':
        next = step(vcpu, { x: [], ...(reply.bytes === undefined ? {} : { bytes: reply.bytes }) });
        break;
      case 'exception':
        next = step(vcpu, { x: [], exception: reply.exception });
        break;
    }
  }
};

const perform = (platform: Platform, act: GuestAct): RealmReply => {
  if ('smc' in act) return platform.realmSmc(act.smc);
  return 'access' in act ? platform.realmAccess(act) : platform.realmEvent(act);
};

const step = (vcpu: Vcpu, result: GuestResult): GuestAct | undefined => {
  const { done, value } = vcpu.guest.next(result);
  return done === true ? undefined : (value as GuestAct);
};

/** What the guest does first: the act that was interrupted, if PC says that it did not happen. */
const resume = (
  vcpu: Vcpu,
  { gprs, pc, exception }: { readonly gprs: Registers; readonly pc: bigint; readonly exception: string | undefined },
): GuestAct | undefined => {
  const { pending } = vcpu;
  vcpu.pending = undefined;
  if (pending === undefined) return step(vcpu, { x: gprs });
  if (exception !== undefined) return step(vcpu, { x: gprs, exception });
  if (pc === pending.pc) return pending.act;
  if ('access' in pending.act && pending.act.access === 'read') {
    return step(vcpu, { x: gprs, bytes: emulated(pending.act, gprs) });
  }
  return step(vcpu, { x: gprs });
};

const emulated = (
  read: { readonly length: number; readonly isv?: { readonly srt: number } },
  gprs: Registers,
): Uint8Array => {
  const value = gprs[read.isv?.srt ?? 31] ?? 0n;
  return Uint8Array.from({ length: read.length }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
};

const exitOf = (platform: Platform, run_ptr: bigint, x: Registers): RecExit | { readonly result: RmiResult } => {
  const result = decodeRmiResult(x[0] ?? 0n);
  if (result === undefined) throw new HostError('RMI_REFUSED', 'RMI_REC_ENTER: the monitor does not answer');
  if (result.status !== 'RMI_SUCCESS') return { result };
  const page = platform.read(run_ptr, Number(GRANULE)) ?? new Uint8Array(Number(GRANULE));
  const exit = RmiRecExit.decode(page.subarray(REC_EXIT_OFFSET));
  return { ...exit, reason: recExitReasonName(exit.exit_reason) ?? 'SERROR' };
};

const OFF_FIDS: ReadonlySet<number> = new Set([PSCI_FID.PSCI_SYSTEM_OFF, PSCI_FID.PSCI_SYSTEM_RESET]);
const isOff = ({ gprs }: RecExit): boolean => OFF_FIDS.has(Number(gprs[0] ?? 0n));

const answerExit = (platform: Platform, realm: HostRealm, vcpu: Vcpu, exit: RecExit, policy: HostPolicy): EnterWith => {
  switch (exit.reason) {
    case 'SYNC':
      return answerAbort(realm, exit, policy);
    case 'HOST_CALL': {
      const gprs = policy.hostCall?.(exit.imm, exit.gprs) ?? exit.gprs;
      return { gprs };
    }
    case 'RIPAS_CHANGE':
      return answerRipasChange(platform, realm, vcpu, exit, policy);
    case 'PSCI':
      completePsci(platform, realm, vcpu, exit);
      return {};
    default:
      return {};
  }
};

const faultingIpa = ({ hpfar, far }: RecExit): bigint => ((hpfar & ~0xfn) << 8n) | (far & 0xfffn);

/** ESR_EL2.EC of a wait that was trapped. The Host lets the guest go on at once. */
const EC_WFX = 0x01n;

const answerAbort = (realm: HostRealm, exit: RecExit, policy: HostPolicy): EnterWith => {
  if (exit.esr >> 26n === EC_WFX) return {};
  const ipa = faultingIpa(exit);
  const unprotected = ipa >= 1n << BigInt(realm.plan.ipaWidth - 1);
  if (!unprotected) {
    realm.mapUnknown(ipa - (ipa % GRANULE));
    return {};
  }
  const write = (exit.esr & (1n << 6n)) !== 0n;
  const emulatable = (exit.esr & (1n << 24n)) !== 0n;
  const size = 1 << Number((exit.esr >> 22n) & 3n);
  const value = emulatable ? policy.mmio?.(ipa, write ? (exit.gprs[0] ?? 0n) : undefined, size) : undefined;
  if (value === undefined) return { flags: RMI_ENTER_FLAG.inject_sea };
  return { flags: RMI_ENTER_FLAG.emul_mmio, gprs: [value] };
};

const answerRipasChange = (
  platform: Platform,
  realm: HostRealm,
  vcpu: Vcpu,
  exit: RecExit,
  policy: HostPolicy,
): EnterWith => {
  const { ripas_base, ripas_top, ripas_value } = exit;
  if (policy.grantRipas?.(ripas_base, ripas_top, ripas_value) === false) {
    return { flags: RMI_ENTER_FLAG.ripas_response };
  }
  for (let base = ripas_base; base < ripas_top; ) {
    const { result, x } = tryRmi(platform, 'RTT_SET_RIPAS', realm.rd, vcpu.rec.rec, base, ripas_top);
    if (result.status === 'RMI_ERROR_RTT' && result.index < RTT_PAGE_LEVEL) {
      realm.tables.ensure(base, result.index + 1);
      continue;
    }
    const next = x[1] ?? base;
    // A page that the Host destroyed, and that the Realm does not let change, ends the request here.
    if (result.status !== 'RMI_SUCCESS' || next <= base) break;
    base = next;
  }
  return {};
};

const NEEDS_COMPLETION: ReadonlySet<number> = new Set([PSCI_FID.PSCI_CPU_ON, PSCI_FID.PSCI_AFFINITY_INFO]);

const completePsci = (platform: Platform, realm: HostRealm, vcpu: Vcpu, { gprs }: RecExit): void => {
  if (!NEEDS_COMPLETION.has(Number(gprs[0] ?? 0n))) return;
  const index = mpidrToIndex(gprs[1] ?? 0n);
  const target = realm.recs[index];
  if (target === undefined) throw new HostError('PLAN_IMPOSSIBLE', `the Realm has no REC ${index}`);
  callRmi(platform, 'PSCI_COMPLETE', vcpu.rec.rec, target.rec, encodePsciStatus('PSCI_SUCCESS'));
};

/** RECs are created in the order of their index, which an MPIDR_EL1 spells as Aff3:Aff2:Aff1:Aff0[3:0]. */
const mpidrToIndex = (mpidr: bigint): number =>
  Number((mpidr & 0xfn) + 16n * ((mpidr >> 8n) & 0xffffn) + (((mpidr >> 32n) & 0xffn) << 20n));

/** Says how a run ended, for people. */
export const runEndText = (end: RunEnd): string =>
  end.kind === 'stopped' ? `RMI_REC_ENTER answered ${rmiResultText(end.result)}` : end.kind;
