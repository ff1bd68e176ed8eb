import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { toHex, utf8 } from '../../src/bytes/index.ts';
import { seededEntropy } from '../../src/crypto/index.ts';
import { nobleCrypto } from '../../src/crypto/noble.ts';
import { nodeCrypto } from '../../src/crypto/node.ts';

const sha512 = (...parts: (string | Uint8Array)[]) => {
  const hash = createHash('sha512');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

test('a seeded stream is SHA-512 over seed and draw, whole blocks at a time', () => {
  const entropy = seededEntropy(nodeCrypto, utf8('seed'));
  const blocks = [0, 1, 2].map((draw) => sha512('seed', `/draw/${draw}`).toString('hex'));
  expect(toHex(entropy.bytes(70))).toBe((blocks[0] as string) + (blocks[1] as string).slice(0, 12));
  expect(toHex(entropy.bytes(64))).toBe(blocks[2]);
  expect(entropy.bytes(0)).toHaveLength(0);
});

test('a fork is the stream of a seed of its own', () => {
  const fork = seededEntropy(nodeCrypto, utf8('seed')).fork('hes');
  expect(toHex(fork.bytes(64))).toBe(sha512(sha512('seed', '/fork/hes'), '/draw/0').toString('hex'));
});

test('draws from one stream shift no other', () => {
  const quiet = seededEntropy(nodeCrypto, utf8('seed'));
  const busy = seededEntropy(nodeCrypto, utf8('seed'));
  busy.bytes(1000);
  busy.fork('rmm').bytes(1000);
  expect(busy.fork('hes').bytes(48)).toEqual(quiet.fork('hes').bytes(48));
  expect(quiet.fork('hes').bytes(48)).not.toEqual(quiet.fork('rmm').bytes(48));
});

test('both providers give the same stream', () => {
  const [a, b] = [nodeCrypto, nobleCrypto].map((crypto) => seededEntropy(crypto, utf8('seed')).fork('x').bytes(100));
  expect(a).toEqual(b);
});

test('a seed changed afterwards changes nothing', () => {
  const seed = utf8('seed');
  const entropy = seededEntropy(nodeCrypto, seed);
  seed.fill(0);
  expect(entropy.bytes(64)).toEqual(seededEntropy(nodeCrypto, utf8('seed')).bytes(64));
});
