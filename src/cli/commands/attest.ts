import { cli, type Option } from '../command.ts';
import { badCommandLine, type ExitCode } from '../exit.ts';
import { attestOptions } from '../options/attest.ts';
import { common, json } from '../options/common.ts';
import { dialectOptions } from '../options/dialect.ts';
import { machineOptions } from '../options/machine.ts';
import { platformOptions } from '../options/platform.ts';
import { flag, path } from '../options/values.ts';

const SERVICES = ['veraison', 'kbs'] as const;

/** Which service, and where it is. */
export interface Target {
  readonly service: (typeof SERVICES)[number];
  readonly url: URL;
}

const parseTarget = (text: string): Target => {
  const service = SERVICES.find((name) => text.startsWith(`${name}:`));
  const address = service === undefined ? '' : text.slice(service.length + 1);
  if (service === undefined || !URL.canParse(address)) {
    throw badCommandLine('is written veraison:URL or kbs:URL, as veraison:https://localhost:8443/');
  }
  const url = new URL(address.endsWith('/') ? address : `${address}/`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw badCommandLine('takes http and https addresses');
  return { service, url };
};

const parseSeconds = (text: string): number => {
  const seconds = /^[0-9]{1,4}$/.test(text) ? Number(text) : 0;
  if (seconds < 1 || seconds > 3600) throw badCommandLine(`"${text}" is not a number of seconds from 1 to 3600`);
  return seconds;
};

const { challenge: _, ...realmOptions } = attestOptions;

export const attest = cli({
  summary:
    'Play the attester against a service: fetch its nonce, boot, launch and attest, submit the token, print the result.',
  operands: [],
  options: {
    to: {
      kind: 'option',
      value: 'veraison:URL|kbs:URL',
      help: 'the service: Veraison’s challenge-response API, or Trustee’s key broker',
      parse: parseTarget,
    } satisfies Option<Target>,
    token: path('submit this token whatever the nonce is, in place of one that a Realm makes for it'),
    timeout: {
      kind: 'option',
      value: 'SECONDS',
      help: 'how long each exchange may take',
      default: '30',
      parse: parseSeconds,
    } satisfies Option<number>,
    'result-key': path('the public key of the service (PEM, JWK or COSE_Key): what it answers must be signed with it'),
    'i-know': flag('send evidence that others may trust, such as with published sample keys, beyond this machine'),
    ...realmOptions,
    ...machineOptions,
    ...platformOptions,
    ...dialectOptions,
    ...json,
    ...common,
  },
  examples: [
    ['attest --to veraison:http://localhost:8080/', 'whether Veraison affirms the demo Realm; see swcca endorse'],
    ['attest --to kbs:http://localhost:8080/ --realm realm.yaml', 'a Realm of yours, to Trustee'],
    ['attest --to veraison:http://localhost:8080/ --token wrong.cbor', 'what it says of a token that you have'],
    [
      'attest --to veraison:http://localhost:8080/ --result-key ear.jwk',
      'only an answer that this key has signed counts',
    ],
  ],
  run: async (call): Promise<ExitCode> => (await import('../run/attest.ts')).runAttest(call),
});
