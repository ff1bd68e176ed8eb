import {
  createCipheriv,
  createECDH,
  createPublicKey,
  type KeyObject,
  hash as oneShot,
  verify as verifySignature,
} from 'node:crypto';
import { Bug, concatBytes, fromBigEndian, toBigEndian } from '../bytes/index.ts';
import { AES_BLOCK, checkAesBlocks, checkAesKey } from './aes.ts';
import { HASH_OF } from './algorithms.ts';
import { CURVES, type Curve, scalarOf } from './curves.ts';
import { parseSec1Point, spkiPem } from './encoding.ts';
import { inverse } from './inverse.ts';
import type { Crypto, CurveName, Hash, HashName, PublicKey } from './ports.ts';
import { signWithNonce } from './rfc6979.ts';

/** Names as OpenSSL has them. */
const DIGESTS = { 'sha-256': 'sha256', 'sha-384': 'sha384', 'sha-512': 'sha512' } as const;
const GROUPS = { 'P-256': 'prime256v1', 'P-384': 'secp384r1', 'P-521': 'secp521r1' } as const;

/** A plain array of our own: a Buffer may be a window on a pool that others write to. */
const plain = (buffer: Uint8Array): Uint8Array => new Uint8Array(buffer);

const hashOf = (name: HashName, size: number): Hash => ({
  name,
  size,
  digest(bytes) {
    // As text of one character for each byte: a Buffer of its own would cost more than hashing a short message.
    const text = oneShot(DIGESTS[name], bytes, 'binary');
    const out = new Uint8Array(size);
    for (let i = 0; i < size; i++) out[i] = text.charCodeAt(i);
    return out;
  },
});

const HASHES = {
  'sha-256': hashOf('sha-256', 32),
  'sha-384': hashOf('sha-384', 48),
  'sha-512': hashOf('sha-512', 64),
} as const satisfies Record<HashName, Hash>;

/** The width of the block of each hash, which a key of HMAC is padded to (RFC 2104 2). */
const BLOCKS = { 'sha-256': 64, 'sha-384': 128, 'sha-512': 128 } as const;

/** Of two hashes: an HMAC of OpenSSL's costs twice as much where the message is as short as in RFC 6979. */
const hmac = (name: HashName, key: Uint8Array, message: Uint8Array): Uint8Array => {
  const { digest } = HASHES[name];
  const own = key.length > BLOCKS[name] ? digest(key) : key;
  const padded = (byte: number, content: Uint8Array): Uint8Array => {
    const out = new Uint8Array(BLOCKS[name] + content.length).fill(byte, 0, BLOCKS[name]);
    for (let i = 0; i < own.length; i++) out[i] = (own[i] ?? 0) ^ byte;
    out.set(content, BLOCKS[name]);
    return out;
  };
  return digest(padded(0x5c, digest(padded(0x36, message))));
};

const aes = (mode: 'ecb' | 'cbc', key: Uint8Array, iv: Uint8Array | null, blocks: Uint8Array): Uint8Array => {
  checkAesKey(key);
  checkAesBlocks(blocks);
  const cipher = createCipheriv(`aes-${8 * key.length}-${mode}`, key, iv).setAutoPadding(false);
  return plain(cipher.update(blocks));
};

/** Doubling in GF(2^128), as the subkeys of CMAC are made (RFC 4493 2.3). */
const double = (block: Uint8Array): Uint8Array => {
  const value = fromBigEndian(block) << 1n;
  return toBigEndian(BigInt.asUintN(128, value >> 128n === 0n ? value : value ^ 0x87n), AES_BLOCK);
};

