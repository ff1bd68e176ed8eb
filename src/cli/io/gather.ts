/**
 * Characters that are gathered before they are written. The trace of a small Realm is less: no file is there then before
 * the run is over, and a signal ends it at once.
 */
const BUFFER = 1 << 24;

export interface Gatherer {
  write(text: string): void;
  /** Writes what is still gathered. */
  flush(): void;
}

/** Turns many small writes into few large ones. */
export const gather = (write: (text: string) => void, buffer = BUFFER): Gatherer => {
  let pending = '';
  const flush = (): void => {
    if (pending !== '') write(pending);
    pending = '';
  };
  return {
    write: (text) => {
      pending += text;
      if (pending.length >= buffer) flush();
    },
    flush,
  };
};
