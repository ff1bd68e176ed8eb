import { CLIENT_KINDS, type ClientKind, VARY, type Vary } from '../campaign/kinds.ts';
import { cli, type Option } from '../command.ts';
import type { ExitCode } from '../exit.ts';
import { common, json } from '../options/common.ts';
import { shard } from '../options/shard.ts';
import { choice, path, text, wholeNumber } from '../options/values.ts';

export const fuzz = cli({
  summary:
    'Campaigns, seeds, response scripts and judged replays for guest clients (docs/fuzzing.md, docs/response-script.md).',
  operands: [
    { name: 'ACTION', help: 'run, seeds, show, import or assemble' },
    {
      name: 'FILE | CMD…',
      help: 'a response script, as bytes or as text, or an input that made a client crash; seeds takes none; run: the client and its arguments, in which files replace {token} and {script}',
      optional: true,
      rest: true,
    },
  ],
  options: {
    client: {
      kind: 'option',
      value: CLIENT_KINDS.join('|'),
      help: 'run: how the client asks for its token',
      parse: (name) => choice(CLIENT_KINDS, name),
    } satisfies Option<ClientKind>,
    vary: {
      kind: 'option',
      value: VARY.join('|'),
      help: 'run --client bridge: only response scripts, or only fault plans on a live machine (default both)',
      parse: (name) => choice(VARY, name),
    } satisfies Option<Vary>,
    runs: wholeNumber('run: cases in all, those of an interrupted campaign included (default 1000)', 1, 1_000_000_000),
    seed: text('TEXT', 'run: same seed, same cases (default swcca)'),
    shard,
    timeout: wholeNumber('run: milliseconds that one case may take (default 10000)', 1, 3_600_000, { value: 'MS' }),
    memory: wholeNumber('run: MiB that the client may hold (default 1024)', 1, 1 << 20, { value: 'MIB' }),
    replay: path('run: run one input, a response script or a fault plan, in place of a campaign'),
    out: text(
      'DIR',
      'run: a folder for what is found, or that of an interrupted campaign (default swcca-fuzz); seeds: a new folder for the seeds and a dictionary for AFL++ and libFuzzer',
    ),
    output: path('assemble: the bytes of the script; - is standard output', { short: 'o' }),
    calls: path('show, import: the calls as the C client recorded them, in place of those of a driver-like client'),
    script: path('import: write the calls as a script of single calls, which `swcca script` runs'),
    trace: path('import: write what was asked and answered, one JSON value a line; `swcca trace` reads it'),
    ...json,
    ...common,
  },
  examples: [
    [
      'fuzz run --client bridge -- ./my-client {token}',
      'a client that speaks the bridge and writes its token to a file',
    ],
    ['fuzz run --client tsm --runs 200 --shard 1/2 -- ./my-client', 'one that reads tsm/report; half of the cases'],
    [
      'fuzz run --client bridge --replay swcca-fuzz/findings/host-endless-1/response.bin -- ./my-client {token}',
      'what was found, again',
    ],
    ['fuzz run --client bridge --vary plans -- ./my-client {token}', 'only on live machines, in which something fails'],
    ['fuzz seeds --out seeds', 'then: afl-fuzz -i seeds/scripts -x seeds/swcca.dict -o out -- ./fuzz'],
    ['fuzz show crash.bin', 'what a script says, and what a driver-like client hears, call by call'],
    ['fuzz import crash.bin --script crash.swcca --trace crash.ndjson', 'the same as files, to run and to read again'],
    ['fuzz import crash.bin --calls crash.rec --script -', 'with the calls that the crashed client made'],
    ['fuzz assemble odd.txt -o odd.bin', 'a script that was written by hand'],
  ],
  run: async (call): Promise<ExitCode> => (await import('../run/fuzz.ts')).runFuzz(call),
});
