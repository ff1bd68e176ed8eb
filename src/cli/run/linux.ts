import { PSCI_FID } from '../../abi/index.ts';
import { toHex } from '../../bytes/index.ts';
import { nodeCrypto } from '../../crypto/node.ts';
import { type FetchedToken, HostError, PLAN_DEFAULTS, type RealmPlan } from '../../host/index.ts';
import {
  type KernelImage,
  KernelUnusable,
  type LinuxEnd,
  type LinuxGuest,
  QemuUnusable,
  RealmTooSmall,
  readKernelImage,
  scriptedSmc,
  startLinux,
  withRealmSmc,
} from '../../linux/index.ts';
import type { Platform } from '../../platform/index.ts';
import type { CallOf } from '../command.ts';
import type { linux } from '../commands/linux.ts';
import { badCommandLine, badInput, EXIT, type ExitCode, NoAnswer } from '../exit.ts';
import { readResponseScript } from '../fuzz/read-script.ts';
import { processProgress } from '../io/progress.ts';
import { readInput } from '../io/read.ts';
import type { Terminal } from '../io/terminal.ts';
import { checkWritable, writeOutput } from '../io/write.ts';
import { type ConsoleEnd, connectConsole } from '../linux-console.ts';
import { bootMachine, readMachineSettings } from '../machine-settings.ts';
import { readChallenge } from '../options/challenge.ts';
import { knobsFrom } from '../options/dialect.ts';
import { readRealm } from '../realm/index.ts';

type LinuxCall = CallOf<typeof linux>;

const KERNEL = { what: 'a kernel', maxBytes: 1 << 29 };
const INITRD = { what: 'an initial RAM disk', maxBytes: 1 << 30 };

const readKernel = async (path: string): Promise<KernelImage> => {
  try {
    return readKernelImage(await readInput(path, KERNEL));
  } catch (error) {
    if (error instanceof KernelUnusable) throw badInput(`--kernel ${path}: ${error.message}`, error);
    throw error;
  }
};

/** What a Realm file says beside what a kernel is given anyway. */
const readRealmParts = async ({
  values,
  terminal,
}: LinuxCall): Promise<Pick<RealmPlan, 'hash' | 'rpv' | 'features'>> => {
  const { realm: file, hash, rpv } = values;
  const options = { file, payloads: [], hash, rpv, extends: [], challenge: undefined };
  const { plan, guest, close } = await readRealm(options, (line) => terminal.note(line));
  close();
  const { base, size } = plan.memory;
  const { memory } = PLAN_DEFAULTS;
  const extra = [
    ...(plan.loads.length > 0 ? ['load'] : []),
    ...(base !== memory.base || size !== memory.size ? ['memory'] : []),
    ...(guest.some((step) => step.do === 'extend' || step.challenge !== undefined) ? ['guest'] : []),
  ];
  if (extra.length > 0) {
    throw badInput(`${file}: has ${extra.join(', ')}, which --kernel, --initrd, --memory and the kernel decide here`);
  }
  return { hash: plan.hash, rpv: plan.rpv, features: plan.features };
};

const commandLine = async ({ values, terminal }: LinuxCall): Promise<string> => {
  const { cmdline, challenge } = values;
  const parts = ['console=ttyAMA0', 'panic=-1'];
  if (challenge !== undefined) {
    parts.push(`swcca.challenge=${toHex(await readChallenge(challenge, (line) => terminal.note(line)))}`);
  }
  if (cmdline !== undefined) parts.push(cmdline);
  return parts.join(' ');
};

/** What a run came to, as far as this side saw it. */
interface Seen {
  calls: number;
  tokens: number;
  last: FetchedToken | undefined;
  reset: boolean;
}

