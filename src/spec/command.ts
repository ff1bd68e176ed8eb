import type { Regs, Values } from './register.ts';

/**
 * A partial order: in each edge, every condition on the left is reported before any condition on the right
 * (RMM 1.0 B1.6).
 */
export type Order<F extends string> = readonly (readonly [readonly F[], readonly F[]])[];

/** What a failed command answers besides its return code. */
export interface Refusal<R> {
  readonly result: R;
  readonly out: Readonly<Record<string, unknown>>;
}

/** A failure condition: when it holds, what the command answers, and the sentence for people. */
export interface Failure<X, R> {
  readonly pre: (x: X) => boolean;
  readonly post: R | ((x: X) => R | Refusal<R>);
  readonly says: string;
}

/** Where control goes when a command does not simply return: a Realm is entered, or left. */
export interface Answer<O, R, T> {
  readonly result?: R | undefined;
  readonly out?: O | undefined;
  readonly transfer?: T | undefined;
  /** The command has not happened: it will be executed again, and what it promises does not hold yet. */
  readonly retry?: true | undefined;
}

/** A class, so that it is told from the outputs of an effect, whatever their names. */
class Answered<O, R, T> {
  readonly result: R | undefined;
  readonly out: O | undefined;
  readonly transfer: T | undefined;
  readonly retry: true | undefined;
  constructor({ result, out, transfer, retry }: Answer<O, R, T>) {
    this.result = result;
    this.out = out;
    this.transfer = transfer;
    this.retry = retry;
  }
}

/** An effect's answer when it is more than its outputs: a result other than success, or a transfer of control. */
export const answer = <O, R, T>(value: Answer<O, R, T>): Answered<O, R, T> => new Answered(value);

export const isAnswer = (value: object): value is Answered<Record<string, unknown>, unknown, unknown> =>
  value instanceof Answered;

const ONCE: unique symbol = Symbol('once');

/** A context value that is read once in a call: what a Host's structure says is what it said at the first look. */
export const once = <X, T>(read: (x: X) => T): ((x: X) => T) => Object.assign((x: X) => read(x), { [ONCE]: true });

export const isOnce = (read: object): boolean => ONCE in read;

/** One piece of state that a command may change, as RMM B1.2 names it: an object, where it is, and which member. */
export interface StateItem {
  readonly table: string;
  readonly key: bigint;
  readonly member?: string;
}

/** Where context values come from: a function for each, of the inputs and the monitor. */
export type ContextOf<I extends Regs, V> = {
  readonly [name: string]: (x: Values<I> & { readonly rmm: V }) => unknown;
};

/** Inputs, context values and the monitor, under their names: what predicates and effects see. */
export type Frame<I extends Regs, C extends ContextOf<I, V>, V, M = V> = Values<I> & Read<C> & { readonly rmm: M };

/**
 * What the functions of a context give. While the compiler has not come to them yet, anything: conditions that several
 * commands share have types already, and would not fit a frame without context values.
 */
type Read<C> = string extends keyof C
  ? // biome-ignore lint/suspicious/noExplicitAny: no command keeps this, since each says what its context is
    any
  : { readonly [K in keyof C]: C[K] extends (x: never) => infer T ? T : never };

/**
 * One command of the RMM, in the terms of RMM 1.0 B1.2. `V` reads the monitor; `M` also writes it, so that a condition
 * that changes something does not compile. Members are inferred from top to bottom: they are written in this order.
 */
export interface CommandSpec<
  V,
  M extends V,
  R,
  T,
  I extends Regs,
  O extends Regs,
  C extends ContextOf<I, V>,
  B extends object,
  F extends string,
  S extends string,
> {
  readonly name: string;
  readonly fid: number;
  readonly spec: string;
  readonly summary: string;
  readonly inputs: I;
  readonly outputs: O;
  /**
   * Read from the inputs and the monitor each time that one is asked for: a value may mean nothing until the conditions
   * that guard it have passed, and another thing after the effect.
   */
  readonly context: C;
  /** In the order in which they are checked by default. */
  readonly failures: { readonly [K in F]: Failure<Frame<I, C, V>, R> };
  /** The published partial order, edge for edge. */
  readonly order: Order<NoInfer<F>>;
  /** Edges that the text leaves implicit: without them a condition would read a value that has no meaning yet. */
  readonly wellFormed?: Order<NoInfer<F>>;
  /** Context values sampled before the effect. */
  readonly before?: (x: Frame<I, C, V>) => B;
  /** Runs only when no failure condition holds. What can be refused is a failure condition, not a line in here. */
  readonly effect: (
    x: Frame<I, C, V, M> & { readonly before: B },
    // biome-ignore lint/suspicious/noConfusingVoidType: an effect without outputs is written without a return
  ) => Values<O> | Answered<Partial<Values<O>>, R, T> | void;
  readonly success: {
    readonly [K in S]: (x: Frame<I, C, V> & { readonly before: B; readonly out: Values<O> }) => boolean;
  };
  /** Everything that the effect may change. */
  readonly footprint: {
    readonly [id: string]: (x: Frame<I, C, V> & { readonly before: B }) => StateItem | readonly StateItem[];
  };
}

/** A command with its types forgotten: what tables, runners and generators hold. The runner casts once. */
export interface Command<R = unknown> {
  readonly name: string;
  readonly fid: number;
  readonly spec: string;
  readonly summary: string;
  readonly inputs: Regs;
  readonly outputs: Regs;
  readonly context?: Readonly<Record<string, (x: never) => unknown>>;
  readonly failures: Readonly<Record<string, Failure<never, R>>>;
  readonly order: Order<string>;
  readonly wellFormed?: Order<string>;
  readonly before?: (x: never) => object;
  readonly effect: (x: never) => unknown;
  readonly success: Readonly<Record<string, (x: never) => boolean>>;
  readonly footprint: Readonly<Record<string, (x: never) => StateItem | readonly StateItem[]>>;
}

/** Fixes the monitor, the results and the transfers of a family of commands; the rest is inferred from the literal. */
export const commandsOn =
  <V, M extends V, R, T>() =>
  <
    I extends Regs,
    O extends Regs,
    F extends string,
    S extends string,
    C extends ContextOf<I, V>,
    B extends object = Record<never, never>,
  >(
    spec: CommandSpec<V, M, R, T, I, O, C, B, F, S>,
  ): CommandSpec<V, M, R, T, I, O, C, B, F, S> =>
    spec;
