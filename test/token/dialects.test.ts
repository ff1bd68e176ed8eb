import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/bytes/index.ts';
import { type CborValue, decode, toValue } from '../../src/cbor/index.ts';
import { decodeSign1 } from '../../src/cose/index.ts';
import { nodeCrypto as crypto } from '../../src/crypto/node.ts';
import {
  buildPlatformToken,
  buildRealmToken,
  COMPONENT_ORDERS,
  ccaToken,
  claimProblems,
  componentClaims,
  DIALECTS,
  type Dialect,
  type DialectName,
  dialectNamed,
  encodePlatformClaims,
  encodeRealmClaims,
  PLATFORM_ORDERS,
  PLATFORM_PROFILES,
  type PlatformClaims,
  REALM_ORDERS,
  REALM_PROFILES,
  type RealmClaims,
  realmClaims2024,
  TOKEN_CLAIM_LABELS,
} from '../../src/token/index.ts';

type Claims = ReadonlyMap<number, CborValue>;

const filled = (size: number, byte: number): Uint8Array => new Uint8Array(size).fill(byte);
const key = { curve: 'P-384', scalar: filled(48, 1) } as const;
const publicKey = crypto.publicKey(key)!;
const sign = (bytes: Uint8Array): Uint8Array => crypto.sign('ES384', key, bytes);

const platform: PlatformClaims = {
  binding: filled(32, 1),
  instance_id: Uint8Array.of(1, ...filled(32, 2)),
  implementation_id: filled(32, 3),
  lifecycle: 0x3000,
  config: filled(4, 4),
  hash_algo_id: 'sha-256',
  verification_service: 'https://swcca.invalid/',
  sw_components: [
    {
      component_type: 'RMM',
      version: '1',
      measurement_value: filled(32, 5),
      signer_id: filled(32, 6),
      hash_algo_id: 'sha-256',
      live_activation: false,
    },
  ],
};

const realm: RealmClaims = {
  challenge: filled(64, 7),
  personalization_value: filled(64, 8),
  hash_algo_id: 'sha-512',
  public_key: publicKey,
  initial_measurement: filled(64, 9),
  extensible_measurements: Array.from({ length: 4 }, () => filled(64, 0)),
  public_key_hash_algo_id: 'sha-256',
  instance_id: Uint8Array.of(1, ...filled(32, 10)),
};

const read = (bytes: Uint8Array): Claims => {
  const decoded = decode(bytes);
  if (!decoded.ok) throw new Error('not CBOR');
  return toValue(decoded.item) as Claims;
};

const platformOf = (dialect: Dialect): Claims => read(encodePlatformClaims(dialect, platform));
const realmOf = (dialect: Dialect): Claims => read(encodeRealmClaims(dialect, realm));

const named = (Object.keys(DIALECTS) as DialectName[]).map((name): [DialectName, Dialect] => [name, DIALECTS[name]]);

describe.each(named)('%s', (name, dialect) => {
  test('is found by its name', () => {
    expect(dialectNamed(name)).toBe(dialect);
    expect(dialect.name).toBe(name);
  });

  test('writes claims that its profiles accept', () => {
    expect(claimProblems(PLATFORM_PROFILES[dialect.platformProfile].claims, platformOf(dialect))).toEqual([]);
    expect(claimProblems(REALM_PROFILES[dialect.realmProfile].claims, realmOf(dialect))).toEqual([]);
  });

  test('gives two tagged COSE_Sign1 in one collection', () => {
    const parts = [
      buildPlatformToken(dialect, platform, 'ES384', sign),
      buildRealmToken(dialect, realm, 'ES384', sign),
    ] as const;
    for (const part of parts)
      expect(decodeSign1(part)).toMatchObject({ ok: true, value: { tagged: true, deviations: [] } });
    const token = toHex(ccaToken(...parts, dialect.outer));
    expect(token).toContain(toHex(parts[0]));
    expect(token.endsWith(toHex(parts[1]))).toBe(true);
    expect(token.startsWith(dialect.outer === 399 ? 'd9018fa219acca59' : 'd9038ba219acca8219010759')).toBe(true);
  });
});

