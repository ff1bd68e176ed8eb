import { hexNumber } from '../bytes/index.ts';
import type { TraceEvent } from './event.ts';

/** The one place where events become JSON: 64-bit values are `0x…` strings. */
export const toJson = (event: TraceEvent): string =>
  JSON.stringify(event, (_, value: unknown) => (typeof value === 'bigint' ? hexNumber(value) : value));
