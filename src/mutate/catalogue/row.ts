import type { Gain, Group, Mutation, Operation } from '../mutation.ts';
import type { RuleName } from '../rules.ts';

type More = Partial<Pick<Mutation, 'gain' | 'needs' | 'given' | 'refused'>>;

/** Makes the rows of one group: each names what changes, the rule, what the reference verifier finds, and how it is done. */
export const rowsOf = (group: Group, gain: Gain) => ({
  /** Must be rejected. @param finds  a code among those that are reported. */
  reject: (
    id: string,
    change: string,
    rule: RuleName,
    finds: string,
    operation: Operation,
    more: More = {},
  ): Mutation => ({ id, group, change, rule, verdict: 'must-reject', gain, finds: [finds], ...operation, ...more }),
  /** Must be accepted. @param warnings  what is reported all the same. */
  accept: (
    id: string,
    change: string,
    rule: RuleName,
    operation: Operation,
    warnings: readonly string[] = [],
    more: More = {},
  ): Mutation => ({ id, group, change, rule, verdict: 'must-accept', finds: warnings, ...operation, ...more }),
  /** Is left open: what is reported are warnings, or errors where the reference verifier refuses. */
  policy: (
    id: string,
    change: string,
    rule: RuleName,
    finds: readonly string[],
    operation: Operation,
    more: More = {},
  ): Mutation => ({ id, group, change, rule, verdict: 'policy', finds, ...operation, ...more }),
});
