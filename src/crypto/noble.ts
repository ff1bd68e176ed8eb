import { cmac, ecb } from '@noble/ciphers/aes.js';
import { type ECDSA, ecdsa } from '@noble/curves/abstract/weierstrass.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { Bug } from '../bytes/index.ts';
import { checkAesBlocks, checkAesKey } from './aes.ts';
import { HASH_OF } from './algorithms.ts';
import { CURVES, scalarOf } from './curves.ts';
import { parseSec1Point, sec1Point } from './encoding.ts';
import type { Crypto, CurveName, Hash, HashName, PublicKey, SignatureAlgorithm } from './ports.ts';

const FUNCTIONS = { 'sha-256': sha256, 'sha-384': sha384, 'sha-512': sha512 } as const satisfies Record<
  HashName,
  unknown
>;
const POINTS = { 'P-256': p256.Point, 'P-384': p384.Point, 'P-521': p521.Point } as const satisfies Record<
  CurveName,
  unknown
>;

const hashOf = (name: HashName): Hash => ({
  name,
  size: FUNCTIONS[name].outputLen,
  digest: (bytes) => FUNCTIONS[name](bytes),
});

const HASHES = {
  'sha-256': hashOf('sha-256'),
  'sha-384': hashOf('sha-384'),
  'sha-512': hashOf('sha-512'),
} as const satisfies Record<HashName, Hash>;

const schemes = new Map<string, ECDSA>();

/** A scheme of any algorithm over any curve: noble's own `p384` and the like fix the hash that makes the nonce. */
const schemeOf = (algorithm: SignatureAlgorithm, curve: CurveName): ECDSA => {
  const id = `${algorithm} ${curve}`;
  const known = schemes.get(id);
  if (known !== undefined) return known;
  // Without lowS: false, noble negates an s above n/2 when it signs and refuses one when it verifies.
  const made = ecdsa(POINTS[curve], FUNCTIONS[HASH_OF[algorithm]], { lowS: false });
  schemes.set(id, made);
  return made;
};

const isOnCurve = (key: PublicKey): boolean => {
  const { size } = CURVES[key.curve];
  if (key.x.length !== size || key.y.length !== size) return false;
  try {
    POINTS[key.curve].fromBytes(sec1Point(key)).assertValidity();
    return true;
  } catch {
    return false;
  }
};

/** Runs everywhere. Its signatures do not depend on the randomness with which noble blinds its arithmetic. */
export const nobleCrypto: Crypto = {
  id: 'noble',
  hash: (name) => HASHES[name],
  hmac: (name, key, message) => hmac(FUNCTIONS[name], key, message),
  aesCmac(key, message) {
    checkAesKey(key);
    return cmac(message, key);
  },
  aesEcb(key, blocks) {
    checkAesKey(key);
    checkAesBlocks(blocks);
    return ecb(key, { disablePadding: true }).encrypt(blocks);
  },
  publicKey(key) {
    if (scalarOf(key) === undefined) return undefined;
    return parseSec1Point(key.curve, schemeOf('ES256', key.curve).getPublicKey(key.scalar, false));
  },
  isOnCurve,
  sign(algorithm, key, message) {
    if (scalarOf(key) === undefined) throw new Bug('signing with a scalar outside [1, n-1]');
    return schemeOf(algorithm, key.curve).sign(message, key.scalar);
  },
  signDigest(algorithm, key, digest) {
    if (scalarOf(key) === undefined) throw new Bug('signing with a scalar outside [1, n-1]');
    return schemeOf(algorithm, key.curve).sign(digest, key.scalar, { prehash: false });
  },
  verify(algorithm, key, message, signature) {
    if (signature.length !== 2 * CURVES[key.curve].size || !isOnCurve(key)) return false;
    return schemeOf(algorithm, key.curve).verify(signature, message, sec1Point(key));
  },
};
