import type { Registers } from '../trace/index.ts';
import { type Command, type Failure, isOnce } from './command.ts';
import type { Reg } from './register.ts';

/** What the parts of a command are given: inputs, context values and the monitor, under their names. */
export type RawFrame = Record<string, unknown>;

/** Context values as getters, which read from the object that they are asked of. */
export const contextGetters = (context: NonNullable<Command['context']>): PropertyDescriptorMap => {
  const getters: PropertyDescriptorMap = {};
  for (const [name, value] of Object.entries(context)) {
    const read = value as (x: object) => unknown;
    const get = isOnce(read)
      ? function (this: object): unknown {
          const found = read(this);
          Object.defineProperty(this, name, { value: found, enumerable: true, configurable: true });
          return found;
        }
      : function (this: object): unknown {
          return read(this);
        };
    getters[name] = { get, enumerable: true, configurable: true };
  }
  return getters;
};

/** A command as the runner reads it: each list is made once, not in every call. */
export interface Prepared<R> {
  readonly command: Command<R>;
  /** The frames of a command have one prototype: to define getters for each of them would cost more than the command. */
  readonly Frame: new () => RawFrame;
  readonly inputs: readonly (readonly [name: string, reg: Reg<unknown>])[];
  readonly outputs: readonly (readonly [name: string, reg: Reg<unknown>])[];
  /** The failure conditions in the order of the command. */
  readonly conditions: readonly (readonly [id: string, failure: Failure<never, R>])[];
}

export const prepare = <R>(command: Command<R>): Prepared<R> => {
  class Frame {}
  Object.defineProperties(Frame.prototype, contextGetters(command.context ?? {}));
  return {
    command,
    Frame: Frame as unknown as new () => RawFrame,
    inputs: Object.entries(command.inputs),
    outputs: Object.entries(command.outputs),
    conditions: Object.entries(command.failures),
  };
};

/** Writes a command's outputs into result registers. */
export const writeOutputs = (
  { outputs }: Prepared<unknown>,
  out: Readonly<Record<string, unknown>>,
  x: bigint[],
): void => {
  for (let i = 0; i < outputs.length; i += 1) {
    const [name, { first, type }] = outputs[i]!;
    const value = out[name];
    if (value !== undefined) type.format(x, first, value);
  }
};

/** Inputs and context under their names. No context value is read. */
export const frameOf = ({ Frame, inputs }: Prepared<unknown>, x: Registers, rmm: object): RawFrame => {
  const frame = new Frame();
  frame['rmm'] = rmm;
  for (let i = 0; i < inputs.length; i += 1) {
    const [name, { first, type }] = inputs[i]!;
    frame[name] = type.parse(x, first);
  }
  return frame;
};
