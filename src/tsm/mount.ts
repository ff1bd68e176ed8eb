import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, read, writeSync } from 'node:fs';
import { FUSE_MAX_WRITE, type FuseServer } from './fuse-server.ts';

/** Why a program cannot be shown a report tree on this machine. */
export class TsmUnavailable extends Error {
  override readonly name = 'TsmUnavailable';
}

/** Where Linux shows the tree. */
export const REPORT_FOLDER = '/sys/kernel/config/tsm/report';

const FUSE_DEVICE = '/dev/fuse';
/** Descriptors of the helper: the device, and the pipe on which it says that everything is in place. */
const DEVICE_FD = 3;
const READY_FD = 4;

/**
 * What runs in the new mount namespace, before it becomes the program: a writable place at /sys/kernel/config, whether
 * the kernel has one or not, and the file system of the inherited descriptor on it. The path comes as $1.
 */
const SET_UP = `
set -e
folder=$1; shift
config=/sys/kernel/config
if [ -d "$config" ]; then mount -t tmpfs swcca "$config"; else mount -t tmpfs swcca /sys/kernel; fi
mkdir -p "$folder"
mount -i -t fuse -o "fd=${DEVICE_FD},rootmode=40000,user_id=$(id -u),group_id=$(id -g),allow_other" swcca "$folder"
printf ready >&${READY_FD}
exec ${DEVICE_FD}<&- ${READY_FD}>&-
exec "$@"
`;

const needs = (): void => {
  if (process.platform !== 'linux') throw new TsmUnavailable('an emulated report tree needs Linux');
  if (!existsSync(FUSE_DEVICE))
    throw new TsmUnavailable(`${FUSE_DEVICE} is missing: load the fuse module, or use --dir`);
  for (const program of ['unshare', 'setpriv', 'mount']) {
    if (spawnSync(program, ['--version'], { stdio: 'ignore' }).error !== undefined) {
      throw new TsmUnavailable(`there is no program ${program} (util-linux), which mounts the tree; or use --dir`);
    }
  }
};

/** How a program that saw the tree ended: its exit code, or the signal that ended it. */
export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * Runs a program in a mount namespace of its own, where the report tree is answered by `server`. The namespace, the
 * mount and the program end with this process, however it ends.
 *
 * @throws {TsmUnavailable} where the machine cannot do that.
 */
export const runWithReportTree = async (command: readonly string[], server: FuseServer): Promise<ProgramEnd> => {
  needs();
  const device = openSync(FUSE_DEVICE, 'r+');
  // A user who is not root gets a user namespace in which he may mount.
  const user = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  const launch = ['--pdeathsig', 'KILL', '--', 'unshare', ...user, '--mount', '--propagation', 'private', '--'];
  const child = spawn('setpriv', [...launch, 'sh', '-c', SET_UP, 'sh', REPORT_FOLDER, ...command], {
    stdio: ['inherit', 'inherit', 'inherit', device, 'pipe'],
  });
  let ready = false;
  child.stdio[READY_FD]?.on('data', () => {
    ready = true;
  });
  const serving = serve(device, server);
  try {
    const end = await ended(child);
    if (!ready) throw new TsmUnavailable('the tree cannot be mounted here: it takes a mount namespace and FUSE in it');
    return end;
  } finally {
    serving.stop();
  }
};

const ended = (child: ChildProcess): Promise<ProgramEnd> =>
  new Promise((resolve, reject) => {
    const forward = (signal: NodeJS.Signals): void => {
      child.kill(signal);
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

/** Reads one request at a time, answers it, reads the next; ends when the mount is gone. */
const serve = (device: number, server: FuseServer): { stop(): void } => {
  const buffer = new Uint8Array(FUSE_MAX_WRITE + 0x1000);
  let open = true;
  const close = (): void => {
    if (!open) return;
    open = false;
    closeSync(device);
  };
  const next = (): void => {
    if (!open) return;
    read(device, buffer, 0, buffer.length, null, (error, length) => {
      if (error !== null) {
        // ENOENT: the request was withdrawn before it was read. Not yet mounted: EPERM.
        if (error.code === 'ENOENT' || error.code === 'EINTR' || error.code === 'EAGAIN') return next();
        if (error.code === 'EPERM') {
          setTimeout(next, 1);
          return;
        }
        return close();
      }
      const reply = server(buffer.subarray(0, length));
      if (reply !== undefined && open) answer(device, reply);
      next();
    });
  };
  next();
  return { stop: close };
};

const answer = (device: number, reply: Uint8Array): void => {
  try {
    writeSync(device, reply);
  } catch (error) {
    // ENOENT: whoever asked was interrupted and does not wait any more.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
};
