import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromUtf8, hex, toHex, utf8 } from '../../src/bytes/index.ts';
import { type CborValue, decode, toValue } from '../../src/cbor/index.ts';
import { coseKeyBytes, decodeSign1, sigStructure } from '../../src/cose/index.ts';
import { sec1Point } from '../../src/crypto/index.ts';
import { nobleCrypto } from '../../src/crypto/noble.ts';
import {
  attestationKey,
  type ChipHes,
  deriveSeeds,
  deviceParams,
  deviceRoots,
  type FirmwareSet,
} from '../../src/hes/index.ts';
import { DIALECTS, type DialectName, TOKEN_CLAIM_LABELS } from '../../src/token/index.ts';
import { type TraceEvent, toJson } from '../../src/trace/index.ts';
import { chip, component, crypto, granted, keyRequest, ownHash, pairOf, smallSet } from './support/chip.ts';

const label = TOKEN_CLAIM_LABELS.platform;

const claimsOf = (token: Uint8Array): ReadonlyMap<CborValue, CborValue> => {
  const sign1 = decodeSign1(token);
  const decoded = sign1.ok ? decode(sign1.value.payload) : undefined;
  if (!decoded?.ok) throw new Error('no token');
  return toValue(decoded.item) as ReadonlyMap<CborValue, CborValue>;
};

const summaryOf = (hes: ChipHes) => {
  const { key, token } = pairOf(hes);
  return { cpak: toHex(coseKeyBytes(hes.status().cpak)), rak: toHex(key), token: toHex(token) };
};

describe('determinism', () => {
  test('one seed, one chip: the same keys and the same token, by either provider', () => {
    expect(summaryOf(chip())).toEqual(summaryOf(chip()));
    expect(summaryOf(chip({ crypto: nobleCrypto }))).toEqual(summaryOf(chip()));
  });

  test('a reset with the same firmware changes nothing but the epoch', () => {
    const hes = chip();
    const before = summaryOf(hes);
    hes.reset();
    expect(hes.status().rak).toBeUndefined();
    expect(summaryOf(hes)).toEqual(before);
    expect(hes.status().epoch).toEqual({ boot: 1, lfa: 0 });
  });

  test('a fork goes its own way', () => {
    const hes = chip();
    const before = summaryOf(hes);
    const fork = hes.fork();
    fork.reset(smallSet({ components: [component(0, 'RSE_BL1_2'), component(14, 'RMM', { version: '2.0.0' })] }));
    expect(summaryOf(fork).rak).not.toBe(before.rak);
    expect(summaryOf(hes)).toEqual(before);
    expect(hes.status().epoch.boot).toBe(0);
  });
});

describe('what changes when', () => {
  const base = summaryOf(chip());

  test.each<[string, Partial<FirmwareSet>]>([
    ['a component is another', { components: [component(0, 'RSE_BL1_2', { digest: new Uint8Array(32) })] }],
    ['a version is another', { components: smallSet().components.with(3, component(14, 'RMM', { version: '1.0.1' })) }],
    [
      'a signer is another',
      { components: smallSet().components.with(3, component(14, 'RMM', { signerId: new Uint8Array(32) })) },
    ],
    ['a type is another', { components: smallSet().components.with(3, component(14, 'RMN')) }],
    ['BL1_2 is another', { bl12Hash: new Uint8Array(32) }],
    ['the chip is not yet secured', { lcs: 'DM' }],
    ['debug is enabled', { dcu: new Uint8Array(16).fill(0xff) }],
    [
      'a component was activated live',
      { updates: [component(14, 'RMM', { version: '1.1.0', digest: new Uint8Array(32) })] },
    ],
  ])('when %s, the CPAK stays and RAK and token are new', (_, change) => {
    const other = summaryOf(chip({ firmware: smallSet(change) }));
    expect(other.cpak).toBe(base.cpak);
    expect(other.rak).not.toBe(base.rak);
    expect(other.token).not.toBe(base.token);
  });

  test('two chips of a group share the RAK and the implementation id and differ in the CPAK', () => {
    const [a, b] = ['a', 'b'].map((seed) => chip({ device: { seed, group: 'g' } }));
    expect(summaryOf(a!).rak).toBe(summaryOf(b!).rak);
    expect(summaryOf(a!).cpak).not.toBe(summaryOf(b!).cpak);
    expect(a!.status().implementationId).toEqual(b!.status().implementationId);
    expect(a!.status().instanceId).not.toEqual(b!.status().instanceId);
  });

  test('two chips without a common group share nothing', () => {
    const [a, b] = ['a', 'b'].map((seed) => chip({ device: { seed } }));
    expect(summaryOf(a!).rak).not.toBe(summaryOf(b!).rak);
    expect(summaryOf(a!).cpak).not.toBe(summaryOf(b!).cpak);
  });

  test('RMA takes the CPAK away, unless its keys are kept', () => {
    const firmware = smallSet({ lcs: 'RMA' });
    expect(summaryOf(chip({ firmware })).cpak).not.toBe(base.cpak);
    expect(summaryOf(chip({ firmware, device: { rmaErasesKeys: false } })).cpak).toBe(base.cpak);
    // All chips whose roots were overwritten with ones have one CPAK.
    expect(summaryOf(chip({ firmware, device: { seed: 'other' } })).cpak).toBe(summaryOf(chip({ firmware })).cpak);
  });

  test('reprovisioning changes all keys', () => {
    const other = summaryOf(chip({ device: { reprovisioningBits: 1 } }));
    expect(other.cpak).not.toBe(base.cpak);
    expect(other.rak).not.toBe(base.rak);
  });

  test('debug control bits leave the RAK alone in a build without ADAC', () => {
    const rakOf = (dcu: number) =>
      summaryOf(chip({ device: { adac: false }, firmware: smallSet({ dcu: new Uint8Array(16).fill(dcu) }) })).rak;
    expect(rakOf(0)).toBe(rakOf(0xff));
  });
});

