import { cli, type Option } from '../command.ts';
import type { ExitCode } from '../exit.ts';
import { common, json } from '../options/common.ts';
import { dialectOptions } from '../options/dialect.ts';
import { DIALECT_NAMES } from '../options/machine.ts';
import { choice, path } from '../options/values.ts';

const { outer, entry, rak, mec } = dialectOptions;

export const rewrap = cli({
  summary: 'Put a token into another outer form, as far as no signature stands in the way; say where one does.',
  operands: [{ name: 'TOKEN', help: 'a file with the token: binary, hexadecimal or base64; - is standard input' }],
  options: {
    outer,
    entry,
    dialect: {
      kind: 'option',
      value: 'NAME',
      help: `the outer form of ${DIALECT_NAMES.join(', ')}; refused where the token differs in what is signed`,
      parse: (name) => choice(DIALECT_NAMES, name),
    } satisfies Option<(typeof DIALECT_NAMES)[number]>,
    'platform-profile': dialectOptions['platform-profile'],
    'realm-profile': dialectOptions['realm-profile'],
    rak,
    mec,
    out: path('where the token goes; - is standard output', { short: 'o' }),
    ...json,
    ...common,
  },
  examples: [
    [
      'rewrap token.cbor --outer 907 -o token-907.cbor',
      'for verifiers that read CMW collections: signatures stay good',
    ],
    ['rewrap token.cbor --outer 399 | swcca verify - --key cpak.pem', 'the older form, judged at once'],
    ['rewrap token-907.cbor --dialect rmm-1.0 -o token-399.cbor', 'refused if more than the wrapper had to change'],
  ],
  run: async (call): Promise<ExitCode> => (await import('../run/rewrap.ts')).runRewrap(call),
});
