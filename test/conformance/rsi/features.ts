import { features } from '../../../src/rmm/rsi/index.ts';
import { conformance, when } from '../language/conformance.ts';
import { running } from './support.ts';

export const featuresRows = conformance(features, {
  given: (w) => ({ ...running(w), index: 0n }),
  fails: {},
  succeeds: {
    index: {
      'register 0 reads as zero': () => when({}, { out: { value: 0n } }),
      'register 1 too': () => when({ index: 1n }, { out: { value: 0n } }),
      'and the last one': () => when({ index: 0xffff_ffff_ffff_ffffn }, { out: { value: 0n } }),
    },
  },
});
