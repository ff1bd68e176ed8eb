import type { Option } from '../command.ts';
import { choice, flag } from './values.ts';

/** How much a run tells of itself on standard error. */
export const LOG_LEVELS = ['info', 'debug', 'trace'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What every command takes. */
export const common = {
  'log-level': {
    kind: 'option',
    value: LOG_LEVELS.join('|'),
    help: 'log to standard error, as JSON lines; nothing is logged without it',
    parse: (text) => choice(LOG_LEVELS, text),
  } satisfies Option<LogLevel>,
} as const;

/** What commands take that have something to read. */
export const json = { json: flag('print the answer as JSON') } as const;
