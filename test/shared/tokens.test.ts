import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nodeCrypto as crypto } from '../../src/crypto/node.ts';
import { describeToken, renderText, tokenFileBytes } from '../../src/inspect/index.ts';
import {
  parseKeyFile,
  parseReferenceValues,
  referenceValuesOf,
  referenceValuesToJson,
  type VerifyOptions,
  verifyToken,
} from '../../src/verify/index.ts';
import { decisionOf, MUST_PASS, OPEN, SHEET_IDS } from './support/sheet.ts';

/** Real tokens of other projects against what their index says of them, and the mutations against their classes. */
const shared = resolve(process.env['SWCCA_SHARED'] ?? '../shared');
const vectors = join(shared, 'vectors');
const read = (name: string): Uint8Array => Uint8Array.from(readFileSync(join(vectors, name)));
const token = (name: string): Uint8Array => tokenFileBytes(read(name)).bytes;

const keyFrom = (name: string) => {
  const parsed = parseKeyFile(read(name), crypto);
  if (!parsed.ok) throw new Error(`${name}: ${parsed.error}`);
  return parsed.key;
};
const CPAK_FVP = keyFrom('tokens/coco-trustee/misc/cpak-pub.json');
const IAK_P256 = keyFrom('tokens/veraison-evcli/ec256-pub.json');
const judge = (bytes: Uint8Array, options: Partial<VerifyOptions> = {}) =>
  verifyToken(bytes, { crypto, key: CPAK_FVP, ...options });
const told = (bytes: Uint8Array, options: Partial<VerifyOptions> = {}): readonly string[] =>
  judge(bytes, options).findings.map(({ code, path }) => `${code} ${path}`);

describe('key files of other projects are read', () => {
  test.each([
    ['tokens/coco-trustee/misc/cpak-priv.json', CPAK_FVP],
    ['tokens/tf-m-tools-iat-verifier/cca_platform.pem', CPAK_FVP],
    ['tokens/veraison-ccatoken/realm/tf-rmm/cca_platform.pem', CPAK_FVP],
    ['tokens/veraison-ccatoken/realm/tf-rmm/cca_platform.pub', CPAK_FVP],
    ['tokens/veraison-ccatoken/top/keys/testRMMCPAK.jwk', CPAK_FVP],
    ['tokens/veraison-rust-ccatoken/cpak.json', CPAK_FVP],
    ['hes/tfm-tools-cca-platform.priv.pem', CPAK_FVP],
    ['hes/tfm-tools-cca-platform.pub.pem', CPAK_FVP],
    ['tokens/veraison-ccatoken/top/keys/testIAK.jwk', IAK_P256],
    ['tokens/veraison-evcli/ec256.json', IAK_P256],
    ['tokens/veraison-services/end-to-end/ec-p256.jwk', IAK_P256],
  ])('%s', (name, key) => {
    expect(keyFrom(name)).toEqual(key);
  });
});

