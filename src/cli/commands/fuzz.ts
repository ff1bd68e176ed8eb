import { cli } from '../command.ts';
import type { ExitCode } from '../exit.ts';
import { common, json } from '../options/common.ts';
import { path, text } from '../options/values.ts';

export const fuzz = cli({
  summary:
    'Seeds, response scripts and judged replays for guest clients. What a response script is stands in docs/response-script.md.',
  operands: [
    { name: 'ACTION', help: 'seeds, show, import or assemble' },
    {
      name: 'FILE',
      help: 'a response script, as bytes or as text, or an input that made a client crash; seeds takes none',
      optional: true,
    },
  ],
  options: {
    out: text('DIR', 'seeds: a new folder for the seeds and a dictionary for AFL++ and libFuzzer'),
    output: path('assemble: the bytes of the script; - is standard output', { short: 'o' }),
    calls: path('show, import: the calls as the C client recorded them, in place of those of a driver-like client'),
    script: path('import: write the calls as a script of single calls, which `swcca script` runs'),
    trace: path('import: write what was asked and answered, one JSON value a line; `swcca trace` reads it'),
    ...json,
    ...common,
  },
  examples: [
    ['fuzz seeds --out seeds', 'then: afl-fuzz -i seeds/scripts -x seeds/swcca.dict -o out -- ./fuzz'],
    ['fuzz show crash.bin', 'what a script says, and what a driver-like client hears, call by call'],
    ['fuzz import crash.bin --script crash.swcca --trace crash.ndjson', 'the same as files, to run and to read again'],
    ['fuzz import crash.bin --calls crash.rec --script -', 'with the calls that the crashed client made'],
    ['fuzz assemble odd.txt -o odd.bin', 'a script that was written by hand'],
  ],
  run: async (call): Promise<ExitCode> => (await import('../run/fuzz.ts')).runFuzz(call),
});
