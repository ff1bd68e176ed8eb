import { type CborValue, encode, Tagged } from '../cbor/index.ts';
import { SIGN1_TAG } from './labels.ts';

/** A header: labels and values, in the order in which they are written. */
export type Header = ReadonlyMap<CborValue, CborValue>;

export interface Sign1Parts {
  readonly protected: Header;
  readonly unprotected?: Header;
  readonly payload: Uint8Array;
}

/** What is signed: the protected header as it was written, and the payload, without external data (RFC 9052 4.4). */
export const sigStructure = (protectedBytes: Uint8Array, payload: Uint8Array): Uint8Array<ArrayBuffer> =>
  encode(['Signature1', protectedBytes, new Uint8Array(), payload]);

/**
 * Makes a tagged COSE_Sign1 (RFC 9052 4.2).
 *
 * @param sign  gives the signature of the bytes it is handed, in the form that the `alg` of the protected header names.
 */
export const encodeSign1 = (
  { protected: header, unprotected = new Map(), payload }: Sign1Parts,
  sign: (toBeSigned: Uint8Array) => Uint8Array,
): Uint8Array<ArrayBuffer> => {
  // An empty header is an empty string, not an empty map (RFC 9052 3).
  const protectedBytes = header.size === 0 ? new Uint8Array() : encode(header);
  const signature = sign(sigStructure(protectedBytes, payload));
  return encode(new Tagged(SIGN1_TAG, [protectedBytes, unprotected, payload, signature]));
};
