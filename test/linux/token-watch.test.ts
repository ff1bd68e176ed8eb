import { describe, expect, test } from 'vitest';
import type { FetchedToken } from '../../src/host/index.ts';
import { watchTokens } from '../../src/linux/token-watch.ts';

const INIT = 0xc400_0194n;
const CONTINUE = 0xc400_0195n;
const challengeOf = (byte: number): bigint[] => Array.from({ length: 8 }, () => 0x0101_0101_0101_0101n * BigInt(byte));

const setUp = () => {
  const tokens: FetchedToken[] = [];
  const watch = watchTokens(
    (ipa, length) => Uint8Array.from({ length }, (_, n) => Number(ipa & 0xffn) + n),
    (token) => tokens.push(token),
  );
  return { tokens, watch };
};

describe('what a guest is given', () => {
  test('is put together from its pieces, for each CPU', () => {
    const { tokens, watch } = setUp();
    watch([INIT, ...challengeOf(1)], [0n, 0x1000n], 0);
    watch([INIT, ...challengeOf(2)], [0n, 0x1000n], 1);
    watch([CONTINUE, 0x1000n, 0n, 0x1000n], [3n, 2n], 0);
    watch([CONTINUE, 0x2000n, 8n, 0x1000n], [0n, 1n], 1);
    watch([CONTINUE, 0x1000n, 2n, 0x1000n], [3n, 0n], 0);
    watch([CONTINUE, 0x1000n, 2n, 0x1000n], [0n, 1n], 0);
    expect(tokens).toEqual([
      { challenge: new Uint8Array(64).fill(2), token: Uint8Array.of(8) },
      { challenge: new Uint8Array(64).fill(1), token: Uint8Array.of(0, 1, 2) },
    ]);
  });

  test.each<readonly [string, bigint[]]>([
    ['more than a page holds', [0n, 0x1001n]],
    ['a length of 2^64 - 1', [3n, 0xffff_ffff_ffff_ffffn]],
    ['an error', [2n, 5n]],
  ])('is no token where the answer is %s', (_, answer) => {
    const { tokens, watch } = setUp();
    watch([INIT, ...challengeOf(1)], [0n, 0x1000n], 0);
    watch([CONTINUE, 0x1000n, 0n, 0x1000n], answer, 0);
    expect(tokens).toEqual([]);
  });

  test('ends at a size that no token has', () => {
    const { tokens, watch } = setUp();
    watch([INIT, ...challengeOf(1)], [0n, 0x1000n], 0);
    for (let n = 0; n < 257; n += 1) watch([CONTINUE, 0x1000n, 0n, 0x1000n], [3n, 0x1000n], 0);
    watch([CONTINUE, 0x1000n, 0n, 0x1000n], [0n, 1n], 0);
    expect(tokens).toEqual([]);
  });

  test('begins with a challenge that was taken', () => {
    const { tokens, watch } = setUp();
    watch([INIT, ...challengeOf(1)], [4n], 0);
    watch([CONTINUE, 0x1000n, 0n, 0x1000n], [0n, 1n], 0);
    expect(tokens).toEqual([]);
  });
});
