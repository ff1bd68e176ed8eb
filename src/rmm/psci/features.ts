import { encodePsciStatus, PSCI_FID } from '../../abi/index.ts';
import { reg, uint64 } from '../../spec/index.ts';
import { psci } from './family.ts';

/** Functions that a Realm can ask about and use. */
const SUPPORTED: ReadonlySet<bigint> = new Set(Object.values(PSCI_FID).map(BigInt));

export const features = psci({
  name: 'PSCI_FEATURES',
  fid: PSCI_FID.PSCI_FEATURES,
  spec: 'RMM 1.0 B6.3.5',
  summary: 'Says whether a PSCI function is there.',

  inputs: { psci_func_id: reg(1, uint64, 'function identifier, in bits [31:0]') },
  outputs: { features: reg(0, uint64, 'feature flags of the function, or NOT_SUPPORTED, in place of a status') },

  failures: {},
  order: [],

  effect: ({ psci_func_id }) => ({ features: featuresOf(psci_func_id) }),

  success: { func_ok: ({ psci_func_id, out }) => out.features === featuresOf(psci_func_id) },
  footprint: {},
});

const featuresOf = (fid: bigint): bigint =>
  encodePsciStatus(SUPPORTED.has(fid & 0xffff_ffffn) ? 'PSCI_SUCCESS' : 'PSCI_NOT_SUPPORTED');
