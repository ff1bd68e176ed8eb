import {
  EL3_INTERFACE_VERSIONS,
  type El3InterfaceVersion,
  type PSA_ALG,
  type RmmManifestVersion,
} from '../abi/index.ts';
import { GRANULE_SIZE, type MachineProfile } from '../machine/index.ts';
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
  /** The hash that is named when HES is asked for the delegated key: it will bind that key to platform tokens. */
  readonly keyHash: keyof typeof PSA_ALG;
  /** Whether EL3 signs Realm tokens: bit 0 of feature register 0, and RMM_EL3_TOKEN_SIGN. */
  readonly tokenSign: boolean;
  /** Requests that the token-sign queue holds; the model of TF-A has one. At least 1. */
  readonly signQueue: number;
  /** Pulls that find nothing before a signature is ready. */
  readonly signLatency: number;
  /** Bits of a MECID; undefined on a machine without memory encryption contexts. */
  readonly mecidWidth: number | undefined;
  /** Whether root ports have IDE keys, and how the monitor answers for them. */
  readonly ide: 'none' | 'blocking' | 'non-blocking';
  /** Bytes that the RMM may reserve. */
  readonly reserve: number;
}

export const DEFAULT_EL3_CONFIG: El3Config = {
  interfaceVersion: '2.0',
  manifestVersion: '0.5',
  cpus: 1,
  mode: 'strict',
  hunks: 4096,
  keyHash: 'sha-256',
  tokenSign: false,
  signQueue: 1,
  signLatency: 0,
  mecidWidth: undefined,
  ide: 'none',
  reserve: 0,
};

/** What a number may be; everything else is one of the values of its type. */
const RANGES = {
  cpus: [1, 0xffff_ffff],
  signQueue: [1, 1024],
  signLatency: [0, 0xffff_ffff],
  reserve: [0, 1 << 30],
} as const satisfies Partial<Record<keyof El3Config, readonly [number, number]>>;

/** Names what is wrong with a config, one sentence each. */
export const el3ConfigProblems = (config: El3Config): string[] => {
  const problems = Object.entries(RANGES).flatMap(([name, [least, most]]) => {
    const value = config[name as keyof typeof RANGES];
    return Number.isInteger(value) && value >= least && value <= most ? [] : [`${name} must be ${least} to ${most}`];
  });
  const { hunks, mecidWidth } = config;
  // A hunk of nothing would never end.
  if (hunks !== 'whole' && !(Number.isInteger(hunks) && hunks >= 1 && hunks <= GRANULE_SIZE)) {
    problems.push(`hunks must be 1 to ${GRANULE_SIZE}, or whole`);
  }
  if (mecidWidth !== undefined && !(Number.isInteger(mecidWidth) && mecidWidth >= 0 && mecidWidth <= 16)) {
    problems.push('mecidWidth must be 0 to 16');
  }
  return problems;
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
