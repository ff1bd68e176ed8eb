import { Bug } from '../../src/bytes/index.ts';
import { nodeCrypto } from '../../src/crypto/node.ts';
import type { FirmwareSet } from '../../src/hes/index.ts';
import { createPlatform, type Platform, type PlatformOptions } from '../../src/platform/index.ts';

const digest = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

/** A firmware set of two components, enough for a chip to boot. */
export const SMALL_FIRMWARE: FirmwareSet = {
  name: 'small',
  summary: 'two components, for tests',
  lcs: 'SE',
  dcu: new Uint8Array(16),
  bl12Hash: digest(0x12),
  components: [
    {
      slot: 0,
      type: 'RSE_BL1_2',
      version: '1.0.0',
      signerId: digest(0xa1),
      algorithm: 'sha-256',
      digest: digest(1),
      lock: true,
    },
    {
      slot: 14,
      type: 'RMM',
      version: '1.0.0',
      signerId: digest(0xa2),
      algorithm: 'sha-256',
      digest: digest(2),
      lock: false,
    },
  ],
  updates: [],
  defaults: {},
};

/**
 * A machine whose every command is held against its own success conditions and footprint: a violation fails the test
 * that caused it.
 */
export const testMachine = (options: Partial<PlatformOptions> = {}): Platform =>
  createPlatform({
    crypto: nodeCrypto,
    firmware: SMALL_FIRMWARE,
    onViolation: (violation) => {
      // Any other error would be what a command of a Realm answers RSI_ERROR_UNKNOWN to.
      throw new Bug(violation);
    },
    ...options,
  });
