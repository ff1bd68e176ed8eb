import { cli } from '../command.ts';
import type { ExitCode } from '../exit.ts';
import { parseChallenge } from '../options/challenge.ts';
import { common, json } from '../options/common.ts';
import { flag, path } from '../options/values.ts';

export const verify = cli({
  summary: 'Judge a CCA token, or a platform token, as a relying party would: independently of what made it.',
  operands: [{ name: 'TOKEN', help: 'a file with the token, binary or hexadecimal; - is standard input' }],
  options: {
    key: path(
      'the platform attestation key that is trusted: PEM, JWK, COSE_Key, or a CoRIM with trust anchors; without it the answer is no',
    ),
    challenge: {
      kind: 'option',
      value: 'HEX|@FILE|base64url:…',
      help: 'the challenge that the token has to hold, 1 to 64 bytes; a shorter one is zero-padded at the tail',
      parse: parseChallenge,
    },
    reference: path('the values that the token has to hold: the bundle’s reference-values.json, or CoRIMs', {
      repeatable: true,
    }),
    'corim-key': path('the key that has to have signed every CoRIM that is given'),
    policy: path('rules of your own (JSON): allowed lifecycles, what becomes of warnings'),
    ear: path('write the result as EAR, a signed JSON Web Token; - is standard output'),
    'ear-key': path('the private key that signs it (JWK, P-256 or P-384); by default one that is marked as simulated'),
    strict: flag('refuse what is only warned about'),
    ...json,
    ...common,
  },
  examples: [
    ['verify token.cbor --key cpak.pem', 'signatures, binding and structure'],
    ['verify token.cbor --key cpak.pem --challenge @challenge.bin', 'and that it answers this challenge'],
    ['verify token.cbor --key cpak.pem --reference reference-values.json --json', 'and what booted, for a program'],
    ['verify token.cbor --key cpak.pem --reference endorsements/corim-2025/realm.cbor', 'the same from a CoRIM'],
    [
      'verify token.cbor --key cpak.pem --reference reference-values.json --ear result.jwt',
      'and what a service would say',
    ],
  ],
  run: async (call): Promise<ExitCode> => (await import('../run/verify.ts')).runVerify(call),
});
