/**
 * The `Crypto` port and what is built on it: key derivation, seeded entropy, encodings of public keys.
 *
 * Owns: everything that is taken from a cryptographic library, behind one interface with two providers. Does not own: who
 * signs what. The providers are doors of their own, `noble.ts` and `node.ts`, so that nobody loads the one not used.
 */
export { ALGORITHM_OF_CURVE, HASH_OF } from './algorithms.ts';
export { fromBase64, fromBase64Url, toBase64, toBase64Url } from './base64.ts';
export * from './curves.ts';
export * from './encoding.ts';
export * from './entropy.ts';
export * from './kdf.ts';
export type * from './ports.ts';
