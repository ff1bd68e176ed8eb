import { cli } from '../command.ts';
import type { ExitCode } from '../exit.ts';
import { common, json } from '../options/common.ts';

export const replay = cli({
  summary: 'Run a recorded trace again and find the first event that is different.',
  operands: [
    { name: 'TRACE', help: 'a file of events, one JSON value a line, as `token --trace` writes; - is standard input' },
  ],
  options: { ...json, ...common },
  examples: [['replay trace.ndjson', 'exit code 0 when everything happened again, 1 at the first difference']],
  run: async (call): Promise<ExitCode> => (await import('../run/replay.ts')).runReplay(call),
});
