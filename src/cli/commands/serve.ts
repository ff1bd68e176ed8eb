import { cli } from '../command.ts';
import type { ExitCode } from '../exit.ts';
import { attestOptions } from '../options/attest.ts';
import { common, json } from '../options/common.ts';
import { dialectOptions } from '../options/dialect.ts';
import { machineOptions } from '../options/machine.ts';
import { platformOptions } from '../options/platform.ts';
import { flag, path, text, wholeNumber } from '../options/values.ts';

const { payload, hash, rpv } = attestOptions;

export const serve = cli({
  summary:
    'Let guests in other processes make RSI calls: a Unix socket for their SMCs, a file for their memory (docs/bridge.md).',
  operands: [
    { name: 'CMD…', help: 'a program to run meanwhile; when it ends, so does the server', optional: true, rest: true },
  ],
  options: {
    realm: path('a Realm whose RECs the guests are (YAML); by default the demo Realm', { repeatable: true }),
    payload,
    hash,
    rpv,
    dir: text('DIR', 'where sockets and memory files stand: not there yet, or empty; by default a new folder'),
    instances: wholeNumber('machines like this one, side by side, that do not know of each other', 1, 64, {
      default: '1',
    }),
    fresh: flag(
      'a machine is as it was at first whenever its last guest has left: each run of a client meets the same',
    ),
    connections: wholeNumber('most connections that a Realm has at a time', 1, 1024, { default: '64' }),
    'max-frames': wholeNumber('most SMCs of one connection', 1, 1e15),
    'idle-ms': wholeNumber('end a connection that says nothing for so long', 1, 86_400_000),
    http: wholeNumber(
      'answer POST /token on this port of 127.0.0.1, and describe it at /openapi.json; 0 is any',
      0,
      65_535,
    ),
    report: path('how each connection ended, one JSON value a line'),
    trace: path('every event of the machine, one JSON value a line'),
    ...machineOptions,
    ...platformOptions,
    faults: path('a fault plan (YAML): what Host or RMM do to the guests; exit 1 when a fault that had to act did not'),
    ...dialectOptions,
    ...json,
    ...common,
  },
  examples: [
    ['serve -- env', 'a client finds socket and memory in SWCCA_SOCKET, SWCCA_MEMORY and SWCCA_IPA_BASE'],
    [
      'serve --fresh --instances 2 --chunk 100 -- env',
      'for a fuzzer with two workers: each connection meets the same machine',
    ],
    ['serve --json --report ends.ndjson -- true', 'where everything stands, and what became of each connection'],
    ['serve --http 0 -- env', 'POST /token for load tests, at the address in SWCCA_HTTP (docs/load.md)'],
    ['serve --dir bridge', 'until Ctrl-C; sockets in bridge/0/rsi.sock'],
  ],
  run: async (call): Promise<ExitCode> => (await import('../run/serve.ts')).runServe(call),
});
