import { type ERmm, MEC_REASON_SINCE } from '../abi/index.ts';
import { type El3Config, offers } from './config.ts';

const MECID_BITS = 0xffffn;
const MECID_SHIFT = 32n;
/** X1[0]: a Realm is created, or destroyed. */
const REASON = 1n;

/**
 * RMM_MEC_REFRESH, RMM_MECID_KEY_UPDATE before interface 0.8: bits that must be zero, then the width of a MECID
 * (rmm-el3 4.6). Nothing here encrypts, so nothing changes.
 */
export const refreshMec = (config: El3Config, x1: bigint): ERmm => {
  if (config.mecidWidth === undefined) return 'E_RMM_UNK';
  const [bits, mecid] = offers(config, MEC_REASON_SINCE)
    ? [(MECID_BITS << MECID_SHIFT) | REASON, x1 >> MECID_SHIFT]
    : [MECID_BITS, x1];
  if ((x1 & ~bits) !== 0n) return 'E_RMM_INVAL';
  return mecid < 1n << BigInt(config.mecidWidth) ? 'E_RMM_OK' : 'E_RMM_INVAL';
};
