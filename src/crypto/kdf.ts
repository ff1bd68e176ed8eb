import { Bug, concatBytes, fromBigEndian, toBigEndian } from '../bytes/index.ts';
import { CURVES } from './curves.ts';
import type { Crypto, CurveName, HashName, PrivateKey } from './ports.ts';

/** Derived bytes, read in order and never twice. */
export interface KeyStream {
  read(length: number): Uint8Array;
}

/** What one HKDF expansion can give, in digests (RFC 5869 2.3). */
const HKDF_BLOCKS = 255;

/**
 * HKDF (RFC 5869), expanded as far as it is read.
 *
 * @param salt  empty stands for a digest of zeros, as section 2.2 has it.
 * @throws {Bug} on reading past 255 digests.
 */
export const hkdf = (
  crypto: Crypto,
  hash: HashName,
  ikm: Uint8Array,
  salt: Uint8Array = new Uint8Array(),
  info: Uint8Array = new Uint8Array(),
): KeyStream => {
  const prk = crypto.hmac(hash, salt.length === 0 ? new Uint8Array(crypto.hash(hash).size) : salt, ikm);
  let counter = 0;
  let block: Uint8Array = new Uint8Array();
  let rest = block;
  const expand = (): void => {
    if (counter === HKDF_BLOCKS) throw new Bug('HKDF read past its last block');
    counter += 1;
    block = crypto.hmac(hash, prk, concatBytes(block, info, Uint8Array.of(counter)));
    rest = block;
  };
  return {
    read(length) {
      const out = new Uint8Array(length);
      for (let at = 0; at < length; ) {
        if (rest.length === 0) expand();
        const part = rest.subarray(0, length - at);
        out.set(part, at);
        rest = rest.subarray(part.length);
        at += part.length;
      }
      return out;
    },
  };
};

const be32 = (value: number): Uint8Array => toBigEndian(BigInt(value), 4);

/**
 * SP 800-108r1 in counter mode over AES-CMAC, with the K(0) that revision 1 appends to each block so that nobody
 * who chooses the input controls the key; PSA's SP800-108 COUNTER-CMAC.
 *
 * A zero byte follows `label`, hence two when the label carries its own.
 *
 * @param key     the AES key, 16 or 32 bytes.
 * @param length  bytes wanted.
 */
export const sp800108CounterCmac = (
  crypto: Crypto,
  key: Uint8Array,
  label: Uint8Array,
  context: Uint8Array,
  length: number,
): Uint8Array => {
  const fixed = concatBytes(label, Uint8Array.of(0), context, be32(8 * length));
  const k0 = crypto.aesCmac(key, fixed);
  const blocks = Array.from({ length: Math.ceil(length / k0.length) }, (_, i) =>
    crypto.aesCmac(key, concatBytes(be32(i + 1), fixed, k0)),
  );
  return concatBytes(...blocks).subarray(0, length);
};

/**
 * A private key from derived bytes, by PSA's rule for Weierstrass curves: a big-endian k of ⌈bits/8⌉ bytes, cut to `bits`;
 * while k > n − 2 the next bytes of the same stream; then k + 1.
 */
export const eccKeyFromStream = (curve: CurveName, stream: KeyStream): PrivateKey => {
  const { bits, size, order } = CURVES[curve];
  for (;;) {
    const k = BigInt.asUintN(bits, fromBigEndian(stream.read(size)));
    if (k <= order - 2n) return { curve, scalar: toBigEndian(k + 1n, size) };
  }
};
