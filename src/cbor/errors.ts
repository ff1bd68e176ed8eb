/** Why bytes are not one well-formed item within the limits (RFC 8949 5.3.1), by code. */
export const CBOR_ERRORS = {
  EMPTY: 'there are no bytes',
  TRUNCATED: 'the bytes end inside an item',
  RESERVED_HEAD: 'additional information 28 to 30 is reserved',
  INDEFINITE_NOT_ALLOWED: 'an integer or a tag has no indefinite length',
  BAD_CHUNK: 'a piece of an indefinite string is not a definite string of its type',
  BAD_SIMPLE: 'a simple value below 32 is written in two bytes',
  UNEXPECTED_BREAK: 'a break stands where an item must',
  TRAILING_BYTES: 'bytes follow the item',
  INPUT_TOO_LARGE: 'the input exceeds the size limit',
  TOO_DEEP: 'items are nested beyond the depth limit',
  TOO_MANY_ITEMS: 'there are more items than the limit',
} as const;

export interface CborError {
  readonly code: keyof typeof CBOR_ERRORS;
  readonly offset: number;
}

export const describeCborError = ({ code, offset }: CborError): string => `byte ${offset}: ${CBOR_ERRORS[code]}`;
