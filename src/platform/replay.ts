import { fromHex } from '../bytes/index.ts';
import type { Crypto } from '../crypto/index.ts';
import { isOutside } from '../fault/index.ts';
import type { StaticFiles } from '../hes/index.ts';
import type { DeviceValues, Interrupt, RealmAccess, RealmEvent } from '../rmm/index.ts';
import { EVENT_KINDS, type TraceEvent, toJson } from '../trace/index.ts';
import { configFromMembers } from './config-codec.ts';
import { createPlatform, DEVICES, type Platform } from './platform.ts';

/** Where a trace and its replay part: what was recorded and what happened, as JSON; undefined for an end. */
export interface Difference {
  /** Position of the event, from 1: its line in an NDJSON file. */
  readonly line: number;
  readonly recorded: string | undefined;
  readonly happened: string | undefined;
}

/** A recorded event that is no event, or an act that the machine cannot take at that point. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError';
  readonly line: number;
  constructor(line: number, message: string, cause?: unknown) {
    super(message, { cause });
    this.line = line;
  }
}

/** Runs a trace again, event by event. */
export interface Replayer {
  /** The next recorded event, as JSON has it. @returns the difference, if this is where the two part. */
  feed(recorded: unknown): Difference | undefined;
  /** The trace is over. @returns the event that happened beyond it, if there is one. */
  end(): Difference | undefined;
  readonly events: number;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Feeds what came from outside back into a machine made from the trace's own first event, and holds everything else
 * against what the machine does.
 *
 * @param hesFiles  what HES served, where it served files: the key among them is in no trace.
 */
export const createReplayer = (crypto: Crypto, hesFiles?: StaticFiles): Replayer => {
  const happened: string[] = [];
  const trace = (event: TraceEvent): void => {
    happened.push(toJson(event));
  };
  let platform: Platform | undefined;
  let line = 0;

  const machine = (): Platform => {
    if (platform === undefined) throw new ReplayError(line, 'a trace begins with machine.start');
    return platform;
  };

  const act = (event: Json): void => {
    const pe = Number(event['pe'] ?? 0);
    switch (event['type']) {
      case 'machine.start': {
        const config = configFromMembers(event['config']);
        const { device, machine: profile, firmware, dialect } = config;
        const { hes, el3, personality, rmm, chip, faults, staticHes } = config;
        if (staticHes !== undefined && hesFiles === undefined) {
          throw new ReplayError(line, 'HES served files here, which a trace does not hold; give them again');
        }
        const silicon = { device, machine: profile, firmware, dialect, chip, hesFiles };
        platform = createPlatform({ crypto, trace, ...silicon, hes, el3, personality, rmm, faults });
        return;
      }
      case 'host.write':
        machine().write(address(event['pa']), bytesOf(event['bytes']));
        return;
      case 'smc.call': {
        const x = (event['x'] as readonly unknown[]).map(address);
        if (event['caller'] === 'host') machine().smc(x, pe);
        else machine().realmSmc(x, pe);
        return;
      }
      case 'realm.access':
        machine().realmAccess(accessOf(event), pe);
        return;
      case 'pe.interrupt':
        machine().interrupt(event['kind'] as Interrupt, {
          pe,
          polls: Number(event['polls']),
          ...(event['esr'] === undefined ? {} : { esr: address(event['esr']) }),
        });
        return;
      case 'pe.event': {
        const { rec, ...detail } = numbersOf(event['detail']);
        if (event['kind'] === DEVICES) machine().devices(address(rec), detail as DeviceValues);
        else machine().realmEvent({ [String(event['kind'])]: detail } as RealmEvent, pe);
        return;
      }
    }
  };

  return {
    get events() {
      return line;
    },
    feed(recorded) {
      line += 1;
      const type = isObject(recorded) ? recorded['type'] : undefined;
      // What a fault outside the machine did is among the stimuli.
      if (type === 'fault' && isOutside(String((recorded as Json)['at']))) return undefined;
      if (!isObject(recorded) || typeof type !== 'string' || !Object.hasOwn(EVENT_KINDS, type)) {
        throw new ReplayError(line, 'this is no event of a trace');
      }
      if (EVENT_KINDS[type as TraceEvent['type']].stimulus && happened.length === 0) {
        try {
          act(recorded);
        } catch (error) {
          if (error instanceof ReplayError) throw error;
          throw new ReplayError(line, 'the machine cannot take this event here', error);
        }
      }
      const next = happened.shift();
      const text = JSON.stringify(recorded);
      return next === text ? undefined : { line, recorded: text, happened: next };
    },
    end() {
      const next = happened.shift();
      return next === undefined ? undefined : { line: line + 1, recorded: undefined, happened: next };
    },
  };
};

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const address = (value: unknown): bigint => BigInt(value as string);

/** Members of an event, with 64-bit values as they were. */
const numbersOf = (value: unknown): Json => {
  const back = (member: unknown): unknown =>
    Array.isArray(member) ? member.map(back) : typeof member === 'string' ? address(member) : member;
  return Object.fromEntries(Object.entries(isObject(value) ? value : {}).map(([name, member]) => [name, back(member)]));
};

const bytesOf = (value: unknown): Uint8Array => {
  const bytes = typeof value === 'string' ? fromHex(value) : undefined;
  if (bytes === undefined) throw new RangeError('bytes are written as hexadecimal');
  return bytes;
};

const accessOf = (event: Json): RealmAccess => {
  const ipa = address(event['ipa']);
  const length = Number(event['length']);
  const isv = isObject(event['isv']) ? { isv: event['isv'] as { srt: number } } : {};
  if (event['access'] === 'write') return { access: 'write', ipa, bytes: bytesOf(event['bytes']), ...isv };
  return event['access'] === 'fetch' ? { access: 'fetch', ipa, length } : { access: 'read', ipa, length, ...isv };
};
