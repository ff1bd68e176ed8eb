const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What has to be undone when the process is told to stop before it is done. */
const pending = new Set<() => void>();

const undoAll = (): void => {
  for (const undo of pending) undo();
  pending.clear();
};

const stop = (signal: NodeJS.Signals): void => {
  undoAll();
  listen(false);
  // With our listener gone this ends the process as the signal does, so that a shell sees why.
  process.kill(process.pid, signal);
};

/** Listens only while there is something to undo: at other times a signal ends the process at once by itself. */
const listen = (on: boolean): void => {
  for (const signal of SIGNALS) {
    if (on) process.on(signal, stop);
    else process.off(signal, stop);
  }
  if (on) process.on('exit', undoAll);
  else process.off('exit', undoAll);
};

/**
 * Has something undone if the process ends before it says that nobody need do so any more.
 *
 * @param undo  must not wait for anything.
 * @returns says so, and answers whether it was still to be undone.
 */
export const undoneAtEnd = (undo: () => void): (() => boolean) => {
  // One of its own, so that the same function may be given twice.
  const own = (): void => undo();
  if (pending.size === 0) listen(true);
  pending.add(own);
  return () => {
    const known = pending.delete(own);
    if (known && pending.size === 0) listen(false);
    return known;
  };
};
