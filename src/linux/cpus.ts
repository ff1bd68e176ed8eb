import { decodeRsiStatus, PSCI_FID, recMpidr, SMC_REGISTERS } from '../abi/index.ts';
import {
  enterVcpu,
  type GuestAct,
  type Progress,
  performAct,
  type RunEnd,
  runEndText,
  type Vcpu,
  type VcpuHost,
} from '../host/index.ts';
import { type RealmException, RMM_1_0 } from '../rmm/index.ts';
import type { Registers } from '../trace/index.ts';
import { EC, EL1H_MASKED, exceptionClass, takeException, WRITE_NOT_READ } from './exceptions.ts';
import { GUEST_SYNC, type Resume, START, type Trap } from './mailbox.ts';
import type { Stage2 } from './stage2.ts';

/** Why a guest cannot go on although its Realm is not off. */
export class GuestStopped extends Error {
  override readonly name = 'GuestStopped';
}

/** Told of every SMC of the guest that has been answered. */
export type CallWatcher = (asked: Registers, answered: Registers, cpu: number) => void;

export interface CpusOptions {
  readonly host: VcpuHost;
  readonly stage2: Stage2;
  /** Where a CPU of QEMU's machine starts. */
  readonly entry: bigint;
  readonly onCall?: CallWatcher;
}

/** CPUs whose software runs in QEMU: each trap is an act of a REC. Synchronous, like the machine. */
export interface Cpus {
  /** Carries out what a CPU trapped for, and changes the registers of the trap. @throws {GuestStopped} */
  answer(cpu: number, trap: Trap): Resume;
  /** Whether the Realm turned itself off. */
  readonly off: boolean;
}

/** The Host acts on PE 0 alone. */
const FIRST_GUEST_PE = 1;

const IPA_STATE_SET = BigInt(RMM_1_0.rsi.find(({ name }) => name === 'RSI_IPA_STATE_SET')?.fid ?? 0);
const RIPAS_RAM = 1n;
const ACCEPT = 0n;

export const createCpus = ({ host, stage2, entry, onCall }: CpusOptions): Cpus => {
  const { platform, realm } = host;
  const vcpus = realm.recs.map((rec, n): Vcpu => ({ rec, pe: FIRST_GUEST_PE + n, pending: undefined }));
  /** CPUs that QEMU runs, or was told to. */
  const started = new Set([0]);
  let off = false;

  const isRunnable = ({ rec: { rec } }: Vcpu): boolean => platform.rmm.state.rec(rec).runnable;

  /** The guest goes on; a REC that another one turned on since gets its CPU. */
  const resume = (): Resume => {
    const invalidate = stage2.takeChanged();
    const next = vcpus.findIndex((vcpu, n) => !started.has(n) && isRunnable(vcpu));
    if (next === -1) return { invalidate };
    started.add(next);
    return { invalidate, firmware: [BigInt(PSCI_FID.PSCI_CPU_ON), recMpidr(next), entry] };
  };

  const over = (cpu: number, vcpu: Vcpu, end: RunEnd): Resume => {
    if (end.kind === 'off') {
      off = true;
      return { invalidate: false, firmware: [BigInt(PSCI_FID.PSCI_SYSTEM_OFF)] };
    }
    if (isRunnable(vcpu)) throw new GuestStopped(`CPU ${cpu} cannot go on: ${runEndText(end)}`);
    started.delete(cpu);
    return { invalidate: false, firmware: [BigInt(PSCI_FID.PSCI_CPU_OFF)] };
  };

  /** What came of an act shows in the registers, unless it ended the run or is an exception. */
  const after = (cpu: number, vcpu: Vcpu, trap: Trap, progress: Progress, done: (x: Registers) => void): Resume => {
    if (progress.kind === 'over') return over(cpu, vcpu, progress.end);
    const { x, exception } = progress.result;
    if (exception !== undefined) takeException(trap, exception as RealmException);
    else done(x);
    return resume();
  };

  const start = (trap: Trap, { pe }: Vcpu, x: Registers): void => {
    x.forEach((value, n) => {
      trap.gprs[n] = value;
    });
    trap.system.ELR_EL2 = platform.realm(pe)?.pc ?? 0n;
    trap.system.SPSR_EL2 = EL1H_MASKED;
  };

  /** What the Realm makes of its memory shows in the tables at once. */
  const followRipas = (asked: Registers, x: Registers): void => {
    if (asked[0] !== IPA_STATE_SET || decodeRsiStatus(x[0] ?? 0n) !== 'RSI_SUCCESS' || x[2] !== ACCEPT) return;
    const [, base = 0n, , ripas] = asked;
    stage2.move({ base, size: (x[1] ?? base) - base }, ripas === RIPAS_RAM ? 'protected' : 'unprotected');
  };

  const called = (cpu: number, trap: Trap, asked: Registers, x: Registers): void => {
    followRipas(asked, x);
    for (let n = 0; n < SMC_REGISTERS; n += 1) trap.gprs[n] = x[n] ?? trap.gprs[n] ?? 0n;
    trap.system.ELR_EL2 += 4n;
    onCall?.(asked, x, cpu);
  };

  const accessOf = (trap: Trap): GuestAct & { readonly ipa: bigint } => {
    const { HPFAR_EL2, FAR_EL2, ESR_EL2 } = trap.system;
    const ipa = ((HPFAR_EL2 >> 4n) << 12n) | (FAR_EL2 & 0xfffn);
    if (exceptionClass(trap) === EC.FETCH_ABORT) return { access: 'fetch', ipa, length: 4 };
    // What would be written is not known, and no page is there to take it.
    if ((ESR_EL2 & WRITE_NOT_READ) !== 0n) return { access: 'write', ipa, bytes: new Uint8Array(1) };
    return { access: 'read', ipa, length: 1 };
  };

  const actOf = (cpu: number, trap: Trap): GuestAct => {
    switch (trap.event === GUEST_SYNC ? exceptionClass(trap) : undefined) {
      case EC.SMC:
        return { smc: trap.gprs.slice(0, SMC_REGISTERS) };
      case EC.HVC:
        return { hvc: { imm: Number(trap.system.ESR_EL2 & 0xffffn) } };
      case EC.FETCH_ABORT:
      case EC.DATA_ABORT:
        return accessOf(trap);
      default: {
        const { ESR_EL2, ELR_EL2 } = trap.system;
        const what = `vector 0x${trap.event.toString(16)}, ESR_EL2 0x${ESR_EL2.toString(16)}`;
        throw new GuestStopped(`CPU ${cpu} traps for nothing known: ${what}, at 0x${ELR_EL2.toString(16)}`);
      }
    }
  };

  return {
    answer(cpu, trap) {
      const vcpu = vcpus[cpu];
      if (vcpu === undefined) throw new GuestStopped(`CPU ${cpu} has no REC`);
      if (trap.event === START) return after(cpu, vcpu, trap, enterVcpu(host, vcpu), (x) => start(trap, vcpu, x));
      const act = actOf(cpu, trap);
      return after(cpu, vcpu, trap, performAct(host, vcpu, act), (x) => {
        if ('smc' in act) called(cpu, trap, act.smc, x);
        else if ('ipa' in act) {
          const ipa = act.ipa.toString(16);
          throw new GuestStopped(`CPU ${cpu}: IPA 0x${ipa} can be reached by the Realm, and not in QEMU`);
        }
      });
    },
    get off() {
      return off;
    },
  };
};
