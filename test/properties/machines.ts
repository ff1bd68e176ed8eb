import type { Crypto } from '../../src/crypto/index.ts';
import { nodeCrypto } from '../../src/crypto/node.ts';
import type { Platform, PlatformOptions } from '../../src/platform/index.ts';
import { testMachine } from '../support/machine.ts';

/** Signatures are not what is tested here, and they are slow: each is as many bytes, and says nothing. */
const unsigned: Crypto = { ...nodeCrypto, sign: () => new Uint8Array(96), signDigest: () => new Uint8Array(96) };

export const DRAM = 0x8000_0000n;
export const GRANULE = 0x1000n;

/** A machine whose tokens are not signed, so that a Realm that asks for many of them costs little. */
export const quickMachine = (options: Partial<PlatformOptions> = {}): Platform =>
  testMachine({ crypto: unsigned, ...options });
