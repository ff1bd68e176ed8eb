import { cli } from '../command.ts';
import type { ExitCode } from '../exit.ts';
import { common } from '../options/common.ts';
import { flag } from '../options/values.ts';

export const trace = cli({
  summary: 'Print a recorded trace for people: each command with its conditions, its changes and its result.',
  operands: [{ name: 'TRACE', help: 'a file of events, as `token --trace` writes; - is standard input' }],
  options: {
    'as-script': flag('as a script that makes it happen again, with what each act came to'),
    ...common,
  },
  examples: [
    ['trace trace.ndjson', 'what the machine did, from boot to token'],
    ['trace trace.ndjson --as-script > again.swcca', 'the same acts, for `swcca script`'],
  ],
  run: async (call): Promise<ExitCode> => (await import('../run/trace.ts')).runTrace(call),
});
