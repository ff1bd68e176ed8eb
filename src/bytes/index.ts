/**
 * Bytes, hexadecimal, little-endian fields and `layout`, the declarative codec of ABI structures.
 *
 * Owns: how numbers become bytes. Does not own: what any byte means; it knows nothing of Arm.
 */
export { Bug } from './bug.ts';
export * from './bytes.ts';
export * from './field.ts';
export * from './hex.ts';
export * from './layout.ts';
