import { rmSync } from 'node:fs';

/** Files and folders that exist only while something is being written: gone when the process is told to stop. */
const pending = new Set<string>();
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const remove = (path: string): void => rmSync(path, { recursive: true, force: true });

const stop = (signal: NodeJS.Signals): void => {
  for (const path of pending) remove(path);
  pending.clear();
  listen(false);
  // With our listener gone this ends the process as the signal does, so that a shell sees why.
  process.kill(process.pid, signal);
};

/** Listens only while there is something to remove: at other times a signal ends the process at once by itself. */
const listen = (on: boolean): void => {
  for (const signal of SIGNALS) {
    if (on) process.on(signal, stop);
    else process.off(signal, stop);
  }
};

export interface Scratch {
  readonly path: string;
  /** It is in its place now, and no longer ours to remove. */
  keep(): void;
  /** Removes it, if it was not kept. */
  discard(): void;
}

let count = 0;

/** Names a path beside `target`, on the same file system, that is removed unless it is kept. Creates nothing. */
export const scratchBeside = (target: string): Scratch => {
  const path = `${target}.swcca-${process.pid}-${count++}`;
  if (pending.size === 0) listen(true);
  pending.add(path);
  const forget = (): boolean => {
    const known = pending.delete(path);
    if (known && pending.size === 0) listen(false);
    return known;
  };
  return {
    path,
    keep: () => void forget(),
    discard: () => {
      if (forget()) remove(path);
    },
  };
};
