import { concatBytes, utf8 } from '../bytes/index.ts';
import type { Crypto } from './ports.ts';

/** Where random bytes come from. */
export interface Entropy {
  bytes(length: number): Uint8Array;
  /** An independent stream. Drawing from one never shifts another, so adding a draw changes no other bytes. */
  fork(label: string): Entropy;
}

/** SHA-512 in counter mode: same seed, same bytes. For emulation, tests and replay; never a source of real secrets. */
export const seededEntropy = (crypto: Crypto, seed: Uint8Array): Entropy => {
  const { digest, size } = crypto.hash('sha-512');
  const kept = Uint8Array.from(seed);
  let draw = 0;
  return {
    bytes(length) {
      const out = new Uint8Array(length);
      for (let at = 0; at < length; at += size) {
        const block = digest(concatBytes(kept, utf8(`/draw/${draw++}`)));
        out.set(block.subarray(0, Math.min(size, length - at)), at);
      }
      return out;
    },
    fork: (label) => seededEntropy(crypto, digest(concatBytes(kept, utf8(`/fork/${label}`)))),
  };
};
