/** Why a CoRIM cannot be used as CCA reference values, by code (endorsements 1 to 3). */
export const CORIM_ERRORS = {
  TOO_LARGE: 'is larger than any CoRIM of a platform or a Realm',
  NOT_CBOR: 'is not well-formed CBOR',
  CBOR_UNWELCOME: 'has a repeated key, an indefinite length or a text that is not UTF-8',
  NOT_CORIM: 'is not a CoRIM: a map in tag 501, alone or signed',
  CONTENT_TYPE: 'is signed, but does not say that it holds a CoRIM',
  PROFILE_MISSING: 'names no profile',
  PROFILE_UNKNOWN: 'has a profile that is not one of a CCA platform or Realm',
  TAGS: 'must hold one CoMID or more, each in tag 506',
  TRIPLES: 'must hold triples: pairs of an environment and what is said of it',
  CLASS_MISSING: 'names no class, which is the implementation id of a platform or the RIM of a Realm',
  CLASS_TYPE: 'has a class of another type than the profile asks for',
  CLASS_SIZE: 'has a class of another size than the profile asks for',
  INSTANCE_MISSING: 'names no instance',
  INSTANCE_TYPE: 'has an instance of another type than the profile asks for',
  INSTANCE_SIZE: 'has an instance that is not 0x01 and 32 bytes',
  KEY_COUNT: 'must have exactly one key',
  KEY_TYPE: 'has a key of another type than pkix-base64-key',
  KEY_MALFORMED: 'has a key that is not the PEM of a point on P-256, P-384 or P-521',
  MKEY_MISSING: 'has no key',
  MKEY_TYPE: 'has a key of another type than the profile asks for',
  MKEY_UNKNOWN: 'has a key that the profile does not know',
  MKEY_REPEATED: 'has the same key as another one',
  DIGESTS_MISSING: 'has no digest',
  DIGESTS: 'has a digest that is not a pair of an algorithm and 32, 48 or 64 bytes that fit it',
  DIGEST_COUNT: 'must have exactly one digest',
  NAME_TYPE: 'has a name that is not a text',
  SIGNER: 'must have exactly one signer, a byte string of 32, 48 or 64 bytes',
  VERSION: 'has a version that is not a text alone: a version scheme is not allowed',
  RAW_VALUE_MISSING: 'has no value',
  RAW_VALUE: 'has a value that is not a byte string',
  MASK_MISSING: 'has no mask',
  MASK: 'has a mask that is not a byte string as long as the value',
  COMPONENT_MISSING: 'lists no software component',
  CONFIG_REPEATED: 'has more than one platform configuration',
  RIM_MISSING: 'does not list the RIM',
  RIM_DIFFERS: 'lists another RIM than the one that it is found by',
  NOTHING: 'says nothing that could be compared',
} as const;
export type CorimErrorCode = keyof typeof CORIM_ERRORS;

export interface CorimError {
  readonly code: CorimErrorCode;
  /** Where: `tags/0/reference/0/2` is the third measurement of the first triple of the first CoMID. */
  readonly path: string;
  /** Both in one line. */
  readonly error: string;
}

/** Ends the reading of a CoRIM; it never leaves the reader. */
export class CorimRefusal extends Error {
  readonly reason: CorimError;

  constructor(code: CorimErrorCode, path: string) {
    const error = `${path}: ${CORIM_ERRORS[code]}`;
    super(error);
    this.reason = { code, path, error };
  }
}
