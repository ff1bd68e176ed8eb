import { accessSync, closeSync, constants, openSync, realpathSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { utf8 } from '../../bytes/index.ts';
import { badOutput, UsageError } from '../exit.ts';
import { type Scratch, scratchBeside } from './scratch.ts';
import { systemReason } from './system-error.ts';

/** Turns a refusal of the operating system into a sentence. */
export const unwritable = (path: string, error: unknown): UsageError => {
  if (error instanceof UsageError) return error;
  const reason = systemReason(error);
  if (reason === undefined) throw error;
  return badOutput(`${path}: cannot be written: ${reason}`, error);
};

/** Whether a path leads to something that is written in place: a device or a pipe, such as /dev/null. */
const isDevice = (path: string): boolean => {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && !stats.isFile() && !stats.isDirectory();
};

/**
 * Whether a file can be put at `path`, as far as can be told before there is anything to put there.
 *
 * @throws {UsageError} OUTPUT
 */
export const checkWritable = (path: string): void => {
  if (path === '-') return;
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory() === true) throw badOutput(`${path}: is a directory; name a file`);
    if (stats !== undefined) accessSync(path, constants.W_OK);
    // A file is made beside its place and renamed, so the folder has to be writable even when the file is there.
    if (stats === undefined || stats.isFile()) accessSync(dirname(path), constants.W_OK);
  } catch (error) {
    throw unwritable(path, error);
  }
};

/** Where a symbolic link leads: what it names is replaced, not the link. */
const followed = (path: string): string => {
  try {
    return realpathSync(path);
  } catch {
    return path; // nothing is there yet
  }
};

/** A file that grows while a command runs, and appears under its name only when it is whole. */
export interface OutputFile {
  write(data: string | Uint8Array): void;
  /** Puts it in its place. */
  commit(): void;
  /** Leaves nothing behind. Does nothing after `commit`. */
  discard(): void;
}

/**
 * Opens a file for writing. Nothing is created before the first write, so that until then a signal may end the process
 * at once.
 *
 * @throws {UsageError} OUTPUT, here and from each method.
 */
export const openOutput = (path: string): OutputFile => {
  checkWritable(path);
  let target = path;
  let scratch: Scratch | undefined;
  let fd: number | undefined;
  const open = (): number => {
    target = followed(path);
    scratch = isDevice(path) ? undefined : scratchBeside(target);
    fd = openSync(scratch?.path ?? path, 'w');
    return fd;
  };
  const close = (): void => {
    if (fd !== undefined) closeSync(fd);
    fd = undefined;
  };
  const discard = (): void => {
    close();
    scratch?.discard();
  };
  const guarded = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      discard();
      throw unwritable(path, error);
    }
  };
  return {
    write: (data) => guarded(() => writeWhole(fd ?? open(), typeof data === 'string' ? utf8(data) : data)),
    commit: () =>
      guarded(() => {
        close();
        if (scratch === undefined) return;
        renameSync(scratch.path, target);
        scratch.keep();
      }),
    discard,
  };
};

/** A write may take less than it is given. */
export const writeWhole = (fd: number, bytes: Uint8Array): void => {
  for (let rest = bytes; rest.length > 0; ) rest = rest.subarray(writeSync(fd, rest));
};

/**
 * Writes a file that is either whole or not there: beside its place first, then renamed.
 *
 * @throws {UsageError} OUTPUT
 */
export const writeOutput = (path: string, data: string | Uint8Array): void => {
  const file = openOutput(path);
  file.write(data);
  file.commit();
};
