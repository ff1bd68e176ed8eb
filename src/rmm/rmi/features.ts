import { encodeFeatureRegister0 } from '../../abi/index.ts';
import { reg, uint64 } from '../../spec/index.ts';
import { rmi } from './family.ts';

export const features = rmi({
  name: 'RMI_FEATURES',
  fid: 0xc400_0165,
  spec: 'RMM 1.0 B4.3.4',
  summary: 'Reads a feature register. Only register 0 exists; others read as zero.',

  inputs: { index: reg(1, uint64, 'feature register index') },
  outputs: { value: reg(1, uint64, 'feature register value') },
  context: {},

  failures: {},
  order: [],

  effect: ({ index, rmm }) => ({ value: index === 0n ? encodeFeatureRegister0(rmm.profile) : 0n }),

  success: { index: ({ index, out, rmm }) => out.value === (index === 0n ? encodeFeatureRegister0(rmm.profile) : 0n) },
  footprint: {},
});
