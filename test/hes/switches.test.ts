import { describe, expect, test } from 'vitest';
import { concatBytes, hex, toHex } from '../../src/bytes/index.ts';
import { type CborValue, decode, toValue } from '../../src/cbor/index.ts';
import { decodeSign1 } from '../../src/cose/index.ts';
import { CURVES, sec1Point } from '../../src/crypto/index.ts';
import {
  bootStateCbor,
  defaultSwitches,
  HES_PRESETS,
  HES_SWITCHES,
  type Hes,
  type HesSwitches,
  leftOut,
} from '../../src/hes/index.ts';
import { DIALECTS, PLATFORM_PROFILES, TOKEN_CLAIM_LABELS } from '../../src/token/index.ts';
import islet from '../vectors/hes-islet-constants.json' with { type: 'json' };
import { chip, component, crypto, granted, keyRequest, smallSet } from './support/chip.ts';

const label = TOKEN_CLAIM_LABELS.platform;
const member = TOKEN_CLAIM_LABELS.component;
type Claims = ReadonlyMap<CborValue, CborValue>;

const claimsOf = (hes: Hes): Claims => {
  granted(hes.getDelegatedKey(keyRequest));
  const sign1 = decodeSign1(granted(hes.getPlatformToken({ dak_pub_hash: undefined, token_buf_size: 4096 })));
  const decoded = sign1.ok ? decode(sign1.value.payload) : undefined;
  if (!decoded?.ok) throw new Error('no token');
  return toValue(decoded.item) as Claims;
};
const typesOf = (hes: Hes): readonly CborValue[] =>
  (claimsOf(hes).get(label.sw_components) as readonly Claims[]).map((each) => each.get(member.component_type));

describe('the switches', () => {
  test('have a default in every dialect, which is one of their values', () => {
    for (const dialect of Object.values(DIALECTS)) {
      const defaults = defaultSwitches(dialect);
      expect(Object.keys(defaults).sort()).toEqual(Object.keys(HES_SWITCHES).sort());
      for (const [name, { values }] of Object.entries(HES_SWITCHES)) {
        expect(values).toContain(defaults[name as keyof HesSwitches]);
      }
    }
  });

  test('each make a difference that the token or its keys show', () => {
    const base = smallSet({
      components: [
        component(0, 'RSE_BL1_2', { lock: true, version: '1' }),
        component(2, 'HW_CONFIG', { algorithm: 'sha-512', digest: new Uint8Array(64) }),
        component(8, 'RSE_S'),
        component(14, 'RMM'),
      ],
      updates: [component(14, 'RMM2', { version: '1.1.0', digest: new Uint8Array(32) })],
    });
    const shown = (switches: Partial<HesSwitches>): string => {
      const hes = chip({ firmware: base, switches });
      granted(hes.getDelegatedKey({ ...keyRequest, hash_algo: 0x0200_000b }));
      const asked = { dak_pub_hash: undefined, token_buf_size: 4096 };
      const wrong = hes.getPlatformToken({ ...asked, dak_pub_hash: new Uint8Array(64) }).status;
      return `${wrong} ${toHex(granted(hes.getPlatformToken(asked)))}`;
    };
    const plain = shown({});
    const { keyHash, profile, tokenOrder, componentOrder, ...rest } = defaultSwitches(DIALECTS['rmm-1.0']);
    const defaults: HesSwitches = { keyHash, profile, tokenOrder, componentOrder, ...rest };
    for (const [name, { values }] of Object.entries(HES_SWITCHES)) {
      const others = (values as readonly unknown[]).filter((value) => value !== defaults[name as keyof HesSwitches]);
      const seen = others.map((value) => shown({ [name]: value } as Partial<HesSwitches>));
      expect([name, seen.includes(plain)]).toEqual([name, false]);
      expect([name, new Set(seen).size]).toEqual([name, others.length]);
    }
  });
});

