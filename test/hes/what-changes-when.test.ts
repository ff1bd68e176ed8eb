import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/bytes/index.ts';
import type { HashName } from '../../src/crypto/index.ts';
import type { ChipHes, FirmwareComponent, FirmwareSet } from '../../src/hes/index.ts';
import { chip, component, crypto, pairOf, smallSet } from './support/chip.ts';

/** Laws over any firmware and any chip: the table "what changes when" (hes 6.4), row by row. */
const DIGEST_SIZE = { 'sha-256': 32, 'sha-384': 48, 'sha-512': 64 } as const satisfies Record<HashName, number>;

const bytes = (size: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: size, maxLength: size });
const ascii = (maxLength: number): fc.Arbitrary<string> => fc.string({ maxLength, unit: 'grapheme-ascii' });

const aComponent = (slot: number): fc.Arbitrary<FirmwareComponent> =>
  fc.constantFrom<HashName>('sha-256', 'sha-384', 'sha-512').chain((algorithm) =>
    fc.record({
      slot: fc.constant(slot),
      type: ascii(32),
      version: ascii(14),
      signerId: fc.uint8Array({ minLength: 32, maxLength: 64 }),
      algorithm: fc.constant(algorithm),
      digest: bytes(DIGEST_SIZE[algorithm]),
      lock: fc.boolean(),
    }),
  );

const aFirmware: fc.Arbitrary<FirmwareSet> = fc
  .uniqueArray(fc.integer({ min: 1, max: 31 }), { maxLength: 5 })
  .chain((slots) => fc.tuple(...[0, ...slots].map(aComponent)))
  .chain((components) =>
    fc.record({ bl12Hash: bytes(32), dcu: bytes(16) }).map((rest) => smallSet({ ...rest, components })),
  );

const seed = fc.string();

const summaryOf = (hes: ChipHes) => {
  const { key, token } = pairOf(hes);
  const { cpak, instanceId } = hes.status();
  return { cpak: toHex(cpak.x), instanceId: toHex(instanceId), rak: toHex(key), token: toHex(token) };
};

type Summary = ReturnType<typeof summaryOf>;
const same = (a: Summary, b: Summary) => ({
  cpak: a.cpak === b.cpak,
  instanceId: a.instanceId === b.instanceId,
  rak: a.rak === b.rak,
  token: a.token === b.token,
});

const holds = <T extends [unknown, ...unknown[]]>(
  arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> },
  predicate: (...values: T) => void,
): void => fc.assert(fc.property(...arbitraries, predicate), { numRuns: 30 });

