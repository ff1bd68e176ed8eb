/** Bytes of a challenge, and of the head of a token, which repeats it. */
export const CHALLENGE_SIZE = 64;

const FACTOR = 0x9e37_79b1;

/**
 * The byte at `position` of the token for a challenge: the challenge, then a pattern without a period that a piece could
 * fall into, so that bytes at a wrong place, or of another token, are told apart.
 */
const tokenByte = (challenge: Uint8Array, position: number): number => {
  if (position < CHALLENGE_SIZE) return challenge[position] ?? 0;
  const word = Math.imul((position >>> 2) + 1, FACTOR) >>> 0;
  return ((word ^ (word >>> 15)) >>> (8 * (position & 3))) & 0xff;
};

/** `length` bytes of the token for a challenge, from `start` on; it has no end, whatever its size is said to be. */
export const tokenBytes = (challenge: Uint8Array, start: number, length: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length }, (_, i) => tokenByte(challenge, start + i));