/** Tokens whose key is known: with it, what is warned about; the dialect, and how much it differs. */
const GOOD: readonly (readonly [string, 'cca' | 'platform', typeof CPAK_FVP, readonly string[], string, number])[] = [
  [
    'arm-trusted-firmware/fvp-sample_platform_token-2024-04-22-a822b8d82.cbor',
    'platform',
    CPAK_FVP,
    [],
    'rmm-1.0-legacy',
    0,
  ],
  ['arm-trusted-firmware/fvp-sample_platform_token-2024-09-13-056b4154a.cbor', 'platform', CPAK_FVP, [], 'rmm-1.0', 0],
  [
    'arm-trusted-firmware/fvp-sample_platform_token-2024-09-13-42cf60266.cbor',
    'platform',
    CPAK_FVP,
    [],
    'rmm-1.0-legacy',
    0,
  ],
  ['coco-trustee/misc/cca-example-token.cbor', 'cca', CPAK_FVP, [], 'rmm-1.0-legacy', 0],
  ['tf-m-tools-iat-verifier/cca_example_platform_token.cbor', 'platform', CPAK_FVP, [], 'rmm-1.0', 0],
  ['tf-m-tools-iat-verifier/cca_example_platform_token_legacy.cbor', 'platform', CPAK_FVP, [], 'rmm-1.0-legacy', 0],
  ['tf-m-tools-iat-verifier/cca_example_token.cbor', 'cca', CPAK_FVP, [], 'tf-rmm-main', 0],
  ['tf-m-tools-iat-verifier/cca_example_token_legacy.cbor', 'cca', CPAK_FVP, [], 'rmm-1.0-legacy', 2],
  ['tf-m-tools-iat-verifier/cca_platform_token.cbor', 'platform', CPAK_FVP, [], 'rmm-1.0-legacy', 0],
  ['tf-m-tools-iat-verifier/cca_token.cbor', 'cca', CPAK_FVP, [], 'rmm-1.0-legacy', 2],
  ['tf-rmm/host-platform_token.cbor', 'platform', CPAK_FVP, [], 'rmm-1.0', 0],
  ['veraison-cca-coserv-demo/ccatoken.cbor', 'cca', CPAK_FVP, [], 'rmm-1.0', 0],
  ['veraison-cca-coserv-demo/ccatoken_contraindicated.cbor', 'cca', CPAK_FVP, [], 'rmm-1.0-legacy', 0],
  ['veraison-ccatoken/realm/tf-rmm/cca_token.cbor', 'cca', CPAK_FVP, [], 'rmm-1.0-legacy', 0],
  [
    'veraison-ccatoken/top/hex/testGoodCCAToken.cbor',
    'cca',
    IAK_P256,
    ['COMPONENT_TYPE_MISSING', 'MEASUREMENT_SLOT'],
    'rmm-1.1',
    1,
  ],
  [
    'veraison-ccatoken/top/hex/testGoodLegacyCCAToken.cbor',
    'cca',
    IAK_P256,
    ['COMPONENT_TYPE_MISSING', 'MEASUREMENT_SLOT'],
    'rmm-1.0',
    0,
  ],
  ['veraison-ccatoken/top/hex/testRMMLegacyEvidence.cbor', 'cca', CPAK_FVP, [], 'rmm-1.0-legacy', 1],
  ['veraison-evcli/token.cbor', 'cca', IAK_P256, ['COMPONENT_TYPE_MISSING', 'MEASUREMENT_SLOT'], 'rmm-1.0-legacy', 0],
  ['veraison-ratsd/ex-basic-arm-cca.outblob.cbor', 'cca', CPAK_FVP, [], 'rmm-1.0', 0],
  ['veraison-rust-ccatoken/cca-token-01.cbor', 'cca', CPAK_FVP, [], 'rmm-1.0-legacy', 0],
  [
    'veraison-rust-ccatoken/cca-token-02.cbor',
    'cca',
    IAK_P256,
    ['COMPONENT_TYPE_MISSING', 'MEASUREMENT_SLOT'],
    'rmm-1.0-legacy',
    0,
  ],
  ['veraison-rust-ccatoken/cca-token-draft-ffm-00.cbor', 'cca', CPAK_FVP, [], 'rmm-1.0', 0],
  [
    'veraison-services/end-to-end/cca-evidence.cbor',
    'cca',
    IAK_P256,
    ['MEASUREMENT_SLOT', 'PROFILE_PAIR_MIXED'],
    'rmm-1.0',
    1,
  ],
  [
    'veraison-services/scheme-arm-cca/evidence/cca-good.cbor',
    'cca',
    IAK_P256,
    ['MEASUREMENT_SLOT', 'PROFILE_PAIR_MIXED'],
    'rmm-1.0',
    1,
  ],
];

