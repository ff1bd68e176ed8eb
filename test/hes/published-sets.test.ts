import { describe, expect, test } from 'vitest';
import { PSA_ALG, PSA_ECC_FAMILY_SECP_R1, type PsaReply } from '../../src/abi/index.ts';
import { hex, toHex } from '../../src/bytes/index.ts';
import { coseKeyBytes } from '../../src/cose/index.ts';
import { sec1Point } from '../../src/crypto/index.ts';
import { nobleCrypto } from '../../src/crypto/noble.ts';
import { nodeCrypto } from '../../src/crypto/node.ts';
import { bootStateCbor, createHes, deviceParams, deviceRoots } from '../../src/hes/index.ts';
import vectors from '../vectors/hes-firmware-fixtures.json' with { type: 'json' };
import { firmwareOf, publishedDevice, publishedSets } from './support/published-sets.ts';

const value = <T>(reply: PsaReply<T>): T => {
  if (reply.status !== 'PSA_SUCCESS') throw new Error(reply.status);
  return reply.value;
};

const keyRequest = {
  ecc_curve: PSA_ECC_FAMILY_SECP_R1,
  key_bits: 384,
  hash_algo: PSA_ALG['sha-256'],
  key_buf_size: 4096,
};

test('the roots of the published device come from its seed', () => {
  const { huk, guk } = deviceRoots(nodeCrypto, deviceParams(nodeCrypto, publishedDevice));
  expect([toHex(huk), toHex(guk)]).toEqual([vectors.device.huk, vectors.device.guk]);
});

describe.each(
  [nodeCrypto, nobleCrypto].flatMap((crypto) =>
    publishedSets.map((set) => ({ crypto, set, name: `${set.name}, ${crypto.id}` })),
  ),
)('$name', ({ crypto, set }) => {
  const hes = createHes({ crypto, firmware: firmwareOf(set), device: publishedDevice });
  const { cpak, instanceId, slots } = hes.status();

  test('the CPAK and the instance id are the published ones', () => {
    expect(toHex(sec1Point(cpak))).toBe(vectors.device.cpak_pub_sec1);
    expect(toHex(coseKeyBytes(cpak))).toBe(vectors.device.cpak_cose_key);
    expect(toHex(instanceId)).toBe(set.instance_id);
  });

  test('the slots hold the published values and the boot state has the published digest', () => {
    const populated = slots.flatMap((slot, index) =>
      slot === undefined
        ? []
        : [[index, slot.sw_type, slot.version, toHex(slot.signer_id), toHex(slot.measurement_value)]],
    );
    const signers: Record<string, string> = vectors.signers;
    expect(populated).toEqual(
      set.components.map((c) => [c.slot, c.sw_type, c.version, signers[c.signer], c.slot_value]),
    );
    expect(toHex(crypto.hash('sha-256').digest(bootStateCbor(slots)))).toBe(set.boot_state_cbor_sha256);
  });

  test('the RAK and the platform token are the published ones, byte for byte', () => {
    const scalar = value(hes.getDelegatedKey(keyRequest));
    expect(toHex(scalar)).toBe(set.rak_priv);
    const rak = crypto.publicKey({ curve: 'P-384', scalar });
    expect(rak && toHex(coseKeyBytes(rak))).toBe(set.rak_pub_cose_key);
    const token = value(hes.getPlatformToken({ dak_pub_hash: hex(set.challenge_sha256), token_buf_size: 4096 }));
    expect([token.length, toHex(nodeCrypto.hash('sha-256').digest(token))]).toEqual([set.token_len, set.token_sha256]);
    const whole = (vectors.tokens as Record<string, string>)[set.name];
    if (whole !== undefined) expect(toHex(token)).toBe(whole);
  });
});
