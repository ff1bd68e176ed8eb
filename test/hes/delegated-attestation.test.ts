import { describe, expect, test } from 'vitest';
import { PSA_ALG, type PsaError } from '../../src/abi/index.ts';
import { toHex } from '../../src/bytes/index.ts';
import { sec1Point } from '../../src/crypto/index.ts';
import { chip, component, crypto, granted, keyRequest, ownHash, pairOf, smallSet } from './support/chip.ts';

describe('GET_DELEGATED_KEY', () => {
  test.each<[string, Partial<typeof keyRequest>, PsaError]>([
    ['another family', { ecc_curve: 0x17 }, 'PSA_ERROR_INVALID_ARGUMENT'],
    ['a size that no curve has', { key_bits: 255 }, 'PSA_ERROR_INVALID_ARGUMENT'],
    ['a buffer that is one byte short', { key_buf_size: 47 }, 'PSA_ERROR_BUFFER_TOO_SMALL'],
    ['an unknown hash', { hash_algo: 0x0200_0003 }, 'PSA_ERROR_NOT_SUPPORTED'],
    // What stands first in the list is seen first.
    ['another family and a short buffer', { ecc_curve: 0, key_buf_size: 0 }, 'PSA_ERROR_INVALID_ARGUMENT'],
    ['a short buffer and an unknown hash', { key_buf_size: 0, hash_algo: 0 }, 'PSA_ERROR_BUFFER_TOO_SMALL'],
  ])('refuses %s', (_, change, status) => {
    expect(chip().getDelegatedKey({ ...keyRequest, ...change })).toEqual({ status });
  });

  test('refuses while nothing was measured', () => {
    const hes = chip({ firmware: smallSet({ components: [] }) });
    expect(hes.getDelegatedKey(keyRequest)).toEqual({ status: 'PSA_ERROR_INVALID_ARGUMENT' });
    expect(hes.getDelegatedKey({ ...keyRequest, hash_algo: 0 })).toEqual({ status: 'PSA_ERROR_NOT_SUPPORTED' });
  });

  test.each([
    [256, 'P-256', 32],
    [384, 'P-384', 48],
    [521, 'P-521', 66],
  ])('delegates a key of %i bits into a buffer of its size', (key_bits, curve, size) => {
    const hes = chip();
    const scalar = granted(hes.getDelegatedKey({ ...keyRequest, key_bits, key_buf_size: size }));
    expect(scalar).toHaveLength(size);
    expect(hes.status().rak).toEqual(crypto.publicKey({ curve: curve as 'P-256', scalar }));
  });

  test('gives the same key again while the measurements stand, another once they are extended', () => {
    const hes = chip();
    const first = granted(hes.getDelegatedKey(keyRequest));
    expect(granted(hes.getDelegatedKey(keyRequest))).toEqual(first);
    const oldHash = ownHash(hes);
    const { signerId, digest } = component(14, 'RMM');
    const extended = hes.extendMeasurement({
      index: 14,
      signer_id: signerId,
      version: '',
      measurement_algo: PSA_ALG['sha-256'],
      sw_type: '',
      measurement_value: digest,
      lock_measurement: false,
    });
    expect(extended.status).toBe('PSA_SUCCESS');
    // The old key stands until the next request, and the token already shows the new measurements.
    expect(hes.getPlatformToken({ dak_pub_hash: oldHash, token_buf_size: 4096 }).status).toBe('PSA_SUCCESS');
    expect(granted(hes.getDelegatedKey(keyRequest))).not.toEqual(first);
    expect(hes.getPlatformToken({ dak_pub_hash: oldHash, token_buf_size: 4096 })).toEqual({
      status: 'PSA_ERROR_INVALID_ARGUMENT',
    });
  });

  test('gives a copy: who changes it does not change the chip', () => {
    const hes = chip();
    granted(hes.getDelegatedKey(keyRequest)).fill(0);
    expect(granted(hes.getDelegatedKey(keyRequest)).some((byte) => byte !== 0)).toBe(true);
  });
});