describe('a golden token is accepted with its key, and refused with another', () => {
  test.each(GOOD)('%s', (name, kind, key, warnings, dialect, differences) => {
    const bytes = token(`tokens/${name}`);
    const report = judge(bytes, { key });
    expect(report.accepted).toBe(true);
    expect(report.kind).toBe(kind);
    expect(report.findings.map(({ code }) => code).sort()).toEqual(warnings);
    expect(judge(bytes, { key: key === CPAK_FVP ? IAK_P256 : CPAK_FVP }).accepted).toBe(false);
    const shown = describeToken(bytes);
    expect([shown.shape, shown.dialect, shown.differences.length, shown.stops]).toEqual([
      kind,
      dialect,
      differences,
      [],
    ]);
  });
});

describe('a golden token that must be refused', () => {
  test.each<[string, readonly string[]]>([
    [
      'arm-trusted-firmware/fvp-platform_token-2022-07-04-8c980a4a4.cbor',
      ['ALG_MISSING platform', 'CLAIMS_NOT_MAP platform'],
    ],
    [
      'arm-trusted-firmware/fvp-platform_token-2022-09-29-364b4cddb.cbor',
      ['ALG_MISSING platform', 'CLAIM_SIZE platform/2396'],
    ],
    ['veraison-ccatoken/top/hex/testBadUnwrappedTokens.cbor', ['ENTRY_FORM token/44234', 'ENTRY_FORM token/44241']],
    ['veraison-rust-ccatoken/bug-33-repro.cbor', ['BINDING_MISMATCH platform/10']],
  ])('%s', (name, findings) => {
    const bytes = token(`tokens/${name}`);
    expect(told(bytes)).toEqual(findings);
    expect(judge(bytes).accepted).toBe(false);
    expect(renderText(describeToken(bytes)).length).toBeGreaterThan(1000);
  });
});

test('of the trust anchors of one token the good one verifies it, and the bad one is no point of its curve', () => {
  const anchorOf = (name: string) => {
    const [anchor] = JSON.parse(new TextDecoder().decode(read(`tokens/veraison-rust-ccatoken/${name}`)));
    return parseKeyFile(new TextEncoder().encode(JSON.stringify(anchor.pkey)), crypto);
  };
  const good = anchorOf('ta-02-ok.json');
  expect(good.ok && judge(token('tokens/veraison-rust-ccatoken/cca-token-02.cbor'), { key: good.key }).accepted).toBe(
    true,
  );
  expect(anchorOf('ta-02-bad.json')).toEqual({ ok: false, error: 'the JWK key is not a point of P-256' });
});

describe('HES vectors', () => {
  const fixtures = JSON.parse(new TextDecoder().decode(read('hes/firmware-fixtures.json')));
  const point = Uint8Array.from(globalThis.Buffer.from(fixtures.device.cpak_pub_sec1, 'hex'));
  const parsed = parseKeyFile(point, crypto);
  const key = parsed.ok ? parsed.key : undefined;

  test.each<[string, readonly string[]]>([
    ['good-1.0', []],
    ['old-rmm-0.9', []],
    ['tampered-bl31', []],
    ['rogue-signer-rmm', []],
    ['missing-rmm', []],
    ['lfa-rmm-1.1', []],
    ['debug-rmsd', ['LIFECYCLE_REFUSED platform/2395']],
    ['debug-root', ['LIFECYCLE_REFUSED platform/2395']],
    ['rma-decommissioned', ['LIFECYCLE_REFUSED platform/2395']],
  ])('the platform token of %s', (set, findings) => {
    expect(told(token(`hes/fixture-${set}.plat-token.cbor.hex`), { key })).toEqual(findings);
  });

  test('the good set is told from every other by its reference values', () => {
    const good = judge(token('hes/fixture-good-1.0.plat-token.cbor.hex'), { key });
    const reference = referenceValuesOf(good.claims);
    for (const set of ['old-rmm-0.9', 'tampered-bl31', 'rogue-signer-rmm', 'missing-rmm', 'lfa-rmm-1.1']) {
      const codes = told(token(`hes/fixture-${set}.plat-token.cbor.hex`), { key, reference });
      expect(codes.length, set).toBeGreaterThan(0);
    }
    expect(told(token('hes/fixture-good-1.0.plat-token.cbor.hex'), { key, reference })).toEqual([]);
  });

  test.each<[string, readonly string[]]>([
    ['tfa-sample-plat-token-v2.12plus', []],
    ['tfa-fvp-plat-token-v2.10-v2.11', []],
    ['tfm-tools-cca-example-platform-token-legacy-1511', []],
    ['tfm-tools-cca-example-token-2174', []],
    ['tfm-tools-cca-example-token-legacy-2124', []],
    ['tfa-fvp-plat-token-v2.8', ['ALG_MISSING platform', 'CLAIM_SIZE platform/2396']],
    ['tfa-fvp-plat-token-v2.7', ['ALG_MISSING platform', 'CLAIMS_NOT_MAP platform']],
    ['rse-real-plat-token-1086', ['PLATFORM_HASH_UNKNOWN platform/2402', 'PLATFORM_SIG_INVALID platform']],
  ])('%s', (name, findings) => {
    expect(told(token(`hes/${name}.cbor.hex`))).toEqual(findings);
  });
});

