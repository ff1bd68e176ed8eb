import type { DeviceParams } from './device.ts';
import { ISLET_CONFIG, ISLET_IMPLEMENTATION_ID, ISLET_VERIFICATION_SERVICE } from './islet-constants.ts';
import type { HesSwitches } from './switches.ts';

/** A HES that somebody runs, as parameters of ours. */
export interface HesPreset {
  readonly summary: string;
  readonly device: Partial<DeviceParams>;
  readonly switches: Partial<HesSwitches>;
}

export const HES_PRESETS = {
  rse: { summary: "RSE, with keys from the chip's seed", device: {}, switches: {} },
  islet: {
    summary: "Islet's HES with the keys that it publishes: whoever trusts its CPAK trusts anybody",
    device: {
      roots: 'islet',
      implementationId: ISLET_IMPLEMENTATION_ID,
      verificationService: ISLET_VERIFICATION_SERVICE,
      config: ISLET_CONFIG,
      adac: false,
    },
    switches: {
      keyHash: 'raw',
      cpakRoot: 'guk',
      kdf: 'sha-ecb',
      bootState: 'islet',
      keyRequest: 'ignored',
      tokenOrder: 'islet',
      componentOrder: 'islet',
      profile: '2023',
      hashClaim: 'key',
      extendHash: 'own',
      extendMetadata: 'replace',
    },
  },
} as const satisfies Record<string, HesPreset>;
export type HesPresetName = keyof typeof HES_PRESETS;
