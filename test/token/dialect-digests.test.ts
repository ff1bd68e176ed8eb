import { describe, expect, test } from 'vitest';
import { concatBytes, fromHex, hex, toHex } from '../../src/bytes/index.ts';
import type { PrivateKey } from '../../src/crypto/index.ts';
import { nodeCrypto as crypto } from '../../src/crypto/node.ts';
import {
  buildPlatformToken,
  buildRealmToken,
  ccaToken,
  DIALECTS,
  type Dialect,
  type DialectName,
  encodeDeviceClaims,
  encodePlatformClaims,
  encodeRealmClaims,
  keyBytes,
  type PlatformClaims,
  type RealmClaims,
} from '../../src/token/index.ts';
import vectors from '../vectors/token-dialects.json' with { type: 'json' };

const sha256 = (bytes: Uint8Array): string => toHex(crypto.hash('sha-256').digest(bytes));
const filled = (size: number, byte: number): Uint8Array => new Uint8Array(size).fill(byte);
const scalar = (text: string): PrivateKey => ({ curve: 'P-384', scalar: hex(text) });
const signer = (key: PrivateKey) => (bytes: Uint8Array) => crypto.sign('ES384', key, bytes);

const cpak = scalar(vectors.cpak_scalar);
const rak = scalar(vectors.rak_scalar);
const rakPublic = crypto.publicKey(rak)!;

const devices = [
  {
    identity_digest: filled(32, 0x88),
    measurements_digest: filled(32, 0x99),
    protocol_digest: filled(32, 0xaa),
    ide_coherent: false,
    ide_noncoherent: true,
  },
];

const platformClaims = (live: boolean): PlatformClaims => ({
  binding: crypto.hash('sha-256').digest(keyBytes('cose-key', rakPublic)),
  implementation_id: filled(32, 0x33),
  instance_id: hex(vectors.instance_id),
  config: filled(4, 0xcf),
  lifecycle: 0x3003,
  hash_algo_id: 'sha-256',
  sw_components: [
    {
      component_type: 'RMM',
      version: '2.0.0',
      measurement_value: filled(32, 0x55),
      signer_id: filled(32, 0x66),
      hash_algo_id: 'sha-256',
      live_activation: true,
      countersigner_ids: [filled(32, 0x77)],
    },
    ...(live
      ? [
          {
            component_type: 'FAL',
            measurement_value: filled(32, 0x44),
            signer_id: filled(32, 0),
            hash_algo_id: 'sha-256',
          },
        ]
      : []),
  ],
});

const realmClaims = (mecPolicy: string, devicesHash: Uint8Array | undefined): RealmClaims => ({
  challenge: Uint8Array.from({ length: 64 }, (_, i) => i),
  instance_id: concatBytes(Uint8Array.of(1), filled(32, 0x22)),
  personalization_value: filled(64, 0),
  public_key: rakPublic,
  hash_algo_id: 'sha-256',
  public_key_hash_algo_id: 'sha-256',
  mec_policy: mecPolicy === 'private' ? 'private' : 'shared',
  initial_measurement: filled(32, 0x11),
  extensible_measurements: Array.from({ length: 4 }, () => filled(32, 0)),
  devices_hash: devicesHash,
});

test('the hash of the sample RAK and the instance id of the sample CPAK are the published ones', () => {
  expect(sha256(keyBytes('cose-key', rakPublic))).toBe(vectors.challenge);
  expect(`01${sha256(keyBytes('cose-key', crypto.publicKey(cpak)!))}`).toBe(vectors.instance_id);
});

test('the device claims have the known length and digest', () => {
  const bytes = encodeDeviceClaims('2025', devices);
  expect([bytes.length, sha256(bytes)]).toEqual([vectors.device_claims.length, vectors.device_claims.sha256]);
});

describe.each(vectors.variants)('$name', ({ dialect: name, device, mec_policy, live, ...expected }) => {
  // The vectors were made with one component order for all dialects.
  const dialect: Dialect = { ...DIALECTS[name as DialectName], componentOrder: 'rmm-2.0' };
  const deviceClaims = device ? encodeDeviceClaims('2025', devices) : undefined;
  const platform = platformClaims(live);
  const realm = realmClaims(mec_policy, fromHex(deviceClaims === undefined ? '' : sha256(deviceClaims)));
  const realmValues = device ? realm : { ...realm, devices_hash: undefined };

  test('the platform claims have the known length and digest', () => {
    const bytes = encodePlatformClaims(dialect, platform);
    expect([bytes.length, sha256(bytes)]).toEqual(expected.platform);
  });

  test('the Realm claims have the known length and digest', () => {
    const bytes = encodeRealmClaims(dialect, realmValues);
    expect([bytes.length, sha256(bytes)]).toEqual(expected.realm);
  });

  test('the whole token has the known length and digest', () => {
    const token = ccaToken(
      buildPlatformToken(dialect, platform, 'ES384', signer(cpak)),
      buildRealmToken(dialect, realmValues, 'ES384', signer(rak)),
      dialect.outer,
      deviceClaims,
    );
    expect([token.length, sha256(token)]).toEqual(expected.token);
  });
});
