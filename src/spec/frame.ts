import type { Registers } from '../trace/index.ts';
import { type Command, isOnce } from './command.ts';
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
          Object.defineProperty(this, name, { value: found });
          return found;
        }
      : function (this: object): unknown {
          return read(this);
        };
    getters[name] = { get, enumerable: true, configurable: true };
  }
  return getters;
};

interface Shape {
  readonly Frame: new () => RawFrame;
  readonly inputs: readonly (readonly [name: string, reg: Reg<unknown>])[];
}

/** The frames of a command have one prototype: to define getters for each of them would cost more than the command. */
const shapes = new WeakMap<Command, Shape>();

const shapeOf = (command: Command): Shape => {
  const known = shapes.get(command);
  if (known !== undefined) return known;
  class Frame {}
  Object.defineProperties(Frame.prototype, contextGetters(command.context ?? {}));
  const shape = { Frame: Frame as unknown as Shape['Frame'], inputs: Object.entries(command.inputs) };
  shapes.set(command, shape);
  return shape;
};

/** Inputs and context under their names. No context value is read. */
export const frameOf = (command: Command, x: Registers, rmm: object): RawFrame => {
  const { Frame, inputs } = shapeOf(command);
  const frame = new Frame();
  frame['rmm'] = rmm;
  for (let i = 0; i < inputs.length; i += 1) {
    const [name, { first, type }] = inputs[i]!;
    frame[name] = type.parse(x, first);
  }
  return frame;
};