describe('the style of RSE and TF-A', () => {
  test('says nobody signs BL1_2, and sends no version from TF-A', () => {
    const components = [component(0, 'RSE_BL1_2'), component(2, 'RSE_S'), component(11, 'AP_BL31')];
    const { slots } = chip({ firmware: smallSet({ components }), switches: { swTypeStyle: 'rse' } }).status();
    expect(slots[0]).toMatchObject({ sw_type: 'BL1_2', version: '0.0.0+0', signer_id: new Uint8Array(32) });
    expect(slots[2]).toMatchObject({ sw_type: 'RT_0', version: '1.0.0' });
    expect(slots[11]).toMatchObject({ sw_type: 'SECURE_RT_EL3\0', version: '' });
  });
});

describe('the listing of components', () => {
  test('is by slot, or as the sample tokens have it, with what they do not know at the end', () => {
    const components = ['RSE_BL1_2', 'SOMETHING', 'RMM', 'AP_BL1', 'HW_CONFIG'].map((type, i) => component(i, type));
    const firmware = smallSet({ components });
    expect(typesOf(chip({ firmware }))).toEqual(['RSE_BL1_2', 'SOMETHING', 'RMM', 'AP_BL1', 'HW_CONFIG']);
    expect(typesOf(chip({ firmware, switches: { componentListing: 'sample' } }))).toEqual([
      'RSE_BL1_2',
      'AP_BL1',
      'RMM',
      'HW_CONFIG',
      'SOMETHING',
    ]);
  });
});

describe('the buffers of RSE that nobody resets', () => {
  const slotsOf = (...versions: readonly string[]) =>
    chip({ firmware: smallSet({ components: versions.map((version, i) => component(i, 'T', { version })) }) }).status()
      .slots;
  const listed = (versions: readonly string[]): readonly CborValue[] => {
    const switches = { ...defaultSwitches(DIALECTS['rmm-1.0']), quirkBootStateSkip: true };
    const decoded = decode(bootStateCbor(slotsOf(...versions), switches));
    return decoded.ok ? (toValue(decoded.item) as readonly Claims[]).map((each) => each.get(member.version)) : [];
  };

  test.each<[string, readonly string[], readonly string[]]>([
    ['leave out what is longer than what was read before it', ['1.0', '1.0.0', '2.0'], ['1.0', '2.0']],
    ['shrink with what they read', ['1.0.0', '1.0', '1.1.1', '1.1'], ['1.0.0', '1.0', '1.1']],
    ['leave out nothing when nothing grows', ['1.0.0', '1.0', '1'], ['1.0.0', '1.0', '1']],
    ['are closed by an empty member for all that follow', ['1', '', '1', '1'], ['1', '']],
  ])('%s', (_, versions, expected) => {
    expect(listed(versions)).toEqual(expected);
  });

  test('change the RAK and not what the token lists', () => {
    const firmware = smallSet({
      components: ['1', '1.0', '1'].map((version, i) => component(i, `T${i}`, { version })),
    });
    const [plain, skipping] = [false, true].map((quirkBootStateSkip) => {
      const hes = chip({ firmware, switches: { quirkBootStateSkip } });
      return { types: typesOf(hes), rak: hes.status().rak };
    });
    expect(skipping?.types).toEqual(plain?.types);
    expect(skipping?.rak).not.toEqual(plain?.rak);
  });
});

