import { RMM_BOOT, type RmmBoot } from '../abi/index.ts';
import type { El3 } from '../el3/index.ts';
import type { Hes } from '../hes/index.ts';
import type { PhysicalMemory } from '../machine/index.ts';
import type { Rmm } from '../rmm/index.ts';
import type { PlatformConfig } from './config.ts';
import type { Wires } from './wires.ts';

export interface BootProblem {
  /** Who found it: boot firmware, the RMM as it boots, or the RMM as it brings up attestation. */
  readonly stage: 'measured-boot' | 'rmm-boot' | 'attestation';
  readonly says: string;
}

/** A machine whose HES is up. */
export interface Bootable {
  readonly config: PlatformConfig;
  readonly memory: PhysicalMemory;
  readonly wires: Wires;
  readonly el3: El3;
  readonly rmm: Rmm;
}

/** Why the machine cannot attest, if it cannot. */
export const bootProblem = (hes: Hes, el3: El3, rmm: Rmm): BootProblem | undefined => {
  const [refusal] = hes.status().refused;
  if (refusal !== undefined) {
    const { type, slot, status } = refusal;
    return { stage: 'measured-boot', says: `HES does not measure ${type} into slot ${slot}: ${status}` };
  }
  const { bootFailure } = el3.state;
  if (bootFailure !== 0n) {
    const code = BigInt.asIntN(64, bootFailure);
    const name = (Object.keys(RMM_BOOT) as RmmBoot[]).find((each) => RMM_BOOT[each] === code);
    return { stage: 'rmm-boot', says: `the RMM does not boot: ${name ?? code}` };
  }
  const { attestation, attestationFailure } = rmm.state;
  if (attestation !== undefined) return undefined;
  return { stage: 'attestation', says: attestationFailure?.why ?? 'the RMM has not brought up attestation' };
};

/** Boots what comes after HES: EL3 enters the RMM on each CPU, unless a measurement was refused before that. */
export const bootRmm = ({ config, memory, wires, el3, rmm }: Bootable): void => {
  const { hes, trace } = wires;
  const [refusal] = hes.status().refused;
  if (refusal !== undefined) {
    // TF-A hands the error of a measurement to whoever loads the image, and boot ends there (hes 8, H9).
    trace?.({ type: 'rmm.boot', detail: { result: 'never loaded', slot: refusal.slot, status: refusal.status } });
    el3.abandonRmm();
    return;
  }
  rmm.boot(wires.bootArguments(el3, memory));
  for (let cpu = 1; cpu < config.el3.cpus && el3.state.bootFailure === 0n; cpu += 1) {
    rmm.warmBoot(el3.warmBootArguments(cpu), BigInt(config.el3.cpus));
  }
  for (const { activate } of config.firmware.script ?? []) hes.activate(activate);
};
