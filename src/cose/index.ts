/**
 * COSE_Sign1 and COSE_Key (RFC 9052, RFC 9053).
 *
 * Owns: the envelope, its headers and the form of keys. Does not own: claims, keys themselves, or whether to trust any.
 */
export * from './decode-sign1.ts';
export * from './errors.ts';
export { headerValue } from './header.ts';
export * from './key.ts';
export * from './labels.ts';
export type { Result } from './result.ts';
export * from './sign1.ts';