describe('the platform token', () => {
  test('is signed by the CPAK, alg alone is protected, the unprotected header is empty', () => {
    const hes = chip();
    const sign1 = decodeSign1(pairOf(hes).token);
    if (!sign1.ok) throw new Error('no COSE_Sign1');
    const { protectedBytes, payload, signature, unprotected, tagged } = sign1.value;
    expect([toHex(protectedBytes), unprotected.entries.length, tagged]).toEqual(['a1013822', 0, true]);
    expect(crypto.verify('ES384', hes.status().cpak, sigStructure(protectedBytes, payload), signature)).toBe(true);
  });

  test('has the claims of RSE in the order of RSE', () => {
    const claims = claimsOf(pairOf(chip()).token);
    expect([...claims.keys()]).toEqual([10, 256, 2396, 2395, 2399, 265, 2402, 2401, 2400]);
    const [first] = claims.get(label.sw_components) as ReadonlyMap<number, CborValue>[];
    expect([...(first?.keys() ?? [])]).toEqual([5, 4, 1, 6, 2]);
  });

  test('wraps the debug control bits as the config claim', () => {
    const dcu = Uint8Array.from({ length: 16 }, (_, i) => i);
    const claims = claimsOf(pairOf(chip({ firmware: smallSet({ dcu }) })).token);
    expect(claims.get(label.config)).toEqual(hex(`a10150${toHex(dcu)}`));
  });

  test.each([
    ['CM', 0x1000],
    ['DM', 0x2000],
    ['SE', 0x3000],
    ['RMA', 0x6000],
  ] as const)('gives life-cycle state %s the claim %i', (lcs, lifecycle) => {
    expect(claimsOf(pairOf(chip({ firmware: smallSet({ lcs }) })).token).get(label.lifecycle)).toBe(lifecycle);
  });

  test('says the lifecycle that a set makes up', () => {
    const hes = chip({ firmware: smallSet({ lifecycle: 0x4000 }) });
    expect(claimsOf(pairOf(hes).token).get(label.lifecycle)).toBe(0x4000);
  });

  test('hashes bare points under the legacy dialect: challenge and instance id', () => {
    const hes = chip({ dialect: DIALECTS['rmm-1.0-legacy'] });
    hes.getDelegatedKey(keyRequest);
    const { rak, cpak } = hes.status();
    const hash = crypto.hash('sha-256').digest(sec1Point(rak!));
    const claims = claimsOf(granted(hes.getPlatformToken({ dak_pub_hash: hash, token_buf_size: 4096 })));
    expect(claims.get(label.challenge)).toEqual(hash);
    expect(claims.get(label.instance_id)).toEqual(Uint8Array.of(1, ...crypto.hash('sha-256').digest(sec1Point(cpak))));
    expect(hes.getPlatformToken({ dak_pub_hash: ownHash(hes), token_buf_size: 4096 }).status).not.toBe('PSA_SUCCESS');
  });

  test('names components as RSE and TF-A do when asked to', () => {
    const components = [
      ...['RSE_BL1_2', 'RSE_BL2', 'RSE_S', 'AP_BL1', 'SCP_BL1', 'SCP_BL2'].map((type, slot) => component(slot, type)),
      ...['FW_CONFIG', 'AP_BL2', 'AP_BL31', 'RMM'].map((type, i) => component(8 + i, type)),
    ];
    const hes = chip({ firmware: smallSet({ components }), switches: { swTypeStyle: 'rse' } });
    expect(hes.status().slots.flatMap((slot) => (slot ? [slot.sw_type] : []))).toEqual([
      ...['BL1_2', 'BL2', 'RT_0', 'RT_1', 'RT_2', ''],
      ...['FW_CONFIG\0', 'BL_2\0', 'SECURE_RT_EL3\0', 'RMM\0'],
    ]);
  });

  test('can have the four bytes of reference code as implementation id', () => {
    const hes = chip({ switches: { implIdStyle: 'rse4' } });
    expect(claimsOf(pairOf(hes).token).get(label.implementation_id)).toEqual(hex('baabdcac'));
  });

  test('can be rooted and derived as in older trees, each giving its own keys', () => {
    const variants = [{}, { cpakRoot: 'guk' }, { kdf: 'sha-ecb' }, { cpakRoot: 'guk', kdf: 'sha-ecb' }] as const;
    const cpaks = variants.map((switches) => summaryOf(chip({ switches })).cpak);
    expect(new Set(cpaks).size).toBe(4);
    const raks = variants.map((switches) => summaryOf(chip({ switches })).rak);
    expect([raks[0] === raks[1], raks[2] === raks[3], raks[0] === raks[2]]).toEqual([true, true, false]);
  });
});

