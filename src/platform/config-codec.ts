import { fromHex, toHex } from '../bytes/index.ts';
import type { EventValue, Members } from '../trace/index.ts';
import type { PlatformConfig } from './config.ts';

/** Bytes and big numbers carry their kind in a trace, so that a config comes back as it was. */
const BYTES = 'hex:';
const BIGINT = 'n:';

const toValue = (value: unknown): EventValue => {
  if (value instanceof Uint8Array) return `${BYTES}${toHex(value)}`;
  if (typeof value === 'bigint') return `${BIGINT}${value}`;
  if (Array.isArray(value)) return value.map(toValue);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([key, member]) => [key, toValue(member)]),
    );
  }
  return value as EventValue;
};

const fromValue = (value: unknown): unknown => {
  if (typeof value === 'string' && value.startsWith(BYTES)) return fromHex(value.slice(BYTES.length)) ?? value;
  if (typeof value === 'string' && /^n:-?\d{1,20}$/.test(value)) return BigInt(value.slice(BIGINT.length));
  if (Array.isArray(value)) return value.map(fromValue);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fromValue(member)]));
  }
  return value;
};

/** A config as the first event of a trace carries it. */
export const configToMembers = (config: PlatformConfig): Members => toValue(config) as Members;

/** The config of a trace. Whether it is one is for whoever runs it to find out: every part is checked when it is used. */
export const configFromMembers = (members: unknown): PlatformConfig => fromValue(members) as PlatformConfig;
