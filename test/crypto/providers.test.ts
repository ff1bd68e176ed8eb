import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Bug, fromBigEndian, hex, toBigEndian, toHex, utf8 } from '../../src/bytes/index.ts';
import type { Crypto, CurveName, PrivateKey, PublicKey, SignatureAlgorithm } from '../../src/crypto/index.ts';
import { CURVES, HASH_OF } from '../../src/crypto/index.ts';
import { nobleCrypto } from '../../src/crypto/noble.ts';
import { nodeCrypto } from '../../src/crypto/node.ts';
import { signWithNonce } from '../../src/crypto/rfc6979.ts';
import aesCmac from '../vectors/aes-cmac.json' with { type: 'json' };
import rfc6979 from '../vectors/rfc6979.json' with { type: 'json' };

const PROVIDERS: readonly Crypto[] = [nobleCrypto, nodeCrypto];
const ALGORITHMS = Object.keys(HASH_OF) as SignatureAlgorithm[];
const CURVE_NAMES = Object.keys(CURVES) as CurveName[];
const PAIRS = CURVE_NAMES.flatMap((curve) => ALGORITHMS.map((algorithm) => ({ curve, algorithm })));

const rfcKey = (curve: string) => {
  const name = curve as CurveName;
  const { d, x, y } = rfc6979.keys[name];
  return {
    privateKey: { curve: name, scalar: hex(d) } satisfies PrivateKey,
    publicKey: { curve: name, x: hex(x), y: hex(y) } satisfies PublicKey,
  };
};

const someKey = (curve: CurveName): fc.Arbitrary<PrivateKey> => {
  const { size, order } = CURVES[curve];
  return fc
    .oneof(fc.bigInt(1n, order - 1n), fc.bigInt(1n, 300n), fc.bigInt(order - 300n, order - 1n))
    .map((value) => ({ curve, scalar: toBigEndian(value, size) }));
};

