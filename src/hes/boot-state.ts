import { type Measurement, PSA_ALG } from '../abi/index.ts';
import { utf8 } from '../bytes/index.ts';
import { encode } from '../cbor/index.ts';
import type { HashName } from '../crypto/index.ts';
import { componentClaims, components, type SoftwareComponent } from '../token/index.ts';
import type { Slots } from './slots.ts';
import type { HesSwitches } from './switches.ts';

const HASH_NAMES = new Map<number, HashName>(Object.entries(PSA_ALG).map(([name, id]) => [id, name as HashName]));

export const hashNameOf = (psaAlg: number): HashName | undefined => HASH_NAMES.get(psaAlg);

export const componentOf = (slot: Measurement): SoftwareComponent => ({
  signer_id: slot.signer_id,
  version: slot.version,
  component_type: slot.sw_type,
  hash_algo_id: hashNameOf(slot.measurement_algo),
  measurement_value: slot.measurement_value,
});

/** Lengths of the members for which the partition keeps buffers. */
const lengthsOf = ({ signer_id, version, sw_type, measurement_value }: Measurement): readonly number[] => [
  signer_id.length,
  utf8(version).length,
  utf8(sw_type).length,
  measurement_value.length,
];

/**
 * The slots that RSE's partition reads. It does not reset the lengths of its buffers: each slot that it has read leaves
 * room for its own lengths only, and one that needs more fails to be read and is passed over (hes 3.4).
 */
const withoutSkipped = (measured: readonly Measurement[]): readonly Measurement[] => {
  let room: readonly number[] = [];
  return measured.filter((slot) => {
    const lengths = lengthsOf(slot);
    if (room.some((most, i) => (lengths[i] ?? 0) > most)) return false;
    room = lengths;
    return true;
  });
};

const LISTS = {
  rse: components(componentClaims, 'rse'),
  islet: components(componentClaims, 'islet'),
} as const satisfies Record<HesSwitches['bootState'], unknown>;

/** What binds the RAK to the firmware: the components as HES encodes them, or no bytes when there are none (hes 3.4). */
export const bootStateCbor = (
  slots: Slots,
  { bootState, quirkBootStateSkip }: Pick<HesSwitches, 'bootState' | 'quirkBootStateSkip'> = {
    bootState: 'rse',
    quirkBootStateSkip: false,
  },
): Uint8Array => {
  const populated = slots.filter((slot) => slot !== undefined);
  const read = quirkBootStateSkip ? withoutSkipped(populated) : populated;
  return read.length === 0 ? new Uint8Array() : encode(LISTS[bootState].toCbor(read.map(componentOf)));
};
