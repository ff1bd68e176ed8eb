import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/bytes/index.ts';
import { openMint } from '../../src/corpus/index.ts';
import { keyRing } from '../../src/mutate/index.ts';
import { verifyToken } from '../../src/verify/index.ts';
import { BASES, crypto, DIALECT_NAMES } from '../mutate/support/base.ts';

const { keys, ...base } = BASES['rmm-1.0'];
const COUNT = 600;

describe('minted tokens', () => {
  const mint = openMint(crypto, base, 'mint');
  const tokens = [...mint.next(1), ...mint.next(300), ...mint.next(COUNT - 301)];

  test('are each as many as were asked for, none twice', () => {
    expect(tokens.length).toBe(COUNT);
    expect(new Set(tokens.map(({ token }) => toHex(token))).size).toBe(COUNT);
    expect(new Set(tokens.map(({ challenge }) => toHex(challenge))).size).toBe(COUNT);
    // No nonce of a signature twice: r is half of the last 96 bytes of the Realm token.
    const signatures = tokens.map(({ token }) => toHex(token).slice(-192, -96));
    expect(new Set(signatures).size).toBe(COUNT);
  });

  test('are good: both signatures, binding, challenge', () => {
    for (const { token, challenge } of tokens) {
      const { accepted, findings } = verifyToken(token, { crypto, key: mint.cpak, challenge });
      expect([accepted, findings]).toEqual([true, []]);
    }
  });

  test('are the same from the same seed, and others from another', () => {
    const [again] = openMint(crypto, base, 'mint').next(1);
    expect(again).toEqual(tokens[0]);
    const [other] = openMint(crypto, base, 'other').next(1);
    expect(toHex(other?.token ?? new Uint8Array())).not.toBe(toHex(tokens[0]?.token ?? new Uint8Array()));
  });
});

test.each(DIALECT_NAMES)('a token of dialect %s is minted', (name) => {
  const { keys: _, ...own } = BASES[name];
  const mint = openMint(crypto, own, 'mint');
  const [one] = mint.next(1);
  if (one === undefined) throw new Error('nothing was minted');
  const { accepted, findings } = verifyToken(one.token, { crypto, key: mint.cpak, challenge: one.challenge });
  expect([accepted, findings]).toEqual([true, verifyToken(own.token, { crypto, key: cpak }).findings]);
});

const cpak = keyRing(crypto, keys, 'x').public('cpak');

describe('the keys of a mint', () => {
  const mint = openMint(crypto, base, 'mint');

  test('are not those of the machine whose token it repeats', () => {
    const ring = keyRing(crypto, keys, 'mint');
    expect([toHex(mint.cpak.x), toHex(mint.rak.x)]).not.toEqual([
      toHex(ring.public('cpak').x),
      toHex(ring.public('rak').x),
    ]);
    for (const { token } of mint.next(3)) {
      expect(verifyToken(token, { crypto, key: cpak }).findings.map(({ code }) => code)).toContain(
        'PLATFORM_SIG_INVALID',
      );
    }
  });

  test('cannot be given: a mint has no parameter for one, and whoever has a base with keys keeps them', () => {
    expect(openMint.length).toBe(3);
    const withKeys = openMint(crypto, BASES['rmm-1.0'], 'mint');
    expect(toHex(withKeys.cpak.x)).toBe(toHex(mint.cpak.x));
    expect(withKeys.next(1)).toEqual(openMint(crypto, base, 'mint').next(1));
  });

  test('leave it in their public half alone', () => {
    expect(Object.keys(mint)).toEqual(['base', 'cpak', 'rak', 'next']);
    expect(Object.keys(mint.cpak).toSorted()).toEqual(['curve', 'x', 'y']);
    expect('keys' in mint.base).toBe(false);
  });
});

test('nothing but the mint adds up points of nonces', () => {
  const files = (folder: URL): readonly URL[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? files(new URL(`${entry.name}/`, folder)) : [new URL(entry.name, folder)],
    );
  const users = files(new URL('../../src/', import.meta.url))
    .filter((file) => /\bnew Points\b/.test(readFileSync(file, 'utf8')))
    .map(({ pathname }) => pathname.slice(pathname.lastIndexOf('/src/') + 5));
  expect(users.filter((path) => !path.startsWith('crypto/p384'))).toEqual(['corpus/mint.ts']);
});
