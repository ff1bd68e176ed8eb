import { type TraceSink, toJson } from '../../trace/index.ts';

/**
 * Characters that are gathered before they are written. The trace of a small Realm is less: no file is there then before
 * the run is over, and a signal ends it at once.
 */
const BUFFER = 1 << 24;

/** A sink that writes each event as a line of JSON. `flush` writes what is still gathered. */
export const ndjsonSink = (write: (text: string) => void): { readonly sink: TraceSink; flush(): void } => {
  let pending = '';
  const flush = (): void => {
    if (pending !== '') write(pending);
    pending = '';
  };
  return {
    sink: (event) => {
      pending += `${toJson(event)}\n`;
      if (pending.length >= BUFFER) flush();
    },
    flush,
  };
};
