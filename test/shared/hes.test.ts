import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hex, toHex } from '../../src/bytes/index.ts';
import { type CborValue, decode, Tagged, toValue } from '../../src/cbor/index.ts';
import { coseKeyBytes, decodeSign1, sigStructure } from '../../src/cose/index.ts';
import { type PublicKey, parseSpkiPem, sec1Point } from '../../src/crypto/index.ts';
import { nodeCrypto as crypto } from '../../src/crypto/node.ts';
import {
  attestationKey,
  bootStateCbor,
  bootStateContext,
  createHes,
  type FirmwareComponent,
  LCS,
  type Lcs,
  SEED_KDFS,
} from '../../src/hes/index.ts';
import {
  type ComponentOrder,
  ccaToken,
  claimProblems,
  DIALECTS,
  type Dialect,
  encodePlatformClaims,
  encodeRealmClaims,
  keyBytes,
  PLATFORM_PROFILES,
  type PlatformOrder,
  type PlatformProfile,
  TOKEN_CLAIM_LABELS,
} from '../../src/token/index.ts';

/** The reference material of `vectors/hes`, whose INDEX.md says what each file is; sections A to F are its own. */
const folder = join(resolve(process.env['SWCCA_SHARED'] ?? '../shared'), 'vectors/hes');
const textOf = (name: string): string => readFileSync(join(folder, name), 'utf8');
const bytesOf = (name: string): Uint8Array => hex(textOf(name));
const jsonOf = (name: string) => JSON.parse(textOf(name));
const keyOf = (name: string): PublicKey => {
  const key = parseSpkiPem(textOf(name));
  if (key === undefined) throw new Error(name);
  return key;
};
const sha256 = (bytes: Uint8Array): Uint8Array => crypto.hash('sha-256').digest(bytes);

type Claims = ReadonlyMap<number, CborValue>;

const signOf = (bytes: Uint8Array) => {
  const sign1 = decodeSign1(bytes);
  if (!sign1.ok) throw new Error(sign1.error.code);
  return sign1.value;
};

const claimsOf = (payload: Uint8Array): Claims => {
  const decoded = decode(payload);
  if (!decoded.ok) throw new Error(decoded.error.code);
  return toValue(decoded.item) as Claims;
};

const isSignedBy = (bytes: Uint8Array, key: PublicKey): boolean => {
  const { protectedBytes, payload, signature } = signOf(bytes);
  return crypto.verify('ES384', key, sigStructure(protectedBytes, payload), signature);
};

const nameOf = (labels: { readonly [name: string]: number }, label: number): string =>
  Object.keys(labels).find((name) => labels[name] === label) ?? `${label}`;

/** Claims under their names, ready for a builder. */
const valuesOf = (labels: { readonly [name: string]: number }, claims: Claims): { [name: string]: CborValue } =>
  Object.fromEntries([...claims].map(([label, value]) => [nameOf(labels, label), value]));

/** The payload of a platform token, taken apart and built again. */
const rebuilt = (
  payload: Uint8Array,
  platformProfile: PlatformProfile,
  order: PlatformOrder & ComponentOrder,
): Uint8Array => {
  const { challenge, sw_components, ...claims } = valuesOf(TOKEN_CLAIM_LABELS.platform, claimsOf(payload));
  const components = (sw_components as readonly Claims[]).map((each) => valuesOf(TOKEN_CLAIM_LABELS.component, each));
  const dialect: Dialect = { ...DIALECTS['rmm-1.0'], platformProfile, platformOrder: order, componentOrder: order };
  return encodePlatformClaims(dialect, { ...claims, binding: challenge, sw_components: components } as never);
};

const rakScalar = { curve: 'P-384', scalar: bytesOf('tfa-sample-rak-p384.priv.hex') } as const;
const rak = crypto.publicKey(rakScalar)!;
const platformKey = keyOf('tfm-tools-cca-platform.pub.pem');

