import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Bug, concatBytes, hex, toBigEndian, toHex, utf8 } from '../../src/bytes/index.ts';
import type { Crypto, PublicKey } from '../../src/crypto/index.ts';
import {
  CURVES,
  type CurveName,
  eccKeyFromStream,
  hkdf,
  type KeyStream,
  sec1Point,
  sp800108CounterCmac,
} from '../../src/crypto/index.ts';
import { nobleCrypto } from '../../src/crypto/noble.ts';
import { nodeCrypto } from '../../src/crypto/node.ts';
import rfc5869 from '../vectors/rfc5869.json' with { type: 'json' };
import rse from '../vectors/rse-derivation.json' with { type: 'json' };

const streamOf = (...parts: readonly Uint8Array[]): KeyStream => {
  let rest = concatBytes(...parts);
  return {
    read(length) {
      const out = rest.slice(0, length);
      rest = rest.slice(length);
      return out;
    },
  };
};

describe.each<Crypto>([nobleCrypto, nodeCrypto])('$id', (crypto) => {
  test.each(rfc5869.rows)('expands RFC 5869 $okm', ({ ikm, salt, info, okm }) => {
    const stream = hkdf(crypto, 'sha-256', hex(ikm), hex(salt), hex(info));
    expect(toHex(stream.read(okm.length / 2))).toBe(okm);
  });

  test.each([
    {
      what: 'IAK',
      root: rse.HUK,
      label: 'BL1_IAK_SEED_DERIVATION\0',
      context: rse.iak_boot_state_ctx,
      k0: rse.iak_kdf_k0,
      seed: rse.iak_seed,
      info: '',
      scalar: rse.iak_priv,
      point: rse.iak_pub_sec1,
    },
    {
      what: 'DAK',
      root: rse.GUK,
      label: 'BL1_DAK_SEED_DERIVATION\0',
      context: rse.dak_boot_state_ctx,
      k0: rse.dak_kdf_k0,
      seed: rse.dak_seed,
      info: rse.boot_state_cbor,
      scalar: rse.dak_priv,
      point: rse.dak_pub_sec1,
    },
  ])('derives the $what of the RSE step by step', ({ root, label, context, k0, seed, info, scalar, point }) => {
    const fixed = concatBytes(utf8(label), Uint8Array.of(0), hex(context), hex('00000100'));
    expect(toHex(crypto.aesCmac(hex(root), fixed))).toBe(k0);
    expect(toHex(sp800108CounterCmac(crypto, hex(root), utf8(label), hex(context), 32))).toBe(seed);
    const key = eccKeyFromStream('P-384', hkdf(crypto, 'sha-256', hex(seed), undefined, hex(info)));
    expect(toHex(key.scalar)).toBe(scalar);
    expect(toHex(sec1Point(crypto.publicKey(key) as PublicKey))).toBe(point);
  });
});

describe('hkdf', () => {
  const stream = () => hkdf(nodeCrypto, 'sha-256', utf8('ikm'), utf8('salt'), utf8('info'));

  test('reads the same bytes in any pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100), { maxLength: 20 }), (sizes) => {
        const pieces = stream();
        const total = sizes.reduce((sum, size) => sum + size, 0);
        expect(concatBytes(...sizes.map((size) => pieces.read(size)))).toEqual(stream().read(total));
      }),
    );
  });

  test('ends after 255 digests', () => {
    expect(stream().read(255 * 32)).toHaveLength(255 * 32);
    expect(() => stream().read(255 * 32 + 1)).toThrow(Bug);
  });

  test('takes no salt for a digest of zeros', () => {
    const zeros = hkdf(nodeCrypto, 'sha-384', utf8('ikm'), new Uint8Array(48));
    expect(hkdf(nodeCrypto, 'sha-384', utf8('ikm')).read(48)).toEqual(zeros.read(48));
  });
});

describe('sp800108CounterCmac', () => {
  const derive = (length: number) => sp800108CounterCmac(nodeCrypto, new Uint8Array(32), utf8('l'), utf8('c'), length);

  test('counts blocks from one and cuts the last', () => {
    const fixed = concatBytes(utf8('l'), Uint8Array.of(0), utf8('c'), hex('00000118'));
    const k0 = nodeCrypto.aesCmac(new Uint8Array(32), fixed);
    const blocks = [1, 2, 3].map((i) =>
      nodeCrypto.aesCmac(new Uint8Array(32), concatBytes(toBigEndian(BigInt(i), 4), fixed, k0)),
    );
    expect(derive(35)).toEqual(concatBytes(...blocks).slice(0, 35));
  });

  test('binds the length', () => {
    expect(derive(16)).not.toEqual(derive(32).slice(0, 16));
  });
});

describe('eccKeyFromStream', () => {
  test.each(Object.keys(CURVES) as CurveName[])('takes the next bytes while k > n - 2 on %s', (curve) => {
    const { size, order } = CURVES[curve];
    const beyond = [order - 1n, order, order + 5n].map((k) => toBigEndian(k, size));
    const { scalar } = eccKeyFromStream(curve, streamOf(...beyond, toBigEndian(4n, size)));
    expect(toHex(scalar)).toBe(toHex(toBigEndian(5n, size)));
  });

  test.each(Object.keys(CURVES) as CurveName[])('gives every scalar from 1 to n - 1 on %s', (curve) => {
    const { size, order } = CURVES[curve];
    const scalarFrom = (k: bigint) => toHex(eccKeyFromStream(curve, streamOf(toBigEndian(k, size))).scalar);
    expect(scalarFrom(0n)).toBe(toHex(toBigEndian(1n, size)));
    expect(scalarFrom(order - 2n)).toBe(toHex(toBigEndian(order - 1n, size)));
  });

  test('cuts the seven bits that P-521 has no use for', () => {
    const { size } = CURVES['P-521'];
    const bytes = toBigEndian(0x1234n, size);
    bytes[0] = 0xfe;
    expect(toHex(eccKeyFromStream('P-521', streamOf(bytes)).scalar)).toBe(toHex(toBigEndian(0x1235n, size)));
  });
});
