import { cli } from '../command.ts';
import type { ExitCode } from '../exit.ts';
import { common, json } from '../options/common.ts';
import { flag } from '../options/values.ts';

export const spec = cli({
  summary: 'Print the reference page of an RMI, RSI or PSCI command, out of the value that runs it.',
  operands: [
    { name: 'COMMAND', help: 'such as RMI_DATA_CREATE; without one, all commands are listed', optional: true },
  ],
  options: {
    markdown: flag('write Markdown; without a command, the pages of all'),
    ...json,
    ...common,
  },
  examples: [
    ['spec RMI_DATA_CREATE', 'inputs, failure conditions in order, success, footprint'],
    ['spec', 'which commands there are'],
    ['spec --markdown > reference.md', 'every page'],
  ],
  run: async (call): Promise<ExitCode> => (await import('../run/spec.ts')).runSpec(call),
});
