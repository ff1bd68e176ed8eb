import { describe, expect, test } from 'vitest';
import {
  appraisalLines,
  appraise,
  earClaims,
  type Policy,
  referenceValuesOf,
  SUBMODS,
  statusOf,
  TRUST_CLAIMS,
  type TrustVector,
  tierOf,
  type VerifyOptions,
  verifyToken,
} from '../../src/verify/index.ts';
import { array, bytes, int } from '../support/cbor-writer.ts';
import { CHALLENGE, CPAK, component, crypto, fill, forge, OTHER, publicOf } from '../support/forge.ts';

const key = publicOf(CPAK);
const good = verifyToken(forge(), { crypto, key });
const reference = referenceValuesOf(good.claims);

const resultOf = (token: Uint8Array, options: Partial<VerifyOptions> = {}) =>
  appraise(verifyToken(token, { crypto, key, reference, ...options }), reference);

/** The claims that say something. */
const said = (vector: TrustVector | undefined) =>
  Object.fromEntries(Object.entries(vector ?? {}).filter(([, value]) => value !== 0));

const AFFIRMED = {
  'instance-identity': 2,
  configuration: 2,
  executables: 2,
  hardware: 2,
  'runtime-opaque': 2,
  'storage-opaque': 2,
};

test.for([
  [-128, 'contraindicated'],
  [-97, 'contraindicated'],
  [-96, 'warning'],
  [-33, 'warning'],
  [-32, 'affirming'],
  [-2, 'affirming'],
  [-1, 'none'],
  [0, 'none'],
  [1, 'none'],
  [2, 'affirming'],
  [31, 'affirming'],
  [32, 'warning'],
  [95, 'warning'],
  [96, 'contraindicated'],
  [99, 'contraindicated'],
] as const)('the value %i is of tier %s', ([value, tier]) => expect(tierOf(value)).toBe(tier));

describe('a token that meets its references', () => {
  const result = resultOf(forge());

  test('is affirmed, as Veraison does it', () => {
    expect(result[SUBMODS.platform]?.status).toBe('affirming');
    expect(said(result[SUBMODS.platform]?.vector)).toEqual(AFFIRMED);
    expect(result[SUBMODS.realm]?.status).toBe('affirming');
    expect(said(result[SUBMODS.realm]?.vector)).toEqual({ 'instance-identity': 2, executables: 2 });
  });

  test('has a reason for each value', () => {
    for (const { vector, reasons } of Object.values(result)) {
      expect(Object.keys(reasons).sort()).toEqual(Object.keys(said(vector)).sort());
      for (const reason of Object.values(reasons)) expect(reason).toMatch(/^[a-z].* .*[^.]$/);
    }
    expect(appraisalLines(result)).toContain('  configuration       2  the configuration is the reference value');
  });
});

describe('each difference lowers its claim', () => {
  test.for([
    ['platform', 'configuration', 32, forge({ platform: { 2401: bytes(fill(4, 9)) } })],
    ['platform', 'executables', 33, forge({ platform: { 2399: array(component('BL1'), component('XYZ')) } })],
    ['platform', 'instance-identity', 97, forge({ platform: { 2396: bytes(fill(32, 9)) } })],
    ['platform', 'instance-identity', 96, forge({ platform: { 2395: int(0x5001) } })],
    ['platform', 'runtime-opaque', 96, forge({ platform: { 2395: int(0x4001) } })],
    ['platform', 'storage-opaque', 96, forge({ platform: { 2395: int(0x6000) } })],
    ['realm', 'executables', 33, forge({ realm: { 44238: bytes(fill(32, 9)) } })],
    ['realm', 'executables', 96, forge({ realm: { 44235: bytes(fill(64, 9)) } })],
    ['realm', 'executables', 33, forge({ realm: { 44239: array(...[9, 9, 9, 9].map((b) => bytes(fill(32, b)))) } })],
  ] as const)('%s %s %i', ([part, claim, value, token]) => {
    const result = resultOf(token);
    expect(result[SUBMODS[part]]?.vector[claim]).toBe(value);
    expect(result[SUBMODS[part]]?.status).not.toBe('affirming');
    const other = part === 'platform' ? SUBMODS.realm : SUBMODS.platform;
    expect(result[other]?.status).toBe('affirming');
  });
});

test('a lifecycle that the policy allows is affirmed', () => {
  const policy: Policy = { lifecycle: ['secured', 'non_platform_rot_debug'] };
  const result = resultOf(forge({ platform: { 2395: int(0x4001) } }), { policy });
  expect(said(result[SUBMODS.platform]?.vector)).toEqual(AFFIRMED);
});

test.for([
  ['a signature of somebody else', forge(), { key: publicOf(OTHER) }],
  ['no key', forge(), { key: undefined }],
  ['another challenge', forge(), { challenge: fill(64, 1) }],
  ['no token at all', Uint8Array.of(1, 2, 3), {}],
] as const)('%s leaves nothing to appraise', ([, token, options]) => {
  const result = resultOf(token, options);
  expect(Object.keys(result)).toEqual([SUBMODS.whole]);
  expect(result[SUBMODS.whole]).toMatchObject({ status: 'contraindicated' });
  for (const claim of TRUST_CLAIMS) expect(result[SUBMODS.whole]?.vector[claim]).toBe(99);
  expect(result[SUBMODS.whole]?.problem).toMatch(/: /);
});

test('nothing is affirmed that was not compared', () => {
  const result = appraise(good);
  expect(said(result[SUBMODS.platform]?.vector)).toEqual({
    'instance-identity': 2,
    hardware: 2,
    'runtime-opaque': 2,
    'storage-opaque': 2,
  });
  expect(result[SUBMODS.platform]?.reasons.configuration).toContain('no reference');
  expect(result[SUBMODS.realm]?.vector.executables).toBe(0);
});

test('every status is the worst tier of its vector', () => {
  for (const token of [forge(), forge({ platform: { 2401: bytes(fill(4, 9)) } })]) {
    for (const { status, vector } of Object.values(resultOf(token))) expect(status).toBe(statusOf(vector));
  }
});

test('the claims of an EAR have the names of Veraison', () => {
  const claims = earClaims(resultOf(forge()), good, {
    issuedAt: 1_700_000_000,
    verifier: { build: 'b', developer: 'd' },
    nonce: CHALLENGE,
  }) as { submods: Record<string, Record<string, Record<string, unknown>>> };
  expect(claims).toMatchObject({
    eat_profile: 'tag:github.com,2023:veraison/ear',
    iat: 1_700_000_000,
    eat_nonce: Buffer.from(CHALLENGE).toString('base64'),
  });
  const { CCA_SSD_PLATFORM: platform, CCA_REALM: realm } = claims.submods;
  expect(platform?.['ear.trustworthiness-vector']).toMatchObject(AFFIRMED);
  expect(Object.keys(platform?.['ear.veraison.annotated-evidence'] ?? {})).toContain('cca-platform-sw-components');
  expect(realm?.['ear.veraison.annotated-evidence']?.['cca-realm-challenge']).toBe(
    Buffer.from(CHALLENGE).toString('base64'),
  );
  expect(realm?.['ear.veraison.policy-claims']).toHaveProperty('reasons');
});
