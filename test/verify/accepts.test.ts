import { describe, expect, test } from 'vitest';
import { type VerifyOptions, verifyToken } from '../../src/verify/index.ts';
import { array, bytes, FALSE, int, map, TRUE, tag, text } from '../support/cbor-writer.ts';
import {
  CHALLENGE,
  CPAK,
  CPAK_P256,
  CPAK_P521,
  component,
  coseKey,
  coseKeyEntries,
  crypto,
  deviceClaims,
  digestOf,
  type Forgery,
  fill,
  forge,
  platformPart,
  publicOf,
  RAK,
  RAK_P256,
  record,
} from '../support/forge.ts';

const key = publicOf(CPAK);
const rak = publicOf(RAK);
const judge = (token: Uint8Array, options: Partial<VerifyOptions> = {}) =>
  verifyToken(token, { crypto, key, challenge: CHALLENGE, strict: true, ...options });

/** The key whose x starts with a zero byte: an implementation that strips it hashes other bytes. */
const zeroLed = (): typeof RAK => {
  for (let seed = 0; ; seed++) {
    const candidate = { ...RAK, scalar: RAK.scalar.map((byte, i) => (i === 1 ? seed : i === 2 ? seed >> 8 : byte)) };
    if (publicOf(candidate).x[0] === 0) return candidate;
  }
};
const ZERO_LED = zeroLed();

const measuredBy = (algorithm: string, size: number): Forgery => ({
  realm: {
    44236: text(algorithm),
    44238: bytes(fill(size, 1)),
    44239: array(...[1, 2, 3, 4].map((byte) => bytes(fill(size, byte)))),
  },
});
const device = deviceClaims();

