import type { ConnectionReport, EndCode } from '../../bridge/index.ts';
import { openLogFile } from '../io/log-file.ts';

/** What became of connections: each in the report, the first strange ones on standard error, all of them counted. */
export interface Ends {
  add(report: ConnectionReport): void;
  readonly counts: Readonly<Partial<Record<EndCode, number>>>;
  readonly connections: number;
  /** Frames that were answered. */
  readonly frames: number;
  close(): void;
}

/** So many ends of one kind are told of, and then counted only: whoever floods would fill a log. */
const TOLD = 5;

/** Ends that are as they should be. */
const QUIET: ReadonlySet<EndCode> = new Set(['CLOSED', 'SHUTDOWN', 'REALM_OFF']);

/** @throws {UsageError} OUTPUT, when the report cannot be written. */
export const collectEnds = (report: string | undefined, note: (text: string) => void): Ends => {
  const file = report === undefined ? undefined : openLogFile(report);
  const counts: Partial<Record<EndCode, number>> = {};
  let connections = 0;
  let frames = 0;
  return {
    counts,
    get connections() {
      return connections;
    },
    get frames() {
      return frames;
    },
    add(end) {
      const { code, says, place, rec, frames: answered } = end;
      const count = (counts[code] ?? 0) + 1;
      counts[code] = count;
      connections += 1;
      frames += answered;
      file?.write(`${JSON.stringify({ place, rec, code, says, frames: answered })}\n`);
      if (QUIET.has(code) || count > TOLD) return;
      const more = count === TOLD ? ` (${code} is only counted from now on)` : '';
      note(`guest ${place}${rec === undefined ? '' : `.${rec}`}: ${code} after ${answered} frames: ${says}${more}`);
    },
    close: () => file?.close(),
  };
};
