import { STACK_NAMES } from '../../personality/index.ts';
import { cli } from '../command.ts';
import type { ExitCode } from '../exit.ts';
import { common, json } from '../options/common.ts';
import { machineOptions } from '../options/machine.ts';

const { seed, group, firmware, machine } = machineOptions;

export const diffStack = cli({
  summary: 'Run one script on two stacks: which codes, measurements and claims change, and what makes them change.',
  operands: [
    {
      name: 'A',
      help: `a stack (${STACK_NAMES.join(', ')}), or with switches turned: reference,D2 or tf-rmm-rel0,-D4`,
    },
    { name: 'B', help: 'the other one' },
    { name: 'SCRIPT', help: 'a script, as swcca script takes it; what it expects is not asked; - is standard input' },
  ],
  options: { seed, group, firmware, machine, ...json, ...common },
  examples: [
    ['diff-stack reference reference calls.swcca', 'exit code 0 when both show the same, 1 when they differ'],
    ['diff-stack reference tf-rmm-rel0 calls.swcca', 'which divergences show in it, each with its evidence'],
    ['diff-stack reference reference,D2 - --json < calls.swcca', 'one divergence alone, for programs'],
  ],
  run: async (call): Promise<ExitCode> => (await import('../run/diff-stack.ts')).runDiffStack(call),
});