const GOOD: Readonly<Record<string, Forgery>> = {
  'the 2023 profiles under tag 399': {},
  'the 2023 profiles under tag 907': { outer: 907 },
  'the legacy profile with a raw RAK': { year: 'legacy' },
  'the legacy profile under tag 907': { year: 'legacy', outer: 907 },
  'a MEC policy as text under the 2023 profile': { outer: 907, realm: { 44243: text('private') } },
  'a MEC policy as integer under the 2023 profile': { outer: 907, realm: { 44243: int(1) } },
  'a 2023 platform with a 2024 Realm': { year: '2023', realmYear: '2024', outer: 907 },
  'the 2024 profiles': { year: '2024' },
  'the 2024 profiles under tag 399': { year: '2024', outer: 399 },
  'the text form of the MEC policy in 2024, without an instance id': {
    year: '2024',
    realm: { 256: null, 44243: text('shared') },
  },
  'an LFA policy in 2024': { year: '2024', realm: { 44244: int(1) } },
  'a component with live activation and countersigners in 2024': {
    year: '2024',
    platform: {
      2399: array(
        component('RMM', [
          [7, TRUE],
          [8, array(bytes(fill(32, 7)))],
        ]),
      ),
    },
  },
  'extension devices in 2024': {
    year: '2024',
    platform: { 2404: array(map([2, bytes(fill(32, 2))], [3, bytes(fill(32, 3))], [4, FALSE], [5, text('x')])) },
  },
  'the 2026 profiles': { year: '2026' },
  'the 2026 profiles, the model named': {
    year: '2026',
    platform: { 265: text('tag:arm.com,2026:cca_platform#2.0.0;delegated') },
  },
  'the 2026 profiles, the model after a number sign': {
    year: '2026',
    platform: { 265: text('tag:arm.com,2026:cca_platform#2.1.0#delegated') },
  },
  'peer signers in an array in 2026': {
    year: '2026',
    platform: { 2406: array(bytes(fill(4, 1))), 2407: bytes(fill(9, 1)) },
  },
  'HESRAK: the Realm challenge beside the binding': {
    year: '2026',
    platform: { 265: text('tag:arm.com,2026:cca_platform#2.0.0;HESRAK'), 10: bytes(CHALLENGE) },
  },
  'a device token with its hash': {
    year: '2024',
    realm: { 44257: bytes(digestOf('sha-256', device)) },
    entries: { 44258: record(device, 601) },
  },
  'an entry 44258 that the 2023 profile does not know': { entries: { 44258: text('?') } },

  'a binding by sha-384': { boundBy: 'sha-384' },
  'a binding by sha-512': { boundBy: 'sha-512' },
  'measurements by sha-384': measuredBy('sha-384', 48),
  'measurements by sha-512': measuredBy('sha-512', 64),
  'a RAK with its members in another order': { rak: map(...coseKeyEntries(rak).reverse()) },
  'a RAK that names its algorithm': { rak: map(...coseKeyEntries(rak), [3, int(-35)]) },
  'a RAK for verification': { rak: map(...coseKeyEntries(rak), [4, array(int(2))]) },
  'a RAK with a label nobody knows': { rak: map(...coseKeyEntries(rak), [-70001, int(1)], [2, bytes(fill(4, 1))]) },
  'a RAK on P-256': { rakSecret: RAK_P256 },
  'a RAK whose x starts with zero': { rakSecret: ZERO_LED },
  'a raw RAK whose x starts with zero': { year: 'legacy', rakSecret: ZERO_LED },
  'a kid and other unprotected parameters': {
    platformDraft: { unprotected: map([4, bytes(fill(32, 1))], [33, bytes(fill(9, 1))], ['x', int(0)]) },
    realmDraft: { unprotected: map([4, bytes(fill(32, 1))]) },
  },
  'a protected parameter nobody knows': { platformDraft: { protectedHeader: map([1, int(-35)], [99, int(0)]) } },
  'a critical parameter that is understood': {
    realmDraft: { protectedHeader: map([1, int(-35)], [2, array(int(1))]) },
  },
  'an alg in a long head': { platformDraft: { protectedHeader: map([1, int(-35, 4)]) } },
  'a lifecycle and a label in long heads': { platform: { 2395: int(0x30ff, 8), 70000: int(1, 8) } },
  'a claim nobody knows, by number and by name': {
    platform: { 70000: map([1, int(1)]), name: text('x') },
    realm: { 70000: array(), name: text('x'), 44241: text('shared'), '-5': int(0) },
  },
  'a client id under the 2023 profile': { platform: { 2394: int(9) } },
  'no verification service': { platform: { 2400: null } },
  'an empty verification service': { platform: { 2400: text('') } },
  'an empty configuration': { platform: { 2401: bytes(new Uint8Array()) } },
  'a long configuration': { platform: { 2401: bytes(fill(3000, 1)) } },
  'platform values of 48 and 64 bytes, by sha-384': {
    platform: {
      2402: text('sha-384'),
      2399: array(map([1, text('A')], [2, bytes(fill(48, 1))], [5, bytes(fill(64, 1))])),
    },
  },
  'free text as component algorithm': {
    platform: {
      2399: array(
        map([1, text('A')], [2, bytes(fill(32, 1))], [5, bytes(fill(32, 1))], [6, text('TF-M_SHA256MemPreXIP')]),
      ),
    },
  },
  'a component key nobody knows': {
    platform: {
      2399: array(
        component('A', [
          [7, int(1)],
          [99, int(1)],
        ]),
      ),
    },
  },
  'a component twice': { platform: { 2399: array(component('A'), component('A')) } },
  'a hundred components': { platform: { 2399: array(...Array.from({ length: 100 }, (_, i) => component(`C${i}`))) } },
  'a type that ends in NUL': { platform: { 2399: array(component('FW_CONFIG\0')) } },
  'another key of the collection, by number and by name': {
    entries: { 44242: bytes(fill(1, 1)), __cmwc_t: text('x') },
  },
  'the Realm entry first': { collection: (p, r) => tag(399, map([44241, bytes(r)], [44234, bytes(p)])) },
};

