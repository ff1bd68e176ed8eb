/**
 * The claims of platform and Realm tokens as tables, the dialects, and what builds tokens from them.
 *
 * Owns: labels, types and orders of claims; the form of the collection. Does not own: values, keys, or verification.
 */
export * from './cca-token.ts';
export * from './claim.ts';
export * from './dialect.ts';
export * from './key-form.ts';
export * from './labels.ts';
export * from './platform-claims.ts';
export * from './platform-token.ts';
export * from './realm-claims.ts';
export * from './realm-token.ts';
export * from './rewrap.ts';
export { signToken } from './sign.ts';
