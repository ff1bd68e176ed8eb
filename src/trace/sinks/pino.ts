import { type DestinationStream, destination, pino } from 'pino';
import { EVENT_KINDS, type Level, type TraceSink } from '../event.ts';
import { toJson } from '../json.ts';

/** Standard error, written at once, so that nothing is lost when the process ends. */
const standardError = (): DestinationStream => destination({ dest: 2, sync: true });

/**
 * A sink that logs each event with pino, at the level of its kind.
 *
 * @param level  the quietest level that is written: `info` is a few lines for each boot, `trace` is everything.
 * @param to     where the lines go; by default standard error.
 */
export const pinoSink = (level: Level, to: DestinationStream = standardError()): TraceSink => {
  // Events have members of their own called `level`: they stay below `event`.
  const log = pino({ level, base: null, nestedKey: 'event' }, to);
  return (event) => {
    const { level: loudness } = EVENT_KINDS[event.type];
    if (log.isLevelEnabled(loudness)) log[loudness](JSON.parse(toJson(event)), event.type);
  };
};
