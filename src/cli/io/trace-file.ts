import { type TraceSink, toJson } from '../../trace/index.ts';

/** Characters that are gathered before they are written: an event is small and there are many. */
const BUFFER = 1 << 16;

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
