import { toBigEndian } from '../../bytes/index.ts';
import { CURVES } from '../../crypto/index.ts';
import type { Operation } from '../mutation.ts';
import { bytes, type Part } from '../wire.ts';
import { set } from './edits.ts';

/** Header parameters (RFC 9052 3.1, RFC 9360 2). */
export const LABEL = { alg: 1, crit: 2, contentType: 3, kid: 4, x5chain: 33, x5t: 34 } as const;
/** Algorithms (RFC 9053 2, 3, RFC 8812 2). */
export const ALG = { es256: -7, eddsa: -8, es384: -35, hs256: 5, rs256: -257 } as const;
/** Tags of messages (RFC 9052 2). */
export const TAG = { mac0: 17, sign1: 18, sign: 98 } as const;
/** Bytes of each half of an ES384 signature. */
export const WIDTH = 48;
export const ORDER = CURVES['P-384'].order;

export const signature = (part: Part): string => `${part}.signature`;
/** One half of a signature. */
export const half = (value: bigint): Uint8Array => toBigEndian(value, WIDTH);

/** A signature in place of the right one. */
export const signedWith = (part: Part, value: Uint8Array): Operation => ({
  after: [set(signature(part), bytes(value))],
});

/** What a signature broken so would give away. */
export const forgery = { gain: 'forgery' } as const;