describe('the claims of each dialect, in order', () => {
  const rse = [10, 256, 2396, 2395, 2399, 265, 2402, 2401, 2400];

  test.each<[DialectName, number[], number[], number[]]>([
    ['rmm-1.0-legacy', rse, [5, 4, 1, 6, 2], [10, 44235, 44237, 44236, 44240, 44238, 44239]],
    ['rmm-1.0', rse, [5, 4, 1, 6, 2], [10, 44235, 44237, 44236, 44240, 265, 44238, 44239]],
    ['rmm-1.1', rse, [5, 4, 1, 6, 2], [10, 44235, 44237, 44236, 44240, 44243, 265, 44238, 44239]],
    [
      'tf-rmm-main',
      [265, 10, 2396, 256, 2401, 2395, 2402, 2400, 2399],
      [1, 5, 2, 6, 4],
      [10, 256, 44235, 44237, 44236, 44240, 44243, 265, 44238, 44239],
    ],
    [
      'rmm-2.0',
      [265, 10, 2396, 256, 2401, 2395, 2402, 2394, 2399, 2400],
      [1, 4, 2, 5, 6, 7],
      [10, 256, 44235, 44237, 44236, 44240, 44243, 265, 44238, 44239, 44244],
    ],
    [
      'draft-04',
      [265, 2408, 2396, 256, 2401, 2395, 2402, 2394, 2400, 2399],
      [1, 5, 2, 6, 4, 7],
      [265, 10, 44236, 44240, 44235, 44237, 44238, 44239, 44243, 256, 44244],
    ],
  ])('%s', (name, platformLabels, componentLabels, realmLabels) => {
    const claims = platformOf(DIALECTS[name]);
    expect([...claims.keys()]).toEqual(platformLabels);
    const [component] = claims.get(2399) as readonly Claims[];
    expect([...(component?.keys() ?? [])]).toEqual(componentLabels);
    expect([...realmOf(DIALECTS[name]).keys()]).toEqual(realmLabels);
  });

  test('of other producers', () => {
    const dialect = DIALECTS['rmm-1.0'];
    const order = (platformOrder: Dialect['platformOrder']) => [...platformOf({ ...dialect, platformOrder }).keys()];
    expect(order('go')).toEqual([265, 10, 2396, 256, 2401, 2395, 2399, 2400, 2402]);
    expect(order('islet')).toEqual([10, 256, 265, 2395, 2396, 2399, 2400, 2401, 2402]);
    const realmOrder = (value: Dialect['realmOrder']) => [
      ...realmOf({ ...DIALECTS['rmm-1.0-legacy'], realmOrder: value }).keys(),
    ];
    expect(realmOrder('islet')).toEqual([10, 44235, 44238, 44239, 44236, 44237, 44240]);
    expect(realmOrder('go')).toEqual([10, 44235, 44238, 44239, 44236, 44237, 44240]);
    const labels = { ...TOKEN_CLAIM_LABELS.component };
    expect(Object.values(COMPONENT_ORDERS).map((names) => names.map((each) => labels[each]))).toEqual([
      [5, 4, 1, 6, 2],
      [1, 5, 2, 6, 4],
      [1, 2, 4, 5, 6],
      [1, 6, 2, 4, 5],
      [1, 4, 2, 5, 6],
    ]);
  });

  test('every order has a place for every claim, once', () => {
    const platformNames = Object.keys(TOKEN_CLAIM_LABELS.platform).sort();
    for (const order of Object.values(PLATFORM_ORDERS)) expect([...order].sort()).toEqual(platformNames);
    for (const order of Object.values(REALM_ORDERS))
      expect([...order].sort()).toEqual(Object.keys(realmClaims2024).sort());
    for (const order of Object.values(COMPONENT_ORDERS)) {
      expect([...order].sort()).toEqual(Object.keys(componentClaims).sort());
    }
  });
});

describe('what a dialect says', () => {
  test.each<[DialectName, string, string | undefined]>([
    ['rmm-1.0-legacy', 'http://arm.com/CCA-SSD/1.0.0', undefined],
    ['rmm-1.0', 'tag:arm.com,2023:cca_platform#1.0.0', 'tag:arm.com,2023:realm#1.0.0'],
    ['rmm-1.1', 'tag:arm.com,2023:cca_platform#1.0.0', 'tag:arm.com,2023:realm#1.0.0'],
    ['tf-rmm-main', 'tag:arm.com,2023:cca_platform#1.0.0', 'tag:arm.com,2024:realm#2.0.0'],
    ['rmm-2.0', 'tag:arm.com,2024:cca_platform#2.0.0', 'tag:arm.com,2024:realm#2.0.0'],
    ['draft-04', 'tag:arm.com,2026:cca_platform#2.0.0', 'tag:arm.com,2026:realm#2.0.0'],
  ])('%s names its profiles', (name, platformProfile, realmProfile) => {
    expect(platformOf(DIALECTS[name]).get(265)).toBe(platformProfile);
    expect(realmOf(DIALECTS[name]).get(265)).toBe(realmProfile);
  });

  test('the RAK is a bare point or a COSE_Key', () => {
    expect(realmOf(DIALECTS['rmm-1.0-legacy']).get(44237)).toHaveLength(97);
    expect(realmOf(DIALECTS['rmm-1.0']).get(44237)).toHaveLength(107);
  });

  test('the MEC policy is an integer, a word or nothing, and a knob overrides the dialect', () => {
    const mecOf = (mec: Dialect['mec'], mec_policy: RealmClaims['mec_policy']) =>
      read(encodeRealmClaims({ ...DIALECTS['rmm-2.0'], mec }, { ...realm, ...(mec_policy && { mec_policy }) })).get(
        44243,
      );
    expect([mecOf('int', undefined), mecOf('int', 'shared'), mecOf('int', 'private')]).toEqual([0, 0, 1]);
    expect([mecOf('text', undefined), mecOf('text', 'private')]).toEqual(['shared', 'private']);
    expect(mecOf('none', 'private')).toBeUndefined();
  });

  test('a Realm without instance id cannot speak a dialect that has one', () => {
    const without = { ...realm, instance_id: undefined };
    expect(() => encodeRealmClaims(DIALECTS['rmm-2.0'], without)).toThrow(/instance id/);
    expect(read(encodeRealmClaims(DIALECTS['rmm-1.0'], without)).has(256)).toBe(false);
  });
});

test('the labels are those of the documents', () => {
  expect(TOKEN_CLAIM_LABELS).toMatchObject({
    collection: { platform: 44234, realm: 44241 },
    platform: { challenge: 10, instance_id: 256, implementation_id: 2396, workload_binding: 2408 },
    realm: { challenge: 10, public_key: 44237, initial_measurement: 44238, extensible_measurements: 44239 },
    component: { component_type: 1, measurement_value: 2, version: 4, signer_id: 5, hash_algo_id: 6 },
  });
});
