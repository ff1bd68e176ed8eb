import { describe, expect, test } from 'vitest';
import { utf8 } from '../../src/bytes/index.ts';
import { type BatchRequest, signBatch } from '../../src/crypto/batch.ts';
import type { CurveName, PrivateKey, SignatureAlgorithm } from '../../src/crypto/index.ts';
import { CURVES, seededEntropy } from '../../src/crypto/index.ts';
import { nobleCrypto } from '../../src/crypto/noble.ts';
import { nodeCrypto } from '../../src/crypto/node.ts';
import { invertAll, multiplyBase, N, Points, timesN } from '../../src/crypto/p384.ts';

const key = (curve: CurveName, name: string): PrivateKey => {
  const scalar = seededEntropy(nodeCrypto, utf8(name)).bytes(CURVES[curve].size);
  scalar[0] = 0;
  return { curve, scalar };
};

const requests = (count: number, algorithm: SignatureAlgorithm, curve: CurveName): readonly BatchRequest[] =>
  Array.from({ length: count }, (_, i) => ({ algorithm, key: key(curve, `key ${i % 5}`), message: utf8(`${i}`) }));

describe('signatures that are made together', () => {
  test.each([0, 1, 2, 127, 128, 129, 300])('%i of them are those that are made one by one', (count) => {
    const all = requests(count, 'ES384', 'P-384');
    expect(signBatch(nodeCrypto, all)).toEqual(
      all.map(({ algorithm, key: own, message }) => nodeCrypto.sign(algorithm, own, message)),
    );
  });

  test('hold among those of other curves and algorithms', () => {
    const mixed = [
      ...requests(3, 'ES256', 'P-256'),
      ...requests(3, 'ES384', 'P-384'),
      ...requests(3, 'ES512', 'P-521'),
      ...requests(3, 'ES384', 'P-384'),
    ];
    expect(signBatch(nodeCrypto, mixed)).toEqual(
      mixed.map(({ algorithm, key: own, message }) => nobleCrypto.sign(algorithm, own, message)),
    );
  });
});

const pointOf = (scalar: bigint): readonly [bigint, bigint] => {
  const [point] = multiplyBase([scalar]);
  return [point?.x ?? 0n, point?.y ?? 0n];
};
const publicOf = (scalar: bigint): readonly [bigint, bigint] => {
  const bytes = Uint8Array.from(Buffer.from(scalar.toString(16).padStart(96, '0'), 'hex'));
  const point = nobleCrypto.publicKey({ curve: 'P-384', scalar: bytes });
  const number = (part: Uint8Array | undefined): bigint => BigInt(`0x${Buffer.from(part ?? []).toString('hex')}`);
  return [number(point?.x), number(point?.y)];
};

describe('points of P-384', () => {
  test.each([1n, 2n, 3n, 15n, 16n, 255n, 256n, (1n << 383n) + 1n, N / 2n, N - 2n, N - 1n])(
    '%d times the base is what a library says',
    (scalar) => {
      expect(pointOf(scalar)).toEqual(publicOf(scalar));
    },
  );

  test('add up, also to themselves, to nothing and with nothing', () => {
    const pairs: readonly (readonly [bigint, bigint])[] = [
      [1n, 2n],
      [5n, 5n],
      [7n, N - 7n],
      [N - 1n, N - 1n],
      [123n, N - 122n],
    ];
    const points = new Points(2 * pairs.length);
    multiplyBase(pairs.flat()).forEach((point, i) => {
      points.set(i, point);
    });
    const targets = pairs.map((_, i) => 2 * i);
    points.add(
      targets,
      targets.map((target) => target + 1),
    );
    pairs.forEach(([a, b], i) => {
      const sum = (a + b) % N;
      const point = points.get(2 * i);
      if (sum === 0n) expect(point).toBeUndefined();
      else expect([point?.x, point?.y]).toEqual(publicOf(sum));
    });
  });

  test('numbers are inverted together', () => {
    const values = [1n, 2n, N - 1n, 12345678901234567890n];
    const inverses = invertAll(values);
    expect(values.map((value, i) => timesN(value, inverses[i] ?? 0n))).toEqual(values.map(() => 1n));
  });
});
