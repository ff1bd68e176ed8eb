import { ed25519 } from '@noble/curves/ed25519.js';

/**
 * Ed25519 (RFC 8032), which no CCA token is signed with: for tokens that are wrong on purpose. It is no part of the
 * `Crypto` port.
 *
 * @param seed  32 bytes.
 * @returns 64 bytes.
 */
export const ed25519Sign = (seed: Uint8Array, message: Uint8Array): Uint8Array => ed25519.sign(message, seed);

/** The 32 bytes of the public key. */
export const ed25519PublicKey = (seed: Uint8Array): Uint8Array => ed25519.getPublicKey(seed);
