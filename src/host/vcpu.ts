import { RmiRecEnter, type RmiResult } from '../abi/index.ts';
import type { Platform, RealmReply } from '../platform/index.ts';
import type { Registers } from '../trace/index.ts';
import { answerExit, type EnterWith, isOff, readExit, type VcpuHost } from './exits.ts';
import type { GuestAct, GuestResult } from './guest.ts';
import type { HostRec } from './host-realm.ts';
import { rmiFid } from './rmi.ts';

/** How a run ended. */
export type RunEnd =
  /** The guest has nothing more to do; the Host took the PE back. */
  | { readonly kind: 'idle' }
  /** The Realm is off. */
  | { readonly kind: 'off' }
  /** The REC turned itself off, or cannot be entered. */
  | { readonly kind: 'stopped'; readonly result: RmiResult };

/**
 * A REC and the PE that runs it, whatever its software is: a generator here, or a program behind a socket. The software
 * acts one act at a time, and between two acts it may take as long as it likes.
 */
export interface Vcpu {
  readonly rec: HostRec;
  readonly pe: number;
  /** An act that has not happened yet: the Host has to help first. */
  pending: { readonly act: GuestAct; readonly pc: bigint } | undefined;
}

/** Whether the software goes on, with what came of its act, or its run is over. */
export type Progress =
  | { readonly kind: 'on'; readonly result: GuestResult }
  | { readonly kind: 'over'; readonly end: RunEnd };

/** What a PE finds when a Realm goes on. */
interface Context {
  readonly gprs: Registers;
  readonly pc: bigint;
  readonly exception: string | undefined;
}

/** Enters the REC. The software goes on with its registers, or with what came of an act that was pending. */
export const enterVcpu = (host: VcpuHost, vcpu: Vcpu): Progress => {
  const entered = enter(host, vcpu, {});
  return 'end' in entered ? { kind: 'over', end: entered.end } : goOn(host, vcpu, entered);
};

/** The software does something. Where that leaves the Realm, the Host answers and enters again until it has happened. */
export const performAct = (host: VcpuHost, vcpu: Vcpu, act: GuestAct): Progress => {
  const { platform, policy, realm } = host;
  const pcOf = (): bigint => platform.realm(vcpu.pe)?.pc ?? 0n;
  // Read before the Host can take the PE away: a REC that is not entered has none.
  let pc = pcOf();
  let left = 'smc' in act ? policy.beforeSmc?.(act.smc, vcpu.pe, realm) : undefined;
  for (let next = act; ; pc = pcOf()) {
    const reply: RealmReply = left === undefined ? carryOut(platform, next, vcpu.pe) : { kind: 'exit', x: left };
    left = undefined;
    if (reply.kind !== 'exit') return { kind: 'on', result: resultOf(reply) };
    vcpu.pending = { act: next, pc };
    const answered = answer(host, vcpu, reply.x);
    const entered = 'end' in answered ? answered : enter(host, vcpu, answered.enter);
    if ('end' in entered) return { kind: 'over', end: entered.end };
    const settled = settle(vcpu, entered);
    if ('result' in settled) return { kind: 'on', result: settled.result };
    next = settled.again;
  }
};

/** The Host takes the PE back from software that has nothing more to do. */
export const leaveVcpu = (host: VcpuHost, vcpu: Vcpu): RunEnd => {
  const exit = readExit(host.platform, vcpu.rec, host.platform.interrupt('IRQ', { pe: vcpu.pe }) ?? []);
  if ('result' in exit) return { kind: 'stopped', result: exit.result };
  host.policy.onExit?.(exit);
  return { kind: 'idle' };
};

const carryOut = (platform: Platform, act: GuestAct, pe: number): RealmReply => {
  if ('smc' in act) return platform.realmSmc(act.smc, pe);
  return 'access' in act ? platform.realmAccess(act, pe) : platform.realmEvent(act, pe);
};

const resultOf = (reply: Exclude<RealmReply, { kind: 'exit' }>): GuestResult => {
  switch (reply.kind) {
    case 'return':
      return { x: reply.x };
    case 'done':
      return { x: [], ...(reply.bytes === undefined ? {} : { bytes: reply.bytes }) };
    case 'exception':
      return { x: [], exception: reply.exception };
  }
};

/** Enters until a Realm runs, answering exits that come instead of a run. */
const enter = (host: VcpuHost, vcpu: Vcpu, first: EnterWith): Context | { readonly end: RunEnd } => {
  const { platform } = host;
  const { rec, run_ptr } = vcpu.rec;
  for (let next = first; ; ) {
    platform.write(run_ptr, RmiRecEnter.encode(next));
    const reply = platform.smc([rmiFid('REC_ENTER'), rec, run_ptr], vcpu.pe);
    if (reply.kind === 'enter') return reply.context;
    const answered = answer(host, vcpu, reply.x);
    if ('end' in answered) return answered;
    next = answered.enter;
  }
};

/** What the Host does about an exit. */
const answer = (
  host: VcpuHost,
  { rec }: Vcpu,
  x: Registers,
): { readonly enter: EnterWith } | { readonly end: RunEnd } => {
  const exit = readExit(host.platform, rec, x);
  if ('result' in exit) return { end: { kind: 'stopped', result: exit.result } };
  host.policy.onExit?.(exit);
  if (exit.reason === 'PSCI' && isOff(exit)) return { end: { kind: 'off' } };
  return { enter: answerExit(host, rec, exit) };
};

const goOn = (host: VcpuHost, vcpu: Vcpu, context: Context): Progress => {
  const settled = settle(vcpu, context);
  return 'again' in settled ? performAct(host, vcpu, settled.again) : { kind: 'on', result: settled.result };
};

/** What came of the act that was pending: PC says whether it has happened. */
const settle = (
  vcpu: Vcpu,
  { gprs, pc, exception }: Context,
): { readonly again: GuestAct } | { readonly result: GuestResult } => {
  const { pending } = vcpu;
  vcpu.pending = undefined;
  if (pending === undefined) return { result: { x: gprs } };
  if (exception !== undefined) return { result: { x: gprs, exception } };
  if (pc === pending.pc) return { again: pending.act };
  const { act } = pending;
  if ('access' in act && act.access === 'read') return { result: { x: gprs, bytes: emulated(act, gprs) } };
  return { result: { x: gprs } };
};

/** The bytes of a read that the Host emulated: they are in its target register. */
const emulated = (
  read: { readonly length: number; readonly isv?: { readonly srt: number } },
  gprs: Registers,
): Uint8Array => {
  const value = gprs[read.isv?.srt ?? 31] ?? 0n;
  return Uint8Array.from({ length: read.length }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
};
