import { hex, toHex, utf8 } from '../../../src/bytes/index.ts';
import { type PrivateKey, seededEntropy } from '../../../src/crypto/index.ts';
import { nodeCrypto } from '../../../src/crypto/node.ts';
import type { Crypto } from '../../../src/crypto/ports.ts';
import { type BaseToken, keyRing } from '../../../src/mutate/index.ts';
import {
  buildPlatformToken,
  buildRealmToken,
  ccaToken,
  DIALECTS,
  type Dialect,
  type DialectName,
  keyBytes,
} from '../../../src/token/index.ts';

const signatures = new Map<string, Uint8Array>();

/** Signatures are the same for the same message: most tokens differ from their base in one part. */
export const crypto: Crypto = {
  ...nodeCrypto,
  sign(algorithm, key, message) {
    const id = [algorithm, toHex(key.scalar), toHex(nodeCrypto.hash('sha-256').digest(message))].join();
    const known = signatures.get(id) ?? nodeCrypto.sign(algorithm, key, message);
    signatures.set(id, known);
    return known;
  },
};

const key = (seed: string): PrivateKey => {
  const scalar = seededEntropy(crypto, utf8(`test/${seed}`)).bytes(48);
  scalar[0] = 0;
  return { curve: 'P-384', scalar };
};
const keys = { cpak: key('cpak'), rak: key('rak') };
const fill = (size: number, byte: number): Uint8Array => new Uint8Array(size).fill(byte);

export const CHALLENGE = Uint8Array.from({ length: 64 }, (_, i) => i + 1);

const component = (component_type: string, byte: number) => ({
  component_type,
  measurement_value: fill(32, byte),
  version: '1.0.0',
  signer_id: fill(32, 0x5a),
  hash_algo_id: 'sha-256',
});

/** A token of a dialect, as a machine would make it. */
export const baseOf = (dialect: Dialect): BaseToken => {
  const rak = crypto.publicKey(keys.rak);
  if (rak === undefined) throw new Error('a test key is out of range');
  const platform = buildPlatformToken(
    dialect,
    {
      binding: crypto.hash('sha-256').digest(keyBytes(dialect.rak, rak)),
      instance_id: Uint8Array.of(1, ...fill(32, 0x44)),
      implementation_id: fill(32, 0x33),
      lifecycle: 0x3003,
      sw_components: [component('BL1', 0x11), component('BL2', 0x12), component('RMM', 0x13)],
      hash_algo_id: 'sha-256',
      config: hex('a10150 00000000000000000000000000000000'),
      verification_service: 'https://swcca.invalid/',
    },
    'ES384',
    (bytes) => crypto.sign('ES384', keys.cpak, bytes),
  );
  const realm = buildRealmToken(
    dialect,
    {
      challenge: CHALLENGE,
      personalization_value: fill(64, 0x70),
      hash_algo_id: 'sha-256',
      public_key: rak,
      initial_measurement: fill(32, 0x21),
      extensible_measurements: [0, 1, 2, 3].map((i) => fill(32, 0x30 + i)),
      public_key_hash_algo_id: 'sha-256',
      instance_id: Uint8Array.of(1, ...fill(32, 0x77)),
    },
    'ES384',
    (bytes) => crypto.sign('ES384', keys.rak, bytes),
  );
  return { token: ccaToken(platform, realm, dialect.outer), dialect, challenge: CHALLENGE, keys };
};

export const DIALECT_NAMES = Object.keys(DIALECTS) as DialectName[];
export const BASES = Object.fromEntries(DIALECT_NAMES.map((name) => [name, baseOf(DIALECTS[name])])) as Record<
  DialectName,
  BaseToken
>;
export const KEYS = keyRing(crypto, keys, 'test');
