import { revision } from '../../abi/index.ts';
import { answer, reg, uint64 } from '../../spec/index.ts';
import { negotiate } from '../conditions/index.ts';
import { rsi } from './family.ts';

/** RSI_VERSION of an RMM that implements these revisions, in ascending order. */
export const versionOf = (revisions: readonly bigint[]) =>
  rsi({
    name: 'RSI_VERSION',
    fid: 0xc400_0190,
    spec: 'RMM 1.0 B5.3.10',
    summary: 'Says which revisions of the RSI are implemented.',

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
      return answer({ result: supported ? 'RSI_SUCCESS' : 'RSI_ERROR_INPUT', out: { lower, higher } });
    },

    success: {},
    footprint: {},
  });

export const version = versionOf([revision(1, 0)]);
