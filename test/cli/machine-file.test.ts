import { describe, expect, test } from 'vitest';
import { machineFileText, readMachineFile } from '../../src/cli/machine-file.ts';
import { DEFAULT_PROFILE } from '../../src/machine/index.ts';
import { folder } from './support/folder.ts';

const read = (text: string) => readMachineFile(folder().write('machine.yaml', text));

describe('a machine profile', () => {
  test('is read back as it was printed', async () => {
    expect(await read(machineFileText(DEFAULT_PROFILE))).toEqual(DEFAULT_PROFILE);
    const other = { ...DEFAULT_PROFILE, sve_vl: 3, pmu_num_ctrs: undefined, device: [], vmid_width: 16 };
    expect(await read(machineFileText(other))).toEqual(other);
  });

  test('may say only what differs', async () => {
    expect(await read('lpa2: false')).toEqual({ ...DEFAULT_PROFILE, lpa2: false });
  });

  test.each([
    ['lpa3: false', 'machine.yaml:1: lpa3: unknown key (did you mean lpa2?)'],
    ['pa_width: wide', 'machine.yaml:1: pa_width: takes a whole number from 0 to 255, not "wide"'],
    ['pa_width: 60', 'machine.yaml: pa_width must be 32 to 52'],
    ['dram: [ { base: 0x80000000 } ]', 'machine.yaml:1: dram[0]: lacks the key size'],
    ['dram: []', 'machine.yaml: dram must name at least one region'],
  ])('%j is refused', async (text, says) => {
    await expect(read(text)).rejects.toThrow(says);
  });
});
