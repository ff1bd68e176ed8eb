/** Algorithm names as claims and COSE registries spell them. */
export type HashName = 'sha-256' | 'sha-384' | 'sha-512';
export type CurveName = 'P-256' | 'P-384' | 'P-521';
/** COSE signature algorithms: each fixes a hash, none fixes a curve (RFC 9053 2.1). */
export type SignatureAlgorithm = 'ES256' | 'ES384' | 'ES512';

export interface Hash {
  readonly name: HashName;
  /** Digest size in bytes. */
  readonly size: number;
  digest(bytes: Uint8Array): Uint8Array;
}

/** A point of a curve, each coordinate as wide as the field, leading zeros kept. */
export interface PublicKey {
  readonly curve: CurveName;
  readonly x: Uint8Array;
  readonly y: Uint8Array;
}

/** A private scalar in [1, n-1], big-endian, as wide as the order. */
export interface PrivateKey {
  readonly curve: CurveName;
  readonly scalar: Uint8Array;
}

/**
 * Everything the emulator and the verifier take from a cryptographic library. Two providers give the same bytes:
 * `nobleCrypto` runs everywhere, `nodeCrypto` (`swcca/crypto/node`) is faster where Node is.
 */
export interface Crypto {
  readonly id: string;
  hash(name: HashName): Hash;
  hmac(name: HashName, key: Uint8Array, message: Uint8Array): Uint8Array;
  /** AES-CMAC (RFC 4493) with a 128- or 256-bit key: 16 bytes. */
  aesCmac(key: Uint8Array, message: Uint8Array): Uint8Array;
  /** One or more whole blocks under AES-ECB, without padding. */
  aesEcb(key: Uint8Array, blocks: Uint8Array): Uint8Array;
  /** @returns the public key, or undefined when the scalar is not in [1, n-1]. */
  publicKey(key: PrivateKey): PublicKey | undefined;
  /** Whether the coordinates have the right width and lie on the curve. */
  isOnCurve(key: PublicKey): boolean;
  /** ECDSA with the nonce of RFC 6979 and any s: r‖s, each as wide as the order. */
  sign(algorithm: SignatureAlgorithm, key: PrivateKey, message: Uint8Array): Uint8Array;
  /** `sign`, of a message of which only the digest under the algorithm's hash is at hand. */
  signDigest(algorithm: SignatureAlgorithm, key: PrivateKey, digest: Uint8Array): Uint8Array;
  /** Total: a signature of the wrong size, or a key off the curve, is simply not valid. Any s is accepted. */
  verify(algorithm: SignatureAlgorithm, key: PublicKey, message: Uint8Array, signature: Uint8Array): boolean;
}
