import { EL3_INTERFACE_VERSIONS, type El3InterfaceVersion, type RmmManifestVersion } from '../abi/index.ts';
import type { MachineProfile } from '../machine/index.ts';
import { MAX_DRAM_BANKS } from './boot-manifest.ts';
import { sharedBufferPa } from './shared-buffer.ts';

/** How a monitor behaves where ports of TF-A differ, or where versions of the interface do. */
export interface El3Config {
  /** The interface that is announced and offered. */
  readonly interfaceVersion: El3InterfaceVersion;
  readonly manifestVersion: RmmManifestVersion;
  /** CPUs that the RMM has to support. */
  readonly cpus: number;
  /**
   * `strict` hands the challenge to HES, whose refusal becomes E_RMM_UNK, as on RSE platforms. `fvp` ignores it: the token
   * is bound to the key that HES delegated, whatever was asked.
   */
  readonly mode: 'strict' | 'fvp';
  /** Most bytes of platform token in one answer; `whole` never splits it, and refuses a buffer that is too small. */
  readonly hunks: number | 'whole';
}

export const DEFAULT_EL3_CONFIG: El3Config = {
  interfaceVersion: '2.0',
  manifestVersion: '0.5',
  cpus: 1,
  mode: 'strict',
  hunks: 4096,
};

/** Whether the announced interface has what came with `since`. */
export const offers = (config: El3Config, since: bigint): boolean =>
  EL3_INTERFACE_VERSIONS[config.interfaceVersion] >= since;

/** Names what keeps the monitor from running on a machine, one sentence each. */
export const el3Problems = (profile: MachineProfile): string[] => {
  const problems: string[] = [];
  if (profile.dram.length > MAX_DRAM_BANKS) problems.push(`dram must name at most ${MAX_DRAM_BANKS} regions`);
  if (sharedBufferPa(profile) === undefined) {
    problems.push('the regions leave no granule for the buffer that EL3 and RMM share');
  }
  return problems;
};
