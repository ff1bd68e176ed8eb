import { MODELS } from '../../explain/index.ts';
import { cli, type Option } from '../command.ts';
import type { ExitCode } from '../exit.ts';
import { parseChallenge } from '../options/challenge.ts';
import { common, json } from '../options/common.ts';
import { choice, hexBytes, path } from '../options/values.ts';

const INSTANCE_ID_SIZE = 33;
const VERIFIER_IDS = MODELS.map(({ id }) => id);

export const explain = cli({
  summary: 'Say why known verifiers would take or refuse a token: by which check, with which words, and what helps.',
  operands: [{ name: 'TOKEN', help: 'a file with the token: binary, hexadecimal or base64; - is standard input' }],
  options: {
    key: path('the platform attestation key that they trust; without it its signatures are taken for good'),
    instance: {
      kind: 'option',
      value: 'HEX',
      help:
        'the instance id (33 bytes) under which --key is stored, for those that look it up by it: Veraison, the Rust ' +
        'crate, Trustee; without it the key is taken to be stored for the instance that the token names',
      parse: (text) => hexBytes(text, INSTANCE_ID_SIZE, INSTANCE_ID_SIZE),
    } satisfies Option<Uint8Array>,
    challenge: {
      kind: 'option',
      value: 'HEX|@FILE|base64url:…',
      help: 'the challenge that they asked for, for those that compare it; a shorter one is zero-padded at the tail',
      parse: parseChallenge,
    },
    verifier: {
      kind: 'option',
      value: 'ID',
      help: `one verifier alone, whose answer is the exit code: ${VERIFIER_IDS.join(', ')}`,
      parse: (id) => choice(VERIFIER_IDS, id),
    } satisfies Option<string>,
    ...json,
    ...common,
  },
  examples: [
    ['explain token.cbor --key cpak.pem', 'what each of them says'],
    ['explain token.cbor --key cpak.pem --verifier go-ccatoken', 'one of them, and its answer as exit code'],
    ['explain token.cbor --json', 'for programs'],
  ],
  run: async (call): Promise<ExitCode> => (await import('../run/explain.ts')).runExplain(call),
});
