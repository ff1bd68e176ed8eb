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

/** Where TF-A's name of an image is not the one of the sample tokens (hes 3.3). */
const TF_A_TYPES: { readonly [type: string]: string } = {
  SCP_BL2: 'SYS_CTRL_2',
  AP_BL2: 'BL_2',
  AP_BL31: 'SECURE_RT_EL3',
};

/** The type that is sent for a component: TF-A counts the terminating NUL, so tokens carry it. */
export const SW_TYPES = {
  sample: ({ type }) => type,
  rse: ({ slot, type }) => RSE_TYPES[slot] ?? `${TF_A_TYPES[type] ?? type}\0`,
} as const satisfies Record<HesSwitches['swTypeStyle'], (component: FirmwareComponent) => string>;