describe("Islet's HES", () => {
  const { device, switches } = HES_PRESETS.islet;
  const firmware = smallSet({
    components: [
      component(0, 'BL1', { version: '0.1.0', digest: new Uint8Array(32).fill(1) }),
      component(1, 'BL2', { version: '1.9.0+0', algorithm: 'sha-512', digest: new Uint8Array(64).fill(2) }),
    ],
  });
  const islets = () => chip({ device, switches, firmware });

  test('has the CPAK that it publishes, whatever the seed is', () => {
    for (const seed of ['swcca', 'another']) {
      const { cpak, instanceId } = chip({ device: { ...device, seed }, switches, firmware }).status();
      expect(toHex(sec1Point(cpak))).toBe(islet.cpak_single_append.pub_sec1);
      expect(toHex(instanceId)).toBe(islet.cpak_single_append.instance_id_01_sha256_sec1);
    }
  });

  test('extends a slot by the algorithm of its component', () => {
    const { slots } = islets().status();
    const sha512 = crypto.hash('sha-512').digest(concatBytes(new Uint8Array(64), firmware.components[1]!.digest));
    expect(slots[1]?.measurement_value).toEqual(sha512);
    expect(slots[0]?.measurement_value).toHaveLength(32);
  });

  test('replaces type and version at the second extension', () => {
    const hes = islets();
    hes.activate(component(0, 'BL1', { version: '0.2.0', digest: new Uint8Array(32) }));
    expect(hes.status().slots[0]).toMatchObject({ sw_type: 'BL1', version: '0.2.0' });
  });

  test('delegates the same key whatever curve and hash are asked for', () => {
    const hes = islets();
    const [a, b] = [keyRequest, { ...keyRequest, ecc_curve: 0x17, key_bits: 256, hash_algo: 0x0200_000b }].map(
      (asked) => granted(hes.getDelegatedKey(asked)),
    );
    expect(b).toEqual(a);
    expect(a).toHaveLength(CURVES['P-384'].size);
  });

  test('writes its own claims in its own order', () => {
    const claims = claimsOf(islets());
    expect([...claims.keys()]).toEqual([10, 256, 265, 2395, 2396, 2399, 2400, 2401, 2402]);
    const [first] = claims.get(label.sw_components) as readonly Claims[];
    expect([...(first?.keys() ?? [])]).toEqual([1, 6, 2, 4, 5]);
    expect(claims.get(label.profile)).toBe('tag:arm.com,2023:cca_platform#1.0.0');
    expect(claims.get(label.config)).toEqual(hex('efbeadde'));
    expect(claims.get(label.hash_algo_id)).toBe('sha-256');
    expect(claims.get(label.lifecycle)).toBe(0x3000);
    expect(claims.get(label.implementation_id)).toEqual(
      hex(`${'aa'.repeat(8)}${'bb'.repeat(8)}${'cc'.repeat(8)}${'dd'.repeat(8)}`),
    );
  });
});

describe('countersigners and live activation', () => {
  const ids = [new Uint8Array(32).fill(1), new Uint8Array(48).fill(2)];
  const firmware = smallSet({
    components: [
      component(0, 'RSE_BL1_2', { liveActivation: false }),
      component(14, 'RMM', { countersigners: ids, liveActivation: true }),
    ],
  });

  test.each(['rmm-2.0', 'draft-04'] as const)('are claims of %s', (name) => {
    const claims = claimsOf(chip({ firmware, dialect: DIALECTS[name] }));
    const [first, rmm] = claims.get(label.sw_components) as readonly Claims[];
    expect(rmm?.get(member.countersigner_ids)).toEqual(ids);
    expect([first?.get(member.live_activation), rmm?.get(member.live_activation)]).toEqual([false, true]);
    expect(first?.has(member.countersigner_ids)).toBe(false);
  });

  test.each(['rmm-1.0', 'rmm-1.0-legacy', 'rmm-1.1', 'tf-rmm-main'] as const)('are left out of %s', (name) => {
    const [, rmm] = claimsOf(chip({ firmware, dialect: DIALECTS[name] })).get(label.sw_components) as readonly Claims[];
    expect([...(rmm?.keys() ?? [])].sort()).toEqual([1, 2, 4, 5, 6]);
  });

  test('do not enter the RAK: HES does not measure them', () => {
    const rakOf = (components = firmware.components) => {
      const hes = chip({ firmware: smallSet({ components }) });
      hes.getDelegatedKey(keyRequest);
      return hes.status().rak;
    };
    expect(rakOf()).toEqual(rakOf([component(0, 'RSE_BL1_2'), component(14, 'RMM')]));
  });

  test('are named when a profile has no claim for them', () => {
    expect(leftOut(firmware, '2024')).toEqual([]);
    expect(leftOut(firmware, '2023')).toEqual([
      `${PLATFORM_PROFILES['2023'].value} has no claim for countersigners: left out for RMM`,
      `${PLATFORM_PROFILES['2023'].value} has no claim for whether they can be activated live: left out for RSE_BL1_2, RMM`,
    ]);
    expect(leftOut(smallSet(), '2023')).toEqual([]);
  });
});
