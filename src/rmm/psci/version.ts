import { PSCI_FID, PSCI_REVISION } from '../../abi/index.ts';
import { reg, uint64 } from '../../spec/index.ts';
import { psci } from './family.ts';

export const version = psci({
  name: 'PSCI_VERSION',
  fid: PSCI_FID.PSCI_VERSION,
  spec: 'RMM 1.0 B6.3.8',
  summary: 'Says which revision of PSCI a Realm has.',

  inputs: {},
  outputs: { version: reg(0, uint64, 'revision, in place of a status') },
  context: {},

  failures: {},
  order: [],

  effect: () => ({ version: PSCI_REVISION }),

  success: { version: ({ out }) => out.version === PSCI_REVISION },
  footprint: {},
});
