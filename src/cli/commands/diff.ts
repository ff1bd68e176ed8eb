import { cli } from '../command.ts';
import type { ExitCode } from '../exit.ts';
import { common, json } from '../options/common.ts';
import { flag } from '../options/values.ts';

const TOKEN = 'a file with a token: binary, hexadecimal or base64; - is standard input';

export const diff = cli({
  summary: 'Print all differences of two tokens, by claim, with byte offsets in both.',
  operands: [
    { name: 'A', help: TOKEN },
    { name: 'B', help: 'the other one' },
  ],
  options: {
    values: flag('only values count: tokens that say the same in another encoding are the same'),
    ...json,
    ...common,
  },
  examples: [
    ['diff a.cbor b.cbor', 'exit code 0 when they are the same, 1 when they differ, 2 when one is no token'],
    ['diff a.cbor b.cbor --values', 'heads of another width and maps in another order do not count'],
    ['diff a.cbor - --json < b.cbor', 'for programs, one of them from standard input'],
  ],
  run: async (call): Promise<ExitCode> => (await import('../run/diff.ts')).runDiff(call),
});
