import { describe, expect, test } from 'vitest';
import { type ExtendRequest, PSA_ALG, type PsaStatus } from '../../src/abi/index.ts';
import { concatBytes } from '../../src/bytes/index.ts';
import { chip, crypto, smallSet } from './support/chip.ts';

const filled = (size: number, byte: number): Uint8Array => new Uint8Array(size).fill(byte);
const h = (...parts: Uint8Array[]): Uint8Array => crypto.hash('sha-256').digest(concatBytes(...parts));
const ZEROS = new Uint8Array(32);

const request: ExtendRequest = {
  index: 20,
  signer_id: filled(32, 1),
  version: '1.2.3',
  measurement_algo: PSA_ALG['sha-256'],
  sw_type: 'THING',
  measurement_value: filled(32, 2),
  lock_measurement: false,
};

const room = { signer_id_size: 64, version_size: 14, sw_type_size: 32, measurement_value_size: 64 };

describe('EXTEND', () => {
  test.each<[string, Partial<ExtendRequest>, PsaStatus]>([
    ['the last slot', { index: 31 }, 'PSA_SUCCESS'],
    ['a slot that does not exist', { index: 32 }, 'PSA_ERROR_INVALID_ARGUMENT'],
    ['a slot below the first', { index: -1 }, 'PSA_ERROR_INVALID_ARGUMENT'],
    ['a signer id of 31 bytes', { signer_id: filled(31, 1) }, 'PSA_ERROR_INVALID_ARGUMENT'],
    ['a signer id of 64 bytes', { signer_id: filled(64, 1) }, 'PSA_SUCCESS'],
    ['a signer id of 65 bytes', { signer_id: filled(65, 1) }, 'PSA_ERROR_INVALID_ARGUMENT'],
    ['no version', { version: '' }, 'PSA_SUCCESS'],
    ['a version of 14 bytes', { version: '12345678901234' }, 'PSA_SUCCESS'],
    ['a version of 15 bytes', { version: '123456789012345' }, 'PSA_ERROR_INVALID_ARGUMENT'],
    ['a version of 14 characters and 15 bytes', { version: 'é3456789012345' }, 'PSA_ERROR_INVALID_ARGUMENT'],
    ['a type of 32 bytes', { sw_type: 'x'.repeat(32) }, 'PSA_SUCCESS'],
    ['a type of 33 bytes', { sw_type: 'x'.repeat(33) }, 'PSA_ERROR_INVALID_ARGUMENT'],
    ['a value of 31 bytes', { measurement_value: filled(31, 2) }, 'PSA_ERROR_INVALID_ARGUMENT'],
    ['a value of 64 bytes', { measurement_value: filled(64, 2) }, 'PSA_SUCCESS'],
    ['a value of 65 bytes', { measurement_value: filled(65, 2) }, 'PSA_ERROR_INVALID_ARGUMENT'],
    ['SHA-512', { measurement_algo: PSA_ALG['sha-512'] }, 'PSA_SUCCESS'],
    ['an unknown algorithm', { measurement_algo: 0x0200_0003 }, 'PSA_ERROR_INVALID_ARGUMENT'],
  ])('answers %s', (_, change, status) => {
    expect(chip().extendMeasurement({ ...request, ...change }).status).toBe(status);
  });

  test('extends even the first value, over zeros', () => {
    const hes = chip();
    hes.extendMeasurement(request);
    expect(hes.status().slots[20]).toEqual({
      signer_id: request.signer_id,
      version: '1.2.3',
      measurement_algo: request.measurement_algo,
      sw_type: 'THING',
      measurement_value: h(ZEROS, request.measurement_value),
      is_locked: false,
    });
  });

  test('hashes with the algorithm of the service, whatever the component names', () => {
    const hes = chip();
    const value = filled(64, 7);
    hes.extendMeasurement({ ...request, measurement_algo: PSA_ALG['sha-512'], measurement_value: value });
    expect(hes.status().slots[20]?.measurement_value).toEqual(h(ZEROS, value));
    expect(hes.status().slots[20]?.measurement_algo).toBe(PSA_ALG['sha-512']);
  });

  test('empties version and type at the second value, and they stay empty', () => {
    const hes = chip();
    const second = { ...request, version: '1.2.4', measurement_value: filled(32, 3) };
    hes.extendMeasurement(request);
    hes.extendMeasurement(second);
    const value = h(h(ZEROS, request.measurement_value), second.measurement_value);
    expect(hes.status().slots[20]).toMatchObject({ version: '', sw_type: '', measurement_value: value });
    hes.extendMeasurement(second);
    expect(hes.status().slots[20]).toMatchObject({ version: '', sw_type: '' });
  });

  test.each([
    ['replace', { version: '2', sw_type: 'OTHER' }],
    ['keepType', { version: '2', sw_type: 'THING' }],
    ['clear', { version: '', sw_type: '' }],
  ] as const)('treats metadata as the switch %s says', (extendMetadata, metadata) => {
    const hes = chip({ switches: { extendMetadata } });
    hes.extendMeasurement(request);
    hes.extendMeasurement({ ...request, version: '2', sw_type: 'OTHER' });
    expect(hes.status().slots[20]).toMatchObject(metadata);
  });

  test.each<[string, Partial<ExtendRequest>, Partial<ExtendRequest>, PsaStatus]>([
    ['a locked slot', { lock_measurement: true }, {}, 'PSA_ERROR_BAD_STATE'],
    [
      'a locked slot, by another signer',
      { lock_measurement: true },
      { signer_id: filled(32, 9) },
      'PSA_ERROR_BAD_STATE',
    ],
    ['another algorithm', {}, { measurement_algo: PSA_ALG['sha-384'] }, 'PSA_ERROR_NOT_PERMITTED'],
    ['another signer', {}, { signer_id: filled(32, 9) }, 'PSA_ERROR_NOT_PERMITTED'],
    ['a signer that is shorter', { signer_id: filled(48, 1) }, { signer_id: filled(32, 1) }, 'PSA_ERROR_NOT_PERMITTED'],
    // Compared over the length that is stored.
    ['a signer that begins alike', { signer_id: filled(32, 1) }, { signer_id: filled(48, 1) }, 'PSA_SUCCESS'],
  ])('meets a populated slot with %s', (_, first, second, status) => {
    const hes = chip();
    hes.extendMeasurement({ ...request, ...first });
    const before = hes.status().slots;
    expect(hes.extendMeasurement({ ...request, ...second }).status).toBe(status);
    if (status !== 'PSA_SUCCESS') expect(hes.status().slots).toEqual(before);
  });

  test('locks the slot with the value that asks for it', () => {
    const hes = chip();
    hes.extendMeasurement(request);
    hes.extendMeasurement({ ...request, lock_measurement: true });
    expect(hes.status().slots[20]?.is_locked).toBe(true);
    expect(hes.extendMeasurement(request).status).toBe('PSA_ERROR_BAD_STATE');
  });
});