describe('A: what TF-A hard-codes', () => {
  test('the sample RAK has the published point, COSE_Key and hashes', () => {
    const derived = jsonOf('tfa-sample-rak-p384.derived.json');
    expect(rak).toEqual(keyOf('tfa-sample-rak-p384.pub.pem'));
    expect(rak).toEqual(keyOf('tfm-tools-cca-realm.pub.pem'));
    expect(toHex(keyBytes('raw', rak))).toBe(derived.pub_sec1);
    expect(toHex(keyBytes('cose-key', rak))).toBe(derived.cose_key);
    expect(toHex(sha256(sec1Point(rak)))).toBe(derived.sha256_sec1);
    for (const name of ['sha-256', 'sha-384', 'sha-512'] as const) {
      expect(toHex(crypto.hash(name).digest(coseKeyBytes(rak)))).toBe(derived[`${name.replace('-', '')}_cose_key`]);
    }
  });

  test.each([
    ['tfa-sample-plat-token-v2.12plus', 1518, '2023', 'cose-key'],
    ['tfa-fvp-plat-token-v2.10-v2.11', 672, 'legacy', 'raw'],
    ['tfm-tools-cca-example-platform-token-legacy-1511', 1511, 'legacy', 'raw'],
  ] as const)('%s is signed by the sample CPAK and bound to the sample RAK', (name, size, profile, form) => {
    const token = bytesOf(`${name}.cbor.hex`);
    expect(token).toHaveLength(size);
    expect(isSignedBy(token, platformKey)).toBe(true);
    const claims = claimsOf(signOf(token).payload);
    expect(claims.get(10)).toEqual(sha256(keyBytes(form, rak)));
    expect(claims.get(265)).toBe(PLATFORM_PROFILES[profile].value);
    expect(claimProblems(PLATFORM_PROFILES[profile].claims, claims)).toEqual([]);
  });

  test('its token comes out again from its claims, byte for byte, in the order of the samples', () => {
    const { payload } = signOf(bytesOf('tfa-sample-plat-token-v2.12plus.cbor.hex'));
    expect(toHex(rebuilt(payload, '2023', 'sample'))).toBe(toHex(payload));
    const legacy = signOf(bytesOf('tfm-tools-cca-example-platform-token-legacy-1511.cbor.hex')).payload;
    expect(toHex(rebuilt(legacy, 'legacy', 'sample'))).toBe(toHex(legacy));
  });

  test('the token of v2.8 names no algorithm and is signed by nobody known', () => {
    const token = bytesOf('tfa-fvp-plat-token-v2.8.cbor.hex');
    expect(signOf(token).algorithm).toBeUndefined();
    expect(isSignedBy(token, platformKey)).toBe(false);
    expect(claimsOf(signOf(token).payload).get(2396)).toHaveLength(64);
    expect(claimProblems(PLATFORM_PROFILES.legacy.claims, claimsOf(signOf(token).payload))).toContain(
      '2396: implementation_id is not bytes .size 32',
    );
  });

  test('the payload of v2.7 is no map of claims', () => {
    const { payload } = signOf(bytesOf('tfa-fvp-plat-token-v2.7.cbor.hex'));
    const decoded = decode(payload);
    const value = decoded.ok ? toValue(decoded.item) : undefined;
    expect(value).toBeInstanceOf(Tagged);
    expect(claimProblems(PLATFORM_PROFILES.legacy.claims, value)).toEqual(['the claims are no map']);
  });
});

describe('B: genuine output of an RSE', () => {
  const { payload } = signOf(bytesOf('rse-real-plat-token-1086.cbor.hex'));
  const claims = claimsOf(payload);

  test('has the order of claims that this HES writes', () => {
    expect([...claims.keys()]).toEqual([10, 256, 2396, 2395, 2399, 265, 2402, 2401, 2400]);
    const components = claims.get(2399) as readonly Claims[];
    for (const component of components) expect([...component.keys()]).toEqual([5, 4, 1, 2]);
  });

  test('comes out again from its claims, byte for byte', () => {
    expect(toHex(rebuilt(payload, 'legacy', 'rse'))).toBe(toHex(payload));
  });

  test('names components as the style rse does', () => {
    const types = (claims.get(2399) as readonly Claims[]).map((component) => component.get(1));
    const measured = (slot: number, type: string): FirmwareComponent => ({
      slot,
      type,
      version: '1',
      signerId: new Uint8Array(32),
      algorithm: 'sha-256',
      digest: new Uint8Array(32),
      lock: false,
    });
    const hes = createHes({
      crypto,
      switches: { swTypeStyle: 'rse' },
      firmware: {
        name: 'tc',
        summary: '',
        lcs: 'SE',
        dcu: new Uint8Array(16),
        bl12Hash: new Uint8Array(32),
        components: [
          ...['RSE_S', 'RSE_NS', 'AP_BL1', 'SCP_BL1'].map((type, i) => measured(2 + i, type)),
          ...['FW_CONFIG', 'TB_FW_CONFIG', 'AP_BL2', 'AP_BL31', 'HW_CONFIG'].map((type, i) => measured(6 + i, type)),
        ],
        updates: [],
        defaults: {},
      },
    });
    expect(hes.status().slots.flatMap((slot) => (slot ? [slot.sw_type] : []))).toEqual(types);
  });

  test('came with a delegated key that is a key', () => {
    expect(crypto.publicKey({ curve: 'P-384', scalar: bytesOf('rse-real-rak-p384.priv.hex') })).toBeDefined();
  });
});

