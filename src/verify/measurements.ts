import type { HashName } from '../crypto/index.ts';
import { VERIFY_CLAIM_LABELS } from './labels.ts';
import { type Place, within } from './layer.ts';
import type { RealmClaims } from './realm-claims.ts';

const DIGEST_SIZE = { 'sha-256': 32, 'sha-384': 48, 'sha-512': 64 } as const satisfies Record<HashName, number>;
/** A measurement as the RMM keeps it, whatever the digest. */
const SLOT_SIZE = 64;

/**
 * Compares the sizes of the measurements with the Realm's hash algorithm.
 *
 * Some tools hand out whole slots. So five measurements of 64 bytes are warned about with a shorter algorithm, and any
 * other size is an error.
 */
export const checkMeasurementSizes = (claims: RealmClaims, place: Place): void => {
  const { hash_algo_id: algorithm, initial_measurement: rim, extensible_measurements: rems } = claims;
  if (algorithm === undefined || rim === undefined || rems === undefined) return;
  const due = DIGEST_SIZE[algorithm];
  const label = VERIFY_CLAIM_LABELS.realm;
  const measurements = [
    { at: within(place, label.initial_measurement), value: rim },
    ...rems.map((value, i) => ({ at: within(within(place, label.extensible_measurements), i), value })),
  ];
  if (due !== SLOT_SIZE && measurements.every(({ value }) => value?.length === SLOT_SIZE)) {
    place.tell('MEASUREMENT_SLOT', place.path, { expected: due, found: SLOT_SIZE });
    return;
  }
  for (const { at, value } of measurements) {
    if (value !== undefined && value.length !== due) {
      at.tell('MEASUREMENT_SIZE', at.path, { expected: due, found: value.length });
    }
  }
};
