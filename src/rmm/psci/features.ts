import { encodePsciStatus, PSCI_FID, SMCCC_VERSION_FID } from '../../abi/index.ts';
import { reg, uint32, uint64 } from '../../spec/index.ts';
import { psci } from './family.ts';

/**
 * Functions that a Realm can ask about and use. SMCCC_VERSION is no PSCI function, but this is how SMCCC has its callers
 * find out that it is there, and B1.1 sends a Realm that way.
 */
const SUPPORTED: ReadonlySet<number> = new Set([...Object.values(PSCI_FID), SMCCC_VERSION_FID]);

export const features = psci({
  name: 'PSCI_FEATURES',
  fid: PSCI_FID.PSCI_FEATURES,
  spec: 'RMM 1.0 B6.3.5',
  summary: 'Says whether a PSCI function is there.',

  inputs: { psci_func_id: reg(1, uint32, 'function identifier') },
  outputs: { features: reg(0, uint64, 'feature flags of the function, or NOT_SUPPORTED, in place of a status') },
  context: {},

  failures: {},
  order: [],

  effect: ({ psci_func_id }) => ({ features: SUPPORTED.has(psci_func_id) ? 0n : NOT_SUPPORTED }),

  success: {
    func_ok: ({ psci_func_id, out }) => !SUPPORTED.has(psci_func_id) || out.features === 0n,
    func_not_ok: ({ psci_func_id, out }) => SUPPORTED.has(psci_func_id) || out.features === NOT_SUPPORTED,
  },
  footprint: {},
});

const NOT_SUPPORTED = encodePsciStatus('PSCI_NOT_SUPPORTED');
