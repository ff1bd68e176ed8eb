import { cli } from '../command.ts';
import type { ExitCode } from '../exit.ts';
import { attestOptions } from '../options/attest.ts';
import { common, json } from '../options/common.ts';
import { dialectOptions } from '../options/dialect.ts';
import { machineOptions } from '../options/machine.ts';
import { platformOptions } from '../options/platform.ts';
import { path } from '../options/values.ts';

export const token = cli({
  summary: 'Boot a machine, launch a Realm, let its guest attest, and write the CCA token.',
  operands: [],
  options: {
    ...attestOptions,
    out: path('where the token goes; - is standard output', { short: 'o' }),
    bundle: path('a folder for the token and all that belongs to it: keys, challenge, reference values, trace', {
      value: 'DIR',
    }),
    trace: path('every event of the run, one JSON value a line; - is standard output'),
    ...machineOptions,
    ...platformOptions,
    ...dialectOptions,
    ...json,
    ...common,
  },
  examples: [
    ['token -o token.cbor', 'the demo Realm on the default chip'],
    ['token --bundle out/demo', 'with keys, challenge, reference values and trace'],
    ['token --realm realm.yaml --challenge @nonce.bin -o token.cbor', 'a Realm of yours, a challenge of a verifier'],
    [
      'token --payload Image@0x80200000 --extend 1=@initrd.cpio --hash sha-512 -o token.cbor',
      'the same without a file',
    ],
    ['token --seed 7 | swcca show -', 'another chip, looked at at once'],
    ['token --state chip --set el3.hunks=100 -o token.cbor', 'a chip that lives on; its token in pieces of 100 bytes'],
    ['token --dialect rmm-1.1 --mec none --order go -o token.cbor', 'a dialect of your own'],
  ],
  run: async (call): Promise<ExitCode> => (await import('../run/token.ts')).runToken(call),
});
