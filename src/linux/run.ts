import { type FetchedToken, faultyPolicy, HostError, type HostPolicy, launchRealm } from '../host/index.ts';
import type { Platform } from '../platform/index.ts';
import { type CallWatcher, type Cpus, createCpus, GuestStopped } from './cpus.ts';
import { MAILBOX_SIZE, readTrap, writeTrap } from './mailbox.ts';
import { monitorMemory } from './memory-map.ts';
import { monitorCode } from './monitor.ts';
import { type LinuxRealm, linuxPlan } from './plan.ts';
import { checkQemu, type Qemu, type QemuEnd, startQemu } from './qemu.ts';
import { createRam, type Ram } from './ram.ts';
import { createStage2 } from './stage2.ts';
import { watchTokens } from './token-watch.ts';

export interface LinuxOptions {
  readonly platform: Platform;
  readonly realm: LinuxRealm;
  /** QEMU's program, and its model of the CPUs. */
  readonly qemu: { readonly program: string; readonly cpu: string };
  /** What the Host does about exits, where no fault of the machine says otherwise. */
  readonly policy?: HostPolicy;
  readonly onCall?: CallWatcher;
  /** Told of each token that the guest has been given whole. */
  readonly onToken?: (token: FetchedToken) => void;
  /** Told of bytes loaded so far, and of how many there will be. */
  readonly onProgress?: (loaded: number, total: number) => void;
}

/** How a run ended: the Realm turned itself off, or QEMU stopped for a reason. */
export type LinuxEnd =
  | { readonly kind: 'off' }
  | { readonly kind: 'stopped'; readonly says: string }
  | { readonly kind: 'killed' };

/** A kernel that runs as a Realm. */
export interface LinuxGuest extends Pick<Qemu, 'consoleIn' | 'consoleOut'> {
  readonly end: Promise<LinuxEnd>;
  /** Ends the run now. */
  kill(): void;
}

const GO_ON = Uint8Array.of(1);
const PAGE = 0x1000n;

/**
 * Builds the Realm and starts QEMU with it. From then on each SMC of the kernel is one of its REC, answered by the RMM of
 * the platform. Nothing of the run outlives this process.
 *
 * @throws {QemuUnusable}
 * @throws {RealmTooSmall}
 * @throws {HostError} when the RMM refuses to build the Realm.
 */
export const startLinux = (options: LinuxOptions): LinuxGuest => {
  const { platform, realm: wanted, qemu, policy = {}, onProgress } = options;
  checkQemu(qemu.program);
  const plan = linuxPlan(wanted);
  const monitor = monitorMemory(plan.memory.size);
  const ram = createRam(monitor.ramSize);
  try {
    const realm = launchRealm(platform, plan, { pages: ram.pages(platform), ...(onProgress && { onProgress }) });
    ram.write(monitor.code, monitorCode(monitor));
    const stage2 = createStage2(monitor, plan.memory.size, ram.write);
    const host = { platform, realm, policy: faultyPolicy(platform, policy) };
    const tokens = watchTokens(ram.read, (token) => options.onToken?.(token));
    const onCall: CallWatcher = (...call) => {
      tokens(...call);
      options.onCall?.(...call);
    };
    const cpus = createCpus({ host, stage2, entry: monitor.code, onCall });
    const { ramSize, code } = monitor;
    const machine = startQemu({ ...qemu, cpus: wanted.cpus, ramSize, ram: ram.fd, entry: code });
    return serve(machine, ram, cpus, monitor.mailboxes);
  } catch (error) {
    ram.close();
    throw error;
  }
};

const endOf = ({ code, signal, complaint }: QemuEnd): LinuxEnd => {
  const how = signal === null ? `with code ${code}` : `by ${signal}`;
  return { kind: 'stopped', says: `QEMU ended ${how}${complaint === undefined ? '' : `: ${complaint}`}` };
};

const serve = (machine: Qemu, ram: Ram, cpus: Cpus, mailboxes: bigint): LinuxGuest => {
  /** Why this side ended the machine. */
  let ended: LinuxEnd | undefined;
  let broken: unknown;
  const stop = (end: LinuxEnd): void => {
    ended ??= end;
    machine.kill();
  };

  const answer = (cpu: number): void => {
    const at = mailboxes + BigInt(cpu) * PAGE;
    const mailbox = ram.read(at, MAILBOX_SIZE);
    const trap = readTrap(mailbox);
    const resume = cpus.answer(cpu, trap);
    ram.write(at, writeTrap(mailbox, trap, resume));
    machine.doorbell.write(GO_ON);
  };
  machine.doorbell.on('data', (rings: Uint8Array) => {
    try {
      for (const cpu of rings) if (ended === undefined) answer(cpu);
    } catch (error) {
      if (!(error instanceof GuestStopped || error instanceof HostError)) broken = error;
      stop({ kind: 'stopped', says: error instanceof Error ? error.message : String(error) });
    }
  });

  const end = machine.end.then((how): LinuxEnd => {
    ram.close();
    if (broken !== undefined) throw broken;
    if (ended !== undefined) return ended;
    return cpus.off ? { kind: 'off' } : endOf(how);
  });
  return { consoleIn: machine.consoleIn, consoleOut: machine.consoleOut, end, kill: () => stop({ kind: 'killed' }) };
};
