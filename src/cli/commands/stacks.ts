import { cli } from '../command.ts';
import type { ExitCode } from '../exit.ts';
import { common, json } from '../options/common.ts';

export const stacks = cli({
  summary: 'List known stacks and the switches that make them, with evidence.',
  operands: [{ name: 'SWITCH', help: 'one switch: what the text says, what the implementation does', optional: true }],
  options: { ...json, ...common },
  examples: [
    ['stacks', 'what --stack, --personality and --switch take'],
    ['stacks D2', 'one difference, with its evidence'],
  ],
  run: async (call): Promise<ExitCode> => (await import('../run/stacks.ts')).runStacks(call),
});
