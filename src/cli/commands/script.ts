import { cli } from '../command.ts';
import type { ExitCode } from '../exit.ts';
import { common, json } from '../options/common.ts';
import { scriptMachineOptions } from '../options/script-machine.ts';
import { flag, path, text } from '../options/values.ts';

export const script = cli({
  summary:
    'Run a script of single calls, and say where something is not as it expects. The grammar is in docs/script.md.',
  operands: [{ name: 'FILE', help: 'a script, one statement a line; - is standard input' }],
  options: {
    personality: text('NAME', 'run under this personality alone, whatever the script says: spec, tf-rmm, islet, D2, …'),
    expects: text('NAME', 'hold the run against what the script expects under this personality'),
    'keep-going': flag('go on after a difference'),
    quiet: flag('print differences only', 'q'),
    trace: path('every event of the run, one JSON value a line'),
    ...scriptMachineOptions,
    ...json,
    ...common,
  },
  examples: [
    ['script calls.swcca', 'exit code 0 when all is as expected, 1 at the first difference'],
    ['script - < calls.swcca --personality tf-rmm', 'the same against the reference implementation'],
    ['script calls.swcca --personality tf-rmm --expects spec', 'where the two part'],
    ['script calls.swcca --trace trace.ndjson', 'with all that happened inside'],
  ],
  run: async (call): Promise<ExitCode> => (await import('../run/script.ts')).runScriptCommand(call),
});