describe('evidence that must not pass for the real thing', () => {
  test.each(Object.keys(DIALECTS) as DialectName[])('is marked in dialect %s', (name) => {
    const hes = chip({ dialect: DIALECTS[name], device: { seed: 'any seed at all' } });
    hes.getDelegatedKey(keyRequest);
    const claims = claimsOf(granted(hes.getPlatformToken({ dak_pub_hash: undefined, token_buf_size: 4096 })));
    const id = claims.get(label.implementation_id) as Uint8Array;
    expect(id).toHaveLength(32);
    expect(fromUtf8(id.subarray(0, 16))).toBe('SWCCA-SIMULATED-');
    expect(claims.get(label.verification_service)).toContain('swcca.invalid');
  });

  test('differs from seed to seed behind the mark', () => {
    const idOf = (seed: string) => toHex(chip({ device: { seed } }).status().implementationId);
    expect(idOf('a')).not.toBe(idOf('b'));
  });
});

describe('the trace', () => {
  const recorded = (change: Partial<FirmwareSet> = {}) => {
    const events: TraceEvent[] = [];
    const hes = chip({ firmware: smallSet(change), trace: (event) => events.push(event) });
    return { hes, events };
  };

  test('tells of the boot, each measurement, the key and the token', () => {
    const { hes, events } = recorded();
    pairOf(hes);
    expect(events.map(({ type }) => type)).toEqual([
      'hes.boot',
      ...new Array(4).fill('hes.extend'),
      'hes.delegated_key',
      'hes.platform_token',
    ]);
    expect(events.find((event) => event.type === 'hes.extend' && event.slot === 14)).toMatchObject({
      from: '',
      to: toHex(hes.status().slots[14]?.measurement_value ?? new Uint8Array()),
      detail: { sw_type: 'RMM', version: '1.0.0' },
      result: 'PSA_SUCCESS',
    });
  });

  test('tells of refusals', () => {
    const { hes, events } = recorded();
    hes.getDelegatedKey({ ...keyRequest, key_bits: 1 });
    hes.getPlatformToken({ dak_pub_hash: undefined, token_buf_size: 0 });
    expect(events.slice(-2)).toMatchObject([
      { type: 'hes.delegated_key', result: 'PSA_ERROR_INVALID_ARGUMENT' },
      { type: 'hes.platform_token', result: 'PSA_ERROR_INVALID_ARGUMENT' },
    ]);
  });

  test('never holds a secret of the chip', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('CM', 'DM', 'SE', 'RMA'), (seed, lcs) => {
        const events: TraceEvent[] = [];
        const hes = chip({ device: { seed }, firmware: smallSet({ lcs }), trace: (event) => events.push(event) });
        const { key } = pairOf(hes);
        const device = deviceParams(crypto, { seed });
        const roots = deviceRoots(crypto, device);
        const { bl12Hash, dcu } = smallSet();
        const seeds = deriveSeeds(crypto, { device, roots, lcs, dcu, bl12Hash }, { kdf: 'cmac', cpakRoot: 'huk' });
        const cpak = attestationKey(crypto, seeds.iak, 'P-384').scalar;
        const text = events.map(toJson).join('\n');
        return [key, cpak, roots.huk, roots.guk, seeds.iak, seeds.dak].every((secret) => !text.includes(toHex(secret)));
      }),
      { numRuns: 25 },
    );
  });

  test('goes with the fork that is given one', () => {
    const { hes, events } = recorded();
    const before = events.length;
    hes.fork().reset();
    expect(events).toHaveLength(before);
    hes.fork({ trace: (event) => events.push(event) }).reset();
    expect(events.length).toBeGreaterThan(before);
  });
});

test('an implementation id of another size is a mistake of the caller', () => {
  expect(() => chip({ device: { implementationId: utf8('short') } })).toThrow(/implementation id/);
});
