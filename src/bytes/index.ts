/**
 * Bytes, bytes that grow, hexadecimal, little-endian fields and `layout`, the declarative codec of ABI structures.
 *
 * Owns: how numbers become bytes, which of a few words was probably meant. Does not own: what any byte or word means; it
 * knows nothing of Arm.
 */
export { Bug } from './bug.ts';
export * from './bytes.ts';
export * from './doubleword.ts';
export * from './field.ts';
export * from './growing.ts';
export * from './hex.ts';
export * from './layout.ts';
export * from './nearest.ts';
