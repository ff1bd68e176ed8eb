import { createHash } from 'node:crypto';
import { type PiecewiseFile, piecesOf } from './read.ts';

/** The digest of a file that may be too large to hold. */
export const digestOf = (file: PiecewiseFile, hash: 'sha-256' | 'sha-512'): Uint8Array => {
  const state = createHash(hash.replace('-', ''));
  for (const piece of piecesOf(file)) state.update(piece);
  return new Uint8Array(state.digest());
};
