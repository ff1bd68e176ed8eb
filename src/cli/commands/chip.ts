import { cli } from '../command.ts';
import type { ExitCode } from '../exit.ts';
import { common, json } from '../options/common.ts';
import { machineOptions } from '../options/machine.ts';
import { platformOptions } from '../options/platform.ts';

const { seed, group, firmware, dialect, stack } = machineOptions;
const { hes, set } = platformOptions;

export const chip = cli({
  summary: 'Lead a chip through its life: what `token --state DIR` keeps, and steps that no token takes.',
  operands: [
    { name: 'ACTION', help: 'show, log, reset, ap-reset, lifecycle, rotate-cpak or rotate-guk' },
    { name: 'DIR', help: 'the folder of the chip; a step makes a new chip where there is none' },
    {
      name: 'VALUE',
      help: 'lifecycle: CM, DM, SE or RMA, forward only; rotate-cpak: all reprovisioning bits; rotate-guk: a new group',
      optional: true,
    },
  ],
  options: { seed, group, firmware, dialect, stack, hes, set, ...json, ...common },
  examples: [
    ['chip show chip', 'what the folder holds'],
    ['chip log chip', 'everything that happened to the chip, one JSON value a line'],
    ['chip lifecycle chip RMA', 'a returned chip: its keys are erased, the old trust anchor fails'],
    ['chip rotate-cpak chip 1', 'reprovisioned: another CPAK'],
    ['chip rotate-guk chip 2027', 'another group key: another RAK'],
  ],
  run: async (call): Promise<ExitCode> => (await import('../run/chip.ts')).runChip(call),
});