describe('READ', () => {
  test('gives what a slot holds', () => {
    const hes = chip();
    hes.extendMeasurement(request);
    const reply = hes.readMeasurement({ index: 20, ...room });
    expect(reply).toEqual({ status: 'PSA_SUCCESS', value: hes.status().slots[20] });
  });

  test.each<[string, object, PsaStatus]>([
    ['a slot that does not exist', { index: 32 }, 'PSA_ERROR_INVALID_ARGUMENT'],
    ['an empty slot', { index: 21 }, 'PSA_ERROR_DOES_NOT_EXIST'],
    ['too little room for the signer', { signer_id_size: 31 }, 'PSA_ERROR_INVALID_ARGUMENT'],
    ['too little room for the version', { version_size: 4 }, 'PSA_ERROR_INVALID_ARGUMENT'],
    ['too little room for the type', { sw_type_size: 4 }, 'PSA_ERROR_INVALID_ARGUMENT'],
    ['too little room for the value', { measurement_value_size: 31 }, 'PSA_ERROR_INVALID_ARGUMENT'],
    [
      'just enough room',
      { signer_id_size: 32, version_size: 5, sw_type_size: 5, measurement_value_size: 32 },
      'PSA_SUCCESS',
    ],
  ])('answers %s', (_, change, status) => {
    const hes = chip();
    hes.extendMeasurement(request);
    expect(hes.readMeasurement({ index: 20, ...room, ...change }).status).toBe(status);
  });
});

test('the boot of a set stops where a component is refused', () => {
  const [first, second] = smallSet().components;
  const firmware = smallSet({ components: [first!, { ...first!, version: '2' }, second!] });
  const { refused, slots } = chip({ firmware }).status();
  expect(refused).toEqual([{ slot: 0, type: 'RSE_BL1_2', status: 'PSA_ERROR_BAD_STATE' }]);
  expect(slots[second!.slot]).toBeUndefined();
});
