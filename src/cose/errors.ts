import type { CborError } from '../cbor/index.ts';

/** Why bytes cannot be read as a COSE_Sign1 at all, by code. */
export const SIGN1_ERRORS = {
  NOT_CBOR: 'the bytes are not CBOR',
  WRONG_TAG: 'the tag is not 18',
  NOT_ARRAY_OF_4: 'a COSE_Sign1 is an array of four',
  PROTECTED_NOT_BYTES: 'the protected header is not a byte string',
  PROTECTED_NOT_CBOR: 'the protected header does not hold CBOR',
  PROTECTED_NOT_MAP: 'the protected header does not hold a map',
  UNPROTECTED_NOT_MAP: 'the unprotected header is not a map',
  PAYLOAD_DETACHED: 'the payload is nil',
  PAYLOAD_NOT_BYTES: 'the payload is not a byte string',
  SIGNATURE_NOT_BYTES: 'the signature is not a byte string',
} as const;

export interface Sign1Error {
  readonly code: keyof typeof SIGN1_ERRORS;
  readonly offset: number;
  /** What CBOR said, where the code is NOT_CBOR or PROTECTED_NOT_CBOR; its offset counts in the same bytes. */
  readonly cbor?: CborError;
}

/** What a COSE_Sign1 that can be read still does wrong, by code. */
export const SIGN1_DEVIATIONS = {
  UNTAGGED: 'tag 18 is missing',
  TRAILING_BYTES: 'bytes follow the COSE_Sign1',
  ALG_MISSING: 'there is no alg in the protected header',
  ALG_UNPROTECTED: 'alg stands in the unprotected header',
  LABEL_MALFORMED: 'a header label is neither an integer nor a text',
  LABEL_DUPLICATE: 'a header label stands twice, in one header or in both',
  CRIT_UNPROTECTED: 'crit stands in the unprotected header',
  CRIT_MALFORMED: 'crit is not an array of labels, or is empty',
  CRIT_ABSENT: 'crit names a label that the protected header does not have',
  CRIT_UNKNOWN: 'crit names a label that is not understood here',
} as const;

export interface Sign1Deviation {
  readonly code: keyof typeof SIGN1_DEVIATIONS;
  readonly offset: number;
}