describe('GET_PLATFORM_TOKEN', () => {
  const refused = { status: 'PSA_ERROR_INVALID_ARGUMENT' };

  test.each([0, 31, 33, 65, 100])('refuses a hash of %i bytes', (size) => {
    const hes = chip();
    hes.getDelegatedKey(keyRequest);
    expect(hes.getPlatformToken({ dak_pub_hash: new Uint8Array(size), token_buf_size: 4096 })).toEqual(refused);
  });

  test('refuses before a key was delegated, and again after a reset', () => {
    const hes = chip();
    const other = chip();
    other.getDelegatedKey(keyRequest);
    const hash = ownHash(other);
    expect(hes.getPlatformToken({ dak_pub_hash: hash, token_buf_size: 4096 })).toEqual(refused);
    hes.getDelegatedKey(keyRequest);
    expect(hes.getPlatformToken({ dak_pub_hash: hash, token_buf_size: 4096 }).status).toBe('PSA_SUCCESS');
    hes.reset();
    expect(hes.getPlatformToken({ dak_pub_hash: hash, token_buf_size: 4096 })).toEqual(refused);
  });

  test('refuses a hash by another algorithm than the key was asked with', () => {
    const hes = chip();
    hes.getDelegatedKey({ ...keyRequest, hash_algo: PSA_ALG['sha-384'] });
    expect(hes.getPlatformToken({ dak_pub_hash: ownHash(hes), token_buf_size: 4096 })).toEqual(refused);
    expect(hes.getPlatformToken({ dak_pub_hash: ownHash(hes, 'sha-384'), token_buf_size: 4096 }).status).toBe(
      'PSA_SUCCESS',
    );
  });

  test('refuses the hash of another key, and of its own key in another form or with one bit changed', () => {
    const hes = chip();
    hes.getDelegatedKey(keyRequest);
    const { cpak, rak } = hes.status();
    const flipped = ownHash(hes).slice();
    flipped[31] = (flipped[31] ?? 0) ^ 1;
    const point = (key: typeof cpak) => crypto.hash('sha-256').digest(sec1Point(key));
    for (const hash of [flipped, point(rak!), point(cpak)]) {
      expect(hes.getPlatformToken({ dak_pub_hash: hash, token_buf_size: 4096 })).toEqual(refused);
    }
  });

  test('refuses a buffer that is one byte short', () => {
    const hes = chip();
    const { token } = pairOf(hes);
    const ask = (token_buf_size: number) => hes.getPlatformToken({ dak_pub_hash: ownHash(hes), token_buf_size }).status;
    expect([ask(token.length - 1), ask(token.length)]).toEqual(['PSA_ERROR_BUFFER_TOO_SMALL', 'PSA_SUCCESS']);
  });

  test('refuses a token of more than 2048 bytes however large the buffer is', () => {
    const components = Array.from({ length: 24 }, (_, slot) => component(slot, `COMPONENT_${slot}`));
    const hes = chip({ firmware: smallSet({ components }) });
    hes.getDelegatedKey(keyRequest);
    expect(hes.getPlatformToken({ dak_pub_hash: ownHash(hes), token_buf_size: 1 << 20 })).toEqual({
      status: 'PSA_ERROR_BUFFER_TOO_SMALL',
    });
  });

  test('takes any hash when the check is switched off, and binds the token to it', () => {
    const hes = chip({ switches: { challengeCheck: false } });
    hes.getDelegatedKey(keyRequest);
    const hash = new Uint8Array(32).fill(0x42);
    const token = granted(hes.getPlatformToken({ dak_pub_hash: hash, token_buf_size: 4096 }));
    expect(toHex(token)).toContain(toHex(hash));
    expect(hes.getPlatformToken({ dak_pub_hash: new Uint8Array(33), token_buf_size: 4096 })).toEqual(refused);
  });

  test('is bound to the delegated key where no hash is passed on', () => {
    const hes = chip();
    expect(hes.getPlatformToken({ dak_pub_hash: undefined, token_buf_size: 4096 })).toEqual(refused);
    const { token } = pairOf(hes);
    expect(granted(hes.getPlatformToken({ dak_pub_hash: undefined, token_buf_size: 4096 }))).toEqual(token);
  });
});
