import { reg, uint64 } from '../../spec/index.ts';
import { rsi } from './family.ts';

export const features = rsi({
  name: 'RSI_FEATURES',
  fid: 0xc400_0191,
  spec: 'RMM 1.0 B5.3.3',
  summary: 'Reads a feature register. None is defined: all read as zero.',

  inputs: { index: reg(1, uint64, 'feature register index') },
  outputs: { value: reg(1, uint64, 'feature register value') },
  context: {},

  failures: {},
  order: [],

  effect: () => ({ value: 0n }),

  success: { index: ({ out }) => out.value === 0n },
  footprint: {},
});