describe('the verifier accepts, even when strict,', () => {
  test.each(Object.entries(GOOD))('%s', (_, forgery) => {
    const report = judge(forge(forgery));
    expect(report.findings).toEqual([]);
    expect(report.accepted).toBe(true);
    expect(report.kind).toBe('cca');
  });

  test('a platform key on P-256 with ES256, and on P-521 with ES512', () => {
    for (const cpak of [CPAK_P256, CPAK_P521]) {
      expect(judge(forge({ cpak }), { key: publicOf(cpak) }).findings).toEqual([]);
    }
  });

  test('the other signature of the same message', () => {
    const order = 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n;
    const hexOf = (part: Uint8Array) => [...part].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    const negated = (good: Uint8Array): Uint8Array => {
      const s = (order - BigInt(`0x${hexOf(good.subarray(48))}`)).toString(16).padStart(96, '0');
      return Uint8Array.of(...good.subarray(0, 48), ...(s.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)));
    };
    expect(judge(forge({ platformDraft: { signature: negated } })).findings).toEqual([]);
  });
});

describe('the direct model', () => {
  const profile = 'tag:arm.com,2026:cca_platform#2.0.0;direct';
  const claims = (more: readonly (readonly [number, Uint8Array])[] = []): Uint8Array =>
    map(
      [265, text('tag:arm.com,2026:realm#2.0.0')],
      [10, bytes(CHALLENGE)],
      [256, bytes(Uint8Array.of(1, ...fill(32, 2)))],
      [44235, bytes(fill(64, 1))],
      [44236, text('sha-256')],
      [44238, bytes(fill(32, 1))],
      [44239, array(...[1, 2, 3, 4].map((byte) => bytes(fill(32, byte))))],
      [44243, int(0)],
      ...more,
    );
  const token = (bound: Uint8Array, carried: Uint8Array | undefined): Uint8Array =>
    forge({
      year: '2026',
      platform: { 265: text(profile), 2408: bytes(digestOf('sha-256', bound)) },
      entries: { 44241: null, ...(carried === undefined ? {} : { 44251: record(carried, 601) }) },
    });

  test('binds the unsigned Realm claims by their hash', () => {
    const report = judge(token(claims(), claims()));
    expect(report.findings).toEqual([]);
    expect(report.accepted).toBe(true);
    expect(report.checks.find(({ name }) => name === 'realm_signature')?.outcome).toBe('not-done');
  });

  test('refuses other claims than those bound, and a token without any', () => {
    const codes = (bytes: Uint8Array) => judge(bytes).findings.map(({ code, path }) => `${code} ${path}`);
    expect(codes(token(claims(), claims([[70000, int(1)]])))).toEqual(['BINDING_MISMATCH platform/2408']);
    expect(codes(token(claims(), undefined))).toContain('ENTRY_MISSING token/44251');
    expect(codes(token(claims(), text('claims')))).toContain('CLAIMS_NOT_MAP realm');
  });

  test('does not let unsigned claims stand in for a Realm token under another profile', () => {
    const swapped = forge({ year: '2026', entries: { 44241: null, 44251: record(claims(), 601) } });
    expect(judge(swapped).findings.map(({ code, path }) => `${code} ${path}`)).toContain('ENTRY_MISSING token/44241');
  });
});

describe('a platform token alone', () => {
  test('is judged as such', () => {
    const report = judge(platformPart(), { challenge: undefined });
    expect(report.accepted).toBe(true);
    expect(report.kind).toBe('platform');
    expect(report.checks.filter(({ outcome }) => outcome === 'not-done').map(({ name }) => name)).toEqual([
      'realm_claims',
      'profiles',
      'realm_signature',
      'binding',
      'devices',
      'challenge',
      'reference',
      'policy',
    ]);
  });
});

test('a RAK is hashed as it stands, not as it would be written', () => {
  const odd = map(...coseKeyEntries(rak).reverse());
  const report = judge(forge({ rak: odd, boundBytes: coseKey(rak) }));
  expect(report.findings.map(({ code }) => code)).toEqual(['BINDING_MISMATCH']);
});