const start = async (call: LinuxCall, platform: Platform, seen: Seen): Promise<LinuxGuest> => {
  const { values } = call;
  const { kernel, initrd } = values;
  if (kernel === undefined) throw badCommandLine('--kernel is missing: an arm64 Image of Linux 6.13 or newer');
  const realm = {
    kernel: await readKernel(kernel),
    initrd: initrd === undefined ? undefined : await readInput(initrd, INITRD),
    cmdline: await commandLine(call),
    cpus: values.cpus,
    memoryMib: values.memory,
    realm: await readRealmParts(call),
  };
  let shown: ReturnType<typeof processProgress> | undefined;
  let done = 0;
  try {
    return startLinux({
      platform,
      realm,
      qemu: { program: values.qemu, cpu: values['qemu-cpu'] },
      policy: {
        onExit({ reason, gprs }) {
          if (reason === 'PSCI' && gprs[0] === BigInt(PSCI_FID.PSCI_SYSTEM_RESET)) seen.reset = true;
        },
      },
      onCall() {
        seen.calls += 1;
      },
      onToken(token) {
        seen.tokens += 1;
        seen.last = token;
      },
      onProgress(loaded, total) {
        shown ??= processProgress('building the Realm', total);
        shown.advance(loaded - done);
        done = loaded;
      },
    });
  } catch (error) {
    if (error instanceof QemuUnusable) throw badInput(error.message, error);
    if (error instanceof RealmTooSmall) throw badInput(`--memory ${values.memory}: ${error.message}`, error);
    if (error instanceof HostError) throw badInput(`the Realm cannot be built: ${error.message}`, error);
    throw error;
  } finally {
    shown?.end();
  }
};

/** Says what a user should know who saw only the console. */
const remark = ({ note }: Terminal, { calls, tokens, last }: Seen): void => {
  if (calls === 0) note('the kernel made no SMC: it did not come as far as looking for an RMM');
  else if (last === undefined) {
    note('the guest took no token: its driver is the module arm-cca-guest (CONFIG_ARM_CCA_GUEST)');
  } else {
    note(`the guest took ${tokens} token${tokens === 1 ? '' : 's'}, the last for challenge ${toHex(last.challenge)}`);
  }
};

const conclude = ({ values }: LinuxCall, platform: Platform, seen: Seen, end: LinuxEnd, why: ConsoleEnd): void => {
  if (values.out !== undefined && seen.last !== undefined) writeOutput(values.out, seen.last.token);
  const missing = platform.faults?.missing() ?? [];
  if (missing.length > 0) {
    throw new NoAnswer(`faults that had to act did not: ${missing.map(({ at }) => at).join(', ')}`);
  }
  if (end.kind === 'stopped') throw new NoAnswer(end.says);
  if (why === 'timeout') throw new NoAnswer(`the guest was still running after ${values.timeout} s`);
  if (seen.reset) throw new NoAnswer('the guest asked for a reset, as after a panic: a Realm is over then');
  if (values.out !== undefined && seen.last === undefined)
    throw new NoAnswer(`no token: ${values.out} was not written`);
};

export const runLinux = async (call: LinuxCall): Promise<ExitCode> => {
  const { values, terminal } = call;
  if (values.out === '-') throw badCommandLine('--out cannot be standard output: the console is there');
  if (values.out !== undefined) checkWritable(values.out);
  const settings = await readMachineSettings(values, nodeCrypto, knobsFrom(values), (line) => terminal.note(line));
  const script = values.response === undefined ? undefined : await readResponseScript(values.response);
  const platform = bootMachine(settings, nodeCrypto, undefined);
  const seen: Seen = { calls: 0, tokens: 0, last: undefined, reset: false };
  const answering = script === undefined ? platform : withRealmSmc(platform, scriptedSmc(platform, script));
  const guest = await start(call, answering, seen);
  const console = connectConsole(guest, values.timeout);
  const end = await guest.end.finally(() => console.disconnect());
  remark(terminal, seen);
  conclude(call, platform, seen, end, console.why);
  return EXIT.ok;
};
