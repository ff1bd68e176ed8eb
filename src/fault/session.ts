import { equalBytes, toHex } from '../bytes/index.ts';
import type { TraceSink } from '../trace/index.ts';
import type { Act, ActName, Fault, FaultPlan, RegisterValue, Seam, When } from './plan.ts';

/** Calls of each seam, and how often each fault acted: all that a run of a plan remembers. */
export interface FaultCounts {
  readonly calls: ReadonlyMap<Seam, number>;
  /** By the place of the fault in its plan. */
  readonly fired: ReadonlyMap<number, number>;
}

/** A plan while it runs. */
export interface FaultSession {
  /** Counts one call of a seam. @returns what the faults that are due do, in the order of the plan. */
  due(seam: Seam, carried: readonly Uint8Array[]): readonly Act[];
  readonly counts: FaultCounts;
  /** Faults that have to act and have not yet. */
  missing(): readonly Fault[];
  fork(trace: TraceSink | undefined): FaultSession;
}

const contains = (bytes: Uint8Array, part: Uint8Array): boolean => {
  for (let at = 0; at + part.length <= bytes.length; at++) {
    if (equalBytes(bytes.subarray(at, at + part.length), part)) return true;
  }
  return false;
};

const isDue = (when: When, nth: number, carried: readonly Uint8Array[]): boolean => {
  if ('always' in when) return true;
  if ('nth' in when) return when.nth.some(({ from, to }) => nth >= from && nth <= to);
  return carried.some((bytes) => contains(bytes, when.challenge));
};

const valueText = (value: unknown): string => {
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) {
    return value
      .map((each: RegisterValue | string) => (typeof each === 'string' ? each : `x${each.x}=${each.value}`))
      .join(' ');
  }
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, member]) => `${name} ${valueText(member)}`)
    .join(' ');
};

/** An act in one line. */
export const actText = (act: Act): string =>
  (Object.keys(act) as ActName[])
    .map((name) => (act[name] === true ? name : `${name} ${valueText(act[name])}`))
    .join(', ');

const NOTHING: FaultCounts = { calls: new Map(), fired: new Map() };

export const createFaultSession = (
  plan: FaultPlan,
  trace: TraceSink | undefined,
  before: FaultCounts = NOTHING,
): FaultSession => {
  const calls = new Map(before.calls);
  const fired = new Map(before.fired);
  return {
    due(seam, carried) {
      const nth = (calls.get(seam) ?? 0) + 1;
      calls.set(seam, nth);
      return plan.faults.flatMap((fault, place) => {
        if (fault.at !== seam || !isDue(fault.when, nth, carried)) return [];
        fired.set(place, (fired.get(place) ?? 0) + 1);
        trace?.({ type: 'fault', at: seam, nth, act: actText(fault.act) });
        return [fault.act];
      });
    },
    counts: { calls, fired },
    missing: () => plan.faults.filter(({ requireFired }, place) => requireFired && !fired.has(place)),
    fork: (other) => createFaultSession(plan, other, { calls, fired }),
  };
};
