import type { Registers } from '../trace/index.ts';
import { type Command, type Failure, isOnce } from './command.ts';

/** What the parts of a command are given: inputs, context values and the monitor, under their names. */
export type RawFrame = Record<string, unknown>;

/** Context values as getters, which read from the object that they are asked of. */
export const contextGetters = (context: NonNullable<Command['context']>): PropertyDescriptorMap => {
  const getters: PropertyDescriptorMap = {};
  for (const [name, value] of Object.entries(context)) {
    const read = value as (x: object) => unknown;
    const get = isOnce(read)
      ? function (this: RawFrame): unknown {
          const seen = this[SEEN] as Map<unknown, unknown>;
          if (!seen.has(read)) seen.set(read, read(this));
          return seen.get(read);
        }
      : function (this: RawFrame): unknown {
          return read(this);
        };
    getters[name] = { get, enumerable: true, configurable: true };
  }
  return getters;
};

/** What was sampled before an effect that samples nothing. */
const NOTHING = Object.freeze({});

/** Where a frame keeps the context values that are read once in a call. */
const SEEN = ' seen';

interface Input {
  readonly name: string;
  readonly first: number;
  readonly parse: (x: Registers, first: number) => unknown;
}

interface Output {
  readonly name: string;
  readonly first: number;
  readonly format: (x: bigint[], first: number, value: unknown) => void;
}

interface Condition<R> {
  readonly id: string;
  readonly pre: (frame: object) => boolean;
  readonly failure: Failure<never, R>;
}

/** A command as the runner reads it: each list is made once, not in every call. */
export interface Prepared<R> {
  readonly command: Command<R>;
  readonly inputs: readonly Input[];
  readonly outputs: readonly Output[];
  /** The failure conditions in the order of the command. */
  readonly conditions: readonly Condition<R>[];
  readonly before: ((frame: object) => object) | undefined;
  readonly effect: (frame: object) => object | undefined;
  /** The context values of the command, as getters. */
  readonly context: object;
  /** Whether some of them are read once in a call. */
  readonly remembers: boolean;
  /** A frame that no call is using: to make one costs more than many a command does. */
  spare: RawFrame | undefined;
}

export const prepare = <R>(command: Command<R>): Prepared<R> => {
  const { context = {}, inputs, outputs, failures, before, effect } = command;
  return {
    command,
    inputs: Object.entries(inputs).map(([name, { first, type }]) => ({ name, first, parse: type.parse })),
    outputs: Object.entries(outputs).map(([name, { first, type }]) => ({ name, first, format: type.format })),
    conditions: Object.entries(failures).map(([id, failure]) => ({
      id,
      pre: failure.pre as (frame: object) => boolean,
      failure,
    })),
    before: before as Prepared<R>['before'],
    effect: effect as Prepared<R>['effect'],
    context: Object.defineProperties({}, { ...contextGetters(context), before: { value: NOTHING, writable: true } }),
    remembers: Object.values(context).some(isOnce),
    spare: undefined,
  };
};

/** Writes a command's outputs into result registers. */
export const writeOutputs = (
  { outputs }: Prepared<unknown>,
  out: Readonly<Record<string, unknown>>,
  x: bigint[],
): void => {
  for (let i = 0; i < outputs.length; i += 1) {
    const { name, first, format } = outputs[i]!;
    const value = out[name];
    if (value !== undefined) format(x, first, value);
  }
};

/** Inputs and context under their names. No context value is read. */
export const frameOf = (prepared: Prepared<unknown>, x: Registers, rmm: object): RawFrame => {
  const frame = prepared.spare ?? (Object.create(prepared.context) as RawFrame);
  prepared.spare = undefined;
  frame['rmm'] = rmm;
  if (prepared.remembers) frame[SEEN] = new Map();
  const { inputs } = prepared;
  for (let i = 0; i < inputs.length; i += 1) {
    const { name, first, parse } = inputs[i]!;
    frame[name] = parse(x, first);
  }
  return frame;
};
