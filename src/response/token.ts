/** Bytes of a challenge, and of the head of a token, which repeats it. */
export const CHALLENGE_SIZE = 64;

/** Of doubleword n of the pattern, which is n + 1 times this: 0x9e3779b97f4a7c15. */
const FACTOR = { high: 0x9e37_79b9, low: 0x7f4a_7c15 } as const;
const TWO_32 = 0x1_0000_0000;

/**
 * The byte at `position` of the token for a challenge: the challenge, then a pattern without a period that a piece could
 * fall into, so that bytes at a wrong place, or of another token, are told apart.
 */
const tokenByte = (challenge: Uint8Array, position: number): number => {
  if (position < CHALLENGE_SIZE) return challenge[position] ?? 0;
  const count = (position >>> 3) + 1;
  const half =
    (position & 4) === 0
      ? Math.imul(count, FACTOR.low)
      : Math.imul(count, FACTOR.high) + Math.floor((count * FACTOR.low) / TWO_32);
  return (half >>> (8 * (position & 3))) & 0xff;
};

/** `length` bytes of the token for a challenge, from `start` on; it has no end, whatever its size is said to be. */
export const tokenBytes = (challenge: Uint8Array, start: number, length: number): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i += 1) bytes[i] = tokenByte(challenge, start + i);
  return bytes;
};
