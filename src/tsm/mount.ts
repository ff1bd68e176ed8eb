import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { serveDevice } from './device.ts';
import type { FuseServer } from './fuse-server.ts';

/** Why a program cannot be shown a report tree on this machine. */
export class TsmUnavailable extends Error {
  override readonly name = 'TsmUnavailable';
}

/** Where Linux shows the tree. */
export const REPORT_FOLDER = '/sys/kernel/config/tsm/report';

export const FUSE_DEVICE = '/dev/fuse';
/** Descriptors of the helper: the device, and the pipe on which it says that everything is in place, or what is not. */
const DEVICE_FD = 3;
const SAYS_FD = 4;
const READY = 'ready';

/**
 * What runs first in the new namespaces: a writable place at /sys/kernel/config, whether the kernel has one or not, and
 * the file system of the inherited descriptor on it. The path comes as $1. It stays as process 1, so that whatever the
 * program leaves behind ends with it.
 */
const SET_UP = `
set -e
folder=$1; shift
exec 5>&2 2>&${SAYS_FD}
mount -t proc proc /proc 2>/dev/null || :
config=/sys/kernel/config
if [ -d "$config" ]; then mount -t tmpfs swcca "$config"; else mount -t tmpfs swcca /sys/kernel; fi
mkdir -p "$folder"
options="fd=${DEVICE_FD},rootmode=40000,user_id=$(id -u),group_id=$(id -g),allow_other,default_permissions"
mount -i -t fuse -o "$options" swcca "$folder"
printf ${READY} >&${SAYS_FD}
exec 2>&5 ${DEVICE_FD}<&- ${SAYS_FD}>&- 5>&-
set +e
"$@"
exit $?
`;

/** A mount namespace and a process namespace; a user who is not root gets a user namespace in which he may mount. */
const namespaces = (): readonly string[] => [
  ...(process.getuid?.() === 0 ? [] : ['--map-root-user']),
  '--mount',
  '--propagation',
  'private',
  '--pid',
  '--fork',
  '--kill-child=KILL',
  '--',
];

const INSTEAD = 'or use --dir, which needs neither';

const firstLine = (text: string): string => text.trim().split('\n')[0] ?? '';

/** Why namespaces cannot be made on this machine, if they cannot. */
export const namespaceProblem = (): string | undefined => {
  const { status, stderr, error } = spawnSync('unshare', [...namespaces(), 'true'], { encoding: 'utf8' });
  if (error !== undefined) return 'there is no program unshare (util-linux)';
  return status === 0 ? undefined : firstLine(stderr);
};

/** Why the device cannot be used on this machine, if it cannot. */
export const deviceProblem = (device = FUSE_DEVICE): string | undefined => {
  try {
    closeSync(openSync(device, 'r+'));
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? 'is missing: load the fuse module' : `cannot be opened (${code}): ask for access`;
  }
};

let checked = false;

/** Looks once whether programs and namespaces can be had. @throws {TsmUnavailable} what is lacking, and what to do. */
const checkMachine = (): void => {
  if (checked) return;
  if (process.platform !== 'linux') throw new TsmUnavailable(`an emulated report tree needs Linux; ${INSTEAD}`);
  for (const program of ['unshare', 'setpriv', 'mount']) {
    if (spawnSync(program, ['--version'], { stdio: 'ignore' }).error !== undefined) {
      throw new TsmUnavailable(`there is no program ${program} (util-linux), which mounts the tree; ${INSTEAD}`);
    }
  }
  const problem = namespaceProblem();
  if (problem !== undefined) {
    throw new TsmUnavailable(`namespaces cannot be made here (${problem}): run as root, ${INSTEAD}`);
  }
  checked = true;
};

/** @throws {TsmUnavailable} */
const openDevice = (device: string): number => {
  const problem = deviceProblem(device);
  if (problem !== undefined) throw new TsmUnavailable(`${device} ${problem}, ${INSTEAD}`);
  return openSync(device, 'r+');
};

/** How a program that saw the tree ended: its exit code, or the signal that ended it. */
export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A program that sees the tree. */
export interface TreeProgram {
  /** The process that made the namespaces: killed, it takes them all with it. What it writes is the program's. */
  readonly child: ChildProcess;
  /** How the program ended. @throws {TsmUnavailable} where the tree could not be mounted. */
  readonly end: Promise<ProgramEnd>;
}

export interface ProgramOptions {
  readonly device?: string;
  /** Whether to gather what the program writes, and give it nothing to read. */
  readonly piped?: boolean;
}

/**
 * Starts a program in namespaces of its own, where the report tree is answered by `server`. The namespaces, the mount,
 * the program and everything that it started end with the program or with this process, however it ends.
 *
 * @throws {TsmUnavailable} where the machine cannot do that.
 */
export const startWithReportTree = (
  command: readonly string[],
  server: FuseServer,
  { device = FUSE_DEVICE, piped = false }: ProgramOptions = {},
): TreeProgram => {
  checkMachine();
  const fuse = openDevice(device);
  const launch = ['--pdeathsig', 'KILL', '--', 'unshare', ...namespaces()];
  const output = piped ? 'pipe' : 'inherit';
  const child = spawn('setpriv', [...launch, 'sh', '-c', SET_UP, 'sh', REPORT_FOLDER, ...command], {
    stdio: [piped ? 'ignore' : 'inherit', output, output, fuse, 'pipe'],
    detached: piped,
  });
  let says = '';
  child.stdio[SAYS_FD]?.on('data', (bytes: Uint8Array) => {
    says += new TextDecoder().decode(bytes);
  });
  const serving = serveDevice(fuse, server);
  const finished = async (): Promise<ProgramEnd> => {
    try {
      const end = await ended(child);
      if (says !== READY && end.signal === null) {
        throw new TsmUnavailable(`the tree cannot be mounted here (${firstLine(says)}): run as root, ${INSTEAD}`);
      }
      return end;
    } finally {
      serving.stop();
    }
  };
  return { child, end: finished() };
};

/** Runs a program as `startWithReportTree` does, to its end. */
export const runWithReportTree = async (
  command: readonly string[],
  server: FuseServer,
  options: ProgramOptions = {},
): Promise<ProgramEnd> => startWithReportTree(command, server, options).end;

const childrenOf = (pid: number): readonly number[] => {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    // It has just ended.
    return [];
  }
};

/** The program is the child of the first process, which is the child of the one that made the namespaces. */
const signalProgram = (launcher: number, signal: NodeJS.Signals): void => {
  for (const pid of childrenOf(launcher).flatMap(childrenOf)) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has just ended.
    }
  }
};

const ended = (child: ChildProcess): Promise<ProgramEnd> =>
  new Promise((resolve, reject) => {
    const forward = (signal: NodeJS.Signals): void => {
      // A terminal has told the program already.
      const heard = signal === 'SIGINT' && process.stdin.isTTY;
      if (!heard && child.pid !== undefined) signalProgram(child.pid, signal);
    };
    process.on('SIGINT', forward);
    process.on('SIGTERM', forward);
    const done = (): void => {
      process.off('SIGINT', forward);
      process.off('SIGTERM', forward);
    };
    child.on('error', (error) => {
      done();
      reject(new TsmUnavailable(`the program cannot be started: ${error.message}`));
    });
    child.on('close', (code, signal) => {
      done();
      resolve({ code, signal });
    });
  });
