import {
  type ExtendRequest,
  MEASUREMENT_LIMITS,
  MEASUREMENT_SLOTS,
  type Measurement,
  PSA_ALG,
  type PsaError,
  type PsaReply,
  type ReadRequest,
} from '../abi/index.ts';
import { concatBytes, equalBytes, utf8 } from '../bytes/index.ts';
import type { Crypto } from '../crypto/index.ts';
import { hashNameOf } from './boot-state.ts';
import type { HesSwitches } from './switches.ts';

/** The measurement slots: an immutable list, undefined where nothing was measured. */
export type Slots = readonly (Measurement | undefined)[];

export const EMPTY_SLOTS: Slots = new Array<undefined>(MEASUREMENT_SLOTS).fill(undefined);

type Member = keyof typeof MEASUREMENT_LIMITS;

const fits = (member: Member, length: number): boolean => {
  const { least, most } = MEASUREMENT_LIMITS[member];
  return length >= least && length <= most;
};

const isSlot = (index: number): boolean => Number.isInteger(index) && index >= 0 && index < MEASUREMENT_SLOTS;

/** Whether a signer may extend a slot: compared over the length that is stored (hes 3.2). */
const sameSigner = (stored: Uint8Array, given: Uint8Array): boolean =>
  equalBytes(stored, given.subarray(0, stored.length));

/** Why EXTEND refuses, if it does (hes 3.1, 3.2). */
const extendError = (slots: Slots, request: ExtendRequest): PsaError | undefined => {
  const { index, signer_id, version, measurement_algo, sw_type, measurement_value } = request;
  const wellFormed =
    isSlot(index) &&
    fits('signer_id', signer_id.length) &&
    fits('version', utf8(version).length) &&
    fits('sw_type', utf8(sw_type).length) &&
    fits('measurement_value', measurement_value.length) &&
    Object.values<number>(PSA_ALG).includes(measurement_algo);
  if (!wellFormed) return 'PSA_ERROR_INVALID_ARGUMENT';
  const old = slots[index];
  if (old === undefined) return undefined;
  if (old.is_locked) return 'PSA_ERROR_BAD_STATE';
  if (old.measurement_algo !== measurement_algo) return 'PSA_ERROR_NOT_PERMITTED';
  if (!sameSigner(old.signer_id, signer_id)) return 'PSA_ERROR_NOT_PERMITTED';
  return undefined;
};

/** Version and type after a second EXTEND: RSE empties both, Islet replaces both (hes 3.2, 5). */
const METADATA = {
  clear: () => ({ version: '', sw_type: '' }),
  replace: (_, { version, sw_type }) => ({ version, sw_type }),
  keepType: ({ sw_type }, { version }) => ({ version, sw_type }),
} as const satisfies Record<
  HesSwitches['extendMetadata'],
  (old: Measurement, request: ExtendRequest) => Pick<Measurement, 'version' | 'sw_type'>
>;

/**
 * EXTEND: the slot becomes the hash of its old value, zeros at first, and the new one (hes 3.2). The hash is the service's
 * own, which fixes the width of the old value, and the algorithm of the request is but recorded; `extendHash: own` takes
 * the slot's algorithm instead.
 */
export const extendSlot = (
  crypto: Crypto,
  slots: Slots,
  request: ExtendRequest,
  { extendMetadata, extendHash, serviceHash }: Pick<HesSwitches, 'extendMetadata' | 'extendHash' | 'serviceHash'>,
): PsaReply<Slots> => {
  const error = extendError(slots, request);
  if (error !== undefined) return { status: error };
  const old = slots[request.index];
  const { signer_id, version, sw_type, measurement_algo, measurement_value, lock_measurement } = request;
  const own = extendHash === 'own' ? hashNameOf(measurement_algo) : undefined;
  const hash = crypto.hash(own ?? serviceHash);
  const next: Measurement = {
    signer_id: Uint8Array.from(old?.signer_id ?? signer_id),
    measurement_algo,
    ...(old === undefined ? { version, sw_type } : METADATA[extendMetadata](old, request)),
    measurement_value: hash.digest(concatBytes(old?.measurement_value ?? new Uint8Array(hash.size), measurement_value)),
    is_locked: lock_measurement,
  };
  return { status: 'PSA_SUCCESS', value: slots.with(request.index, next) };
};

/** READ (hes 3.2). */
export const readSlot = (slots: Slots, request: ReadRequest): PsaReply<Measurement> => {
  if (!isSlot(request.index)) return { status: 'PSA_ERROR_INVALID_ARGUMENT' };
  const slot = slots[request.index];
  if (slot === undefined) return { status: 'PSA_ERROR_DOES_NOT_EXIST' };
  const roomy =
    request.signer_id_size >= slot.signer_id.length &&
    request.version_size >= utf8(slot.version).length &&
    request.sw_type_size >= utf8(slot.sw_type).length &&
    request.measurement_value_size >= slot.measurement_value.length;
  return roomy ? { status: 'PSA_SUCCESS', value: slot } : { status: 'PSA_ERROR_INVALID_ARGUMENT' };
};
