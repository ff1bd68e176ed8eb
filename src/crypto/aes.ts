import { Bug } from '../bytes/index.ts';

export const AES_BLOCK = 16;

/** @throws {Bug} for a key that is neither AES-128 nor AES-256: keys are derived here, never read. */
export const checkAesKey = (key: Uint8Array): void => {
  if (key.length !== 16 && key.length !== 32) throw new Bug(`an AES key of ${key.length} bytes`);
};

/** @throws {Bug} for a part of a block. */
export const checkAesBlocks = (blocks: Uint8Array): void => {
  if (blocks.length % AES_BLOCK !== 0) throw new Bug(`${blocks.length} bytes are not whole AES blocks`);
};
