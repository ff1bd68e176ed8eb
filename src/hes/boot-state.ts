import { type Measurement, PSA_ALG } from '../abi/index.ts';
import { encode } from '../cbor/index.ts';
import type { HashName } from '../crypto/index.ts';
import { componentClaims, components, type SoftwareComponent } from '../token/index.ts';
import type { Slots } from './slots.ts';

const HASH_NAMES = new Map<number, HashName>(Object.entries(PSA_ALG).map(([name, id]) => [id, name as HashName]));

export const hashNameOf = (psaAlg: number): HashName | undefined => HASH_NAMES.get(psaAlg);

const componentOf = (slot: Measurement): SoftwareComponent => ({
  signer_id: slot.signer_id,
  version: slot.version,
  component_type: slot.sw_type,
  hash_algo_id: hashNameOf(slot.measurement_algo),
  measurement_value: slot.measurement_value,
});

/** The populated slots in the order of their index, as software components. */
export const measuredComponents = (slots: Slots): readonly SoftwareComponent[] =>
  slots.filter((slot) => slot !== undefined).map(componentOf);

const rseComponents = components(componentClaims, 'rse');

/** What binds the RAK to the firmware: the components as RSE encodes them, or no bytes when there are none (hes 3.4). */
export const bootStateCbor = (slots: Slots): Uint8Array => {
  const measured = measuredComponents(slots);
  return measured.length === 0 ? new Uint8Array() : encode(rseComponents.toCbor(measured));
};