describe.each(PROVIDERS)('$id', (crypto) => {
  test.each(rfc6979.rows)('signs RFC 6979 $curve $algorithm "$message"', ({ curve, algorithm, message, r, s }) => {
    const { privateKey, publicKey } = rfcKey(curve);
    const signature = crypto.sign(algorithm as SignatureAlgorithm, privateKey, utf8(message));
    expect(toHex(signature)).toBe(r + s);
    expect(crypto.verify(algorithm as SignatureAlgorithm, publicKey, utf8(message), signature)).toBe(true);
  });

  test.each(CURVE_NAMES)('derives the public key of RFC 6979 on %s', (curve) => {
    const { privateKey, publicKey } = rfcKey(curve);
    expect(crypto.publicKey(privateKey)).toEqual(publicKey);
  });

  test.each(aesCmac.rows)('computes AES-CMAC $mac', ({ key, message, mac }) => {
    expect(toHex(crypto.aesCmac(hex(key), hex(message)))).toBe(mac);
  });

  test('encrypts AES-ECB as FIPS 197 C.1 and C.3', () => {
    const plain = hex('00112233445566778899aabbccddeeff');
    const key = Uint8Array.from({ length: 32 }, (_, i) => i);
    expect(toHex(crypto.aesEcb(key.subarray(0, 16), plain))).toBe('69c4e0d86a7b0430d8cdb78070b4c55a');
    expect(toHex(crypto.aesEcb(key, plain))).toBe('8ea2b7ca516745bfeafc49904b496089');
  });

  test('refuses AES keys and blocks of other sizes', () => {
    expect(() => crypto.aesCmac(new Uint8Array(24), new Uint8Array())).toThrow(Bug);
    expect(() => crypto.aesEcb(new Uint8Array(15), new Uint8Array(16))).toThrow(Bug);
    expect(() => crypto.aesEcb(new Uint8Array(16), new Uint8Array(17))).toThrow(Bug);
  });

  test.each(PAIRS)('accepts either s under $algorithm on $curve', ({ curve, algorithm }) => {
    const { order, size } = CURVES[curve];
    const { privateKey, publicKey } = rfcKey(curve);
    const message = utf8('either half');
    const signature = crypto.sign(algorithm, privateKey, message);
    const s = fromBigEndian(signature.subarray(size));
    const other = Uint8Array.from(signature);
    other.set(toBigEndian(order - s, size), size);
    expect(crypto.verify(algorithm, publicKey, message, signature)).toBe(true);
    expect(crypto.verify(algorithm, publicKey, message, other)).toBe(true);
  });

  test('refuses a signature of another message, key, algorithm or curve', () => {
    const { privateKey, publicKey } = rfcKey('P-384');
    const message = utf8('sample');
    const signature = crypto.sign('ES384', privateKey, message);
    const other = crypto.publicKey({ curve: 'P-384', scalar: toBigEndian(7n, 48) });
    expect(crypto.verify('ES384', publicKey, utf8('sampla'), signature)).toBe(false);
    expect(crypto.verify('ES384', other as PublicKey, message, signature)).toBe(false);
    expect(crypto.verify('ES256', publicKey, message, signature)).toBe(false);
    expect(crypto.verify('ES384', rfcKey('P-256').publicKey, message, signature)).toBe(false);
  });

  test.each(CURVE_NAMES)('answers false to malformed signatures on %s', (curve) => {
    const { publicKey, privateKey } = rfcKey(curve);
    const { order, size } = CURVES[curve];
    const message = utf8('m');
    const good = crypto.sign('ES384', privateKey, message);
    const withR = (r: bigint) => Uint8Array.of(...toBigEndian(r, size), ...good.subarray(size));
    const withS = (s: bigint) => Uint8Array.of(...good.subarray(0, size), ...toBigEndian(s, size));
    const bad = [
      new Uint8Array(),
      new Uint8Array(2 * size),
      new Uint8Array(2 * size).fill(0xff),
      good.subarray(1),
      Uint8Array.of(0, ...good),
      withR(0n),
      withR(order),
      withS(0n),
      withS(order),
    ];
    for (const signature of bad) expect(crypto.verify('ES384', publicKey, message, signature)).toBe(false);
  });

  test.each(CURVE_NAMES)('answers false to keys off the curve on %s', (curve) => {
    const { publicKey, privateKey } = rfcKey(curve);
    const { size } = CURVES[curve];
    const message = utf8('m');
    const signature = crypto.sign('ES384', privateKey, message);
    const flipped = Uint8Array.from(publicKey.y);
    flipped[size - 1] = (flipped[size - 1] as number) ^ 1;
    const bad: PublicKey[] = [
      { ...publicKey, y: flipped },
      { ...publicKey, x: publicKey.y, y: publicKey.x },
      { ...publicKey, x: new Uint8Array(size), y: new Uint8Array(size) },
      { ...publicKey, x: publicKey.x.subarray(1) },
      { ...publicKey, y: Uint8Array.of(0, ...publicKey.y) },
      { ...publicKey, x: new Uint8Array(), y: new Uint8Array() },
      { ...publicKey, x: new Uint8Array(size).fill(0xff) },
    ];
    expect(crypto.isOnCurve(publicKey)).toBe(true);
    for (const key of bad) {
      expect(crypto.isOnCurve(key)).toBe(false);
      expect(crypto.verify('ES384', key, message, signature)).toBe(false);
    }
  });

  test.each(CURVE_NAMES)('does not take x + p for x on %s', (curve) => {
    const { prime, size } = CURVES[curve];
    const { x, y } = smallPoint(curve);
    const key = (value: bigint): PublicKey => ({ curve, x: toBigEndian(value, size), y: toBigEndian(y, size) });
    expect(x + prime < 2n ** BigInt(8 * size)).toBe(true);
    expect(crypto.isOnCurve(key(x))).toBe(true);
    expect(crypto.isOnCurve(key(x + prime))).toBe(false);
  });

  test.each(CURVE_NAMES)(
    'knows no public key for a scalar outside [1, n-1] on %s, and does not sign with one',
    (curve) => {
      const { order, size } = CURVES[curve];
      const bad = [
        toBigEndian(0n, size),
        toBigEndian(order, size),
        new Uint8Array(size).fill(0xff),
        new Uint8Array(size - 1),
      ];
      for (const scalar of bad) {
        expect(crypto.publicKey({ curve, scalar })).toBeUndefined();
        expect(() => crypto.sign('ES384', { curve, scalar }, new Uint8Array())).toThrow(Bug);
      }
      expect(crypto.publicKey({ curve, scalar: toBigEndian(order - 1n, size) })).toBeDefined();
    },
  );

  test('gives plain byte arrays that share memory with nothing', () => {
    const { privateKey } = rfcKey('P-384');
    const key = new Uint8Array(16);
    const point = crypto.publicKey(privateKey) as PublicKey;
    const made = [
      crypto.hash('sha-384').digest(key),
      crypto.hmac('sha-256', key, key),
      crypto.aesCmac(key, key),
      crypto.aesEcb(key, key),
      crypto.sign('ES384', privateKey, key),
      point.x,
      point.y,
    ];
    for (const bytes of made) {
      expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype);
      expect(bytes.buffer.byteLength).toBe(bytes.length);
    }
  });
});

/** The point with the least x whose y exists. All three primes are 3 mod 4, so a power takes the square root. */
const smallPoint = (curve: CurveName): { x: bigint; y: bigint } => {
  const { prime } = CURVES[curve];
  const { publicKey } = rfcKey(curve);
  const mod = (value: bigint) => ((value % prime) + prime) % prime;
  const power = (base: bigint, exponent: bigint): bigint => {
    let result = 1n;
    for (let b = base, e = exponent; e > 0n; e >>= 1n, b = mod(b * b)) if (e & 1n) result = mod(result * b);
    return result;
  };
  const [gx, gy] = [fromBigEndian(publicKey.x), fromBigEndian(publicKey.y)];
  const b = mod(gy * gy - gx ** 3n + 3n * gx);
  for (let x = 0n; ; x++) {
    const square = mod(x ** 3n - 3n * x + b);
    const y = power(square, (prime + 1n) / 4n);
    if (mod(y * y) === square) return { x, y };
  }
};

