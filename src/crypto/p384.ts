/**
 * Arithmetic on P-384 for many points at once. It knows nothing of signatures: what is signed with which nonce is its
 * caller's business, and the `Crypto` port offers no choice of nonces.
 */
export { invertAll, N, timesN } from './p384/field.ts';
export { multiplyBase, multiplyBaseX } from './p384/multiply-base.ts';
export { type Point, Points } from './p384/points.ts';
