import { describe, expect, test } from 'vitest';
import { PSA_ALG } from '../../src/abi/index.ts';
import { concatBytes, hex, toHex, utf8 } from '../../src/bytes/index.ts';
import { coseKeyBytes } from '../../src/cose/index.ts';
import { sec1Point } from '../../src/crypto/index.ts';
import { nobleCrypto } from '../../src/crypto/noble.ts';
import { nodeCrypto } from '../../src/crypto/node.ts';
import {
  attestationKey,
  bootStateCbor,
  bootStateContext,
  createHes,
  deriveSeeds,
  deviceParams,
  deviceRoots,
  type FirmwareSet,
  SEED_KDFS,
} from '../../src/hes/index.ts';
import islet from '../vectors/hes-islet-constants.json' with { type: 'json' };
import kat from '../vectors/hes-rse-derivation.json' with { type: 'json' };

const le32 = (value: number): Uint8Array =>
  Uint8Array.of(value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24);

describe.each([nodeCrypto, nobleCrypto])('with $id, each step of the published RSE tree', (crypto) => {
  const device = deviceParams(crypto, { labelPrefix: 'cca-emu/', seed: kat.seed_string, adac: false });
  const roots = deviceRoots(crypto, device);
  const bl12Hash = hex(kat.bl1_2_hash);
  const seeds = deriveSeeds(
    crypto,
    { device, roots, lcs: 'SE', dcu: new Uint8Array(16), bl12Hash },
    { kdf: 'cmac', cpakRoot: 'huk' },
  );

  test('roots', () => {
    expect([toHex(roots.huk), toHex(roots.guk)]).toEqual([kat.HUK, kat.GUK]);
  });

  test('boot state hashes', () => {
    expect(toHex(bootStateContext(crypto, { reprovisioningBits: 0 }))).toBe(kat.iak_boot_state_ctx);
    const items = { tpMode: 0x2222aa55, lcs: 3, reprovisioningBits: 0, bl12Hash };
    expect(toHex(bootStateContext(crypto, items))).toBe(kat.dak_boot_state_ctx);
    expect(bootStateContext(crypto, {})).toEqual(new Uint8Array());
  });

  test('seeds', () => {
    expect([toHex(seeds.iak), toHex(seeds.dak)]).toEqual([kat.iak_seed, kat.dak_seed]);
  });

  test('the CPAK', () => {
    const key = attestationKey(crypto, seeds.iak, 'P-384');
    expect(toHex(key.scalar)).toBe(kat.iak_priv);
    const point = crypto.publicKey(key);
    expect(point && toHex(sec1Point(point))).toBe(kat.iak_pub_sec1);
    expect(point && toHex(coseKeyBytes(point))).toBe(kat.iak_cose_key);
  });

  test('slots, boot state, RAK and instance id', () => {
    const component = { version: '1.0.0', signerId: hex(kat.signer_id), algorithm: 'sha-256', lock: false } as const;
    const firmware: FirmwareSet = {
      name: 'kat',
      summary: '',
      lcs: 'SE',
      dcu: new Uint8Array(16),
      bl12Hash,
      components: [
        { ...component, slot: 0, type: 'RSE_BL1_2', version: '1.0.0+0', digest: bl12Hash },
        { ...component, slot: 14, type: 'RMM', version: '', digest: hex(kat.rmm_hash) },
      ],
      updates: [],
      defaults: {},
    };
    const hes = createHes({ crypto, firmware, device });
    const { slots, instanceId } = hes.status();
    expect(slots.flatMap((slot) => (slot ? [toHex(slot.measurement_value)] : []))).toEqual([
      kat.slot_value_bl1_2,
      kat.slot_value_rmm,
    ]);
    expect(toHex(bootStateCbor(slots))).toBe(kat.boot_state_cbor);
    expect(toHex(instanceId)).toBe(kat.instance_id);
    const reply = hes.getDelegatedKey({
      ecc_curve: 0x12,
      key_bits: 384,
      hash_algo: PSA_ALG['sha-256'],
      key_buf_size: 48,
    });
    expect(reply).toEqual({ status: 'PSA_SUCCESS', value: hex(kat.dak_priv) });
    const { rak } = hes.status();
    expect(rak && toHex(sec1Point(rak))).toBe(kat.dak_pub_sec1);
    expect(rak && toHex(coseKeyBytes(rak))).toBe(kat.dak_cose_key);
    expect(rak && toHex(crypto.hash('sha-256').digest(coseKeyBytes(rak)))).toBe(kat.dak_cose_key_sha256);
  });
});

describe('the older derivation, SHA-256 and AES-ECB', () => {
  const { labels, derive } = SEED_KDFS['sha-ecb'];
  // Islet's context: hash of BL2, life-cycle state 3, reprovisioning bits 0.
  const context = concatBytes(hex(islet.bl2_hash), le32(3), le32(0));

  test.each([nodeCrypto, nobleCrypto])('gives with $id the CPAK that Islet publishes', (crypto) => {
    const seed = derive(crypto, hex(islet.guk), labels.iak, context);
    expect(toHex(seed)).toBe(islet.cpak_single_append.seed);
    const key = attestationKey(crypto, seed, 'P-384');
    expect(toHex(key.scalar)).toBe(islet.cpak_single_append.priv);
    const point = crypto.publicKey(key);
    expect(point && toHex(sec1Point(point))).toBe(islet.cpak_single_append.pub_sec1);
    expect(point && `01${toHex(crypto.hash('sha-256').digest(sec1Point(point)))}`).toBe(
      islet.cpak_single_append.instance_id_01_sha256_sec1,
    );
  });

  test("gives the seed of Islet's RAK", () => {
    expect(toHex(derive(nodeCrypto, hex(islet.guk), labels.dak, context))).toBe(islet.dak_seed_single_append_lcs3);
  });
});

describe('an attestation key', () => {
  test('exists for every curve that a caller may ask for', () => {
    for (const curve of ['P-256', 'P-384', 'P-521'] as const) {
      const key = attestationKey(nodeCrypto, utf8('seed'), curve, utf8('info'));
      expect(nodeCrypto.publicKey(key)?.curve).toBe(curve);
    }
  });

  test('depends on each byte of the boot state', () => {
    const keyOf = (info: string): string => toHex(attestationKey(nodeCrypto, utf8('seed'), 'P-384', utf8(info)).scalar);
    expect(new Set(['', 'a', 'b', 'ab'].map(keyOf)).size).toBe(4);
  });
});