describe('C: test data of the TF-M tools', () => {
  test.each([
    ['tfm-tools-cca-example-token-2174', 2174, DIALECTS['tf-rmm-main'], 'sample'],
    ['tfm-tools-cca-example-token-legacy-2124', 2124, DIALECTS['rmm-1.0-legacy'], 'sample'],
  ] as const)(
    '%s verifies, and is the collection that this project makes of its parts',
    (name, size, base, realmOrder) => {
      const token = bytesOf(`${name}.cbor.hex`);
      expect(token).toHaveLength(size);
      const decoded = decode(token);
      const collection = decoded.ok ? (toValue(decoded.item) as Tagged) : undefined;
      const entries = collection?.content as ReadonlyMap<number, readonly [number, Uint8Array]>;
      const [platform, realm] = [entries.get(44234)![1], entries.get(44241)![1]];
      expect(isSignedBy(platform, platformKey)).toBe(true);
      expect(isSignedBy(realm, rak)).toBe(true);
      expect(toHex(ccaToken(platform, realm, 907))).toBe(toHex(token));

      const { payload } = signOf(realm);
      const claims = valuesOf(TOKEN_CLAIM_LABELS.realm, claimsOf(payload));
      expect(claims['public_key']).toEqual(keyBytes(base.rak, rak));
      const dialect: Dialect = { ...base, realmOrder, mec: 'int', realmInstanceId: true };
      const { profile, mec_policy, ...values } = claims;
      expect(mec_policy).toBe(1);
      const again = encodeRealmClaims(dialect, { ...values, public_key: rak, mec_policy: 'private' } as never);
      expect(toHex(again)).toBe(toHex(payload));
      expect(profile).toBe(base.realmProfile === 'legacy' ? undefined : 'tag:arm.com,2024:realm#2.0.0');
    },
  );
});

describe("D: Islet's constants", () => {
  const islet = jsonOf('islet-hes-constants.json');
  const { labels, derive } = SEED_KDFS['sha-ecb'];
  const once = [hex('03000000'), hex('00000000')];
  const contextOf = (...tail: Uint8Array[]): Uint8Array =>
    Uint8Array.from([...hex(islet.bl2_hash), ...tail.flatMap((part) => [...part])]);

  test('give the CPAK that it publishes, life-cycle state and reprovisioning bits appended once', () => {
    const key = attestationKey(crypto, derive(crypto, hex(islet.guk), labels.iak, contextOf(...once)), 'P-384');
    expect(toHex(key.scalar)).toBe(islet.cpak_single_append.priv);
    expect(crypto.publicKey(key)).toEqual(parseSpkiPem(islet.published_cpak_pem));
  });

  test('give the other CPAK when they are appended twice', () => {
    const seed = derive(crypto, hex(islet.guk), labels.iak, contextOf(...once, ...once));
    expect(toHex(seed)).toBe(islet.cpak_double_append.seed);
    expect(toHex(attestationKey(crypto, seed, 'P-384').scalar)).toBe(islet.cpak_double_append.priv);
  });

  test('give the seeds of the RAK in both variants', () => {
    expect(toHex(derive(crypto, hex(islet.guk), labels.dak, contextOf(...once)))).toBe(
      islet.dak_seed_single_append_lcs3,
    );
    const claimed = contextOf(hex('00300000'), hex('00000000'), ...once);
    expect(toHex(derive(crypto, hex(islet.guk), labels.dak, claimed))).toBe(islet.dak_seed_double_append_lcs0x3000);
  });
});

/** What is read here of a set in firmware-fixtures.json. */
interface PublishedSet {
  readonly name: string;
  readonly otp_lcs: number;
  readonly lifecycle_claim: number;
  readonly dcu_enabled: string;
  readonly rak_priv: string;
  readonly boot_state_cbor_sha256: string;
  readonly challenge_sha256: string;
  readonly components: readonly {
    readonly slot: number;
    readonly signer_id: string;
    readonly alg: 'sha-256';
    readonly image_utf8_hex: string;
    readonly lfa_update?: { readonly version: string; readonly image_sha256: string };
  }[];
}

