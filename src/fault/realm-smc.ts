import { fromDoublewords } from '../bytes/index.ts';
import type { Registers } from '../trace/index.ts';
import { SEAMS, type Seam } from './plan.ts';
import { around, withRegisters } from './ports.ts';
import type { FaultSession } from './session.ts';

/** An SMC of a guest, and where that leaves the PE: result registers where it returned. */
type RealmCall<A> = (x: Registers) => A;

/** The seams of a guest's call: that of any call, and its own where it has one. */
export const callSeams = (any: 'rmm.rsi' | 'host.smc', name: string | undefined): readonly Seam[] =>
  name !== undefined && Object.hasOwn(SEAMS, `${any}.${name}`) ? [any, `${any}.${name}` as Seam] : [any];

/**
 * SMCs of a guest to an RMM that answers what the plan says.
 *
 * @param name     of the command that X0 asks for.
 * @param returns  the answer to a call that was not made.
 */
export const faultyRealmSmc =
  <R extends { readonly kind: 'return'; readonly x: Registers }, A extends { readonly kind: string }>(
    session: FaultSession,
    name: (x0: bigint) => string | undefined,
    call: RealmCall<R | A>,
    returns: (x: Registers) => R,
  ): RealmCall<R | A> =>
  (x) => {
    const carried = [fromDoublewords(x)];
    const acts = callSeams('rmm.rsi', name(x[0] ?? 0n)).flatMap((seam) => session.due(seam, carried));
    return around(acts, call, (act, inner) => (asked) => {
      const given = withRegisters(asked, act.args);
      const answer = act.skip ? returns(withRegisters(given, [{ x: 0, value: 0n }])) : inner(given);
      if (act.set === undefined || !('x' in answer) || answer.kind !== 'return') return answer;
      return returns(withRegisters(answer.x as Registers, act.set));
    })(x);
  };
