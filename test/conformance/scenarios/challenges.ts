import type { Registers } from '../../../src/trace/index.ts';
import type { World } from '../language/world.ts';

const words = (text: string): readonly bigint[] => text.split(' ').map((word) => BigInt(`0x${word}`));

/** The challenges of Arm's suite, as the registers X1 to X8 hold them. */
export const C1 = words(
  'b4ea40d262abaf22 e8d966127b6d78e2 7ce913f20b954277 3155ff12580f9e60 8a3843cb95120bf6 d52c4fca64420f43 b75961661d52e8ce c7f17650fe9fca60',
);
export const C2 = words(
  'c052a7e8223def88 e8d976547b6d78e2 7ce913f20b954277 3155f7abc50f9e60 8a375eabc5120bf6 d5aaaddd64420f43 b75961732d52e8ce c7f19eabce9fca60',
);

/** Begins a token with a challenge. */
export const init = (w: World, challenge: readonly bigint[], pe = 0): Registers =>
  w.callOn(pe, 'RSI_ATTESTATION_TOKEN_INIT', ...challenge);

/** The bytes of a challenge: byte 0 in bits [7:0] of X1. */
export const challengeBytes = (challenge: readonly bigint[]): Uint8Array =>
  new Uint8Array(new BigUint64Array(challenge).buffer);
