import { describe, expect, test } from 'vitest';
import { Bug } from '../../src/bytes/index.ts';
import { DEFAULT_PROFILE, type MachineProfile, machineProfile, profileProblems } from '../../src/machine/index.ts';

const problems = (change: Partial<MachineProfile>): string[] => profileProblems({ ...DEFAULT_PROFILE, ...change });

describe('a machine profile', () => {
  test('has no problem by default', () => {
    expect(profileProblems(DEFAULT_PROFILE)).toEqual([]);
    expect(machineProfile()).toEqual(DEFAULT_PROFILE);
  });

  test.each<[string, Partial<MachineProfile>, string]>([
    ['more address bits than there are', { pa_width: 53 }, 'pa_width must be 32 to 52'],
    ['a width that is no whole number', { pa_width: 40.5 }, 'pa_width must be 32 to 52'],
    ['a width beyond all bounds', { pa_width: 1e12 }, 'pa_width must be 32 to 52'],
    ['52-bit IPAs without LPA2', { s2sz: 52, lpa2: false }, 's2sz must be 32 to 48'],
    ['an SVE vector that is too long', { sve_vl: 16 }, 'sve_vl must be 0 to 15'],
    ['the reserved number of breakpoints', { num_bps: 0 }, 'num_bps must be 1 to 63'],
    ['too many watchpoints', { num_wps: 64 }, 'num_wps must be 1 to 63'],
    ['too many counters', { pmu_num_ctrs: 32 }, 'pmu_num_ctrs must be 0 to 31'],
    ['too many auxiliary granules', { rec_aux_count: 17 }, 'rec_aux_count must be 0 to 16'],
    ['a fill that is no byte', { wipe_fill: 256 }, 'wipe_fill must be 0 to 255'],
    ['a VMID of a width that no machine has', { vmid_width: 12 }, 'vmid_width must be 8 or 16'],
    ['no memory', { dram: [] }, 'dram must name at least one region'],
    [
      'half a granule',
      { dram: [{ base: 0x8000_0800n, size: 0x1000n }] },
      'region 0x80000800 must be made of whole granules',
    ],
    [
      'memory beyond the address width',
      { pa_width: 32, dram: [{ base: 0xffff_f000n, size: 0x2000n }] },
      'region 0xfffff000 lies outside 32-bit physical addresses',
    ],
    ['regions that overlap', { device: [{ base: 0x8000_0000n, size: 0x1000n }] }, 'overlap'],
  ])('with %s is refused', (_, change, says) => {
    expect(problems(change).join('\n')).toContain(says);
    expect(() => machineProfile(change)).toThrow(Bug);
  });

  test('names every problem that it has', () => {
    expect(problems({ pa_width: 0, num_bps: 0, wipe_fill: -1 }).length).toBeGreaterThanOrEqual(3);
  });

  test('may have regions that touch', () => {
    const dram = [
      { base: 0x8000_0000n, size: 0x1000n },
      { base: 0x8000_1000n, size: 0x1000n },
    ];
    expect(problems({ dram })).toEqual([]);
  });
});