/** CMAC is the last block of CBC once the last block of the message is masked (RFC 4493 2.4). */
const aesCmac = (key: Uint8Array, message: Uint8Array): Uint8Array => {
  const whole = message.length > 0 && message.length % AES_BLOCK === 0;
  const k1 = double(aes('ecb', key, null, new Uint8Array(AES_BLOCK)));
  const mask = whole ? k1 : double(k1);
  const blocks = new Uint8Array(whole ? message.length : message.length - (message.length % AES_BLOCK) + AES_BLOCK);
  blocks.set(message);
  if (!whole) blocks[message.length] = 0x80;
  const last = blocks.subarray(-AES_BLOCK);
  for (let i = 0; i < AES_BLOCK; i++) last[i] = (last[i] ?? 0) ^ (mask[i] ?? 0);
  return aes('cbc', key, new Uint8Array(AES_BLOCK), blocks).slice(-AES_BLOCK);
};

/** The uncompressed point of a scalar in [1, n-1]. OpenSSL computes it when the private key is set. */
const multiplyBase = (curve: CurveName, scalar: Uint8Array): Uint8Array => {
  const ecdh = createECDH(GROUPS[curve]);
  ecdh.setPrivateKey(scalar);
  return ecdh.getPublicKey();
};

/** Keys met lately, since to read one costs OpenSSL a fifth of a verification. Pure: only speed depends on it. */
const keyObjects = new Map<string, KeyObject>();
const KEY_OBJECTS = 32;

/** @returns undefined when the point is no point of the curve. */
const keyObjectOf = (key: PublicKey): KeyObject | undefined => {
  const { size } = CURVES[key.curve];
  if (key.x.length !== size || key.y.length !== size) return undefined;
  const pem = spkiPem(key);
  const known = keyObjects.get(pem);
  if (known !== undefined) return known;
  try {
    const made = createPublicKey(pem);
    for (const oldest of keyObjects.keys()) {
      if (keyObjects.size < KEY_OBJECTS) break;
      keyObjects.delete(oldest);
    }
    keyObjects.set(pem, made);
    return made;
  } catch {
    return undefined;
  }
};

/** A hash as a number below 2^bits: its leftmost bits when it is wider than the order (FIPS 186-5 6.4.1). */
const leftmostBits = (digest: Uint8Array, { bits }: Curve): bigint => {
  const excess = 8 * digest.length - bits;
  return excess > 0 ? fromBigEndian(digest) >> BigInt(excess) : fromBigEndian(digest);
};

/** Node's own primitives: faster than noble from the first call on, and the same bytes. */
export const nodeCrypto: Crypto = {
  id: 'node',
  hash: (name) => HASHES[name],
  hmac,
  aesCmac,
  aesEcb: (key, blocks) => aes('ecb', key, null, blocks),
  publicKey: (key) =>
    scalarOf(key) === undefined ? undefined : parseSec1Point(key.curve, multiplyBase(key.curve, key.scalar)),
  isOnCurve: (key) => keyObjectOf(key) !== undefined,
  sign: (algorithm, key, message) => nodeCrypto.signDigest(algorithm, key, HASHES[HASH_OF[algorithm]].digest(message)),
  signDigest(algorithm, key, digest) {
    const d = scalarOf(key);
    if (d === undefined) throw new Bug('signing with a scalar outside [1, n-1]');
    const curve = CURVES[key.curve];
    const { size, order } = curve;
    const hash = HASH_OF[algorithm];
    const e = leftmostBits(digest, curve) % order;
    return signWithNonce(nodeCrypto, hash, curve, key.scalar, e, (nonce) => {
      const point = multiplyBase(key.curve, toBigEndian(nonce, size));
      const r = fromBigEndian(point.subarray(1, 1 + size)) % order;
      const s = (inverse(nonce, order) * (e + r * d)) % order;
      return r === 0n || s === 0n ? undefined : concatBytes(toBigEndian(r, size), toBigEndian(s, size));
    });
  },
  verify(algorithm, key, message, signature) {
    const object = keyObjectOf(key);
    if (object === undefined || signature.length !== 2 * CURVES[key.curve].size) return false;
    return verifySignature(DIGESTS[HASH_OF[algorithm]], message, { key: object, dsaEncoding: 'ieee-p1363' }, signature);
  },
};
