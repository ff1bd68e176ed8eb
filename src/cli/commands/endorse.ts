import { BAD_FORMS, type BadFormId } from '../../endorse/index.ts';
import { cli, type Option } from '../command.ts';
import { badCommandLine, type ExitCode } from '../exit.ts';
import { attestOptions } from '../options/attest.ts';
import { common, json } from '../options/common.ts';
import { dialectOptions } from '../options/dialect.ts';
import { machineOptions } from '../options/machine.ts';
import { platformOptions } from '../options/platform.ts';
import { flag, path } from '../options/values.ts';
import { suggestion } from '../suggestion.ts';

const BAD_IDS = Object.keys(BAD_FORMS) as BadFormId[];

const badForm = (text: string): BadFormId => {
  const found = BAD_IDS.find((id) => id === text);
  if (found === undefined) {
    throw badCommandLine(
      `"${text}" is none that is known${suggestion(text, BAD_IDS)}; --list-bad tells which there are`,
    );
  }
  return found;
};

export const endorse = cli({
  summary:
    'Write what verifiers need to accept a chip, its firmware and a Realm: keys, CoRIMs, stores, configurations, templates.',
  operands: [
    {
      name: 'TOKEN|BUNDLE',
      help: 'endorse what this token says, or that of a bundle; without it a machine is booted as for swcca token',
      optional: true,
    },
  ],
  options: {
    out: path('the folder for the endorsements', { value: 'DIR', short: 'o' }),
    key: path('the platform attestation key of TOKEN: PEM, JWK or COSE_Key; a bundle brings its own'),
    bad: {
      kind: 'option',
      value: 'ID',
      help: 'make them wrong on purpose in this one way; --list-bad tells which there are',
      parse: badForm,
    } satisfies Option<BadFormId>,
    'list-bad': flag('list the ways in which endorsements can be wrong, and what becomes of each'),
    ...attestOptions,
    ...machineOptions,
    ...platformOptions,
    ...dialectOptions,
    ...json,
    ...common,
  },
  examples: [
    ['endorse --out for-verifiers', 'of the default chip, firmware and Realm'],
    ['endorse token.cbor --key cpak.pem --out for-verifiers', 'of a token that you have'],
    ['endorse --seed 7 --firmware old-rmm-0.9 --out for-verifiers', 'of another chip with other firmware'],
    ['endorse --bad platform-wrong-digest --out wrong', 'of firmware that did not boot'],
    ['endorse --list-bad', 'what else can be wrong'],
  ],
  run: async (call): Promise<ExitCode> => (await import('../run/endorse.ts')).runEndorse(call),
});
