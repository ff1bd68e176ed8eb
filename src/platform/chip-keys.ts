import type { Crypto } from '../crypto/index.ts';
import { type ChipKeys, chipKeys } from '../hes/index.ts';
import type { PlatformConfig } from './config.ts';

/**
 * The private attestation keys of a machine of this config, derived from its seed.
 *
 * @returns undefined for a machine whose HES serves files: their keys are somebody's, and no seed gives them.
 */
export const configKeys = (crypto: Crypto, config: PlatformConfig): ChipKeys | undefined => {
  const { firmware, device, dialect, hes: switches, chip, staticHes } = config;
  if (staticHes !== undefined) return undefined;
  return chipKeys({ crypto, firmware, device, dialect, switches, chip });
};
