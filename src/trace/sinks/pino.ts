import { destination, pino } from 'pino';
import { EVENT_KINDS, type Level, type TraceSink } from '../event.ts';
import { toJson } from '../json.ts';

/**
 * A sink that logs each event to standard error with pino, at the level of its kind.
 *
 * @param level  the quietest level that is written: `info` is a few lines for each boot, `trace` is everything.
 */
export const pinoSink = (level: Level): TraceSink => {
  // Written at once, so that nothing is lost when the process ends.
  const log = pino({ level, base: null }, destination({ dest: 2, sync: true }));
  return (event) => {
    const { level: loudness } = EVENT_KINDS[event.type];
    if (log.isLevelEnabled(loudness)) log[loudness](JSON.parse(toJson(event)));
  };
};