describe('E: the reference derivation', () => {
  const kat = jsonOf('rse-derivation-kat.json');
  const fixtures = jsonOf('firmware-fixtures.json');

  test('the tree without ADAC', () => {
    const { derive, labels } = SEED_KDFS.cmac;
    const iakContext = bootStateContext(crypto, { reprovisioningBits: 0 });
    const iakSeed = derive(crypto, hex(kat.HUK), labels.iak, iakContext);
    expect(toHex(iakSeed)).toBe(kat.iak_seed);
    expect(toHex(attestationKey(crypto, iakSeed, 'P-384').scalar)).toBe(kat.iak_priv);
    const dakContext = bootStateContext(crypto, {
      tpMode: 0x2222aa55,
      lcs: 3,
      reprovisioningBits: 0,
      bl12Hash: hex(kat.bl1_2_hash),
    });
    const dakSeed = derive(crypto, hex(kat.GUK), labels.dak, dakContext);
    expect(toHex(dakSeed)).toBe(kat.dak_seed);
    expect(toHex(attestationKey(crypto, dakSeed, 'P-384', hex(kat.boot_state_cbor)).scalar)).toBe(kat.dak_priv);
  });

  test.each(fixtures.sets as readonly PublishedSet[])(
    'the set $name, from the bytes of its images',
    ({ name, ...set }) => {
      const { device } = fixtures;
      const components: FirmwareComponent[] = [];
      const updates: FirmwareComponent[] = [];
      for (const c of set.components) {
        // The images name themselves: cca-emu-fw|<type>|<version>, of which one has its first byte changed.
        const [, type = '', version = ''] = new TextDecoder().decode(hex(c.image_utf8_hex)).trim().split('|');
        const measured: FirmwareComponent = {
          slot: c.slot,
          type,
          version,
          signerId: hex(c.signer_id),
          algorithm: c.alg,
          digest: sha256(hex(c.image_utf8_hex)),
          lock: false,
        };
        components.push(measured);
        if (c.lfa_update)
          updates.push({ ...measured, version: c.lfa_update.version, digest: hex(c.lfa_update.image_sha256) });
      }
      const hes = createHes({
        crypto,
        device: {
          labelPrefix: 'cca-emu/',
          seed: device.seed,
          implementationId: hex(device.implementation_id),
          verificationService: 'https://verifier.cca-emu.example/challenge-response/v1',
          adac: device.adac_secure_debug_build,
          rmaErasesKeys: false,
        },
        firmware: {
          name,
          summary: '',
          lcs: (Object.keys(LCS) as Lcs[]).find((each) => LCS[each].otp === set.otp_lcs) ?? 'CM',
          lifecycle: set.lifecycle_claim,
          dcu: hex(set.dcu_enabled),
          bl12Hash: components[0]?.digest ?? new Uint8Array(),
          components,
          updates,
          defaults: {},
        },
      });
      const key = hes.getDelegatedKey({ ecc_curve: 0x12, key_bits: 384, hash_algo: 0x0200_0009, key_buf_size: 48 });
      expect(key).toEqual({ status: 'PSA_SUCCESS', value: hex(set.rak_priv) });
      expect(toHex(sha256(bootStateCbor(hes.status().slots)))).toBe(set.boot_state_cbor_sha256);
      const token = hes.getPlatformToken({ dak_pub_hash: hex(set.challenge_sha256), token_buf_size: 4096 });
      const file = bytesOf(`fixture-${name}.plat-token.cbor.hex`);
      expect(token.status === 'PSA_SUCCESS' && toHex(token.value)).toBe(toHex(file));
      expect(isSignedBy(file, hes.status().cpak)).toBe(true);
      expect(claimProblems(PLATFORM_PROFILES['2023'].claims, claimsOf(signOf(file).payload))).toEqual([]);
    },
  );
});

/** A decoded copy's form of a value. */
const copied = (value: CborValue): unknown => {
  if (value instanceof Uint8Array) return { hex: toHex(value) };
  if (value instanceof Map) return { map: [...value].map(([key, each]) => [copied(key), copied(each)]) };
  return Array.isArray(value) ? value.map(copied) : value;
};

describe('F: decoded copies', () => {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.decoded.json')) : [];

  test('are there', () => expect(names.length).toBeGreaterThan(5));

  test.each(names)('%s says what its token says', (name) => {
    const { payload, protectedBytes, signature } = signOf(bytesOf(name.replace('.decoded.json', '.cbor.hex')));
    const copy = jsonOf(name);
    expect(copied(claimsOf(payload))).toEqual(copy.payload);
    expect([toHex(protectedBytes), payload.length, toHex(signature)]).toEqual([
      copy.protected,
      copy.payload_len,
      copy.signature,
    ]);
  });
});
