import type { Hex } from '../bytes/index.ts';

/** A register file or part of one: index n is Xn. */
export type Registers = readonly bigint[];

/** Plain data under the specification's names: what a structure's or a command's members become in an event. */
export type Members = { readonly [name: string]: EventValue };
export type EventValue = string | number | bigint | boolean | undefined | readonly EventValue[] | Members;

/** Who issues an SMC that comes from outside the monitor. */
export type Caller = 'host' | 'realm';

/**
 * Everything that happens in a machine, as one stream of plain values. The stimuli (`stimulus: true` in `EVENT_KINDS`)
 * are enough to run the machine again; the rest is enough to rebuild and draw its state without running it.
 */
export type TraceEvent =
  // What the machine is, and what the outside does to it.
  | { readonly type: 'machine.start'; readonly format: number; readonly version: string; readonly config: Members }
  | { readonly type: 'host.write'; readonly pa: bigint; readonly bytes: Hex }
  | { readonly type: 'smc.call'; readonly caller: Caller; readonly pe: number; readonly x: Registers }
  | {
      readonly type: 'realm.access';
      readonly pe: number;
      readonly access: 'read' | 'write' | 'fetch';
      readonly ipa: bigint;
      readonly length: number;
      readonly bytes?: Hex;
      readonly isv?: Members;
    }
  | {
      readonly type: 'pe.interrupt';
      readonly pe: number;
      readonly kind: 'IRQ' | 'FIQ' | 'SERROR';
      readonly polls: number;
      /** The syndrome of an SError. */
      readonly esr?: bigint;
    }
  /** `wfi`, `wfe` and `hvc` of a Realm; `devices` is what a script makes the devices of a REC show. */
  | { readonly type: 'pe.event'; readonly pe: number; readonly kind: string; readonly detail: Members }
  // What it answers.
  | { readonly type: 'smc.return'; readonly caller: Caller; readonly pe: number; readonly x: Registers }
  | { readonly type: 'realm.access.result'; readonly pe: number; readonly result: string; readonly bytes?: Hex }
  // The runner: a command, each condition it checks, its outcome.
  | { readonly type: 'command.enter'; readonly command: string; readonly spec: string; readonly inputs: Members }
  | {
      readonly type: 'command.check';
      readonly command: string;
      readonly id: string;
      readonly failed: boolean;
      readonly says: string;
    }
  | {
      readonly type: 'command.return';
      readonly command: string;
      readonly result: string;
      readonly failed?: string;
      readonly outputs: Members;
    }
  // Changes of state.
  | { readonly type: 'gpt.entry'; readonly pa: bigint; readonly from: string; readonly to: string }
  | { readonly type: 'granule.state'; readonly pa: bigint; readonly from: string; readonly to: string }
  | { readonly type: 'realm.change'; readonly rd: bigint; readonly from?: Members; readonly to?: Members }
  | { readonly type: 'rec.change'; readonly rec: bigint; readonly from?: Members; readonly to?: Members }
  | { readonly type: 'rtt.table'; readonly rtt: bigint; readonly level: number; readonly entries?: Members }
  | {
      readonly type: 'rtt.entry';
      readonly rtt: bigint;
      readonly level: number;
      readonly index: number;
      readonly from: Members;
      readonly to: Members;
    }
  | {
      readonly type: 'measurement';
      readonly rd: bigint;
      readonly slot: number;
      readonly step: string;
      readonly descriptor: Members;
      readonly from: Hex;
      readonly to: Hex;
    }
  | {
      readonly type: 'attest.state';
      readonly rec: bigint;
      readonly from: string;
      readonly to: string;
      readonly detail: Members;
    }
  | { readonly type: 'realm.enter'; readonly pe: number; readonly rec: bigint; readonly pc: bigint }
  | { readonly type: 'realm.exit'; readonly pe: number; readonly rec: bigint; readonly exit: Members }
  // The platform behind EL3.
  | { readonly type: 'el3.call'; readonly call: string; readonly x: Registers; readonly result: Registers }
  | { readonly type: 'hes.boot'; readonly epoch: number; readonly detail: Members }
  | {
      readonly type: 'hes.extend';
      readonly slot: number;
      readonly detail: Members;
      readonly from: Hex;
      readonly to: Hex;
      readonly result: string;
    }
  | { readonly type: 'hes.delegated_key'; readonly detail: Members; readonly result: string }
  | { readonly type: 'hes.platform_token'; readonly detail: Members; readonly result: string }
  /** What happens to a chip apart from its services: a reset, a step of its life, an activation. */
  | { readonly type: 'hes.operation'; readonly op: string; readonly detail: Members; readonly result: string }
  /** A fault of a plan did what it does, at the `nth` call of its seam. */
  | { readonly type: 'fault'; readonly at: string; readonly nth: number; readonly act: string }
  | { readonly type: 'rmm.boot'; readonly detail: Members };

export type TraceSink = (event: TraceEvent) => void;

/** How loud each event is, for sinks that have levels. */
export type Level = 'info' | 'debug' | 'trace';

/** What each kind of event is to its readers. `stimulus` ones come from outside and are what a replay feeds back. */
export const EVENT_KINDS = {
  'machine.start': { level: 'info', stimulus: true },
  'host.write': { level: 'trace', stimulus: true },
  'smc.call': { level: 'debug', stimulus: true },
  'realm.access': { level: 'debug', stimulus: true },
  'pe.interrupt': { level: 'debug', stimulus: true },
  'pe.event': { level: 'debug', stimulus: true },
  'smc.return': { level: 'debug', stimulus: false },
  'realm.access.result': { level: 'debug', stimulus: false },
  'command.enter': { level: 'debug', stimulus: false },
  'command.check': { level: 'trace', stimulus: false },
  'command.return': { level: 'debug', stimulus: false },
  'gpt.entry': { level: 'trace', stimulus: false },
  'granule.state': { level: 'trace', stimulus: false },
  'realm.change': { level: 'debug', stimulus: false },
  'rec.change': { level: 'trace', stimulus: false },
  'rtt.table': { level: 'trace', stimulus: false },
  'rtt.entry': { level: 'trace', stimulus: false },
  measurement: { level: 'debug', stimulus: false },
  'attest.state': { level: 'debug', stimulus: false },
  'realm.enter': { level: 'debug', stimulus: false },
  'realm.exit': { level: 'debug', stimulus: false },
  'el3.call': { level: 'debug', stimulus: false },
  'hes.boot': { level: 'info', stimulus: false },
  'hes.extend': { level: 'debug', stimulus: false },
  'hes.delegated_key': { level: 'debug', stimulus: false },
  'hes.platform_token': { level: 'debug', stimulus: false },
  'hes.operation': { level: 'info', stimulus: false },
  fault: { level: 'info', stimulus: false },
  'rmm.boot': { level: 'info', stimulus: false },
} as const satisfies Record<TraceEvent['type'], { readonly level: Level; readonly stimulus: boolean }>;

/** One sink that feeds several, in order. */
export const allOf =
  (...sinks: readonly TraceSink[]): TraceSink =>
  (event) => {
    for (const sink of sinks) sink(event);
  };
