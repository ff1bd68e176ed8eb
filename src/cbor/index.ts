/**
 * CBOR (RFC 8949): an encoder without choices, a decoder that keeps how everything was written, diagnostic notation.
 *
 * Owns: the data model and its bytes. Does not own: claims, COSE, or what a number means.
 */
export * from './decode.ts';
export * from './diagnostic.ts';
export * from './encode.ts';
export * from './errors.ts';
export type * from './item.ts';
export { BREAK, INFO, MAJOR, SIMPLE } from './major.ts';
export * from './problems.ts';
export * from './to-value.ts';
export * from './value.ts';
