import type { TreeEdit } from '../edit.ts';
import type { Operation, Signing, Verdict } from '../mutation.ts';
import type { Part } from '../wire.ts';

/**
 * What a step does to a good token: it stays one that must be accepted, or becomes one that must be rejected, or nobody
 * has worked it out.
 */
export type Effect = 'keeps' | 'breaks' | 'open';

/** One change of a random mutation, which can be left out for itself. */
export interface Step {
  readonly kind: string;
  readonly effect: Effect;
  readonly operation: Omit<Operation, 'before' | 'after'> & {
    readonly before?: readonly TreeEdit[];
    readonly after?: readonly TreeEdit[];
  };
  /** What it touches: no two steps of one mutation touch the same or one what holds the other. */
  readonly touches: readonly string[];
}

const overlaps = (a: string, b: string): boolean => a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);

export const isFreeOf = (steps: readonly Step[], { touches }: Step): boolean =>
  !steps.some((other) => other.touches.some((place) => touches.some((each) => overlaps(place, each))));

/** What the steps come to: known unless one of them is open. */
export const verdictOf = (steps: readonly Step[]): Verdict =>
  steps.some(({ effect }) => effect === 'open')
    ? 'unknown'
    : steps.some(({ effect }) => effect === 'breaks')
      ? 'must-reject'
      : 'must-accept';

/** All steps as one operation. */
export const operationOf = (steps: readonly Step[]): Operation => {
  const operations = steps.map(({ operation }) => operation);
  const sign: { [P in Part]?: Signing } = Object.assign({}, ...operations.map((each) => each.sign ?? {}));
  const form = Object.assign({}, ...operations.map((each) => each.form ?? {}));
  return {
    before: operations.flatMap(({ before = [] }) => before),
    after: operations.flatMap(({ after = [] }) => after),
    bytes: operations.flatMap(({ bytes = [] }) => bytes),
    ...(operations.some(({ bind }) => bind === true) ? { bind: true } : {}),
    ...(Object.keys(sign).length === 0 ? {} : { sign }),
    ...(Object.keys(form).length === 0 ? {} : { form }),
  };
};
