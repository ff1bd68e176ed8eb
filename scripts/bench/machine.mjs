import { nodeCrypto } from '../../dist/crypto/node.js';
import * as hes from '../../dist/hes/index.js';
import { defaultOrder, PLAN_DEFAULTS } from '../../dist/host/index.js';
import { createPlatform } from '../../dist/platform/index.js';
import { committedFirmware } from '../lib/firmware.mjs';

export const PAYLOAD_MIB = 64;
export const PAYLOAD_BYTES = PAYLOAD_MIB << 20;

const firmware = committedFirmware(hes, nodeCrypto);

/** A machine as `swcca token` boots it. */
export const bootMachine = () => createPlatform({ crypto: nodeCrypto, firmware });

/**
 * A Realm with one measured payload at the base of its memory.
 *
 * @param {number} size
 * @param {(offset: number, length: number) => Uint8Array} read
 */
export const planOf = (size, read) => {
  const { base } = PLAN_DEFAULTS.memory;
  const parts = {
    ripas: [{ ...PLAN_DEFAULTS.memory, block: 'auto' }],
    loads: [{ name: 'payload', at: base, measured: true, size, read }],
    recs: [{ pc: base, gprs: [], runnable: true }],
  };
  return { ...PLAN_DEFAULTS, rpv: new Uint8Array(64), ...parts, order: defaultOrder(parts) };
};

/** Bytes that repeat in no page. */
export const payloadBytes = () => {
  const words = new Uint32Array(PAYLOAD_BYTES / 4);
  for (let i = 0, x = 1; i < words.length; i += 1) {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    words[i] = x;
  }
  return new Uint8Array(words.buffer);
};
