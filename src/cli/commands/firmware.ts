import { cli, type Option } from '../command.ts';
import { badCommandLine, type ExitCode } from '../exit.ts';
import { common, json } from '../options/common.ts';
import { machineOptions } from '../options/machine.ts';
import { platformOptions } from '../options/platform.ts';
import { flag, path } from '../options/values.ts';

const MAX_VERSION = 14;
const { seed, group, dialect, stack } = machineOptions;
const { hes, set } = platformOptions;

export const firmware = cli({
  summary: 'List, show, measure, make and check firmware sets: what boots, and what verifiers are told of it.',
  operands: [
    { name: 'ACTION', help: 'list, show, measure, new or check' },
    {
      name: 'SET|DIR',
      help: 'a set of firmware-fixtures/ by its name, or a folder of yours; list takes none',
      optional: true,
    },
  ],
  options: {
    reference: path('measure: write reference values here, in the form that `verify --reference` takes'),
    version: {
      kind: 'option',
      value: 'TEXT',
      help: `new: the version of images that tell none, up to ${MAX_VERSION} characters`,
      default: '0.0.0',
      parse: (text) => {
        if (text.length > MAX_VERSION)
          throw badCommandLine(`has ${text.length} characters, at most ${MAX_VERSION} are allowed`);
        return text;
      },
    } satisfies Option<string>,
    signer: path('new: the public key (PEM) of whoever signed images that name no key; by default the only .pem file'),
    force: flag('new: write a manifest that is there anew'),
    seed,
    group,
    dialect,
    stack,
    hes,
    set,
    ...json,
    ...common,
  },
  examples: [
    ['firmware list', 'the sets that come with swcca'],
    ['firmware show tampered-bl31', 'what is wrong with one, and what verifiers conclude'],
    ['firmware measure good-1.0 --reference good.json', 'slots, keys, and reference values for verify'],
    ['firmware new ../build/release --signer rotpk.pem', 'a manifest for TF-A, TF-RMM and RSE images of your own'],
    ['firmware check ../build/release', 'whether manifest, images, keys and expected values agree'],
  ],
  run: async (call): Promise<ExitCode> => (await import('../run/firmware.ts')).runFirmware(call),
});
