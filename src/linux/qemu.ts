import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import type { Duplex, Readable, Writable } from 'node:stream';

/** Why QEMU cannot run the machine here: one sentence. */
export class QemuUnusable extends Error {
  override readonly name = 'QemuUnusable';
}

export interface QemuOptions {
  /** The program, by name or path. */
  readonly program: string;
  /** QEMU's model of the CPUs. */
  readonly cpu: string;
  readonly cpus: number;
  readonly ramSize: bigint;
  /** A file that is the RAM. */
  readonly ram: number;
  /** Where the first CPU starts, at EL2. */
  readonly entry: bigint;
}

/** How QEMU ended. */
export interface QemuEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last line that it complained with. */
  readonly complaint: string | undefined;
}

/** A running machine. It ends with this process, however that ends. */
export interface Qemu {
  /** A byte comes in for each CPU that has trapped; a byte goes out for each that may go on. */
  readonly doorbell: Duplex;
  readonly consoleOut: Readable;
  readonly consoleIn: Writable;
  readonly end: Promise<QemuEnd>;
  kill(): void;
}

/** Descriptors of QEMU beside its standard ones. */
const DOORBELL_FD = 3;
const RAM_FD = 4;

/** The oldest QEMU whose machine `virt` has what is used here, as far as it was tried. */
const OLDEST = 7;

const argumentsOf = ({ cpu, cpus, ramSize, entry }: QemuOptions): string[] => [
  ...['-machine', 'virt,virtualization=on,gic-version=3,highmem=off,memory-backend=ram'],
  ...['-accel', 'tcg', '-cpu', cpu, '-smp', `${cpus}`, '-m', `${ramSize / 1024n}K`],
  ...['-object', `memory-backend-file,id=ram,size=${ramSize},share=on,mem-path=/proc/self/fd/${RAM_FD}`],
  ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
  ...['-chardev', 'stdio,id=console,signal=off', '-serial', 'chardev:console'],
  ...['-chardev', `socket,id=doorbell,fd=${DOORBELL_FD}`],
  ...['-semihosting-config', 'enable=on,target=native,chardev=doorbell'],
  ...['-device', `loader,addr=0x${entry.toString(16)},cpu-num=0`],
];

const missing = (program: string): QemuUnusable =>
  new QemuUnusable(`there is no ${program}: install QEMU (Debian: qemu-system-arm), or name it with --qemu`);

/** @throws {QemuUnusable} when the program is no QEMU for arm64 that is new enough. */
export const checkQemu = (program: string): void => {
  if (process.platform !== 'linux') throw new QemuUnusable('a Realm under QEMU needs Linux: its RAM is a shared file');
  const { error, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8', timeout: 20_000 });
  if (error !== undefined) throw missing(program);
  const version = /QEMU emulator version ([0-9]+)[.0-9]*/.exec(stdout);
  if (version === null) throw new QemuUnusable(`${program} is no QEMU system emulator`);
  if (Number(version[1]) < OLDEST) throw new QemuUnusable(`${version[0]} is too old: ${OLDEST}.2 or newer is needed`);
};

/** Linux ends a child with its parent if it is asked to; without this program a parent that is killed leaves QEMU behind. */
const WITH_PARENT = ['setpriv', '--pdeathsig', 'KILL', '--'] as const;
const hasSetpriv = (): boolean => spawnSync(WITH_PARENT[0], ['--version'], { stdio: 'ignore' }).error === undefined;

/** Starts the machine. @throws {QemuUnusable} see `checkQemu`. */
export const startQemu = (options: QemuOptions): Qemu => {
  const words = [...(hasSetpriv() ? WITH_PARENT : []), options.program, ...argumentsOf(options)];
  const [program = options.program, ...rest] = words;
  const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'pipe', 'pipe', options.ram] });
  const doorbell = child.stdio[DOORBELL_FD] as Duplex;
  const consoleIn = child.stdin as Writable;
  const consoleOut = child.stdout as Readable;
  // What a machine that has gone does not take any more is no failure.
  for (const stream of [doorbell, consoleIn]) stream.on('error', () => undefined);
  return { doorbell, consoleIn, consoleOut, end: ended(child), kill: () => void child.kill('SIGKILL') };
};

const MAX_COMPLAINT = 4096;

const ended = (child: ChildProcess): Promise<QemuEnd> => {
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (piece: string) => {
    said = (said + piece).slice(-MAX_COMPLAINT);
  });
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: null, signal: null, complaint: error.message }));
    child.on('close', (code, signal) => {
      resolve({ code, signal, complaint: said.trim().split('\n').at(-1) || undefined });
    });
  });
};
