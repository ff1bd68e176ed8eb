import type { Binding } from './ast.ts';
import { memberOf } from './check.ts';
import type { Value } from './evaluate.ts';
import type { Cell, Outcome } from './outcome.ts';
import { impossible } from './problem.ts';
import type { Stage } from './stage.ts';

/** Keeps results under the names that a statement gives them. */
export const bind = (
  stage: Stage,
  bindings: readonly Binding[],
  outcome: Pick<Outcome, 'value' | 'members' | 'x' | 'text'>,
): void => {
  for (const { source, name } of bindings) {
    const cell = source === undefined ? outcome.value : memberOf(outcome.members, outcome.x, { member: source });
    const value = valueIn(stage, cell);
    if (value !== undefined) stage.names.set(name, value);
    else {
      const at = source ?? { line: 0, column: 0 };
      throw impossible(at, `${source === undefined ? 'this' : source.name} has no value: ${outcome.text}`);
    }
  }
};

const valueIn = (stage: Stage, cell: Cell): Value | undefined => {
  if (typeof cell === 'bigint' || cell instanceof Uint8Array) return cell;
  if (typeof cell === 'number') return BigInt.asUintN(64, BigInt(cell));
  if (typeof cell === 'boolean') return cell ? 1n : 0n;
  // A name that stands for a number, such as the state of an RTT entry.
  return typeof cell === 'string' ? stage.around({ line: 0, column: 0 }).constants.get(cell) : undefined;
};
