import type { PsaReply } from './psa.ts';

/** Input of GET_DELEGATED_KEY, under the names of the client API. */
export interface DelegatedKeyRequest {
  /** psa_ecc_family_t. */
  readonly ecc_curve: number;
  readonly key_bits: number;
  /** PSA identifier of the hash that will bind the key to the platform token. */
  readonly hash_algo: number;
  /** Room for the key, in bytes. */
  readonly key_buf_size: number;
}

/** Input of GET_PLATFORM_TOKEN. */
export interface PlatformTokenRequest {
  /**
   * Hash of the delegated public key, which becomes the token's challenge. Undefined where the monitor passes none on, as
   * TF-A's FVP port does: the token is then bound to the delegated key whatever was asked.
   */
  readonly dak_pub_hash: Uint8Array | undefined;
  /** Room for the token, in bytes. */
  readonly token_buf_size: number;
}

/** A digest to be signed with the delegated key. */
export interface SignRequest {
  /** PSA identifier of the hash that gave `hash`. */
  readonly hash_algo: number;
  readonly hash: Uint8Array;
}

/**
 * What the monitor needs of HES: the services of the delegated attestation partition. The last two are no calls of RSE:
 * a platform whose delegated key never leaves HES has some like them, for the monitor's token-sign queue (rmm-el3 4.5).
 */
export interface HesPort {
  /** GET_DELEGATED_KEY: the private scalar, big-endian, as wide as the curve's order. */
  getDelegatedKey(request: DelegatedKeyRequest): PsaReply<Uint8Array>;
  /** GET_PLATFORM_TOKEN: the tagged COSE_Sign1. */
  getPlatformToken(request: PlatformTokenRequest): PsaReply<Uint8Array>;
  /** GET_DELEGATED_KEY, of which only the public key comes out: the uncompressed point. */
  getDelegatedPublicKey(request: DelegatedKeyRequest): PsaReply<Uint8Array>;
  /** Signs with the key delegated last: r‖s. */
  signWithDelegatedKey(request: SignRequest): PsaReply<Uint8Array>;
}

/** Input of EXTEND. Where TF-A is the caller, `sw_type` ends in a NUL: it counts the terminator. */
export interface ExtendRequest {
  readonly index: number;
  readonly signer_id: Uint8Array;
  readonly version: string;
  /** PSA identifier of the hash that gave `measurement_value`. */
  readonly measurement_algo: number;
  readonly sw_type: string;
  readonly measurement_value: Uint8Array;
  /** The slot accepts nothing more until reset. */
  readonly lock_measurement: boolean;
}

/** Input of READ: the slot, and the room for each member. */
export interface ReadRequest {
  readonly index: number;
  readonly signer_id_size: number;
  readonly version_size: number;
  readonly sw_type_size: number;
  readonly measurement_value_size: number;
}

/** What a populated slot holds. */
export interface Measurement {
  readonly signer_id: Uint8Array;
  readonly version: string;
  readonly measurement_algo: number;
  readonly sw_type: string;
  readonly measurement_value: Uint8Array;
  readonly is_locked: boolean;
}

/** What boot firmware needs of HES: the services of the measured boot partition. */
export interface MeasuredBootPort {
  extendMeasurement(request: ExtendRequest): PsaReply<undefined>;
  readMeasurement(request: ReadRequest): PsaReply<Measurement>;
}
