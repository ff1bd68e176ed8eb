import { cli } from '../command.ts';
import type { ExitCode } from '../exit.ts';
import { common } from '../options/common.ts';
import { scriptMachineOptions } from '../options/script-machine.ts';
import { path, text } from '../options/values.ts';

export const repl = cli({
  summary: 'Issue single calls to a machine, one after the other. Tab completes, `help` tells how calls are written.',
  operands: [],
  options: {
    personality: text('NAME', 'whose RMM answers: spec, tf-rmm, islet, or the identifier of a switch', {
      default: 'spec',
    }),
    load: path('run this script first'),
    ...scriptMachineOptions,
    ...common,
  },
  examples: [
    ['repl', 'on the default machine'],
    ['repl --load realm.swcca', 'with a Realm that a script has built'],
    ['repl --personality tf-rmm', 'against an RMM that answers as the reference implementation does'],
  ],
  run: async (call): Promise<ExitCode> => (await import('../run/repl.ts')).runRepl(call),
});
