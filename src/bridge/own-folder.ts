import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'swcca-serve-';
const OWNER = 'owner';

/** A process, so that it is not taken for another one of the same number. */
interface Owner {
  readonly pid: number;
  /** When it started, in ticks since the boot. */
  readonly start: string;
  readonly boot: string;
  /** The namespace in which it has that number. */
  readonly namespace: string;
}

/** Fields of /proc/PID/stat that follow the name of the program, which may have anything in it. */
const START_AFTER_NAME = 19;

/** When a process started, or undefined where there is none. */
const startOf = (pid: number): string | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[START_AFTER_NAME];
  } catch {
    return undefined;
  }
};

/** This process, or undefined where the system does not tell. */
const ourselves = (): Owner | undefined => {
  try {
    const start = startOf(process.pid);
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const namespace = readlinkSync('/proc/self/ns/pid');
    return start === undefined ? undefined : { pid: process.pid, start, boot, namespace };
  } catch {
    return undefined;
  }
};

/** Whether the owner of a folder is certainly gone: what cannot be told is left alone. */
const isLeft = (folder: string, us: Owner): boolean => {
  try {
    const stats = lstatSync(folder);
    if (!stats.isDirectory() || stats.uid !== process.getuid?.()) return false;
    const owner = JSON.parse(readFileSync(join(folder, OWNER), 'utf8')) as Partial<Owner> | null;
    if (typeof owner?.pid !== 'number' || typeof owner.start !== 'string') return false;
    return owner.boot === us.boot && owner.namespace === us.namespace && startOf(owner.pid) !== owner.start;
  } catch {
    return false;
  }
};

/**
 * Makes a folder that only this user may enter, and removes those of servers that were killed together with what would
 * have removed them.
 */
export const makeOwnFolder = (parent = tmpdir()): string => {
  const us = ourselves();
  if (us !== undefined) {
    for (const name of readdirSync(parent)) {
      const folder = join(parent, name);
      if (name.startsWith(PREFIX) && isLeft(folder, us)) rmSync(folder, { recursive: true, force: true });
    }
  }
  const made = mkdtempSync(join(parent, PREFIX));
  if (us !== undefined) writeFileSync(join(made, OWNER), JSON.stringify(us), { mode: 0o600 });
  return made;
};
