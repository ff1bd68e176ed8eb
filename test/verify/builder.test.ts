import { describe, expect, test } from 'vitest';
import { describeToken } from '../../src/inspect/index.ts';
import {
  buildPlatformToken,
  buildRealmToken,
  ccaToken,
  DIALECTS,
  type Dialect,
  type DialectName,
  encodeDeviceClaims,
  keyBytes,
} from '../../src/token/index.ts';
import { verifyToken } from '../../src/verify/index.ts';
import {
  CHALLENGE,
  CONFIG,
  CPAK,
  crypto,
  digestOf,
  fill,
  IMPLEMENTATION_ID,
  INSTANCE_ID,
  publicOf,
  RAK,
  REMS,
  RIM,
  RPV,
} from '../support/forge.ts';

/** Builder and verifier share no claim and no rule: each reads the documents for itself, and here they meet. */
const build = (dialect: Dialect, devices?: Uint8Array): Uint8Array => {
  const rak = publicOf(RAK);
  const platform = buildPlatformToken(
    dialect,
    {
      binding: digestOf('sha-256', keyBytes(dialect.rak, rak)),
      instance_id: INSTANCE_ID,
      implementation_id: IMPLEMENTATION_ID,
      lifecycle: 0x3003,
      config: CONFIG,
      hash_algo_id: 'sha-256',
      verification_service: 'https://swcca.invalid/',
      sw_components: [
        { component_type: 'RMM', measurement_value: fill(32, 5), signer_id: fill(32, 6), live_activation: true },
      ],
    },
    'ES384',
    (bytes) => crypto.sign('ES384', CPAK, bytes),
  );
  const realm = buildRealmToken(
    dialect,
    {
      challenge: CHALLENGE,
      personalization_value: RPV,
      hash_algo_id: 'sha-256',
      public_key: rak,
      initial_measurement: RIM,
      extensible_measurements: REMS,
      public_key_hash_algo_id: 'sha-256',
      instance_id: Uint8Array.of(1, ...fill(32, 7)),
      ...(devices === undefined ? {} : { devices_hash: digestOf('sha-256', devices) }),
    },
    'ES384',
    (bytes) => crypto.sign('ES384', RAK, bytes),
  );
  return ccaToken(platform, realm, dialect.outer, devices);
};
const judge = (token: Uint8Array) =>
  verifyToken(token, { crypto, key: publicOf(CPAK), challenge: CHALLENGE, strict: true });

describe.each(Object.keys(DIALECTS) as DialectName[])('a token that the builder makes in %s', (name) => {
  const dialect: Dialect = DIALECTS[name];

  test('is accepted, even when strict', () => {
    const report = judge(build(dialect));
    expect(report.findings).toEqual([]);
    expect(report.accepted).toBe(true);
  });

  test('is recognised as such', () => {
    const { dialect: detected, differences } = describeToken(build(dialect));
    expect([detected, differences]).toEqual([name, []]);
  });

  test('is accepted in the other wrapper, too', () => {
    expect(judge(build({ ...dialect, outer: dialect.outer === 399 ? 907 : 399 })).findings).toEqual([]);
  });
});

const withDevices = (Object.values(DIALECTS) as readonly Dialect[]).flatMap((dialect) =>
  dialect.deviceProfile === undefined ? [] : [[dialect.name, dialect, dialect.deviceProfile] as const],
);
test.each(withDevices)('a token with a device in %s is accepted in either wrapper', (_, dialect, profile) => {
  const device = {
    identity_digest: fill(32, 1),
    measurements_digest: fill(32, 2),
    ide_coherent: false,
    ide_noncoherent: true,
  };
  for (const outer of [399, 907] as const) {
    const token = build({ ...dialect, outer }, encodeDeviceClaims(profile, [device]));
    expect(judge(token).findings).toEqual([]);
  }
});
