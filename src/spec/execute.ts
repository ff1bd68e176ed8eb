import type { Members, Registers, TraceSink } from '../trace/index.ts';
import { type Command, type Failure, isAnswer, type Refusal, type StateItem } from './command.ts';
import { frameOf, type Prepared } from './frame.ts';
import type { Regs } from './register.ts';

/** What came of a command. */
export interface Outcome<R> {
  /** The failure condition that held, if one did. */
  readonly failed?: string;
  readonly result: R;
  readonly out: Readonly<Record<string, unknown>>;
  readonly transfer?: unknown;
  /** Whether the effect named its result itself. */
  readonly answered: boolean;
  /** Whether it will be executed again instead of having happened. */
  readonly retry?: true | undefined;
}

/** What an oracle learns of a command that ran: what it may have changed, which success conditions do not hold. */
export interface Audit {
  readonly command: Command;
  /** Empty for a command that failed: it may have changed nothing. */
  readonly footprint: readonly StateItem[];
  /** Success conditions that do not hold; none are looked at when the effect named a result of its own, or did nothing. */
  readonly broken: readonly string[];
}

export interface ExecuteOptions<R> {
  /** The result when nothing failed and the effect names no other. */
  readonly success: R;
  readonly trace?: TraceSink | undefined;
  readonly resultText: (result: R) => string;
  readonly audit?: ((audit: Audit) => void) | undefined;
}

/** What a failed command answers. */
export const refusalOf = <R>(failure: Failure<never, R>, frame: object): Refusal<R> => {
  const { post } = failure;
  if (typeof post !== 'function') return { result: post, out: {} };
  const given = (post as (x: object) => R | Refusal<R>)(frame);
  return isRefusal(given) ? given : { result: given, out: {} };
};

const isRefusal = <R>(given: R | Refusal<R>): given is Refusal<R> =>
  typeof given === 'object' && given !== null && 'out' in given;

/** Named values as events and pages show them. */
export const shown = (regs: Regs, values: Readonly<Record<string, unknown>>): Members => {
  const members: Record<string, Members[string]> = {};
  for (const name in regs) if (values[name] !== undefined) members[name] = regs[name]!.type.show(values[name]);
  return members;
};

/**
 * Runs a command: every failure condition in the command's order, then, when none holds, its effect. All checks come
 * before all changes, so there is nothing to unwind.
 */
export const execute = <R>(prepared: Prepared<R>, x: Registers, rmm: object, o: ExecuteOptions<R>): Outcome<R> => {
  const { command, conditions, before, effect } = prepared;
  const { trace } = o;
  const frame = frameOf(prepared, x, rmm);
  trace?.({
    type: 'command.enter',
    command: command.name,
    spec: command.spec,
    inputs: shown(command.inputs, frame),
  });

  for (let i = 0; i < conditions.length; i += 1) {
    const { id, pre, failure } = conditions[i]!;
    const failed = pre(frame);
    trace?.({ type: 'command.check', command: command.name, id, failed, says: failure.says });
    if (failed) {
      o.audit?.({ command, footprint: [], broken: [] });
      const { result, out } = refusalOf(failure, frame);
      prepared.spare = frame;
      return returned(command, { failed: id, result, out, answered: false }, o);
    }
  }

  if (before !== undefined) frame['before'] = before(frame);
  const footprint = o.audit === undefined ? [] : footprintOf(command, frame);
  const outcome = outcomeOf<R>(effect(frame), o.success);
  if (o.audit !== undefined) {
    frame['out'] = outcome.out;
    const checked = outcome.answered || outcome.retry === true ? [] : Object.entries(command.success);
    const broken = checked.filter(([, holds]) => !(holds as (f: object) => boolean)(frame)).map(([id]) => id);
    o.audit({ command, footprint, broken });
  }
  prepared.spare = frame;
  return returned(command, outcome, o);
};

const returned = <R>({ name, outputs }: Command<R>, outcome: Outcome<R>, o: ExecuteOptions<R>): Outcome<R> => {
  o.trace?.({
    type: 'command.return',
    command: name,
    result: o.resultText(outcome.result),
    ...(outcome.failed === undefined ? {} : { failed: outcome.failed }),
    outputs: shown(outputs, outcome.out),
  });
  return outcome;
};

const footprintOf = (command: Command, frame: object): StateItem[] =>
  Object.values(command.footprint).flatMap((items) =>
    (items as (f: object) => StateItem | readonly StateItem[])(frame),
  );

const outcomeOf = <R>(given: object | undefined, success: R): Outcome<R> => {
  if (given === undefined) return { result: success, out: NOTHING, answered: false };
  if (!isAnswer(given)) return { result: success, out: given as Record<string, unknown>, answered: false };
  const { result, out = NOTHING, transfer, retry } = given;
  return {
    result: result === undefined ? success : (result as R),
    out,
    answered: result !== undefined,
    transfer,
    retry,
  };
};

const NOTHING: Readonly<Record<string, never>> = Object.freeze({});
