import { hexNumber } from '../bytes/index.ts';
import type { Command, Order } from './command.ts';
import type { Reg, Regs } from './register.ts';

/** What a register holds, as a page says it. */
export interface PageRegister {
  /** `X1`, or `X1..X8` for a value in several registers. */
  readonly register: string;
  readonly name: string;
  readonly type: string;
  readonly doc: string;
}

/** A failure condition, as a page says it. */
export interface PageFailure {
  readonly id: string;
  readonly result: string;
  readonly says: string;
  /** Identifiers of the specification's rules, such as `R_KPBQM`. */
  readonly rules: readonly string[];
}

/** The rules of the specification that stand behind a command: those of the whole, and those of single conditions. */
export interface CommandRules {
  readonly command: readonly string[];
  readonly conditions?: { readonly [id: string]: readonly string[] };
}

/** The reference page of a command as plain data, all of it out of the command's own value. */
export interface SpecPage {
  readonly name: string;
  readonly fid: string;
  readonly spec: string;
  readonly summary: string;
  readonly rules: readonly string[];
  readonly inputs: readonly PageRegister[];
  readonly outputs: readonly PageRegister[];
  /** In the order in which they are checked. */
  readonly failures: readonly PageFailure[];
  /** The published order, edge for edge. */
  readonly order: Order<string>;
  /** Edges of ours, which the text leaves implicit. */
  readonly wellFormed: Order<string>;
  readonly success: readonly string[];
  readonly footprint: readonly string[];
}

const registersOf = (regs: Regs): PageRegister[] =>
  Object.entries(regs).map(([name, { first, type, doc }]: [string, Reg<unknown>]) => ({
    register: type.count === 1 ? `X${first}` : `X${first}..X${first + type.count - 1}`,
    name,
    type: type.kind,
    doc,
  }));

/** Stands for the state of a machine where only the kind of an answer is asked: any member or result of it is itself. */
const anyState: object = new Proxy(() => undefined, {
  get: (_, name) => (name === Symbol.toPrimitive ? () => Number.NaN : anyState),
  apply: () => anyState,
});

const answerOf = (post: unknown): unknown => {
  if (typeof post !== 'function') return post;
  const answer: unknown = post(anyState);
  return typeof answer === 'object' && answer !== null && 'result' in answer ? answer.result : answer;
};

/** A return code as pages show it; an index that depends on the state is called by its meaning. */
export const resultText = (post: unknown): string => {
  const result = answerOf(post);
  if (typeof result !== 'object' || result === null || !('status' in result)) return String(result);
  const { status, index } = result as { readonly status: string; readonly index: unknown };
  if (!Number.isInteger(index)) return `${status}(level)`;
  return index === 0 ? status : `${status}(${index})`;
};

export const describe = (command: Command, rules: CommandRules = { command: [] }): SpecPage => ({
  name: command.name,
  fid: hexNumber(command.fid),
  spec: command.spec,
  summary: command.summary,
  rules: rules.command,
  inputs: registersOf(command.inputs),
  outputs: registersOf(command.outputs),
  failures: Object.entries(command.failures).map(([id, { post, says }]) => ({
    id,
    result: resultText(post),
    says,
    rules: rules.conditions?.[id] ?? [],
  })),
  order: command.order,
  wellFormed: command.wellFormed ?? [],
  success: Object.keys(command.success),
  footprint: Object.keys(command.footprint),
});
