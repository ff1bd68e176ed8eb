import { hex } from '../bytes/index.ts';

/** Keys and hash that Islet's HES application ships for demonstrations: published, so no secret of anybody (hes 5). */
export const ISLET_ROOTS = {
  huk: hex('000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f'),
  guk: hex('0123456789012345678901234567890123456789012345678901234567890123'),
} as const;

export const ISLET_BL2_HASH = hex('f15f953be50dad92c3b2aa3297e6a4a8d66d33638449ec1922b4a7924a7b3022');

export const ISLET_IMPLEMENTATION_ID = hex('aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd');

/** Claim 2401, four bytes that the application writes as the machine has them: little-endian here. */
export const ISLET_CONFIG = hex('efbeadde');

export const ISLET_VERIFICATION_SERVICE = 'http://whatever.com';
