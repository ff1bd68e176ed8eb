import { cli, type Option } from '../command.ts';
import type { ExitCode } from '../exit.ts';
import { common, json } from '../options/common.ts';
import { scriptMachineOptions } from '../options/script-machine.ts';
import { choice, flag, path } from '../options/values.ts';

/** Those of the personality room, which is not loaded for a help page. */
const PERSONALITY_IDS = ['spec', 'tf-rmm', 'islet'] as const;

export const spec = cli({
  summary: 'Print the reference page of an RMI, RSI or PSCI command, out of the value that runs it.',
  operands: [
    { name: 'COMMAND', help: 'such as RMI_DATA_CREATE; without one, all commands are listed', optional: true },
  ],
  options: {
    personality: {
      kind: 'option',
      value: 'NAME',
      help: `what this RMM does otherwise: ${PERSONALITY_IDS.join(', ')}`,
      parse: (name) => choice(PERSONALITY_IDS, name),
    } satisfies Option<(typeof PERSONALITY_IDS)[number]>,
    legal: flag(
      'for the last call of --script: every status that the text permits there, and which one each RMM chooses',
    ),
    script: path('the script that reaches the state, with the call as its last'),
    states: flag('the state machines of granules, Realms, RECs and RTT entries'),
    markdown: flag('write Markdown; without a command, the pages of all'),
    out: path('with --markdown: one file for each command, the states and an index go to this folder', {
      value: 'DIR',
    }),
    ...scriptMachineOptions,
    ...json,
    ...common,
  },
  examples: [
    ['spec RMI_DATA_CREATE', 'inputs, failure conditions in order, success, footprint, rules'],
    ['spec RMI_REC_CREATE --personality tf-rmm', 'and what the reference implementation does otherwise'],
    ['spec RMI_REC_ENTER --legal --script calls.swcca', 'what the text permits in the state that a script reaches'],
    ['spec --states --markdown', 'the state machines as diagrams'],
    ['spec --markdown --out docs/reference', 'every page'],
  ],
  run: async (call): Promise<ExitCode> => (await import('../run/spec.ts')).runSpec(call),
});
