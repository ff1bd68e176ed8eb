import type { ExtendRequest } from '../abi/index.ts';
import type { FirmwareComponent } from './firmware-set.ts';
import type { HesSwitches } from './switches.ts';

/** Names that RSE gives to what its own boot loaders measure, by slot (hes 3.3). */
const RSE_TYPES: { readonly [slot: number]: string } = {
  0: 'BL1_2',
  1: 'BL2',
  2: 'RT_0',
  3: 'RT_1',
  4: 'RT_2',
  5: '',
};

/** Slots from here on are measured by firmware of the application processor (hes 3.3). */
export const FIRST_AP_SLOT = 6;

/** Where TF-A's name of an image is not the one of the sample tokens (hes 3.3). */
const TF_A_TYPES: { readonly [type: string]: string } = {
  SCP_BL2: 'SYS_CTRL_2',
  AP_BL2: 'BL_2',
  AP_BL31: 'SECURE_RT_EL3',
};

/** What BL1_1 says of BL1_2, which nobody signs for (hes 3.3). */
const BL1_2 = { version: '0.0.0+0', signer_id: new Uint8Array(32) } as const;

type Metadata = Pick<ExtendRequest, 'sw_type' | 'version' | 'signer_id'>;

/**
 * The metadata that is sent for a component: as the set has it, or as RSE and TF-A send it. TF-A counts the terminating
 * NUL of a type, so that tokens carry it, and sends no version.
 */
export const METADATA_STYLES = {
  sample: ({ type, version, signerId }) => ({ sw_type: type, version, signer_id: signerId }),
  rse: ({ slot, type, version, signerId }) => {
    if (slot === 0) return { ...BL1_2, sw_type: RSE_TYPES[slot] ?? '' };
    const own = RSE_TYPES[slot];
    return own === undefined
      ? { sw_type: `${TF_A_TYPES[type] ?? type}\0`, version: '', signer_id: signerId }
      : { sw_type: own, version, signer_id: signerId };
  },
} as const satisfies Record<HesSwitches['swTypeStyle'], (component: FirmwareComponent) => Metadata>;

/** The order in which sample tokens list their components (hes 3.3; the published sample of TF-A). */
export const SAMPLE_LISTING: readonly string[] = [
  'RSE_BL1_2',
  'RSE_BL2',
  'RSE_S',
  'AP_BL1',
  'AP_BL2',
  'SCP_BL1',
  'SCP_BL2',
  'AP_BL31',
  'RMM',
  'HW_CONFIG',
  'FW_CONFIG',
  'TB_FW_CONFIG',
  'SOC_FW_CONFIG',
];
