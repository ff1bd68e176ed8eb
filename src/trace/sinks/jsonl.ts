import type { TraceSink } from '../event.ts';
import { toJson } from '../json.ts';

/**
 * A sink that writes each event as one line of JSON: the form in which traces are kept and replayed.
 *
 * @param write  takes whole lines, each with its line feed.
 */
export const jsonlSink =
  (write: (line: string) => void): TraceSink =>
  (event) =>
    write(`${toJson(event)}\n`);