const base = judge(token('tokens/mutations/V01.cbor'));
const parsedReference = parseReferenceValues(JSON.stringify(referenceValuesToJson(referenceValuesOf(base.claims))));
const identity: Partial<VerifyOptions> = parsedReference.ok
  ? { reference: parsedReference.value, challenge: base.claims.realm?.challenge }
  : {};

describe('a mutation is judged as its class says', () => {
  const files = readdirSync(join(vectors, 'tokens/mutations')).filter((name) => name.endsWith('.cbor'));

  test.each(files.map((name) => name.replace('.cbor', '')))('%s', (id) => {
    const bytes = token(`tokens/mutations/${id}.cbor`);
    const options = id.startsWith('X') ? identity : {};
    const { accepted, findings } = judge(bytes, options);
    const decision = decisionOf(id);
    expect(accepted).toBe(decision !== 'refused');
    expect(findings.some(({ severity }) => severity === 'error')).toBe(decision === 'refused');
    if (MUST_PASS.has(id)) expect(findings.filter(({ code }) => code !== 'COMPONENT_TYPE_MISSING')).toEqual([]);
    if (OPEN.has(id)) expect(judge(bytes, { ...options, strict: true }).accepted).toBe(decision === 'accepted');
    expect(renderText(describeToken(bytes), { hex: true }).length).toBeGreaterThan(0);
  });

  test('the identity rows hold against the base token only by reference and challenge', () => {
    expect(told(token('tokens/mutations/V01.cbor'), identity)).toEqual([]);
    // The tenth is the platform token of another chip: its signature tells.
    const right = SHEET_IDS.filter((id) => id.startsWith('X') && id !== 'X10');
    for (const id of right.filter((each) => existsSync(join(vectors, `tokens/mutations/${each}.cbor`)))) {
      expect(told(token(`tokens/mutations/${id}.cbor`)), id).toEqual([]);
    }
  });
});

describe('the same mutations of an RMM 2.0 token are judged alike', () => {
  const variants = JSON.parse(new TextDecoder().decode(read('tokens/mutations/rmm20-variant.base64.json')));
  const bytesOf = (id: string): Uint8Array => Uint8Array.from(globalThis.Buffer.from(variants[id], 'base64'));

  test.each(Object.keys(variants))('%s', (id) => {
    const original = judge(token(`tokens/mutations/${id}.cbor`), id.startsWith('X') ? identity : {});
    const variant = judge(bytesOf(id), id.startsWith('X') ? identity : {});
    expect([id, variant.accepted]).toEqual([id, original.accepted]);
  });
});