describe('both providers', () => {
  test.each(PAIRS)('sign alike and verify each other under $algorithm on $curve', ({ curve, algorithm }) => {
    fc.assert(
      fc.property(someKey(curve), fc.uint8Array({ maxLength: 300 }), (key, message) => {
        const signature = nodeCrypto.sign(algorithm, key, message);
        expect(toHex(nobleCrypto.sign(algorithm, key, message))).toBe(toHex(signature));
        for (const crypto of PROVIDERS) {
          const digest = crypto.hash(HASH_OF[algorithm]).digest(message);
          expect(toHex(crypto.signDigest(algorithm, key, digest))).toBe(toHex(signature));
        }
        const point = nodeCrypto.publicKey(key) as PublicKey;
        expect(nobleCrypto.publicKey(key)).toEqual(point);
        expect(nobleCrypto.verify(algorithm, point, message, signature)).toBe(true);
        expect(nodeCrypto.verify(algorithm, point, message, signature)).toBe(true);
      }),
      { numRuns: 8 },
    );
  });

  test('hash and MAC alike', () => {
    const bytes = fc.uint8Array({ maxLength: 400 });
    const aesKey = fc.oneof(...[16, 32].map((size) => fc.uint8Array({ minLength: size, maxLength: size })));
    fc.assert(
      fc.property(fc.constantFrom(...ALGORITHMS), aesKey, bytes, bytes, (algorithm, key, a, b) => {
        const name = HASH_OF[algorithm];
        const blocks = a.subarray(0, a.length - (a.length % 16));
        expect(nodeCrypto.hash(name).size).toBe(nobleCrypto.hash(name).size);
        expect(nodeCrypto.hash(name).digest(a)).toEqual(nobleCrypto.hash(name).digest(a));
        expect(nodeCrypto.hmac(name, a, b)).toEqual(nobleCrypto.hmac(name, a, b));
        expect(nodeCrypto.aesCmac(key, a)).toEqual(nobleCrypto.aesCmac(key, a));
        expect(nodeCrypto.aesEcb(key, blocks)).toEqual(nobleCrypto.aesEcb(key, blocks));
      }),
    );
  });

  test('are total over random points and signatures, and agree', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CURVE_NAMES),
        fc.uint8Array({ maxLength: 70 }),
        fc.uint8Array({ maxLength: 70 }),
        fc.uint8Array({ maxLength: 140 }),
        (curve, x, y, signature) => {
          for (const crypto of PROVIDERS) {
            expect(crypto.isOnCurve({ curve, x, y })).toBe(false);
            expect(crypto.verify('ES384', { curve, x, y }, x, signature)).toBe(false);
          }
        },
      ),
    );
  });
});

test.each(PAIRS)('WebCrypto verifies $algorithm on $curve', async ({ curve, algorithm }) => {
  const { privateKey, publicKey } = rfcKey(curve);
  const message = utf8('a third opinion');
  const signature = Uint8Array.from(nodeCrypto.sign(algorithm, privateKey, message));
  const { subtle } = globalThis.crypto;
  const raw = Uint8Array.of(4, ...publicKey.x, ...publicKey.y);
  const key = await subtle.importKey('raw', raw, { name: 'ECDSA', namedCurve: curve }, false, ['verify']);
  const hash = HASH_OF[algorithm].toUpperCase();
  expect(await subtle.verify({ name: 'ECDSA', hash }, key, signature, message)).toBe(true);
  signature[0] = (signature[0] as number) ^ 1;
  expect(await subtle.verify({ name: 'ECDSA', hash }, key, signature, message)).toBe(false);
});

test('the second nonce of RFC 6979 follows when the first gives no signature', () => {
  const { privateKey } = rfcKey('P-384');
  const e = fromBigEndian(nodeCrypto.hash('sha-384').digest(utf8('sample')));
  const tried: string[] = [];
  signWithNonce(nodeCrypto, 'sha-384', CURVES['P-384'], privateKey.scalar, e, (nonce) => {
    tried.push(toHex(toBigEndian(nonce, 48)));
    return tried.length === 2 ? tried : undefined;
  });
  // The first is published in A.2.6; the second was computed by other implementations of section 3.2 h.
  expect(tried).toEqual([
    '94ed910d1a099dad3254e9242ae85abde4ba15168eaf0ca87a555fd56d10fbca2907e3e83ba95368623b8c4686915cf9',
    '9d63ce4c96d070a67f7bee49e870b64838c0ac65bb7440cf46017dca69d35d236219aae5e00a9f01f13e7774be1339fc',
  ]);
});
