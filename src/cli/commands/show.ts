import { cli } from '../command.ts';
import type { ExitCode } from '../exit.ts';
import { common, json } from '../options/common.ts';
import { flag } from '../options/values.ts';

export const show = cli({
  summary: 'Print a token in annotated diagnostic notation, with byte offsets and the dialect it is nearest to.',
  operands: [{ name: 'TOKEN', help: 'a file with the token: binary, hexadecimal or base64; - is standard input' }],
  options: {
    hex: flag('print the bytes beside the notation'),
    partial: flag('print what can be read of a token that is cut off or followed by something else'),
    ...json,
    ...common,
  },
  examples: [
    ['show token.cbor', 'every claim with its name and its offset'],
    ['show token.cbor --hex', 'with the bytes of each'],
    ['show - --json < token.cbor', 'for programs, from standard input'],
  ],
  run: async (call): Promise<ExitCode> => (await import('../run/show.ts')).runShow(call),
});
