import { INPUT, revision, SUCCESS } from '../../abi/index.ts';
import { answer, reg, uint64 } from '../../spec/index.ts';
import { negotiate } from '../conditions/index.ts';
import { rmi } from './family.ts';

/** RMI_VERSION of an RMM that implements these revisions, in ascending order. */
export const versionOf = (revisions: readonly bigint[]) =>
  rmi({
    name: 'RMI_VERSION',
    fid: 0xc400_0150,
    spec: 'RMM 1.0 B4.3.23',
    summary: 'Says which revisions of the RMI are implemented.',

    inputs: { req: reg(1, uint64, 'requested revision') },
    outputs: {
      lower: reg(1, uint64, 'the requested revision, or the highest one below it'),
      higher: reg(2, uint64, 'the highest revision'),
    },
    context: {},

    failures: {},
    order: [],

    // Both outputs are valid whatever the result is, so this is an effect with two results and not a failure condition.
    effect: ({ req }) => {
      const { supported, lower, higher } = negotiate(revisions, req);
      return answer({ result: supported ? SUCCESS : INPUT, out: { lower, higher } });
    },

    success: {},
    footprint: {},
  });

export const version = versionOf([revision(1, 0)]);
