import { readFileSync } from 'node:fs';
import { parseFaultPlan } from '../../../src/cli/fault-plan.ts';
import { nodeCrypto } from '../../../src/crypto/node.ts';
import { createFaultSession, type FaultSession } from '../../../src/fault/index.ts';
import type { FirmwareSet } from '../../../src/hes/index.ts';
import { PLAN_DEFAULTS } from '../../../src/host/index.ts';
import { type LinuxEnd, type LinuxGuest, readKernelImage, startLinux, withRealmSmc } from '../../../src/linux/index.ts';
import { createPlatform, type Platform, type PlatformOptions, type RealmReply } from '../../../src/platform/index.ts';
import { FID } from '../../../src/response/index.ts';
import { SMALL_FIRMWARE } from '../../support/machine.ts';

/** What the driver of a real kernel made of one challenge. */
export interface DriverReport {
  /** Empty when reading failed. */
  readonly token: Uint8Array;
  /** What the shell's programs said of a failure, or nothing. */
  readonly said: string;
  /** How many CONTINUEs it made. */
  readonly calls: number;
}

/** Answers in place of the RMM, or changes what it is asked. */
export type Answering = (x: readonly bigint[], pe: number, rmm: (x: readonly bigint[]) => RealmReply) => RealmReply;

export interface DriverGuest {
  readonly platform: Platform;
  readonly ready: string;
  /** From now on, attestation calls go through this. */
  answering: Answering | undefined;
  report(challenge: Uint8Array): Promise<DriverReport>;
  /** From now on, this plan holds in place of the one before. Takes a machine that was booted with a plan. */
  faults(plan: string | undefined): Promise<FaultSession | undefined>;
  /** Two reports at once, each on a CPU of its own. */
  both(first: Uint8Array, second: Uint8Array): Promise<readonly DriverReport[]>;
  /** An attribute of the report that `report` uses. */
  show(attribute: string): Promise<string>;
  /** The first warning of the kernel since the last time. */
  warnings(): Promise<string>;
  /** Turns a CPU off or on. @returns how many there are then. */
  cpu(n: number, online: boolean): Promise<number>;
  off(): Promise<LinuxEnd>;
  kill(): void;
}

export const CONTINUE = FID.CONTINUE;

/** As many components as HES takes into one token: it fills most of a granule. */
export const LARGE_FIRMWARE: FirmwareSet = {
  ...SMALL_FIRMWARE,
  name: 'large',
  components: Array.from({ length: 12 }, (_, slot) => ({
    slot,
    type: `COMPONENT_${slot}_OF_MANY`,
    version: `1.${slot}.0`,
    signerId: new Uint8Array(64).fill(0x80 + slot),
    algorithm: 'sha-512' as const,
    digest: new Uint8Array(64).fill(slot),
    lock: false,
  })),
};

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Boots a kernel as a Realm of two vCPUs and waits until its driver is loaded. */
export const bootDriver = async (
  { image, initrd, program }: { readonly image: string; readonly initrd: string; readonly program: string },
  options: Partial<PlatformOptions> = {},
): Promise<DriverGuest> => {
  const platform = createPlatform({ firmware: LARGE_FIRMWARE, crypto: nodeCrypto, ...options });
  let answering: Answering | undefined;
  let calls = 0;
  const watched = withRealmSmc(platform, (x, pe) => {
    const rmm = (asked: readonly bigint[]): RealmReply => platform.realmSmc(asked, pe);
    const attests = x[0] === FID.INIT || x[0] === CONTINUE;
    return answering === undefined || !attests ? rmm(x) : answering(x, pe, rmm);
  });
  const { hash, features } = PLAN_DEFAULTS;
  const guest = startLinux({
    platform: watched,
    qemu: { program, cpu: 'cortex-a72' },
    realm: {
      kernel: readKernelImage(readFileSync(image)),
      initrd: readFileSync(initrd),
      cmdline: 'console=ttyAMA0 panic=-1 quiet',
      cpus: 2,
      memoryMib: 256,
      realm: { hash, features, rpv: new Uint8Array(64) },
    },
    onCall: ([fid]) => {
      if (fid === CONTINUE) calls += 1;
    },
  });
  const answers = conversation(guest);
  const ready = await answers.next('READY');

  const parsed = (line: string, made: number): DriverReport => {
    const [, status, base64 = '', ...said] = line.split(' ');
    return {
      token: status === '0' ? Uint8Array.from(Buffer.from(base64, 'base64')) : new Uint8Array(),
      said: status === '0' ? '' : said.join(' ').replace(/^.*: /, ''),
      calls: made,
    };
  };
  const asked = (command: string, word: string): Promise<string> => {
    guest.consoleIn.write(`${command}\n`);
    return answers.next(word);
  };

  return {
    platform,
    ready,
    get answering() {
      return answering;
    },
    set answering(next) {
      answering = next;
    },
    async report(challenge) {
      calls = 0;
      const line = await asked(`report r ${textOf(challenge)}`, 'REPORT');
      return parsed(line, calls);
    },
    async faults(plan) {
      const { faults: own } = platform;
      if (own === undefined) throw new Error('the machine was booted without a plan');
      const session =
        plan === undefined ? undefined : createFaultSession(await parseFaultPlan(plan, 'plan'), undefined);
      // Every seam of the machine asks this one.
      own.due = (seam, carried) => session?.due(seam, carried) ?? [];
      return session;
    },
    async both(first, second) {
      calls = 0;
      guest.consoleIn.write(`both ${textOf(first)} ${textOf(second)}\n`);
      const lines = [await answers.next('REPORT'), await answers.next('REPORT')].sort();
      await answers.next('BOTH');
      return lines.map((line) => parsed(line, calls));
    },
    show: async (attribute) => Buffer.from(await asked(`show r ${attribute}`, 'SHOW'), 'base64').toString('latin1'),
    warnings: () => asked('warnings', 'WARNINGS'),
    cpu: async (n, online) => Number(await asked(`cpu ${n} ${online ? 1 : 0}`, 'CPU')),
    off() {
      guest.consoleIn.write('off\n');
      return guest.end;
    },
    kill: guest.kill,
  };
};

/** Lines of the console that start with a word, in their order. */
const conversation = ({ consoleOut, end }: LinuxGuest) => {
  let rest = '';
  const lines: string[] = [];
  const waiting: (() => void)[] = [];
  let over: string | undefined;
  const wake = (): void => {
    for (const resume of waiting.splice(0)) resume();
  };
  consoleOut.setEncoding('latin1').on('data', (piece: string) => {
    const parts = (rest + piece).split(/\r?\n/);
    rest = parts.pop() ?? '';
    lines.push(...parts);
    wake();
  });
  void end.then((how) => {
    over = `the guest is gone: ${JSON.stringify(how)}: ${lines.slice(-5).join(' | ')}${rest}`;
    wake();
  });
  return {
    async next(word: string): Promise<string> {
      for (;;) {
        const at = lines.findIndex((line) => line === word || line.startsWith(`${word} `));
        if (at >= 0) return (lines.splice(at, 1)[0] ?? '').slice(word.length + 1);
        if (over !== undefined) throw new Error(over);
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
  };
};
