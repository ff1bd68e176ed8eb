import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { MAX_SOCKET_PATH, makeOwnFolder, socketPathOf } from '../../bridge/index.ts';
import { badCommandLine, UsageError } from '../exit.ts';
import { unwritable } from '../io/write.ts';

/** A folder for sockets and memory, for this user alone. */
export interface ServeFolder {
  readonly path: string;
  /** Removes it. */
  remove(): void;
}

/** A folder that somebody named: what is in it is not ours to remove. */
const named = (given: string): string => {
  const path = resolve(given);
  try {
    mkdirSync(path, { mode: 0o700 });
    return path;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unwritable(path, error);
  }
  const { mode, uid } = statSync(path);
  if ((mode & 0o077) !== 0 || uid !== process.getuid?.()) {
    throw badCommandLine(`--dir ${given}: others can enter it; chmod 700 it, or name one that is not there yet`);
  }
  if (readdirSync(path).length > 0) {
    throw badCommandLine(`--dir ${given}: is not empty; another server may be there: name another, or remove it`);
  }
  return path;
};

/**
 * Waits until this process is gone, however it went, and removes the folder unless it was told that nothing is left to do.
 * It is in a session of its own, so that what ends a group of processes does not end it.
 */
const REAPER = 'if read -r _; then exit 0; fi; rm -rf -- "$1"';

const startReaper = (path: string): (() => void) => {
  const reaper = spawn('/bin/sh', ['-c', REAPER, 'sh', path], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  // Without a shell there is no reaper; everything else works.
  reaper.on('error', () => undefined);
  reaper.stdin.on('error', () => undefined);
  reaper.unref();
  return () => void reaper.stdin.end('done\n');
};

/** @throws {UsageError} when there can be no such folder. */
export const openFolder = (dir: string | undefined, places: number): ServeFolder => {
  const path = dir === undefined ? makeOwnFolder() : named(dir);
  const remove = (): void => rmSync(path, { recursive: true, force: true });
  const longest = Buffer.byteLength(socketPathOf(path, places - 1));
  if (longest > MAX_SOCKET_PATH) {
    remove();
    throw new UsageError(
      'COMMAND_LINE',
      `--dir ${dir ?? path}: a socket there would have a name of ${longest} bytes, and ${MAX_SOCKET_PATH} are possible; name a folder with a shorter path`,
    );
  }
  const done = startReaper(path);
  return {
    path,
    remove: () => {
      remove();
      done();
    },
  };
};
