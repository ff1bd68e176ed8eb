import { hexNumber } from '../bytes/index.ts';
import type { TraceEvent } from './event.ts';

const plain = (_: string, value: unknown): unknown => {
  if (typeof value === 'bigint') return hexNumber(value);
  // A member that lost its value says so: JSON would leave it out, and it would seem to have kept it.
  return value === undefined ? null : value;
};

/** The one place where events become JSON: 64-bit values are `0x…` strings, and no value is null. */
export const toJson = (event: TraceEvent): string => JSON.stringify(event, plain);
