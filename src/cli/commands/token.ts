import { cli, type Option } from '../command.ts';
import type { ExitCode } from '../exit.ts';
import { parseChallenge } from '../options/challenge.ts';
import { common, json } from '../options/common.ts';
import { machineOptions } from '../options/machine.ts';
import { parseExtend, parsePayload } from '../options/realm.ts';
import { choice, path, rpvBytes } from '../options/values.ts';

const HASHES = ['sha-256', 'sha-512'] as const;

export const token = cli({
  summary: 'Boot a machine, launch a Realm, let its guest attest, and write the CCA token.',
  operands: [],
  options: {
    challenge: {
      kind: 'option',
      value: 'HEX|@FILE|base64url:…',
      help: 'what the token has to answer, 1 to 64 bytes; a shorter one is zero-padded at the tail; drawn when not given',
      parse: parseChallenge,
    },
    realm: path('the Realm to build (YAML): memory, loads, RECs, what the guest does'),
    payload: {
      kind: 'option',
      value: 'FILE[@IPA]',
      help: 'load a file into the Realm, measured; the first by default at the base of memory',
      repeatable: true,
      parse: parsePayload,
    },
    hash: {
      kind: 'option',
      value: HASHES.join('|'),
      help: 'measurement algorithm of the Realm; by default as the Realm file says, else sha-256',
      parse: (name) => choice(HASHES, name),
    } satisfies Option<(typeof HASHES)[number]>,
    rpv: {
      kind: 'option',
      value: 'HEX',
      help: 'Realm personalization value, up to 64 bytes',
      parse: rpvBytes,
    },
    extend: {
      kind: 'option',
      value: 'N=HEX|N=@FILE',
      help: 'extend REM N (1 to 4) before the token is asked for: with these bytes, or with the digest of a file',
      repeatable: true,
      parse: parseExtend,
    },
    out: path('where the token goes; - is standard output', { short: 'o' }),
    bundle: path('a folder for the token and all that belongs to it: keys, challenge, reference values, trace', {
      value: 'DIR',
    }),
    trace: path('every event of the run, one JSON value a line; - is standard output'),
    ...machineOptions,
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
  ],
  run: async (call): Promise<ExitCode> => (await import('../run/token.ts')).runToken(call),
});