describe('what changes when', () => {
  test('a reboot with the same firmware: nothing, to the last byte', () => {
    holds([seed, aFirmware], (text, firmware) => {
      const hes = chip({ device: { seed: text }, firmware });
      const before = summaryOf(hes);
      hes.reset();
      expect(summaryOf(hes)).toEqual(before);
    });
  });

  test('any member of any component: RAK and token', () => {
    const aChange = fc.constantFrom<(of: FirmwareComponent) => Partial<FirmwareComponent>>(
      ({ digest }) => ({ digest: digest.map((byte, i) => (i === 0 ? byte ^ 1 : byte)) }),
      ({ version }) => ({ version: version === 'x' ? 'y' : 'x' }),
      ({ signerId }) => ({ signerId: signerId.map((byte, i) => (i === 31 ? byte ^ 0x80 : byte)) }),
      ({ type }) => ({ type: type === 'X' ? 'Y' : 'X' }),
    );
    holds([seed, aFirmware, fc.nat(), aChange], (text, firmware, at, change) => {
      const index = at % firmware.components.length;
      const other = firmware.components.map((each, i) => (i === index ? { ...each, ...change(each) } : each));
      const a = summaryOf(chip({ device: { seed: text }, firmware }));
      const b = summaryOf(chip({ device: { seed: text }, firmware: { ...firmware, components: other } }));
      expect(same(a, b)).toEqual({ cpak: true, instanceId: true, rak: false, token: false });
    });
  });

  test('a step of the life cycle up to SE: RAK and token', () => {
    const steps = fc.constantFrom<['CM' | 'DM', 'DM' | 'SE']>(['CM', 'DM'], ['CM', 'SE'], ['DM', 'SE']);
    holds([seed, aFirmware, steps], (text, firmware, [from, to]) => {
      const hes = chip({ device: { seed: text }, firmware: { ...firmware, lcs: from } });
      const before = summaryOf(hes);
      expect(hes.setLifecycle(to)).toEqual({ ok: true });
      expect(same(before, summaryOf(hes))).toEqual({ cpak: true, instanceId: true, rak: false, token: false });
    });
  });

  test('the step to RMA: everything, and every chip comes to one CPAK', () => {
    const gone = summaryOf(chip({ firmware: smallSet({ lcs: 'RMA' }) })).cpak;
    holds([seed, aFirmware], (text, firmware) => {
      const hes = chip({ device: { seed: text }, firmware });
      const before = summaryOf(hes);
      hes.setLifecycle('RMA');
      const after = summaryOf(hes);
      expect(same(before, after)).toEqual({ cpak: false, instanceId: false, rak: false, token: false });
      expect(after.cpak).toBe(gone);
    });
  });

  test('reprovisioning: everything', () => {
    holds([seed, aFirmware, fc.integer({ min: 1, max: 0xffff_ffff })], (text, firmware, bits) => {
      const hes = chip({ device: { seed: text }, firmware });
      const before = summaryOf(hes);
      expect(hes.rotateCpak(bits)).toEqual({ ok: true });
      expect(same(before, summaryOf(hes))).toEqual({ cpak: false, instanceId: false, rak: false, token: false });
    });
  });

  test('a new group key: RAK and token', () => {
    holds([seed, seed, aFirmware], (text, group, firmware) => {
      const hes = chip({ device: { seed: text, group: `${group}/old` }, firmware });
      const before = summaryOf(hes);
      expect(hes.rotateGuk(group)).toEqual({ ok: true });
      expect(same(before, summaryOf(hes))).toEqual({ cpak: true, instanceId: true, rak: false, token: false });
    });
  });

  test('another device of the group: CPAK and token, and the RAK is shared', () => {
    holds([seed, seed, aFirmware], (text, group, firmware) => {
      const [a, b] = ['a', 'b'].map((one) => summaryOf(chip({ device: { seed: one + text, group }, firmware })));
      expect(same(a!, b!)).toEqual({ cpak: false, instanceId: false, rak: true, token: false });
    });
  });

  test('another device of another group: everything', () => {
    holds([seed, aFirmware], (text, firmware) => {
      const [a, b] = ['a', 'b'].map((one) => summaryOf(chip({ device: { seed: one + text }, firmware })));
      expect(same(a!, b!)).toEqual({ cpak: false, instanceId: false, rak: false, token: false });
    });
  });

  test('a live activation: RAK and token', () => {
    holds([seed, bytes(32)], (text, digest) => {
      const hes = chip({ device: { seed: text } });
      const before = summaryOf(hes);
      expect(hes.activate(component(14, 'RMM', { version: '1.1.0', digest }))).toBe('LFA_SUCCESS');
      expect(same(before, summaryOf(hes))).toEqual({ cpak: true, instanceId: true, rak: false, token: false });
    });
  });
});

test('what stands in a slot is the hash of zeros and the digest, whatever the component says of itself', () => {
  holds([aFirmware], (firmware) => {
    const { slots } = chip({ firmware }).status();
    for (const { slot, digest } of firmware.components) {
      const value = crypto.hash('sha-256').digest(Uint8Array.of(...new Uint8Array(32), ...digest));
      expect(slots[slot]?.measurement_value).toEqual(value);
    }
  });
});
