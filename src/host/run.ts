import { rmiResultText } from '../abi/index.ts';
import type { Platform } from '../platform/index.ts';
import type { HostPolicy, VcpuHost } from './exits.ts';
import { faultyPolicy } from './faulty-policy.ts';
import type { Guest } from './guest.ts';
import type { HostRealm, HostRec } from './host-realm.ts';
import { enterVcpu, leaveVcpu, performAct, type RunEnd, type Vcpu } from './vcpu.ts';

/** A vCPU whose software is a generator. */
export interface GuestVcpu extends Vcpu {
  readonly guest: Guest<unknown>;
}

export const createVcpu = (rec: HostRec, guest: Guest<unknown>, pe = 0): GuestVcpu => ({
  rec,
  pe,
  guest,
  pending: undefined,
});

/**
 * Runs a vCPU until its guest is done, the Realm is off, or the REC cannot be entered. Exits are answered as a Host does
 * that wants its guest to get on: it maps what faults, grants RIPAS changes, completes PSCI requests.
 */
export const runVcpu = (platform: Platform, realm: HostRealm, vcpu: GuestVcpu, policy: HostPolicy = {}): RunEnd => {
  const host: VcpuHost = { platform, realm, policy: faultyPolicy(platform, policy) };
  let progress = enterVcpu(host, vcpu);
  for (;;) {
    if (progress.kind === 'over') return progress.end;
    const { done, value } = vcpu.guest.next(progress.result);
    if (done === true) return leaveVcpu(host, vcpu);
    progress = performAct(host, vcpu, value);
  }
};

/** Says how a run ended, for people. */
export const runEndText = (end: RunEnd): string =>
  end.kind === 'stopped' ? `RMI_REC_ENTER answered ${rmiResultText(end.result)}` : end.kind;
